"""Taking in proposals of former years from a spreadsheet, so that what is asked again and what was promised has a past.

They come in as they ended: with who led, who hosted, the outcome, the reply and the grade. An open promise is followed on.
"""

import re
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel.ids import id_at
from jiazhan.kernel.outcomes import Grade, OutcomeClass, PromiseState, ReplyState
from jiazhan.kernel.spreadsheets import Column, Row
from jiazhan.kernel.spreadsheets import Kind as Cell
from jiazhan.people.models import Account, Unit
from jiazhan.people.services import imports
from jiazhan.people.services.imports import Desk, Effect, RowRefused, Taken
from jiazhan.places.models import Session, Term

from .. import terms
from ..choices import Consent, Kind, Origin, Part
from ..models import Cosigner, Handling, Promise, Proposal, Reply
from ..states import PartState, State
from .former import Lookups

_APART = re.compile(r"[、,\uff0c;\uff1b/\n]+")
OUTCOMES = {
    "已经解决": OutcomeClass.RESOLVED, "已解决或基本解决": OutcomeClass.RESOLVED, "A": OutcomeClass.RESOLVED,
    "正在解决": OutcomeClass.IN_PROGRESS, "B": OutcomeClass.IN_PROGRESS,
    "列入规划": OutcomeClass.PLANNED, "C": OutcomeClass.PLANNED,
    "条件所限，以后解决": OutcomeClass.DEFERRED,
    "留作参考": OutcomeClass.FOR_REFERENCE, "D": OutcomeClass.FOR_REFERENCE,
}  # fmt: skip
GRADES = {str(grade.label): grade for grade in Grade}
PROMISES = {
    "未到期": PromiseState.OPEN,
    "跟踪中": PromiseState.OPEN,
    "已兑现": PromiseState.KEPT,
    "未兑现": PromiseState.BROKEN,
}
COLUMNS = (
    Column("name", "编号", synonyms=("建议编号", "number"), required=True, most=60, example="九届三次第12号建议"),
    Column("title", "标题", synonyms=("建议标题", "案由"), required=True, most=120, example="关于改造老旧管网的建议"),
    Column("kind", "类别", Cell.CHOICE, choices={str(kind.label): kind for kind in Kind}, example="建议"),
    Column("year", "年度", Cell.INTEGER, required=True, example="2025"),
    Column("term", "届", Cell.INTEGER, required=True, example="9", note="数字，如 9。"),
    Column("session", "次", Cell.INTEGER, synonyms=("会次",), example="3", note="第几次会议，数字。"),
    Column("in_session", "大会期间", Cell.TRUTH, example="是"),
    Column("lead", "领衔代表", synonyms=("领衔人",), required=True, most=40, example="周海燕"),
    Column("cosigners", "联名代表", synonyms=("联名人",), note="几位代表用顿号隔开。", example="林静、何伟"),
    Column("category", "分类", most=40, note="分类的代码或名称。", example="0102"),
    Column("request", "建议内容", Cell.TEXT, synonyms=("正文", "具体建议"), most=20000),
    Column("submitted_on", "提交日期", Cell.DATE, example="2025-01-13"),
    Column("assigned_on", "交办日期", Cell.DATE, example="2025-02-10"),
    Column("host", "主办单位", synonyms=("承办单位",), required=True, most=60, example="区水务局"),
    Column("assists", "协办单位", synonyms=("会办单位",), note="几个单位用顿号隔开。"),
    Column("replied_on", "答复日期", Cell.DATE, example="2025-05-06"),
    Column("outcome", "办理结果", Cell.CHOICE, choices=OUTCOMES, note="也可以填 A、B、C、D。", example="列入规划"),
    Column("reply", "答复内容", Cell.TEXT, most=20000),
    Column("grade", "代表评价", Cell.CHOICE, choices=GRADES, example="基本满意"),
    Column("resolved", "代表确认解决", Cell.TRUTH, example="否"),
    Column("promise", "承诺事项", most=300, example="2027 年完成北片管网改造"),
    Column("promise_on", "承诺完成日期", Cell.DATE, example="2027-06-30"),
    Column("promise_state", "承诺状态", Cell.CHOICE, choices=PROMISES, note="不填就继续跟踪。"),
)  # fmt: skip


