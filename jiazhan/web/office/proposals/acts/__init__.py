"""Every act that the office can take on one proposal. The same table gives the buttons, the addresses and their guards."""

from . import assigning, checking, ruling
from .base import Act, ActForm, Situation

ACTS: dict[str, Act] = {act.name: act for act in (*checking.ACTS, *ruling.ACTS, *assigning.ACTS)}

__all__ = ["ACTS", "Act", "ActForm", "Situation"]
