"""What the congress watches: key proposals, what is late or soon due, talks owed, letters unanswered; and who follows what."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jiazhan.documents.models import Attachment
from jiazhan.documents.selectors import attachments_of
from jiazhan.opinions.selectors.queue import horizon
from jiazhan.people.models import Account, Deputy, Mandate

from .. import access
from ..choices import Part
from ..models import Contact, Follow, Handling, KeyProposal, Proposal, Urging, Visit
from ..states import BEFORE_ASSIGNING, WITH_UNITS, PartState, State

SIZE = 30
WATCHED = BEFORE_ASSIGNING | WITH_UNITS
OWING = (PartState.ASSIGNED, PartState.SIGNED, PartState.OBJECTED, PartState.REORDERED)


class Tab(StrEnum):
    KEY = "key"
    LATE = "late"
    SOON = "soon"
    URGED = "urged"
    ESCALATED = "escalated"


LABELS: dict[Tab, Any] = {
    Tab.KEY: _("重点督办"), Tab.LATE: _("已逾期"), Tab.SOON: _("将到期"), Tab.URGED: _("催办未回复"),
    Tab.ESCALATED: _("再次不满意"),
}  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """`committee` is a unit's id, `lead` the name of the member who leads; both narrow to key proposals."""

    committee: str = ""
    lead: str = ""
    host: str = ""


@dataclass(frozen=True)
class Watched:
    """One proposal with what a supervisor asks first; counts by what has happened."""

    proposal: Proposal
    key: KeyProposal | None
    contact: Contact | None
    assists_owed: int
    assists_late: int
    visits: int
    letters: int
    letters_open: int


@dataclass(frozen=True)
class Supervised:
    """All that was done to one proposal from above, oldest first."""

    decisions: list[KeyProposal]
    visits: list[tuple[Visit, list[Attachment]]]
    urgings: list[Urging]

    @property
    def decision(self) -> KeyProposal | None:
        return next((each for each in self.decisions if each.ended_at is None), None)

    @property
    def is_empty(self) -> bool:
        return not (self.decisions or self.visits or self.urgings)


@dataclass
class Follower:
    """A sitting deputy and what they follow through (五个一)."""

    deputy: Deputy
    follows: list[Follow] = field(default_factory=list)


def counts(user: Account, filters: Filters, *, today: date) -> dict[Tab, int]:
    """How many stand in each tab."""
    rows = _narrowed(user, filters)
    found: dict[str, int] = rows.aggregate(
        **{tab.value: Count("pk", filter=_condition(tab, today=today)) for tab in Tab}
    )
    return {Tab(name): count for name, count in found.items()}


def listed(user: Account, tab: Tab, filters: Filters, *, today: date, page: int = 1) -> tuple[list[Watched], bool]:
    """One page, what falls due first on top, and whether there is another."""
    rows = _narrowed(user, filters).filter(_condition(tab, today=today)).select_related("host", "lead", "category")
    start = (page - 1) * SIZE
    found = list(rows.order_by(F("due_on").asc(nulls_last=True), "-id")[start : start + SIZE + 1])
    return watched(found[:SIZE], today=today), len(found) > SIZE


def watched(proposals: Sequence[Proposal], *, today: date) -> list[Watched]:
    """The same proposals with contacts, assisting opinions, visits and letters, by as many statements as there are kinds."""
    ids = [each.pk for each in proposals]
    keys = {
        each.proposal_id: each
        for each in KeyProposal.objects.filter(proposal__in=ids, ended_at=None).select_related("committee")
    }
    last = Contact.objects.filter(proposal__in=ids).order_by("proposal", "-held_at").distinct("proposal")
    contacts = {each.proposal_id: each for each in last}
    owed = Handling.objects.filter(proposal__in=ids, part=Part.ASSIST, state__in=OWING)
    owing, late = Counter[Any](), Counter[Any]()
    for proposal_id, due_on in owed.values_list("proposal_id", "due_on"):
        owing[proposal_id] += 1
        late[proposal_id] += due_on is not None and due_on < today
    visits = Counter(Visit.objects.filter(proposal__in=ids).values_list("proposal_id", flat=True))
    letters, waiting = Counter[Any](), Counter[Any]()
    for proposal_id, answered_at in Urging.objects.filter(proposal__in=ids).values_list("proposal_id", "answered_at"):
        letters[proposal_id] += 1
        waiting[proposal_id] += answered_at is None
    return [
        Watched(
            each, keys.get(each.pk), contacts.get(each.pk), owing[each.pk], late[each.pk], visits[each.pk],
            letters[each.pk], waiting[each.pk],
        )
        for each in proposals
    ]  # fmt: skip


def committees_and_leads(user: Account) -> tuple[list[tuple[str, str]], list[str]]:
    """The committees and the members that follow something now, for the filters."""
    rows = KeyProposal.objects.filter(ended_at=None, proposal__in=access.visible_to(user).filter(is_key=True))
    pairs = set(rows.values_list("committee_id", "committee__name", "lead_member"))
    committees = sorted({(str(pk), name) for pk, name, _lead in pairs}, key=lambda each: each[1])
    return committees, sorted({lead for _pk, _name, lead in pairs})


def supervised(proposal: Proposal) -> Supervised:
    """What was done from above, for whoever may read the proposal."""
    visits = list(proposal.visits.select_related("recorded_by").order_by("held_on", "id"))
    return Supervised(
        list(proposal.key_decisions.select_related("committee", "recorded_by").order_by("recorded_at", "id")),
        [(each, list(attachments_of(each))) for each in visits],
        list(proposal.urgings.select_related("unit", "document", "sent_by", "answered_by").order_by("sent_at", "id")),
    )


def followers(area: str) -> list[Follower]:
    """Every deputy who sits in an area's congress, who follows nothing first, with what they follow there."""
    sitting = Mandate.objects.in_force().filter(term__congress__region=area)
    deputies = Deputy.objects.filter(pk__in=sitting.values("deputy")).order_by("pinyin", "name", "id")
    found = {each.pk: Follower(each) for each in deputies}
    rows = Follow.objects.filter(deputy__in=list(found), proposal__congress_area=area, jurisdiction=area[:6])
    for each in rows.select_related("proposal").order_by("since", "id"):
        found[each.deputy_id].follows.append(each)
    return sorted(found.values(), key=lambda each: bool(each.follows))


def _narrowed(user: Account, filters: Filters) -> QuerySet[Proposal]:
    rows = access.visible_to(user).filter(Q(state__in=WATCHED) | Q(is_key=True))
    if filters.committee or filters.lead:
        keys = KeyProposal.objects.filter(jurisdiction=OuterRef("jurisdiction"), proposal=OuterRef("pk"), ended_at=None)
        if filters.committee:
            keys = keys.filter(committee=UUID(filters.committee))
        if filters.lead:
            keys = keys.filter(lead_member=filters.lead)
        rows = rows.filter(Exists(keys))
    return rows.filter(host=UUID(filters.host)) if filters.host else rows


def _condition(tab: Tab, *, today: date) -> Q:
    match tab:
        case Tab.KEY:
            return Q(is_key=True)
        case Tab.LATE:
            return Q(due_on__lt=today, state__in=WATCHED)
        case Tab.SOON:
            return Q(due_on__gte=today, due_on__lte=horizon(today), state__in=WATCHED)
        case Tab.ESCALATED:
            return Q(state=State.ESCALATED)
    waiting = Urging.objects.filter(jurisdiction=OuterRef("jurisdiction"), proposal=OuterRef("pk"), answered_at=None)
    return Q(Exists(waiting), state__in=WITH_UNITS)
