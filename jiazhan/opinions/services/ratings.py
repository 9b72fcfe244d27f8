"""The author's word on the reply, and what follows from it: one reopening, then the talk face to face (handbook §3.1)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.audit import SYSTEM, Acting
from jiazhan.kernel import words as texts
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .. import access
from ..choices import Grade
from ..models import Opinion, Rating, Reply, Supporter
from ..models.handling import ReplyState
from . import steps, telling

ROUNDS = 2


class AlreadyRated(Exception):
    """This person has graded this reply."""

    code = "already-rated"

    def __init__(self) -> None:
        super().__init__(_("您已经评价过这次答复，谢谢。"))


@transaction.atomic
def rate(
    opinion: Opinion,
    *,
    grade: str,
    by: Acting,
    at: datetime,
    words: str = "",
    is_resolved: bool | None = None,
    supporter: Supporter | None = None,
) -> Rating:
    """Grade the reply of this round.

    The author's grade moves the case: dissatisfied for the first time it goes back to the unit with a new deadline and the
    old reply kept (§14 rule 3), for the second time to a talk face to face. One who joined (`supporter`), and the author of
    a matter merged into this one (pass the merged matter), grade for themselves; the case stays where it is.
    Raises access.NotYours for anybody else, StepRefused without a reply to grade, AlreadyRated, words.WordsTooLong.
    """
    words = texts.optional(words, _("评价意见"), limit=1000)
    held = steps.lock(opinion)
    if supporter is not None:
        if not is_supporter(by, supporter) or supporter.opinion_id != held.pk:
            raise access.NotYours
        return _grade_along(held, held, grade, words, is_resolved, supporter, by=by, at=at)
    if not access.is_author(by, held):
        raise access.NotYours
    if held.merged_into is not None:
        return _grade_along(held, held.merged_into, grade, words, is_resolved, None, by=by, at=at)
    held = steps.take_held(
        held, "rate", by=by, at=at, detail={"grade": Grade(grade).value, "round": held.round}, grade=grade
    )
    reply = _last_signed(held, "rate")
    rating = _grade(held, reply, grade, words, is_resolved, None, at=at)
    if rating.grade == Grade.DISSATISFIED:
        _answer_dissatisfaction(held, reply, at=at)
    else:
        _tell_graded(held, at=at)
    return rating


def is_supporter(by: Acting, supporter: Supporter) -> bool:
    """Whether the actor is the one who joined: by account, or by the follow-up code they hold."""
    if isinstance(by, Account):
        return supporter.author_id == by.pk
    return by.kind == "supporter" and str(by.id) == str(supporter.pk)


def _grade_along(
    own: Opinion,
    main: Opinion,
    grade: str,
    words: str,
    is_resolved: bool | None,
    supporter: Supporter | None,
    *,
    by: Acting,
    at: datetime,
) -> Rating:
    reply = _last_signed(main, "rate")
    if Rating.objects.filter(jurisdiction=own.jurisdiction, opinion=own, reply=reply, supporter=supporter).exists():
        raise AlreadyRated
    rating = _grade(own, reply, grade, words, is_resolved, supporter, at=at)
    audit.record("opinion.rate_along", own, by=by, at=at, detail={"grade": rating.grade, "round": reply.round})
    return rating


def _grade(
    opinion: Opinion,
    reply: Reply,
    grade: str,
    words: str,
    is_resolved: bool | None,
    supporter: Supporter | None,
    *,
    at: datetime,
) -> Rating:
    return Rating.objects.create(
        jurisdiction=opinion.jurisdiction,
        opinion=opinion,
        reply=reply,
        supporter=supporter,
        grade=Grade(grade),
        words=words,
        is_resolved=is_resolved,
        rated_at=at,
    )


def _last_signed(opinion: Opinion, act: str) -> Reply:
    reply = opinion.replies.filter(state=ReplyState.SIGNED).order_by("round").last()
    if reply is None:
        raise StepRefused(act, opinion.state)
    return reply


def _answer_dissatisfaction(opinion: Opinion, reply: Reply, *, at: datetime) -> None:
    if opinion.round >= ROUNDS:
        _escalate(opinion, at=at)
        return
    # A deputy answered on the spot: there is no unit to go back to, so the matter is handled in the ordinary way.
    step = "reopen" if reply.unit_id else "take_up_after_all"
    held = steps.take_held(
        opinion,
        step,
        by=SYSTEM,
        at=at,
        detail={"round": opinion.round + 1},
        round=opinion.round + 1,
        grade="",
        outcome="",
    )
    text = _("反映人对%(matter)s的答复不满意，请重新办理，并在 %(due)s 前完成。") % {
        "matter": telling.named(held),
        "due": held.due_on,
    }
    telling.tell(_concerned(held, Permission.OPINION_FORWARD), "opinion-reopened", held, text=text, at=at)


def _escalate(opinion: Opinion, *, at: datetime) -> None:
    held = steps.take_held(opinion, "escalate", by=SYSTEM, at=at)
    text = _("反映人对%(matter)s的再次答复仍不满意，请在 %(due)s 前组织面商。") % {
        "matter": telling.named(held),
        "due": held.due_on,
    }
    people = _concerned(held, Permission.OPINION_FORWARD, Permission.OPINION_ESCALATE)
    telling.tell(people, "opinion-escalated", held, text=text, at=at)
    told = _("您对%(matter)s的再次答复不满意，区人大将组织当面商量，时间另行通知您。") % {"matter": telling.named(held)}
    telling.tell_authors(held, "opinion-escalated", text=told, at=at)


def _tell_graded(opinion: Opinion, *, at: datetime) -> None:
    text = _("反映人对%(matter)s的评价是“%(grade)s”。") % {
        "matter": telling.named(opinion),
        "grade": opinion.get_grade_display(),
    }
    people = _concerned(opinion, Permission.OPINION_FORWARD, Permission.OPINION_CLOSE)
    telling.tell(people, "opinion-rated", opinion, text=text, at=at)


def _concerned(opinion: Opinion, *permissions: Permission) -> list[Account]:
    """Who carried the matter: the unit's handler and heads, the deputy, and whoever holds one of the permissions over it."""
    people = [opinion.handler] if opinion.handler else []
    if opinion.unit:
        people += telling.staff_of(opinion.unit, Permission.OPINION_SIGN_REPLY)
    return [*people, *telling.deputy_of(opinion), *telling.holders_of_any({*permissions}, opinion)]
