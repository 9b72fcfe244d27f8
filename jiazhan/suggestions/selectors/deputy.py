"""What a deputy reads: their own proposals, those that wait for their word, the congress's accepted ones, whom to invite."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from jiazhan.kernel import pinyin, scope
from jiazhan.kernel.outcomes import PromiseState, ReplyState
from jiazhan.people.models import Delegation, Deputy, Mandate
from jiazhan.places.models import Session, Term
from jiazhan.places.selectors import session_running

from .. import rules
from ..choices import UNCONFIRMED, Consent, Kind
from ..models import Contact, Cosigner, Evaluation, Promise, Proposal, Reply, ReplyCopy
from ..states import ACCEPTED_EVER, EVALUABLE, FINAL, WRITING, State
from .search import PAGE, Filters, Page, find, read_place
from .search import Place as Place

SPANS = {"writing": WRITING, "open": frozenset(State) - FINAL - WRITING, "ended": FINAL}
CONGRESS_SPANS = {"open": ACCEPTED_EVER - FINAL, "ended": ACCEPTED_EVER & FINAL}


@dataclass(frozen=True)
class Seat:
    """A congress in which the deputy may propose now."""

    term: Term
    session: Session | None
    signers_needed: int


@dataclass(frozen=True)
class Candidate:
    """A deputy who may be asked to sign, with the delegation that they sit in."""

    deputy: Deputy
    delegation: Delegation | None


def seats(deputy: Deputy, *, at: datetime) -> list[Seat]:
    """Where the deputy's mandate is in force and proposals are handled here, the widest area first."""
    today = timezone.localdate(at)
    rows = deputy.mandates.in_force().select_related("term__congress__region").order_by("term__congress__region")
    found = []
    for each in rows:
        if rules.sits_here(each.term):
            draft = Proposal(term=each.term, kind=Kind.MOTION, congress_area=each.term.congress.region_id or "")
            found.append(Seat(each.term, session_running(each.term, today), rules.signers_needed(draft)))
    return found


def congresses(deputy: Deputy) -> list[Term]:
    """The congresses in which the deputy sits or has sat and whose proposals are handled here, the latest term of each."""
    rows = deputy.mandates.select_related("term__congress").order_by("-term__starts_on")
    latest: dict[Any, Term] = {}
    for each in rows:
        if rules.sits_here(each.term):
            latest.setdefault(each.term.congress_id, each.term)
    return list(latest.values())


