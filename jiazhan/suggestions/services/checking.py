"""The congress's desk reads what was submitted: accepts with a number, returns, declines, merges, and registers what the
presidium decided on a motion (handbook §2.1, §2.2)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import words
from jiazhan.kernel.numbering import next_number
from jiazhan.opinions.models import Category
from jiazhan.people.models import Account, Deputy
from jiazhan.people.permissions import Permission

from .. import access, due, terms
from ..choices import Kind, Origin
from ..models import Proposal
from ..states import ACCEPTED_EVER, BEFORE_ASSIGNING, WORKFLOW, State
from . import steps, telling

NUMERALS = "零一二三四五六七八九"


class NotAlike(Exception):
    """Two that cannot be handled as one: of two congresses, a motion with a proposal, or one with itself."""

    code = "not-alike"

    def __init__(self) -> None:
        super().__init__(_("只有同一级人大、还没有交办的建议才能并案，请重新选择。"))


class TooLateToPart(Exception):
    """The one it was merged into is with the units already."""

    code = "too-late-to-part"

    def __init__(self) -> None:
        super().__init__(_("并入的那一件已经交办，不能再撤销并案；答复仍会分别送每位代表。"))


class NotAMotion(Exception):
    """A decision of the presidium on what is no motion."""

    code = "not-a-motion"

    def __init__(self) -> None:
        super().__init__(_("这是一件建议，不需要主席团决定。"))


class NeedsPresidium(Exception):
    """A motion is for the presidium to decide on, not for the desk (handbook §1.1)."""

    code = "needs-presidium"

    def __init__(self) -> None:
        super().__init__(_("议案由主席团决定，请登记列入议程或转为建议的决定。"))


class NotFormer(Exception):
    """What a proposal is said to repeat was never accepted there, or is itself."""

    code = "not-former"

    def __init__(self) -> None:
        super().__init__(_("只能选同一级人大以前立案的建议作为重复提出的那一件，请重新选择。"))


class HasMerged(Exception):
    """Others were merged into it: what becomes of it would leave them without an answer (§14 rule 4)."""

    code = "has-merged"

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(_("有 %(count)s 件已并入这一件。请先撤销并案，再这样办。") % {"count": count})


@transaction.atomic
def begin_check(proposal: Proposal, *, by: Account, at: datetime) -> Proposal:
    """Take it for reading, so that colleagues see who has it. Raises what `steps.take` raises."""
    return steps.take(proposal, "begin_check", by=by, at=at, checker=by)


@transaction.atomic
def accept(
    proposal: Proposal, *, by: Account, at: datetime, category: Category | None = None, repeats: Proposal | None = None
) -> Proposal:
    """Register it under its number. `repeats` is one of an earlier year that asked for the same.

    One that had a number before keeps it. Raises NeedsPresidium for a motion, NotFormer where `repeats` is of another
    congress or was never accepted, and what `steps.take` raises.
    """
    if proposal.kind == Kind.MOTION:
        raise NeedsPresidium
    if repeats is not None:
        is_former = repeats.state in ACCEPTED_EVER and repeats.kind == Kind.PROPOSAL and repeats.pk != proposal.pk
        if not is_former or repeats.congress_area != proposal.congress_area:
            raise NotFormer
    # Under the lock: of two clerks who accept it at once the second is refused and uses up no number.
    proposal = steps.lock(proposal)
    WORKFLOW.target("accept", proposal.state)
    held = steps.take(
        proposal,
        "accept",
        by=by,
        at=at,
        checker=by,
        accepted_at=at,
        number=proposal.number or next_proposal_number(proposal),
        category=category or proposal.category,
        repeats=repeats,
        reason="",
    )
    text = _("您的%(matter)s已立案，等待交办。") % {"matter": telling.named(held)}
    telling.tell_signers(held, "proposal-accepted", text=text, at=at)
    return held


@transaction.atomic
def return_to_author(proposal: Proposal, *, reason: str, by: Account, at: datetime) -> Proposal:
    """Ask the lead to change it. Raises words.WordsMissing, words.WordsTooLong, HasMerged, and what `steps.take` raises."""
    reason = words.required(reason, _("修改意见"), limit=2000)
    _require_alone(proposal)
    held = steps.take(proposal, "return_to_author", by=by, at=at, reason=reason, checker=by)
    text = _("您的%(matter)s退回修改，请打开查看修改意见。") % {"matter": telling.named(held)}
    telling.tell_signers(held, "proposal-returned", text=text, at=at)
    return held


@transaction.atomic
def decline(proposal: Proposal, *, reason: str, by: Account, at: datetime) -> Proposal:
    """Don't register it, with a reason that every signer is told of (§14 rule 8). Raises as `return_to_author`."""
    reason = words.required(reason, _("不予立案的理由"), limit=2000)
    _require_alone(proposal)
    held = steps.take(proposal, "decline", by=by, at=at, reason=reason, checker=by)
    text = _("您的%(matter)s未予立案，请打开查看理由。") % {"matter": telling.named(held)}
    telling.tell_signers(held, "proposal-declined", text=text, at=at)
    return held


