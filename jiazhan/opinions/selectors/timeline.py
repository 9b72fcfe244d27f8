"""What happened to a matter, in sentences made from the record, for its author and for staff."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from jiazhan.audit.models import Entry
from jiazhan.audit.selectors import entries_of, record_of
from jiazhan.kernel import deadlines

from ..choices import Channel, Diversion, Grade, Recipient, Urgency
from ..models import Opinion
from ..models.handling import Speaker
from ..states import WORKFLOW, State
from .timeline_words import WORDS

AUTHOR, STAFF = 0, 1
# Stored choices in an entry's detail, and where their words are.
_LABELS: dict[str, Any] = {
    "channel": Channel,
    "to": Diversion,
    "grade": Grade,
    "recipient": Recipient,
    "urgency": Urgency,
    "speaker": Speaker,
}
_DEPUTY_KIND = "deputy"


@dataclass(frozen=True)
class Line:
    """One act: when, in words, and who did it (empty where the sentence says so itself)."""

    at: datetime
    text: str
    actor: str = ""
    action: str = ""


def timeline_for_author(opinion: Opinion) -> list[Line]:
    """What the author should know, oldest first, without names of staff. Of a merged matter also what became of the one
    that it was merged into."""
    lines = _lines(opinion, entries_of(opinion), AUTHOR)
    if opinion.merged_into is not None:
        merged_at = max((line.at for line in lines if line.action == "opinion.merge"), default=opinion.registered_at)
        joint = opinion.merged_into
        lines += _lines(joint, entries_of(joint).filter(at__gt=merged_at), AUTHOR)
    return _without_repeats(lines)


def timeline_for_staff(opinion: Opinion) -> list[Line]:
    """Every act with who did it, oldest first."""
    return _lines(opinion, record_of(opinion), STAFF)


def words_of(entry: Entry) -> str:
    """What one entry of the record says to staff, from its own detail alone; the act's name where it has no words."""
    known = defaultdict(str, {key: _worded(key, value) for key, value in entry.detail.items()})
    if entry.actor_kind == _DEPUTY_KIND:
        known["deputy"] = entry.actor_name
    return (str(WORDS.get(entry.action, ("", ""))[1]) % known).strip() or entry.action


def standing(opinion: Opinion, *, today: date) -> str:
    """Where it stands and how long is left, to its author: "正在办理，由区水务局办理，还剩 6 个工作日"."""
    if opinion.merged_into is not None:
        return _("已并入同一件事，一起办理：%(standing)s") % {"standing": standing(opinion.merged_into, today=today)}
    parts = [WORKFLOW.for_residents(opinion.state)]
    if opinion.unit and opinion.state in {
        State.STREET_ASSIGNED,
        State.DEPT_ASSIGNED,
        State.DEPT_RECEIVED,
        State.HANDLING,
        State.REOPENED,
    }:
        parts.append(_("由%(unit)s办理") % {"unit": opinion.unit.name})
    if opinion.due_on and opinion.state not in {State.REPLIED, State.RATED}:
        left = deadlines.words(opinion.due_on, today)
        parts.append(_("%(left)s(推算)") % {"left": left} if opinion.is_due_estimated else left)
    return "，".join(parts)


def _lines(opinion: Opinion, entries: Iterable[Entry], audience: int) -> list[Line]:
    lines = []
    names = _names(opinion)
    for entry in entries:
        # An act that has no words yet is shown to staff by its name rather than left out.
        template = WORDS.get(entry.action, ("", entry.action))[audience]
        if not template:
            continue
        known = defaultdict(str, names | {key: _worded(key, value) for key, value in entry.detail.items()})
        if entry.actor_kind == _DEPUTY_KIND:
            known["deputy"] = entry.actor_name
        said = str(template) % known
        lines.append(Line(entry.at, said.strip(), entry.actor_name if audience == STAFF else "", entry.action))
    return lines


def _names(opinion: Opinion) -> dict[str, str]:
    return {
        "station": opinion.station.name,
        "unit": opinion.unit.name if opinion.unit else "",
        "deputy": opinion.deputy.name if opinion.deputy else "",
        "category": opinion.category.name if opinion.category else "",
        "handler": opinion.handler.name if opinion.handler else "",
    }


def _worded(key: str, value: Any) -> str:
    choices = _LABELS.get(key)
    if choices is not None and value in choices.values:
        return str(choices(value).label)
    return str(value)


def _without_repeats(lines: list[Line]) -> list[Line]:
    """The same sentence several times in a row says no more than once: three pictures added, ten neighbours joined."""
    kept: list[Line] = []
    for line in lines:
        if kept and kept[-1].text == line.text:
            kept[-1] = line
        else:
            kept.append(line)
    return kept
