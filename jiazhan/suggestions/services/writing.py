"""Writing a proposal or a motion: begun by its lead, kept as a draft on every device, submitted when it is the deputy's own."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import parameters, words
from jiazhan.kernel.text import clean_line
from jiazhan.kernel.workflow import StepRefused
from jiazhan.opinions.models import Opinion
from jiazhan.people.models import Account, Deputy
from jiazhan.people.permissions import Permission
from jiazhan.places.models import CongressLevel, Term
from jiazhan.places.selectors import session_before, session_running

from .. import access, terms
from .. import parameters as names
from ..choices import Consent, Kind, Origin, Publicity
from ..models import Proposal, Source
from ..states import WRITING
from . import steps, telling
from .checking import part_with_merged

TITLE = 120
# What grew out of something else must say the deputy's own in each of the three parts (handbook §2.1).
NEED_ALL_PARTS = frozenset({Origin.OPINIONS, Origin.RESEARCH})
# A part shorter than this says nothing of its own.
OWN_WORDS = 20


class NotSitting(Exception):
    """The deputy's mandate in that congress is not in force (§14 rules 1 and 17)."""

    code = "not-sitting"

    def __init__(self) -> None:
        super().__init__(_("您在这一级人大的代表资格目前不能提出新的事项；以前的记录仍可查看。"))


class DraftChanged(Exception):
    """The draft was saved elsewhere meanwhile. `theirs` is what it says now; nothing of either text is lost."""

    code = "draft-changed"

    def __init__(self, theirs: Proposal) -> None:
        self.theirs = theirs
        super().__init__(_("这份草稿刚在另一处保存过。您写的内容还在，请对照现在的内容，改好后再保存。"))


class TextIncomplete(Exception):
    """The text lacks a part that it must have."""

    code = "text-incomplete"

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__(_("还缺：%(missing)s。写好后再提交。") % {"missing": "、".join(missing)})


class OnlyForwarded(Exception):
    """A letter from residents passed on without the deputy's own work (handbook §2.1: 单纯转递群众来信)."""

    code = "only-forwarded"

    def __init__(self, parts: list[str]) -> None:
        self.parts = parts
        super().__init__(
            _("由群众意见形成的建议不能只转递原文。请在%(parts)s中写明您自己的核实、分析和建议，再提交。")
            % {"parts": "、".join(parts)}
        )


class NotInSession(Exception):
    """Motions are moved while the congress meets, and not after."""

    code = "not-in-session"

    def __init__(self) -> None:
        super().__init__(_("议案只能在大会期间提出。现在可以作为建议提出。"))


class TooFewSigners(Exception):
    """A motion with fewer deputies behind it than the law asks for (§14 rule 1)."""

    code = "too-few-signers"

    def __init__(self, needed: int, signed: int) -> None:
        self.needed, self.signed = needed, signed
        super().__init__(
            _("议案须有 %(needed)s 名以上代表联名（含领衔），现在已确认 %(signed)s 名，请继续邀请。")
            % {"needed": needed, "signed": signed}
        )


@transaction.atomic
def begin(
    deputy: Deputy,
    *,
    term: Term,
    by: Account,
    at: datetime,
    kind: Kind = Kind.PROPOSAL,
    origin: Origin = Origin.OWN,
    research: str = "",
    opinions: Iterable[Opinion] = (),
) -> Proposal:
    """An empty draft of the deputy's own; `opinions` are those it grows from, read by the caller through their access.

    Raises access.NotYours for somebody else's, NotSitting without a mandate in force in that term, words.WordsTooLong.
    """
    if by.pk != deputy.account_id:
        raise access.NotYours
    mandate = deputy.mandates.in_force().filter(term=term).first()
    if mandate is None:
        raise NotSitting
    today = timezone.localdate(at)
    area = term.congress.region_id or ""
    opinions = list(opinions)
    proposal = Proposal.objects.create(
        jurisdiction=area[:6],
        congress_area=area,
        kind=kind,
        term=term,
        session=session_before(term, today),
        is_in_session=kind == Kind.MOTION or session_running(term, today) is not None,
        year=today.year,
        lead=deputy,
        mandate=mandate,
        origin=Origin.OPINIONS if opinions else origin,
        research=words.optional(clean_line(research), _("调研报告名称"), limit=200),
        created_at=at,
        saved_at=at,
    )
    _keep_sources(proposal, opinions)
    audit.record("proposal.begin", proposal, by=by, at=at, detail={"kind": kind, "origin": proposal.origin})
    return proposal


