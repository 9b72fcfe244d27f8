"""Writing a proposal or a motion: begun by its lead, kept as a draft on every device, submitted when it is the deputy's own."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.documents import access as files
from jiazhan.documents import selectors as documents
from jiazhan.documents import services as filing
from jiazhan.documents.files.checking import Checked
from jiazhan.documents.models import Attachment
from jiazhan.kernel import words
from jiazhan.kernel.text import clean_line
from jiazhan.kernel.workflow import StepRefused
from jiazhan.opinions.models import Opinion
from jiazhan.people.models import Account, Deputy, Mandate
from jiazhan.people.permissions import Permission
from jiazhan.places.models import Term
from jiazhan.places.selectors import (
    session_before,
    session_running,
)

from .. import access, rules, screening, terms
from ..choices import UNCONFIRMED, Consent, Kind, Origin, Publicity
from ..models import Proposal, Source
from ..states import WRITING
from . import steps, telling
from .checking import part_with_merged
from .completeness import PARTS as PARTS
from .completeness import NotInSession as NotInSession
from .completeness import OnlyForwarded as OnlyForwarded
from .completeness import TextIncomplete as TextIncomplete
from .completeness import TooFewSigners as TooFewSigners
from .completeness import blocks as blocks
from .completeness import part_names as part_names

TITLE = 120
MOST_FILES = 9


class NotSitting(Exception):
    """The deputy's mandate in that congress is not in force (§14 rules 1 and 17)."""

    code = "not-sitting"

    def __init__(self) -> None:
        super().__init__(_("您在这一级人大的代表资格目前不能提出新的事项；以前的记录仍可查看。"))


class CongressElsewhere(Exception):
    """A congress whose proposals are not handled by this instance."""

    code = "congress-elsewhere"

    def __init__(self) -> None:
        super().__init__(_("这一级人大的建议不在这个平台办理，请按该级人大的办法提出。"))


class TooManyFiles(Exception):
    """More files than anybody reads."""

    code = "too-many-files"

    def __init__(self) -> None:
        super().__init__(_("最多 %(most)s 个附件。请先撤下不需要的，再添加。") % {"most": MOST_FILES})


class FindingsOpen(Exception):
    """The check before submitting found something that the author has not ticked as read."""

    code = "findings-open"

    def __init__(self, findings: list[screening.Finding]) -> None:
        self.findings = findings
        super().__init__(
            _("提交前检查还有 %(count)s 处没有看过：%(names)s。看过后勾选“已看过，仍要提交”。")
            % {"count": len(findings), "names": "、".join(str(each.title) for each in findings)}
        )


class DraftChanged(Exception):
    """The draft was saved elsewhere meanwhile. `theirs` is what it says now; nothing of either text is lost."""

    code = "draft-changed"

    def __init__(self, theirs: Proposal) -> None:
        self.theirs = theirs
        super().__init__(_("这份草稿刚在另一处保存过。您写的内容还在，请对照现在的内容，改好后再保存。"))


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

    Raises access.NotYours for somebody else's, NotSitting without a mandate in force in that term, CongressElsewhere,
    NotInSession for a motion between sessions, words.WordsTooLong.
    """
    if by.pk != deputy.account_id:
        raise access.NotYours
    mandate = deputy.mandates.in_force().filter(term=term).first()
    if mandate is None:
        raise NotSitting
    if not rules.sits_here(term):
        raise CongressElsewhere
    today = timezone.localdate(at)
    if kind == Kind.MOTION and session_running(term, today) is None:
        raise NotInSession
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
    audit.record("proposal.drafted", proposal, by=by, at=at, detail={"kind": kind, "origin": proposal.origin})
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
def name_research(proposal: Proposal, *, research: str, by: Account, at: datetime) -> Proposal:
    """Say which report it comes from. Raises words.WordsTooLong, and as `save`."""
    held = _writable(proposal, "save", by=by)
    held.research = words.optional(clean_line(research), _("调研报告名称"), limit=200)
    held.saved_at = at
    held.save(update_fields=["research", "saved_at"])
    return held


@transaction.atomic
def attach_file(proposal: Proposal, *, checked: Checked, by: Account, at: datetime) -> Attachment:
    """Add a checked file to the draft. Raises TooManyFiles, NotStored, access.NotYours, NotSitting, StepRefused."""
    held = _writable(proposal, "attach_file", by=by)
    if documents.attachments_of(held).count() >= MOST_FILES:
        raise TooManyFiles
    return filing.attach(held, checked, by=by, at=at)


@transaction.atomic
def remove_file(proposal: Proposal, *, attachment_id: UUID, by: Account, at: datetime) -> Attachment:
    """Take a file out of the draft. Raises documents.access.NotVisible, access.NotYours, NotSitting, StepRefused."""
    held = _writable(proposal, "remove_file", by=by)
    return filing.remove(files.attachment_of(held, attachment_id), reason=_("起草人撤下"), by=by, at=at)


@transaction.atomic
def submit(proposal: Proposal, *, version: int, by: Account, at: datetime, seen: Collection[str] = ()) -> Proposal:
    """Hand the text in. Co-signers who have not confirmed it as it stands, or sit no more, are left out, and told.

    `seen` are the codes of the findings that the author ticked as read; they are recorded. Raises FindingsOpen for others,
    TextIncomplete, OnlyForwarded, NotInSession, TooFewSigners, DraftChanged, NotSitting, and what `steps.take` raises.
    """
    held = _writable(proposal, "submit", by=by)
    if held.version != version:
        raise DraftChanged(held)
    _leave_out_who_sit_no_more(held, at=at)
    if refusals := blocks(held, at=at):
        raise refusals[0]
    findings = screening.check(held)
    if unseen := [each for each in findings if each.code not in seen]:
        raise FindingsOpen(unseen)
    running = session_running(held.term, timezone.localdate(at))
    held = steps.take(
        held,
        "submit",
        by=by,
        at=at,
        detail={"version": held.version, **({"findings": [each.code for each in findings]} if findings else {})},
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


def _leave_out_who_sit_no_more(proposal: Proposal, *, at: datetime) -> None:
    """A mandate may end between the confirmation and the submission (§14 rules 1 and 17)."""
    sitting = Mandate.objects.in_force().filter(term=proposal.term_id).values("deputy")
    gone = proposal.cosigners.filter(consent=Consent.CONFIRMED).exclude(deputy__in=sitting)
    deputies = [each.deputy for each in gone.select_related("deputy__account")]
    proposal.cosigners.filter(deputy__in=deputies).update(consent=Consent.LAPSED, decided_at=at)
    text = _("%(matter)s提交时您的代表资格不在任，未列入联名。") % {"matter": telling.named(proposal)}
    telling.tell_deputies(deputies, "proposal-lapsed", proposal, text=text, at=at)


def _leave_out_unconfirmed(proposal: Proposal, *, at: datetime) -> None:
    waiting = proposal.cosigners.filter(consent__in=UNCONFIRMED).select_related("deputy__account")
    deputies = [each.deputy for each in waiting]
    waiting.update(consent=Consent.LAPSED, decided_at=at)
    text = _("%(matter)s已提交，提交时您还没有确认，未列入联名。") % {"matter": telling.named(proposal)}
    telling.tell_deputies(deputies, "proposal-lapsed", proposal, text=text, at=at)
