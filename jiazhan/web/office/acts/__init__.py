"""Every act that the office can take on one matter. The same table gives the buttons, the addresses and their guards."""

from . import district, ending, publishing, street, triage
from .base import Act, ActForm, Situation

ACTS: dict[str, Act] = {
    act.name: act for act in (*triage.ACTS, *street.ACTS, *district.ACTS, *ending.ACTS, *publishing.ACTS)
}

__all__ = ["ACTS", "Act", "ActForm", "Situation"]