@transaction.atomic
def classify(proposal: Proposal, *, category: Category, by: Account, at: datetime) -> Proposal:
    """Put it into a category, at any time. Raises access.NotYours."""
    held = steps.lock(proposal)
    access.require_held(by, Permission.PROPOSAL_CHECK, held)
    held.category = category
    held.save(update_fields=["category"])
    audit.record("proposal.classified", held, by=by, at=at, detail={"category": category.code})
    return held


@transaction.atomic
def merge(proposal: Proposal, *, into: Proposal, by: Account, at: datetime) -> Proposal:
    """Let it be handled together with another; its deputies still get their own reply and evaluate it (§14 rule 4).

    Raises NotAlike, and what `steps.take` raises.
    """
    # One order for everybody, so that two merges crosswise wait for each other instead of locking up.
    first, second = sorted([proposal, into], key=lambda each: each.pk)
    locked = {each.pk: steps.lock(each) for each in (first, second)}
    held, target = locked[proposal.pk], locked[into.pk]
    alike = (
        held.pk != target.pk
        and held.term_id == target.term_id
        and held.kind == target.kind
        and target.state in BEFORE_ASSIGNING
        and target.merged_into_id is None
    )
    if not alike:
        raise NotAlike
    access.require_held(by, Permission.PROPOSAL_CHECK, target)
    held = steps.take(held, "merge", by=by, at=at, detail={"into": target.number or target.title}, merged_into=target)
    held.merged.update(merged_into=target)
    audit.record("proposal.absorbed", target, by=by, at=at, detail={"title": held.title})
    text = _("您的%(matter)s与%(other)s并案办理，答复仍会分别送您。") % {
        "matter": telling.named(held),
        "other": telling.named(target),
    }
    telling.tell_signers(held, "proposal-merged", text=text, at=at)
    return held


@transaction.atomic
def unmerge(proposal: Proposal, *, by: Account, at: datetime) -> Proposal:
    """Take it out again while the other is not assigned yet. Raises TooLateToPart once it is, and what `steps.take` raises."""
    target = proposal.merged_into
    if target is not None:
        first, second = sorted([proposal, target], key=lambda each: each.pk)
        locked = {each.pk: steps.lock(each) for each in (first, second)}
        if locked[target.pk].state not in BEFORE_ASSIGNING:
            raise TooLateToPart
    detail = {"into": target.number or target.title} if target else {}
    held = steps.take(proposal, "unmerge", by=by, at=at, detail=detail, merged_into=None)
    text = _("您的%(matter)s已撤销并案，单独审查。") % {"matter": telling.named(held)}
    telling.tell_signers(held, "proposal-unmerged", text=text, at=at)
    return held


def part_with_merged(proposal: Proposal, *, by: Account, at: datetime) -> None:
    """Give back what was merged into one that its lead takes back: each is checked on its own again, its deputies told.
    Within the act that holds the proposal."""
    for each in proposal.merged.order_by("pk"):
        held = steps.lock(each)
        held.state, held.merged_into = WORKFLOW.target("unmerge", held.state), None
        due.start_stage(held, at=at)
        held.save()
        audit.record("proposal.unmerge", held, by=by, at=at, detail={"into": proposal.number or proposal.title})
        text = _("与您的%(matter)s并案的那一件已撤回，您的这一件恢复单独审查。") % {"matter": telling.named(held)}
        telling.tell_signers(held, "proposal-unmerged", text=text, at=at)


