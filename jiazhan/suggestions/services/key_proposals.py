"""What the chairpersons' meeting follows itself (重点督办, 代表法第52条): chosen, visited on the spot, ended with a reason."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.documents import services as documents
from jiazhan.documents.files.checking import Checked
from jiazhan.kernel import words
from jiazhan.kernel.text import clean_line
from jiazhan.people.models import Account, Unit, UnitKind
from jiazhan.people.permissions import Permission
from jiazhan.people.roles import Role
from jiazhan.people.selectors import units

from .. import access
from ..models import KeyProposal, Proposal, Visit
from ..states import HOLDING, WITH_UNITS, State
from . import steps, telling

# From its number to its end: what is not accepted, merged or closed is followed no more.
FOLLOWABLE = frozenset({State.ACCEPTED, State.AT_GOVERNMENT}) | WITH_UNITS
MOST_FILES = 9


class NotFollowable(Exception):
    """It is not accepted yet, or it has ended."""

    code = "not-followable"

    def __init__(self) -> None:
        super().__init__(_("这件建议还没有立案，或者已经结束，不能列入督办。"))


class AlreadyKey(Exception):
    """The chairpersons' meeting follows it already."""

    code = "already-key"

    def __init__(self, decision: KeyProposal) -> None:
        super().__init__(
            _("这件建议已由%(meeting)s列为重点督办，由%(lead)s领办。要换领办人，请先解除再登记。")
            % {"meeting": decision.meeting, "lead": decision.lead_member}
        )


class NotKey(Exception):
    """It is not followed by the chairpersons' meeting, or no more."""

    code = "not-key"

    def __init__(self) -> None:
        super().__init__(_("这件建议现在不是重点督办，请刷新页面查看。"))


class NotToday(Exception):
    """What has not happened yet can't be registered."""

    code = "not-happened-yet"

    def __init__(self) -> None:
        super().__init__(_("日期不能晚于今天，请在会议或走访之后登记。"))


class NotACommittee(Exception):
    """The one who follows it is a committee of this congress."""

    code = "not-a-committee"

    def __init__(self) -> None:
        super().__init__(_("督办单位应当是本级人大的委员会或工作机构，请重新选择。"))


class VisitRegistered(Exception):
    """The same visit was registered before: a second click."""

    code = "visit-registered"

    def __init__(self) -> None:
        super().__init__(_("这次走访已经登记过，没有重复登记，请刷新页面查看。"))


class TooManyVisitFiles(Exception):
    """More files than one visit keeps."""

    code = "too-many-visit-files"

    def __init__(self) -> None:
        super().__init__(_("一次走访最多附 %(most)s 个文件，请少选几个。") % {"most": MOST_FILES})


@transaction.atomic
def choose(
    proposal: Proposal,
    *,
    meeting: str,
    decided_on: date,
    committee: Unit,
    by: Account,
    at: datetime,
    lead_account: Account | None = None,
    lead_member: str = "",
    demands: str = "",
) -> KeyProposal:
    """Register the chairpersons' meeting's choice: who leads (an account of the meeting, or a name), which committee works.

    Raises access.NotYours, NotFollowable, AlreadyKey, NotToday, NotACommittee, words.WordsMissing, words.WordsTooLong.
    """
    held = steps.lock(proposal)
    access.require_held(by, Permission.PROPOSAL_DECIDE_KEY, held)
    if held.state not in FOLLOWABLE:
        raise NotFollowable
    if standing := decision_of(held):
        raise AlreadyKey(standing)
    if decided_on > timezone.localdate(at):
        raise NotToday
    if not committees_for(held).filter(pk=committee.pk).exists():
        raise NotACommittee
    if lead_account is not None and lead_account not in members_for(held):
        raise access.NotYours
    name = lead_account.name if lead_account is not None else lead_member
    decision = KeyProposal.objects.create(
        jurisdiction=held.jurisdiction,
        proposal=held,
        decided_on=decided_on,
        meeting=words.required(clean_line(meeting), _("会次"), limit=80),
        lead_member=words.required(clean_line(name), _("领办的主任会议成员"), limit=40),
        lead_account=lead_account,
        committee=committee,
        demands=words.optional(demands, _("督办要求"), limit=2000),
        recorded_by=by,
        recorded_at=at,
    )
    held.is_key = True
    held.save(update_fields=["is_key"])
    detail = {"meeting": decision.meeting, "lead": decision.lead_member, "committee": committee.name}
    audit.record("proposal.key_chosen", held, by=by, at=at, detail=detail)
    text = _("%(matter)s列为重点督办，由%(lead)s领办、%(committee)s督办。") % {
        "matter": telling.named(held),
        "lead": decision.lead_member,
        "committee": committee.name,
    }
    _tell_all(held, decision, "proposal-key", text=text, by=by, at=at)
    return decision