def table_of(congress_area: str) -> imports.Kind:
    """The kind of file that a congress's former proposals come in."""
    known = Lookups(congress_area)
    return imports.Kind(
        name="proposals",
        label=_("历年建议"),
        columns=COLUMNS,
        notes=(
            _("代表和单位要先在系统里有；会议要先在“会议和代表团”里登记。"),
            _("有承诺、还没有兑现的，导入后继续跟踪；其余按已办结收进来。"),
            _("同一份表再导入一次不会重复。"),
        ),
        take=lambda row, desk: _take(row, desk, known),
    )


def _take(row: Row, desk: Desk, known: Lookups) -> Taken:
    term = known.term(row["term"], row["year"])
    number = row["name"]
    desk.once(row, "编号", term.pk, number)
    key = f"import:{known.area}:{term.number}:{number}"[:80]
    if there := known.present(term, number):
        if there[0] != key:
            raise RowRefused("编号", _("系统里已经有编号“%(number)s”的建议") % {"number": number})
        return Taken(Effect.SAME, f"{number} {there[1]}")
    proposal, warnings = _proposal(row, desk, term, known, key)
    _signers(row, proposal, term, known)
    unit = known.unit(row["host"], "主办单位")
    part = _part(proposal, unit, Part.HOST, desk)
    for name in _names(row["assists"]):
        assist = known.unit(name, "协办单位")
        if assist.pk == unit.pk:
            raise RowRefused("协办单位", _("“%(name)s”已经是主办单位") % {"name": name})
        _part(proposal, assist, Part.ASSIST, desk)
    reply = _reply(row, proposal, part, desk)
    _promise(row, proposal, reply, desk)
    detail = {"number": number, "year": proposal.year}
    audit.record("proposal.imported", proposal, by=desk.by, at=desk.at, detail=detail)
    return Taken(Effect.NEW, f"{number} {proposal.title}", tuple(warnings))


def _proposal(row: Row, desk: Desk, term: Term, known: Lookups, key: str) -> tuple[Proposal, list[str]]:
    session = _session(row, term, known)
    lead, mandate = known.deputy(row["lead"], term, "领衔代表")
    warnings = []
    submitted_on = row["submitted_on"] or (session.starts_on if session and row["in_session"] else None)
    if submitted_on is None:
        submitted_on = date(row["year"], 1, 1)
        warnings.append(_("没有提交日期，按 %(year)s 年年初记") % {"year": row["year"]})
    assigned_on = row["assigned_on"] or submitted_on
    replied_on = row["replied_on"] or assigned_on
    if not submitted_on <= assigned_on <= replied_on <= timezone.localdate(desk.at):
        raise RowRefused("答复日期", _("提交、交办、答复的日期先后不对，或者晚于今天"))
    is_followed = _promise_state(row) in {PromiseState.OPEN}
    at = _moment(replied_on)
    category = known.category(row["category"]) if row["category"] else None
    proposal = Proposal(
        id=id_at(_moment(submitted_on)), jurisdiction=desk.jurisdiction, congress_area=known.area,
        kind=row["kind"] or Kind.PROPOSAL, term=term, session=session, is_in_session=bool(row["in_session"]),
        number=row["name"], year=row["year"], lead=lead, mandate=mandate, origin=Origin.IMPORTED, title=row["title"],
        request=row["request"] or _("（历年导入，没有附正文。）"), category=category, state=State.TRACKING if is_followed else State.CLOSED,
        host=known.unit(row["host"], "主办单位"), outcome=row["outcome"] or "", first_grade=row["grade"] or "",
        grade=row["grade"] or "", is_resolved=row["resolved"], source_key=key,
        created_at=desk.at, saved_at=desk.at, submitted_at=_moment(submitted_on), accepted_at=_moment(submitted_on),
        assigned_at=_moment(assigned_on), replied_at=at if row["replied_on"] or row["outcome"] else None,
        closed_at=None if is_followed else at,
    )  # fmt: skip
    for name, value in terms.of(proposal).items():
        setattr(proposal, name, value)
    proposal.save(force_insert=True)
    return proposal, warnings


