"""Every act that the office can take on one proposal. The same table gives the buttons, the addresses and their guards."""

from . import assigning, checking, ruling
from .base import Act, ActForm, Situation

# In the order of the buttons: the first that is offered is the way on.
ACTS: dict[str, Act] = {act.name: act for act in (*assigning.ACTS, *ruling.ACTS, *checking.ACTS)}

__all__ = ["ACTS", "Act", "ActForm", "Situation"]