@transaction.atomic
def end(proposal: Proposal, *, reason: str, by: Account, at: datetime) -> KeyProposal:
    """Take it off the list of the chairpersons' meeting, with a reason. Raises NotKey, access.NotYours, words.WordsMissing."""
    held = steps.lock(proposal)
    access.require_held(by, Permission.PROPOSAL_DECIDE_KEY, held)
    decision = decision_of(held)
    if decision is None:
        raise NotKey
    decision.ended_at = at
    decision.ended_reason = words.required(clean_line(reason), _("解除理由"), limit=200)
    decision.save(update_fields=["ended_at", "ended_reason"])
    held.is_key = False
    held.save(update_fields=["is_key"])
    audit.record("proposal.key_ended", held, by=by, at=at, detail={"reason": decision.ended_reason})
    text = _("%(matter)s不再列为重点督办，请打开查看理由。") % {"matter": telling.named(held)}
    _tell_all(held, decision, "proposal-key-ended", text=text, by=by, at=at)
    return decision


@transaction.atomic
def visit(
    proposal: Proposal,
    *,
    held_on: date,
    place: str,
    people: str,
    findings: str,
    by: Account,
    at: datetime,
    asks: str = "",
    files: Sequence[Checked] = (),
) -> Visit:
    """Register a visit on the spot: what was found, what was asked; deputies and units are told and read it.

    `files` have passed `documents.files.checking.check`. Raises access.NotYours, NotFollowable, NotToday, TooManyVisitFiles,
    VisitRegistered, words.WordsMissing, words.WordsTooLong, NotStored where the disk is full.
    """
    held = steps.lock(proposal)
    access.require_held(by, Permission.PROPOSAL_SUPERVISE, held)
    if held.state not in FOLLOWABLE:
        raise NotFollowable
    if held_on > timezone.localdate(at):
        raise NotToday
    if len(files) > MOST_FILES:
        raise TooManyVisitFiles
    place = words.required(clean_line(place), _("地点"), limit=120)
    findings = words.required(findings, _("了解的情况"), limit=5000)
    if held.visits.filter(held_on=held_on, place=place, findings=findings).exists():
        raise VisitRegistered
    seen = Visit.objects.create(
        jurisdiction=held.jurisdiction,
        proposal=held,
        held_on=held_on,
        place=place,
        people=words.required(clean_line(people), _("参加人员"), limit=300),
        findings=findings,
        asks=words.optional(asks, _("提出的要求"), limit=5000),
        recorded_by=by,
        recorded_at=at,
    )
    for file in files:
        documents.attach(seen, file, by=by, at=at)
    audit.record(
        "proposal.visited",
        held,
        by=by,
        at=at,
        detail={"on": held_on.isoformat(), "place": seen.place, "files": len(files)},
    )
    text = _("人大督办走访了%(matter)s，请打开查看了解的情况和要求。") % {"matter": telling.named(held)}
    telling.tell_signers(held, "proposal-visited", text=text, at=at, once=seen.pk.hex)
    for unit in units_of(held):
        telling.tell_unit(unit, "proposal-visited", held, text=text, at=at, once=seen.pk.hex)
    return seen


def decision_of(proposal: Proposal) -> KeyProposal | None:
    """The decision in force."""
    rows = proposal.key_decisions.filter(ended_at=None).select_related("committee", "lead_account")
    found: KeyProposal | None = rows.first()
    return found


def committees_for(proposal: Proposal) -> QuerySet[Unit]:
    """The committees of the proposal's congress; a township's presidium is its own."""
    return units(
        UnitKind.COMMITTEE,
        UnitKind.STANDING_COMMITTEE_OFFICE,
        UnitKind.STREET_CONGRESS,
        jurisdiction=proposal.jurisdiction,
    ).filter(area=proposal.congress_area)


def members_for(proposal: Proposal) -> list[Account]:
    """Who can lead: the members of the chairpersons' meeting, in a township its presidium's chair."""
    township = len(proposal.congress_area) == 9
    return telling.in_role(Role.STREET_DIRECTOR if township else Role.CHAIRPERSONS_MEETING, proposal)


def units_of(proposal: Proposal) -> list[Unit]:
    """The units that have a part in it now."""
    return [each.unit for each in proposal.handlings.filter(state__in=HOLDING).select_related("unit").order_by("id")]


def _tell_all(proposal: Proposal, decision: KeyProposal, kind: str, *, text: str, by: Account, at: datetime) -> None:
    once = f"{decision.pk.hex}-{kind[-5:]}"
    telling.tell_signers(proposal, kind, text=text, at=at, once=once)
    desk: Iterable[Account] = telling.staff_of(decision.committee, Permission.PROPOSAL_SUPERVISE)
    heard = [*([decision.lead_account] if decision.lead_account else ()), *desk]
    for unit in units_of(proposal):
        heard += telling.staff_of(unit, Permission.PROPOSAL_HANDLE)
    telling.tell([each for each in heard if each.pk != by.pk], kind, proposal, text=text, at=at, once=once)