@transaction.atomic
def save(
    proposal: Proposal,
    *,
    version: int,
    title: str,
    facts: str,
    cause: str,
    request: str,
    by: Account,
    at: datetime,
    publicity: Publicity = Publicity.FULL,
    publicity_reason: str = "",
) -> Proposal:
    """Keep the draft; `version` is that of the text the writer began from. A changed text asks its co-signers again.

    Raises DraftChanged, access.NotYours, NotSitting, StepRefused once it was submitted, words.WordsMissing for a
    publicity without its reason, words.WordsTooLong.
    """
    held = _writable(proposal, "save", by=by)
    if held.version != version:
        raise DraftChanged(held)
    text = {
        "title": words.optional(clean_line(title), _("标题"), limit=TITLE),
        "facts": words.optional(facts, part_names(held)[0]),
        "cause": words.optional(cause, part_names(held)[1]),
        "request": words.optional(request, part_names(held)[2]),
    }
    is_changed = any(getattr(held, name) != value for name, value in text.items())
    for name, value in text.items():
        setattr(held, name, value)
    held.publicity = publicity
    held.publicity_reason = ""
    if publicity != Publicity.FULL:
        held.publicity_reason = words.required(publicity_reason, _("不全文公开的理由"), limit=300)
    held.saved_at = at
    if is_changed:
        held.version += 1
        _ask_again(held, at=at)
    held.save()
    return held


@transaction.atomic
def submit(proposal: Proposal, *, version: int, by: Account, at: datetime) -> Proposal:
    """Hand the text in. Co-signers who have not confirmed it as it stands are left out, and told.

    Raises TextIncomplete, OnlyForwarded, NotInSession, TooFewSigners, DraftChanged, NotSitting, and what `steps.take` raises.
    """
    held = _writable(proposal, "submit", by=by)
    if held.version != version:
        raise DraftChanged(held)
    _require_complete(held)
    if held.kind == Kind.MOTION:
        _require_motion(held, today=timezone.localdate(at))
    running = session_running(held.term, timezone.localdate(at))
    held = steps.take(
        held,
        "submit",
        by=by,
        at=at,
        detail={"version": held.version},
        submitted_at=at,
        year=timezone.localdate(at).year,
        reason="",
        is_in_session=running is not None,
        session=running or session_before(held.term, timezone.localdate(at)),
        **terms.of(held),
    )
    _leave_out_unconfirmed(held, at=at)
    text = _("%(lead)s代表提交了%(matter)s，请在 %(due)s 前审查。") % {
        "lead": held.lead.name,
        "matter": telling.named(held),
        "due": held.due_on,
    }
    telling.tell(telling.holders(Permission.PROPOSAL_CHECK, held), "proposal-submitted", held, text=text, at=at)
    return held


@transaction.atomic
def withdraw(proposal: Proposal, *, by: Account, at: datetime) -> Proposal:
    """Take it back before it is assigned. Raises what `steps.take` raises."""
    signers = access.signers(proposal)
    was_submitted = proposal.state not in WRITING
    held = steps.take(proposal, "withdraw", by=by, at=at)
    part_with_merged(held, by=by, at=at)
    text = _("%(lead)s代表撤回了%(matter)s。") % {"lead": held.lead.name, "matter": telling.named(held)}
    telling.tell_deputies(
        [each for each in signers if each.pk != held.lead_id], "proposal-withdrawn", held, text=text, at=at
    )
    if was_submitted:
        telling.tell(telling.holders(Permission.PROPOSAL_CHECK, held), "proposal-withdrawn", held, text=text, at=at)
    return held


def part_names(proposal: Proposal) -> tuple[str, str, str]:
    """What the three parts of the text are called."""
    if proposal.kind == Kind.MOTION:
        return _("案由"), _("案据"), _("方案")
    return _("核实与调研情况"), _("问题成因"), _("具体建议")