def listed(
    deputy: Deputy, tab: str, *, at: datetime, words: str = "", span: str = "", year: int | None = None, after: str = ""
) -> Page:
    """A page of one of the deputy's own tabs, newest first; what waits for their word by when it was asked."""
    rows = _of_tab(deputy, tab, at=at)
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(number__icontains=words))
    if span in SPANS:
        rows = rows.filter(state__in=SPANS[span])
    if year:
        rows = rows.filter(year=year)
    if place := read_place(after):
        rows = rows.filter(pk__lt=place.row)
    found = list(_with_relations(rows).order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    more = Place(shown[-1].year, shown[-1].pk).as_text() if len(found) > PAGE else ""
    return Page(shown, more)


def of_congress(
    term: Term, *, words: str = "", span: str = "", year: int | None = None, kind: str = "", after: str = ""
) -> Page:
    """What was accepted in the congress, of all its terms, newest first."""
    states = CONGRESS_SPANS.get(span, ACCEPTED_EVER)
    filters = Filters(states=states, year=year, kind=kind)
    return find(words, congress_area=term.congress.region_id or "", filters=filters, after=after)


def counts(deputy: Deputy, *, at: datetime) -> dict[str, int]:
    """How many wait for the deputy's word, and how many they follow."""
    owed = {each.proposal_id for each in owed_evaluations(deputy, at=at)}
    return {"evaluate": len(owed)} | {tab: _of_tab(deputy, tab, at=at).count() for tab in ("sign", "follow")}


def owed_evaluations(deputy: Deputy, *, at: datetime, proposal: Proposal | None = None) -> list[Reply]:
    """The replies that the deputy can still evaluate, the one that closes first before the others."""
    copies = ReplyCopy.objects.filter(jurisdiction__in=scope.current(), deputy=deputy, reply__state=ReplyState.SIGNED)
    rated = Evaluation.objects.filter(jurisdiction=OuterRef("jurisdiction"), reply=OuterRef("reply"), deputy=deputy)
    copies = copies.filter(~Exists(rated), reply__proposal__state__in=EVALUABLE)
    if proposal is not None:
        copies = copies.filter(reply__proposal=proposal)
    today = timezone.localdate(at)
    open_ones: list[tuple[date, Reply]] = []
    rows = copies.select_related("reply__proposal", "reply__handling__unit").order_by("delivered_at")
    for copy in rows:
        until = rules.evaluated_until(copy.reply.proposal, copy.reply)
        if today <= until:
            open_ones.append((until, copy.reply))
    return [reply for _until, reply in sorted(open_ones, key=lambda each: (each[0], each[1].pk))]


def invitations(deputy: Deputy) -> list[Cosigner]:
    """What the deputy was asked to sign and has not answered, oldest first."""
    rows = Cosigner.objects.filter(jurisdiction__in=scope.current(), deputy=deputy, consent__in=UNCONFIRMED)
    rows = rows.filter(proposal__state__in=WRITING).exclude(proposal__state=State.DRAFT)
    return list(rows.select_related("proposal__lead").order_by("invited_at", "id"))


def returned(deputy: Deputy) -> QuerySet[Proposal]:
    """The deputy's own that were sent back to be changed."""
    return Proposal.objects.filter(jurisdiction__in=scope.current(), lead=deputy, state=State.RETURNED)


def unanswered_contacts(deputy: Deputy) -> QuerySet[Contact]:
    """The entries of talks with this deputy on which they have said nothing."""
    rows = Contact.objects.filter(jurisdiction__in=scope.current(), deputy=deputy, answered_at=None)
    return rows.select_related("proposal", "handling__unit").order_by("logged_at")


def asked_promises(deputy: Deputy) -> list[Promise]:
    """The promises whose unit has said what was done, and which wait for one of the deputies to say whether it was kept."""
    mine = ReplyCopy.objects.filter(jurisdiction__in=scope.current(), deputy=deputy).values("reply")
    rows = Promise.objects.filter(
        jurisdiction__in=scope.current(), reply__in=mine, state=PromiseState.ASKED, explained_at__isnull=False
    )
    return list(rows.select_related("proposal", "reply__handling__unit").order_by("due_on"))


def candidates(proposal: Proposal, *, words: str = "", delegation: str = "") -> list[Candidate]:
    """The sitting deputies of the congress but the lead and those on the list, by delegation and name.

    `words` are a part of the name, its pinyin or its initials.
    """
    taken = proposal.cosigners.exclude(consent__in=[Consent.DECLINED, Consent.LAPSED]).values("deputy")
    rows = Mandate.objects.in_force().filter(term=proposal.term_id).exclude(deputy=proposal.lead_id)
    rows = rows.exclude(deputy__in=taken).select_related("deputy", "delegation")
    if delegation:
        rows = rows.filter(delegation_id=delegation)
    found = [
        Candidate(each.deputy, each.delegation) for each in rows.order_by("delegation__number", "deputy__pinyin", "id")
    ]
    wanted = "".join(words.lower().split())
    return [each for each in found if _is_called(each.deputy.name, wanted)] if wanted else found


def delegations(term: Term) -> list[Delegation]:
    return list(term.delegations.order_by("number"))


def _is_called(name: str, wanted: str) -> bool:
    if wanted in name.lower():
        return True
    spelled = pinyin.spell(name)
    return wanted.isascii() and (spelled.full.startswith(wanted) or spelled.initials.startswith(wanted))


def _of_tab(deputy: Deputy, tab: str, *, at: datetime) -> QuerySet[Proposal]:
    here = Proposal.objects.filter(jurisdiction__in=scope.current())
    if tab == "joint":
        signed = [Consent.CONFIRMED, Consent.CHANGED, Consent.LAPSED]
        return here.filter(pk__in=_asked(deputy).filter(consent__in=signed).values("proposal"))
    if tab == "sign":
        waiting = _asked(deputy).filter(consent__in=UNCONFIRMED).values("proposal")
        return here.filter(pk__in=waiting, state__in=WRITING - {State.DRAFT})
    if tab == "evaluate":
        return here.filter(pk__in=[each.proposal_id for each in owed_evaluations(deputy, at=at)])
    if tab == "follow":
        return here.filter(follows__deputy=deputy)
    return here.filter(lead=deputy)


def _asked(deputy: Deputy) -> QuerySet[Cosigner]:
    return Cosigner.objects.filter(jurisdiction__in=scope.current(), deputy=deputy)


def _with_relations(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return rows.select_related("term__congress", "lead", "host").defer("terms", "headline", "facts", "cause")
