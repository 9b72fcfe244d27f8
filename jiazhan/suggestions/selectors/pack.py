"""What a meeting that supervises needs of each proposal (会议材料): how far it is, and what to ask the unit.

The questions are proposed from the data; whoever makes the pack edits them before it is printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.kernel import deadlines
from jiazhan.kernel.outcomes import Grade, PromiseState, ReplyState

from ..choices import Part
from ..models import AssistOpinion, Evaluation, Handling, Promise, Proposal, Reply
from ..states import HOLDING, WITH_UNITS, State
from .supervision import OWING, supervised

SOON = timedelta(days=92)
QUOTED = 60
MANY_RETURNS = 2


@dataclass(frozen=True)
class Line:
    """One proposal of the pack: what was done so far, a sentence each, and what to ask."""

    proposal: Proposal
    units: str
    progress: list[str]
    questions: list[str]


def lines_of(proposals: Sequence[Proposal], *, today: date) -> list[Line]:
    """The proposals in their order. A pack has some dozens of them, so each is read by itself."""
    return [_line(each, today=today) for each in proposals]


def _line(proposal: Proposal, *, today: date) -> Line:
    parts = list(proposal.handlings.filter(state__in=HOLDING).select_related("unit").order_by("part", "id"))
    units = "；".join(f"{each.unit.name}（{each.get_part_display()}）" for each in parts)
    return Line(proposal, units, _progress(proposal, parts, today=today), _questions(proposal, parts, today=today))


def _progress(proposal: Proposal, parts: list[Handling], *, today: date) -> list[str]:
    said = [_("现为“%(state)s”。") % {"state": proposal.get_state_display()}]
    if proposal.assigned_at:
        said.append(_("%(on)s 交办。") % {"on": timezone.localdate(proposal.assigned_at)})
    if proposal.due_on:
        known = {
            "what": proposal.get_due_for_display(), "on": proposal.due_on, "left": deadlines.words(proposal.due_on, today),
        }  # fmt: skip
        said.append(_("%(what)s期限 %(on)s，%(left)s。") % known)
    contacts = list(proposal.contacts.order_by("held_at"))
    if contacts:
        last = contacts[-1]
        known = {"n": len(contacts), "on": timezone.localdate(last.held_at), "mode": last.get_mode_display()}
        said.append(_("与代表沟通 %(n)s 次，最近一次 %(on)s（%(mode)s）。") % known)
    signed = AssistOpinion.objects.filter(
        jurisdiction=proposal.jurisdiction, handling__in=[each.pk for each in parts], state=ReplyState.SIGNED
    )
    said += [
        _("%(unit)s已送协办意见。") % {"unit": each.handling.unit.name}
        for each in signed.select_related("handling__unit").order_by("signed_at")
    ]
    for reply in _signed(proposal):
        known = {
            "on": timezone.localdate(reply.signed_at), "unit": reply.handling.unit.name, "n": reply.round,
            "outcome": reply.get_outcome_display(),
        }  # fmt: skip
        said.append(_("%(on)s %(unit)s第 %(n)s 次答复：%(outcome)s。") % known)
    grades = list(proposal.evaluations.order_by("evaluated_at").values_list("result", flat=True))
    if grades:
        told = "、".join(f"{Grade(grade).label} {grades.count(grade)} 人" for grade in Grade if grade in grades)
        said.append(_("代表评价：%(told)s。") % {"told": told})
    said += [
        _("承诺“%(text)s”，%(on)s 前，%(state)s。")
        % {"text": each.text, "on": each.due_on, "state": each.get_state_display()}
        for each in proposal.promises.order_by("due_on")
    ]
    story = supervised(proposal)
    said += [
        _("%(on)s 督办走访%(place)s：%(found)s")
        % {"on": each.held_on, "place": each.place, "found": _quoted(each.findings, end="。")}
        for each, _files in story.visits
    ]
    if story.urgings:
        open_ones = sum(1 for each in story.urgings if each.answered_at is None)
        said.append(_("发催办函 %(n)s 份，%(open)s 份还没有回复。") % {"n": len(story.urgings), "open": open_ones})
    return said


def _questions(proposal: Proposal, parts: list[Handling], *, today: date) -> list[str]:
    asked = [*_on_time(proposal, parts, today), *_on_talks(proposal), *_on_results(proposal, today)]
    if proposal.repeats is not None:
        known = {"year": proposal.repeats.year, "number": proposal.repeats.number}
        asked.append(_("%(year)s 年提过同样的问题（%(number)s），当时答复以后为什么没有解决？") % known)
    return asked or [_("现在办到哪一步，下一步打算怎么办，什么时候能见效？")]


def _on_time(proposal: Proposal, parts: list[Handling], today: date) -> list[str]:
    asked = []
    if proposal.due_on and proposal.due_on < today and proposal.state in WITH_UNITS:
        known = {
            "what": proposal.get_due_for_display(), "on": proposal.due_on, "late": deadlines.words(proposal.due_on, today),
        }  # fmt: skip
        asked.append(_("%(what)s期限是 %(on)s，%(late)s，是什么原因，哪一天能完成？") % known)
    for each in parts:
        if each.part == Part.ASSIST and each.state in OWING and each.due_on and each.due_on < today:
            known = {"unit": each.unit.name, "on": each.due_on}
            asked.append(_("%(unit)s的协办意见应在 %(on)s 前送达，至今没有，主办单位怎样协调？") % known)
    if proposal.returns_count >= MANY_RETURNS:
        asked.append(_("这件建议已退单 %(n)s 次，职责究竟归哪个单位？") % {"n": proposal.returns_count})
    for letter in proposal.urgings.filter(answered_at=None, answer_by__lt=today).select_related("unit").order_by("id"):
        known = {"unit": letter.unit.name, "on": letter.answer_by}
        asked.append(_("发给%(unit)s的催办函应在 %(on)s 前回复，为什么没有回复？") % known)
    return asked


def _on_talks(proposal: Proposal) -> list[str]:
    if proposal.assigned_at and proposal.state in WITH_UNITS and not proposal.contacts.exists():
        return [_("交办以来还没有与代表沟通，打算什么时候当面听取代表意见？")]
    disputed = proposal.contacts.filter(is_confirmed=False).select_related("deputy").order_by("held_at")
    return [
        _("登记 %(on)s 与%(who)s代表沟通，代表说明“%(words)s”，实际情况怎样？")
        % {"on": timezone.localdate(each.held_at), "who": each.deputy.name, "words": _quoted(each.deputy_words)}
        for each in disputed
    ]


def _on_results(proposal: Proposal, today: date) -> list[str]:
    poor = Evaluation.objects.filter(
        jurisdiction=proposal.jurisdiction, proposal=proposal, result=Grade.DISSATISFIED
    ).select_related("deputy")
    asked = [
        _("%(who)s代表不满意：“%(words)s”，打算怎样改，什么时候改好？")
        % {"who": each.deputy.name, "words": _quoted(each.words)}
        for each in poor.order_by("evaluated_at")
    ]
    if proposal.state == State.ESCALATED:
        asked.append(_("两次办理代表都不满意，单位主要负责人准备怎样当面说明？"))
    for each in Promise.objects.filter(jurisdiction=proposal.jurisdiction, proposal=proposal).order_by("due_on"):
        known = {"text": _quoted(each.text), "on": each.due_on}
        if each.state == PromiseState.BROKEN:
            asked.append(_("承诺“%(text)s”没有兑现，原因是什么，新的完成日期是哪天？") % known)
        elif each.state in {PromiseState.OPEN, PromiseState.ASKED} and each.due_on < today and not each.unit_words:
            asked.append(_("承诺“%(text)s”已于 %(on)s 到期，没有说明落实情况，究竟办成没有？") % known)
        elif each.state == PromiseState.OPEN and each.due_on <= today + SOON:
            asked.append(_("承诺“%(text)s”应在 %(on)s 前完成，现在进展到哪一步？") % known)
    return asked


def _signed(proposal: Proposal) -> list[Reply]:
    rows = proposal.replies.filter(state=ReplyState.SIGNED).select_related("handling__unit")
    return list(rows.order_by("round", "signed_at"))


def _quoted(text: str, *, end: str = "") -> str:
    """The first words on one line; `end` closes what has no stop of its own."""
    line = " ".join(text.split())
    cut = line if len(line) <= QUOTED else f"{line[:QUOTED]}…"
    return cut if cut.endswith(("。", "…", "！", "？")) or not end else f"{cut}{end}"