def signers_needed(proposal: Proposal) -> int:
    """How many deputies, the lead among them, must stand behind it (handbook §1.1)."""
    if proposal.kind != Kind.MOTION:
        return 1
    is_township = proposal.term.congress.level == CongressLevel.TOWNSHIP
    name = names.MOTION_SIGNERS_TOWNSHIP if is_township else names.MOTION_SIGNERS
    return int(parameters.get(name, proposal.congress_area))


def _writable(proposal: Proposal, act: str, *, by: Account) -> Proposal:
    held = steps.lock(proposal)
    if not access.is_lead(by, held):
        raise access.NotYours
    if not access.sits(by.deputy, held):
        raise NotSitting
    if held.state not in WRITING:
        raise StepRefused(act, held.state)
    return held


def _keep_sources(proposal: Proposal, opinions: list[Opinion]) -> None:
    Source.objects.bulk_create(
        Source(
            jurisdiction=proposal.jurisdiction,
            proposal=proposal,
            opinion_jurisdiction=each.jurisdiction,
            opinion_id=each.pk,
            number=each.number,
            title=each.title,
            headcount=each.headcount + each.supporters_count,
        )
        for each in opinions
    )


def _ask_again(proposal: Proposal, *, at: datetime) -> None:
    confirmed = proposal.cosigners.filter(consent=Consent.CONFIRMED).select_related("deputy__account")
    deputies = [each.deputy for each in confirmed]
    confirmed.update(consent=Consent.CHANGED)
    text = _("%(matter)s的内容有修改，请看过后重新确认是否联名。") % {"matter": telling.named(proposal)}
    # Once for each text: autosave runs every few seconds.
    telling.tell_deputies(deputies, "proposal-changed", proposal, text=text, at=at, once=f"v{proposal.version}")


def _require_complete(proposal: Proposal) -> None:
    named = dict(zip(("facts", "cause", "request"), part_names(proposal), strict=True))
    needed = ["request"]
    if proposal.kind == Kind.MOTION or proposal.origin in NEED_ALL_PARTS:
        needed = ["facts", "cause", "request"]
    missing = [] if proposal.title else [_("标题")]
    missing += [named[name] for name in needed if not getattr(proposal, name)]
    if missing:
        raise TextIncomplete(missing)
    if proposal.origin == Origin.OPINIONS:
        _require_own_words(proposal, named)


def _require_own_words(proposal: Proposal, named: dict[str, str]) -> None:
    said = _source_words(proposal)
    thin = [name for name in named if len(_without(getattr(proposal, name), said)) < OWN_WORDS]
    if thin:
        raise OnlyForwarded([named[name] for name in thin])


def _source_words(proposal: Proposal) -> list[str]:
    """The sentences of the opinions that the proposal grew from, as far as the open scope shows them."""
    ids = proposal.sources.values_list("opinion_id", flat=True)
    bodies = Opinion.objects.filter(pk__in=list(ids)).values_list("body", "appeal", "title")
    text = "\n".join(part for row in bodies for part in row)
    return sorted({line.strip() for line in _sentences(text) if line.strip()}, key=len, reverse=True)


def _sentences(text: str) -> list[str]:
    for mark in "。！？；\uff0c,!?;":
        text = text.replace(mark, "\n")
    return text.split("\n")


def _without(text: str, said: list[str]) -> str:
    for each in said:
        text = text.replace(each, "")
    return "".join(filter(str.isalnum, text))


def _require_motion(proposal: Proposal, *, today: date) -> None:
    if session_running(proposal.term, today) is None:
        raise NotInSession
    needed, signed = signers_needed(proposal), len(access.signers(proposal))
    if signed < needed:
        raise TooFewSigners(needed, signed)


def _leave_out_unconfirmed(proposal: Proposal, *, at: datetime) -> None:
    waiting = proposal.cosigners.filter(consent__in=[Consent.INVITED, Consent.CHANGED]).select_related(
        "deputy__account"
    )
    deputies = [each.deputy for each in waiting]
    waiting.update(consent=Consent.LAPSED, decided_at=at)
    text = _("%(matter)s已提交，提交时您还没有确认，未列入联名。") % {"matter": telling.named(proposal)}
    telling.tell_deputies(deputies, "proposal-lapsed", proposal, text=text, at=at)