@transaction.atomic
def put_on_agenda(motion: Proposal, *, decided: str, by: Account, at: datetime) -> Proposal:
    """Register that the presidium put a motion on the agenda. Raises NotAMotion, words.WordsMissing."""
    if motion.kind != Kind.MOTION:
        raise NotAMotion
    decided = words.required(decided, _("主席团决定的文号和日期"), limit=200)
    held = steps.take(
        motion, "put_on_agenda", by=by, at=at, decided=decided, accepted_at=at, number=next_proposal_number(motion)
    )
    text = _("您的议案%(matter)s已由主席团决定列入会议议程。") % {"matter": telling.named(held)}
    for each in [held, *held.merged.select_related("lead__account")]:
        telling.tell_signers(each, "motion-on-agenda", text=text, at=at)
    return held


@transaction.atomic
def convert(motion: Proposal, *, decided: str, by: Account, at: datetime) -> Proposal:
    """Register that the presidium turned a motion into a proposal; returns the new one, accepted, with the same deputies.

    Its source stays (`converted_from`, handbook §1.1). Raises NotAMotion, words.WordsMissing, and what `steps.take` raises.
    """
    if motion.kind != Kind.MOTION:
        raise NotAMotion
    decided = words.required(decided, _("主席团决定的文号和日期"), limit=200)
    held = steps.take(motion, "convert", by=by, at=at, decided=decided, number=next_proposal_number(motion))
    made = _as_proposal(held, at=at)
    made = steps.take(made, "accept", by=by, at=at, accepted_at=at, number=next_proposal_number(made), checker=by)
    # What was merged into the motion goes with it: its deputies are answered by the proposal.
    held.merged.update(merged_into=made)
    text = _("您的议案经主席团决定转为建议%(matter)s，等待交办。") % {"matter": telling.named(made)}
    for each in [made, *made.merged.select_related("lead__account")]:
        telling.tell_signers(each, "motion-converted", text=text, at=at)
    return made


def next_proposal_number(proposal: Proposal) -> str:
    """The next number of its congress, term, session and kind: 九届四次第12号建议, 九届四次闭会2026年第3号建议."""
    session = in_chinese(proposal.session.number) + "次" if proposal.session else ""
    term = f"{in_chinese(proposal.term.number)}届{session}"
    span = "" if proposal.is_in_session else f"闭会{proposal.year}年"
    series = f"{proposal.kind}:{proposal.congress_area}:{term}:{span}"
    taken = Proposal.objects.filter(jurisdiction=proposal.jurisdiction, term=proposal.term)
    while True:
        count = next_number(series, jurisdiction=proposal.jurisdiction)
        number = f"{term}{span}第{count}号{proposal.get_kind_display()}"
        # Numbers of a year that was imported are taken already.
        if not taken.filter(number=number).exists():
            return number


def _require_alone(proposal: Proposal) -> None:
    if count := proposal.merged.count():
        raise HasMerged(count)


def in_chinese(number: int) -> str:
    """A small number as sessions are counted: 四, 十, 十二, 二十一."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones]
    return ("" if tens == 1 else NUMERALS[tens]) + "十" + (NUMERALS[ones] if ones else "")


def _as_proposal(motion: Proposal, *, at: datetime) -> Proposal:
    made = Proposal.objects.create(
        jurisdiction=motion.jurisdiction,
        congress_area=motion.congress_area,
        kind=Kind.PROPOSAL,
        term=motion.term,
        session=motion.session,
        is_in_session=True,
        year=motion.year,
        lead=motion.lead,
        mandate=motion.mandate,
        origin=Origin.MOTION,
        converted_from=motion,
        title=motion.title,
        facts=motion.facts,
        cause=motion.cause,
        request=motion.request,
        version=motion.version,
        category=motion.category,
        publicity=motion.publicity,
        publicity_reason=motion.publicity_reason,
        state=State.SUBMITTED,
        created_at=at,
        saved_at=at,
        submitted_at=motion.submitted_at,
        **terms.of(motion),
    )
    for each in motion.cosigners.all():
        each.pk, each.proposal, each._state.adding = None, made, True
        each.pk = type(each)._meta.pk.get_default()
        each.save()
    return made


def deputies_of(proposal: Proposal) -> list[tuple[Proposal, Deputy]]:
    """Everyone who is owed a reply: its signers, and those of what was merged into it, each deputy once."""
    owed: dict[object, tuple[Proposal, Deputy]] = {}
    for each in [proposal, *proposal.merged.select_related("lead__account").order_by("accepted_at", "id")]:
        for deputy in access.signers(each):
            owed.setdefault(deputy.pk, (each, deputy))
    return list(owed.values())
