"""Which buttons a person sees on a matter: the workflow's steps from here that are theirs to take."""

from dataclasses import dataclass
from datetime import date

from jiazhan.people.models import Account

from .. import access
from ..choices import Visibility
from ..models import Opinion
from ..states import WORKFLOW, Track
from .deputies import is_overdue_for_deputy

# A locked matter is carried to the organ in charge, and nowhere else (§14 rule 6).
WHEN_LOCKED = frozenset({"divert", "decline"})


@dataclass(frozen=True)
class Button:
    step: str
    label: str
    hint: str


def steps_for(user: Account, opinion: Opinion, *, today: date) -> list[Button]:
    """The steps in the workflow's order. A step that its service would refuse now is left out."""
    return [
        Button(name, str(step.label), str(step.hint))
        for name, step in WORKFLOW.steps_from(opinion.state).items()
        if step.permission and access.may(user, name, opinion) and _makes_sense(name, opinion, today)
    ]


def _makes_sense(step: str, opinion: Opinion, today: date) -> bool:
    if opinion.visibility == Visibility.LOCKED and step not in WHEN_LOCKED:
        return False
    if step == "pass_without_opinion":
        return is_overdue_for_deputy(opinion, today)
    if step in {"reassign_street", "uphold_street"}:
        return opinion.track == Track.STREET
    if step in {"reassign_department", "uphold_department"}:
        return opinion.track == Track.DISTRICT
    return True
