"""The deputies' own word on each reply, and what follows from it: a new order, a talk face to face, or the end (§14 rules 3–5)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import words
from jiazhan.kernel.outcomes import Grade, PromiseState, ReplyState
from jiazhan.kernel.text import clean_line
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .. import access, due, rules
from ..choices import REPLYING, SettleManner
from ..models import Evaluation, Proposal, Reply, ReplyCopy, Settlement
from ..states import EVALUABLE, PartState, State
from . import steps, telling
from .checking import deputies_of

WORST_FIRST = (Grade.DISSATISFIED, Grade.BASICALLY_SATISFIED, Grade.SATISFIED)


class EvaluationClosed(Exception):
    """The window for this reply is over; who did not evaluate counts as unrated."""

    code = "evaluation-closed"

    def __init__(self, until: date) -> None:
        self.until = until
        super().__init__(_("这次答复的评价期已于 %(until)s 结束，记为“未评价”。") % {"until": until})


class AlreadyEvaluated(Exception):
    """A deputy evaluates a reply once."""

    code = "already-evaluated"

    def __init__(self) -> None:
        super().__init__(_("您已经评价过这次答复，评价不能修改。"))


class HeldInFuture(Exception):
    """A talk that has not taken place yet."""

    code = "held-in-future"

    def __init__(self) -> None:
        super().__init__(_("面商日期不能晚于今天，请在面商之后登记。"))


@transaction.atomic
def evaluate(
    proposal: Proposal,
    *,
    reply: Reply,
    manner: Grade,
    result: Grade,
    is_resolved: bool,
    words_said: str,
    by: Account,
    at: datetime,
) -> Evaluation:
    """A deputy's own evaluation of a reply to them: of how it was handled, of what came out, and whether it is solved.

    A dissatisfied result leads to a new order the first time, to a talk the second. Dissatisfaction with the manner alone
    is told to the unit's head. Raises EvaluationClosed, AlreadyEvaluated, access.NotYours for a reply that was not to this
    deputy, words.WordsMissing for dissatisfaction without a word why, StepRefused.
    """
    held = steps.lock(proposal)
    if not hasattr(by, "deputy") or not reply.copies.filter(deputy=by.deputy).exists():
        raise access.NotYours
    if reply.evaluations.filter(deputy=by.deputy).exists():
        raise AlreadyEvaluated
    if reply.proposal_id != held.pk or reply.state != ReplyState.SIGNED:
        raise StepRefused("evaluate", held.state)
    until = rules.evaluated_until(held, reply)
    if timezone.localdate(at) > until:
        raise EvaluationClosed(until)
    if held.state not in EVALUABLE:
        raise StepRefused("evaluate", held.state)
    take_words = words.required if Grade.DISSATISFIED in {manner, result} else words.optional
    evaluation = Evaluation.objects.create(
        jurisdiction=held.jurisdiction,
        proposal=held,
        reply=reply,
        deputy=by.deputy,
        manner=manner,
        result=result,
        is_resolved=is_resolved,
        words=take_words(words_said, _("不满意的原因"), limit=2000),
        evaluated_at=at,
    )
    detail = {"round": reply.round, "manner": manner, "result": result, "is_resolved": is_resolved}
    audit.record("proposal.evaluated", held, by=by, at=at, detail=detail)
    _note_grades(held)
    _tell_unit(held, reply, evaluation, at=at)
    if held.state == State.REPLIED:
        _go_on(held, at=at)
    return evaluation


@transaction.atomic
def see(proposal: Proposal, *, by: Account, at: datetime) -> int:
    """The deputy has opened their copies of the signed replies: stamped once. Returns how many were new."""
    if not hasattr(by, "deputy"):
        return 0
    unseen = ReplyCopy.objects.filter(
        jurisdiction=proposal.jurisdiction, reply__proposal=proposal, deputy=by.deputy, seen_at=None
    )
    count = unseen.update(seen_at=at)
    if count:
        audit.record("proposal.reply_seen", proposal, by=by, at=at)
    return count


@transaction.atomic
def conclude_unrated(proposal: Proposal, *, at: datetime) -> Proposal:
    """After the window: end the round with who has not evaluated left as unrated. Raises StepRefused while it is open."""
    held = steps.lock(proposal)
    if held.state != State.REPLIED or held.due_on is None or held.due_on >= timezone.localdate(at):
        raise StepRefused("conclude", held.state)
    return _conclude(held, at=at)


@transaction.atomic
def reorder(proposal: Proposal, *, by: Account, at: datetime, demands: str = "") -> Proposal:
    """Order the units whose replies did not satisfy to handle it again, within a month from today (§14 rule 3).

    Raises words.WordsTooLong, and what `steps.take` raises.
    """
    held = steps.lock(proposal)
    access.require(by, "reorder", held)
    said = words.optional(demands, _("重新办理的要求"), limit=2000)
    poor = held.evaluations.filter(result=Grade.DISSATISFIED, reply__round=held.round).values("reply__handling")
    parts = held.handlings.filter(pk__in=poor, state=PartState.ANSWERED, part__in=REPLYING).select_related("unit")
    if held.state == State.REORDERING:
        for part in parts:
            part.proposal = held
            due.start_again(part, at=at)
            part.save()
            steps.take_part(part, "reorder", by=by, at=at, detail={"demands": said}, round=part.round + 1)
    held = steps.take(held, "reorder", by=by, at=at, round=held.round + 1, reason=said)
    for part in parts.all():
        text = _("代表对%(matter)s的答复不满意，请重新办理，在 %(due)s 前再次答复。") % {
            "matter": telling.named(held),
            "due": held.due_on,
        }
        telling.tell_unit(part.unit, "proposal-reordered", held, text=text, at=at)
    text = _("您的%(matter)s已重新交办，%(due)s 前再次答复。") % {"matter": telling.named(held), "due": held.due_on}
    telling.tell_deputies([each for _signed, each in deputies_of(held)], "proposal-reordered", held, text=text, at=at)
    return held


@transaction.atomic
def settle(
    proposal: Proposal,
    *,
    manner: SettleManner,
    held_on: date,
    people: str,
    result: str,
    by: Account,
    at: datetime,
    way_on: str = "",
) -> Proposal:
    """Register the talk after a second dissatisfaction; open promises are followed on. Raises HeldInFuture, WordsMissing."""
    if held_on > timezone.localdate(at):
        raise HeldInFuture
    held = steps.take(proposal, "settle", by=by, at=at, detail={"manner": manner, "held_on": held_on.isoformat()})
    Settlement.objects.create(
        jurisdiction=held.jurisdiction,
        proposal=held,
        manner=manner,
        held_on=held_on,
        people=words.required(clean_line(people), _("参加人员"), limit=300),
        result=words.required(result, _("面商结果"), limit=5000),
        way_on=words.optional(clean_line(way_on), _("后续去向"), limit=200),
        recorded_by=by,
        recorded_at=at,
    )
    text = _("%(matter)s已面商，请打开查看结果。") % {"matter": telling.named(held)}
    telling.tell_deputies([each for _signed, each in deputies_of(held)], "proposal-settled", held, text=text, at=at)
    return close_when_settled(held, at=at)


def close_when_settled(proposal: Proposal, *, at: datetime) -> Proposal:
    """Close what is tracked once no promise is open."""
    if proposal.promises.filter(state__in=[PromiseState.OPEN, PromiseState.ASKED]).exists():
        return proposal
    return steps.take(proposal, "close", by=audit.SYSTEM, at=at, closed_at=at)


def _go_on(proposal: Proposal, *, at: datetime) -> None:
    given = proposal.evaluations.filter(reply__round=proposal.round)
    if given.filter(result=Grade.DISSATISFIED).exists():
        _dissatisfied(proposal, at=at)
        return
    owed = sum(
        reply.copies.count() - reply.evaluations.count()
        for reply in proposal.replies.filter(round=proposal.round, state=ReplyState.SIGNED)
    )
    if not owed:
        _conclude(proposal, at=at)


def _dissatisfied(proposal: Proposal, *, at: datetime) -> None:
    step = "dissatisfy" if proposal.round == 1 else "escalate"
    held = steps.take(proposal, step, by=audit.SYSTEM, at=at)
    people, asked = telling.assigners(held), _("请在 %(due)s 前重新交办。")
    if step == "escalate":
        people, asked = telling.holders(Permission.PROPOSAL_SUPERVISE, held), _("请在 %(due)s 前组织面商。")
    text = _("代表对%(matter)s的答复不满意，") % {"matter": telling.named(held)} + asked % {"due": held.due_on}
    telling.tell(people, f"proposal-{step}", held, text=text, at=at)


def _conclude(proposal: Proposal, *, at: datetime) -> Proposal:
    return close_when_settled(steps.take(proposal, "conclude", by=audit.SYSTEM, at=at), at=at)


def _note_grades(proposal: Proposal) -> None:
    """Keep on the proposal the worst grade of the first round and of the last, and what the deputies confirm as solved."""
    rows = list(proposal.evaluations.values_list("reply__round", "result", "is_resolved"))
    proposal.first_grade = _worst(grade for number, grade, _solved in rows if number == 1)
    last = [(grade, solved) for number, grade, solved in rows if number == proposal.round]
    if last:
        proposal.grade = _worst(grade for grade, _solved in last)
        proposal.is_resolved = all(solved for _grade, solved in last)
    proposal.save(update_fields=["first_grade", "grade", "is_resolved"])


def _worst(grades: Iterable[str]) -> str:
    given = set(grades)
    return next((grade for grade in WORST_FIRST if grade in given), "")


def _tell_unit(proposal: Proposal, reply: Reply, evaluation: Evaluation, *, at: datetime) -> None:
    text = _("%(who)s代表评价了%(matter)s：结果%(result)s，态度%(manner)s。") % {
        "who": evaluation.deputy.name,
        "matter": telling.named(proposal),
        "result": evaluation.get_result_display(),
        "manner": evaluation.get_manner_display(),
    }
    people = telling.staff_of(reply.handling.unit, Permission.PROPOSAL_SIGN_REPLY)
    telling.tell(people, "proposal-evaluated", proposal, text=text, at=at, once=evaluation.pk.hex)
