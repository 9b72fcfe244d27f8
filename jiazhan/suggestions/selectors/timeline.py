"""What happened to a proposal, in sentences made from the record, for each who may read it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from jiazhan.audit.models import Entry
from jiazhan.audit.selectors import record_of
from jiazhan.kernel.outcomes import Grade

from ..choices import ContactMode, DueFor, Part, Phase
from ..models import Proposal
from .timeline_words import OPEN, WITHIN_UNIT, WRITING

_LABELS: dict[str, Any] = {
    "part": Part,
    "phase": Phase,
    "mode": ContactMode,
    "result": Grade,
    "manner": Grade,
    "for": DueFor,
}
# What else a calendar can move.
_WINDOWS = {"object": _lazy("异议"), "rule": _lazy("裁定")}


@dataclass(frozen=True)
class Line:
    """One act: when, in words, and who did it."""

    at: datetime
    text: str
    actor: str
    action: str


def for_signers(proposal: Proposal) -> list[Line]:
    """Oldest first, from the first draft on."""
    return _lines(proposal, {**WRITING, **OPEN})


def for_congress(proposal: Proposal) -> list[Line]:
    """Oldest first, from when it was handed in; what units do among themselves is theirs."""
    return _lines(proposal, OPEN)


def for_units(proposal: Proposal, names: Collection[str]) -> list[Line]:
    """Oldest first: what everybody sees, and what was done inside the units with these names."""
    return _lines(proposal, OPEN, own=names)


def _lines(proposal: Proposal, words: dict[str, Any], own: Collection[str] = ()) -> list[Line]:
    found: list[Line] = []
    for entry in record_of(proposal):
        template = words.get(entry.action)
        if entry.detail.get("unit") in own:
            template = template or WITHIN_UNIT.get(entry.action)
        if template is None:
            continue
        line = Line(entry.at, (str(template) % _known(entry)).strip(), entry.actor_name, entry.action)
        # A draft saved ten times says no more than once.
        if found and (found[-1].text, found[-1].actor) == (line.text, line.actor):
            found[-1] = line
        else:
            found.append(line)
    return found


def _known(entry: Entry) -> dict[str, str]:
    detail = entry.detail
    known = defaultdict(str, {key: _worded(key, value) for key, value in detail.items()})
    if detail.get("assisting"):
        known["with_assisting"] = _("%(units)s协办。") % {"units": _worded("assisting", detail["assisting"])}
    known["signed"] = _("送出协办意见") if detail.get("part") == Part.ASSIST else _("签发答复")
    known["confirmed"] = _("确认了") if detail.get("is_confirmed") else _("不认可")
    return known


def _worded(key: str, value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(str, value))
    if key == "for" and value in _WINDOWS:
        return str(_WINDOWS[value])
    choices = _LABELS.get(key)
    return str(choices(value).label) if choices is not None and value in choices.values else str(value)