def _signers(row: Row, proposal: Proposal, term: Term, known: Lookups) -> None:
    at = proposal.submitted_at or proposal.created_at
    for name in dict.fromkeys(_names(row["cosigners"])):
        deputy, _mandate = known.deputy(name, term, "联名代表")
        if deputy.pk != proposal.lead_id:
            Cosigner.objects.create(
                jurisdiction=proposal.jurisdiction, proposal=proposal, deputy=deputy, consent=Consent.CONFIRMED,
                confirmed_version=proposal.version, invited_at=at, decided_at=at,
            )  # fmt: skip


def _part(proposal: Proposal, unit: Unit, part: Part, desk: Desk) -> Handling:
    at, by = proposal.assigned_at or desk.at, _account(desk)
    return Handling.objects.create(
        jurisdiction=proposal.jurisdiction, proposal=proposal, unit=unit, part=part, state=PartState.ANSWERED,
        assigned_at=at, assigned_by=by, objection_until=timezone.localdate(at), signed_at=at, signed_by=by,
        answered_at=proposal.replied_at or proposal.closed_at or at,
    )  # fmt: skip


def _reply(row: Row, proposal: Proposal, part: Handling, desk: Desk) -> Reply | None:
    if not row["outcome"]:
        if row["reply"]:
            raise RowRefused("办理结果", _("有答复内容的，要填办理结果"))
        return None
    return Reply.objects.create(
        jurisdiction=proposal.jurisdiction, proposal=proposal, handling=part, round=1, state=ReplyState.SIGNED,
        body=row["reply"] or _("（历年导入，没有附答复全文。）"), outcome=row["outcome"], number=_("历年复文"),
        promise_text=row["promise"] or "", promise_on=row["promise_on"], drafted_by=_account(desk),
        drafted_at=proposal.replied_at or desk.at, signed_at=proposal.replied_at, signed_by=_account(desk),
    )  # fmt: skip


def _promise_state(row: Row) -> PromiseState | None:
    """What becomes of the row's promise; None for a row without one."""
    if bool(row["promise"]) != bool(row["promise_on"]):
        raise RowRefused("承诺完成日期", _("承诺事项和完成日期要么都填，要么都不填"))
    if not row["promise"]:
        if row["promise_state"]:
            raise RowRefused("承诺事项", _("填了承诺状态，还没有填承诺事项"))
        return None
    return PromiseState(row["promise_state"] or PromiseState.OPEN)


def _promise(row: Row, proposal: Proposal, reply: Reply | None, desk: Desk) -> None:
    state = _promise_state(row)
    if state is None:
        return
    is_over = state != PromiseState.OPEN
    Promise.objects.create(
        jurisdiction=proposal.jurisdiction, proposal=proposal, reply=reply, text=row["promise"], due_on=row["promise_on"],
        state=state, deputy_words=_("历年导入") if is_over else "", settled_at=desk.at if is_over else None,
        settled_by=_account(desk) if is_over else None,
    )  # fmt: skip


def _session(row: Row, term: Term, known: Lookups) -> Session | None:
    is_motion = row["kind"] == Kind.MOTION
    if row["session"] is None:
        if row["in_session"] or is_motion:
            raise RowRefused("次", _("大会期间提出的，要填第几次会议"))
        return None
    found = known.session(term, row["session"])
    if is_motion and not row["in_session"]:
        raise RowRefused("大会期间", _("议案只能在大会期间提出"))
    return found


def _names(written: str | None) -> list[str]:
    return [part.strip() for part in _APART.split(written or "") if part.strip()]


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def _account(desk: Desk) -> Any:
    """Who imports stands where no name of then is known."""
    assert isinstance(desk.by, Account)
    return desk.by
