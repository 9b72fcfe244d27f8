"""The written reply: drafted by a handler, submitted to the head, signed, delivered to everyone who must know."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.documents import access as files
from jiazhan.documents import services as documents
from jiazhan.documents.files.checking import Checked
from jiazhan.documents.models import Attachment
from jiazhan.kernel import words
from jiazhan.kernel.drafting import NotSubmitted as NotSubmitted
from jiazhan.kernel.drafting import PromiseIncomplete as PromiseIncomplete
from jiazhan.kernel.drafting import PromiseInPast as PromiseInPast
from jiazhan.kernel.drafting import ReplyChanged as ReplyChanged
from jiazhan.kernel.drafting import ReplyIncomplete as ReplyIncomplete
from jiazhan.kernel.drafting import Submitted as Submitted
from jiazhan.kernel.drafting import require_promise
from jiazhan.kernel.text import clean_line
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .. import access
from ..choices import OutcomeClass, Recipient, Visibility
from ..models import Delivery, Opinion, Promise, Reply
from ..models.handling import ReplyState
from ..states import State
from . import reply_letters, steps, telling
from .street import Locked

WRITING = frozenset({State.HANDLING, State.REOPENED})


@transaction.atomic
def save_draft(
    opinion: Opinion,
    *,
    body: str,
    by: Account,
    at: datetime,
    version: int | None = None,
    outcome: str = "",
    promise_text: str = "",
    promise_on: date | None = None,
    contact: str = "",
) -> Reply:
    """Keep the draft of this round's reply. `version` is that of the reply the writer saw, None where there was none.

    Raises ReplyChanged where another one saved first, Submitted for anyone but a head once it was submitted,
    PromiseIncomplete, PromiseInPast, words.WordsTooLong, Locked, StepRefused, access.NotYours.
    """
    held = _writable(opinion, Permission.OPINION_HANDLE, "save_draft", by=by)
    reply = of_round(held)
    if reply is not None and reply.version != version:
        raise ReplyChanged(reply)
    if reply is None:
        reply = _new(held, by=by, at=at)
    else:
        reply.version += 1
    if reply.state == ReplyState.SUBMITTED and not access.holds(by, Permission.OPINION_SIGN_REPLY, held):
        raise Submitted
    reply.body = words.optional(body, _("答复内容"))
    reply.outcome = OutcomeClass(outcome) if outcome else ""
    reply.promise_text = words.optional(clean_line(promise_text), _("承诺事项"), limit=300)
    reply.promise_on = promise_on
    reply.contact = words.optional(clean_line(contact), _("联系人及电话"), limit=80)
    require_promise(reply, today=timezone.localdate(at))
    reply.unit = held.unit
    reply.drafted_by, reply.drafted_at = by, at
    reply.save()
    audit.record("opinion.save_draft", held, by=by, at=at, detail={"round": held.round, "version": reply.version})
    return reply


@transaction.atomic
def attach_file(opinion: Opinion, *, checked: Checked, by: Account, at: datetime) -> Attachment:
    """Add a checked file to this round's reply; begins its draft where there is none. Raises as `save_draft`."""
    reply = _with_reply(opinion, by=by, at=at)
    return documents.attach(reply, checked, by=by, at=at)


@transaction.atomic
def remove_file(opinion: Opinion, *, attachment_id: UUID, reason: str, by: Account, at: datetime) -> Attachment:
    """Take a file out of a reply that is not signed yet. Raises documents.access.NotVisible, and as `save_draft`."""
    reply = _with_reply(opinion, by=by, at=at)
    return documents.remove(files.attachment_of(reply, attachment_id), reason=reason, by=by, at=at)


@transaction.atomic
def submit(opinion: Opinion, *, version: int, by: Account, at: datetime) -> Reply:
    """Give the draft to the head for signing. Raises ReplyChanged, ReplyIncomplete, PromiseInPast, Submitted."""
    held = _writable(opinion, Permission.OPINION_HANDLE, "submit", by=by)
    reply = of_round(held)
    if reply is None:
        raise ReplyIncomplete([_("答复内容")])
    if reply.version != version:
        raise ReplyChanged(reply)
    if reply.state == ReplyState.SUBMITTED:
        raise Submitted
    _require_complete(reply, at=at)
    reply.state, reply.returned_reason = ReplyState.SUBMITTED, ""
    reply.version += 1
    reply.save(update_fields=["state", "returned_reason", "version"])
    audit.record("opinion.submit_reply", held, by=by, at=at, detail={"round": held.round})
    text = _("%(matter)s的答复已送审，请审阅签发，到期日 %(due)s。") % {
        "matter": telling.named(held),
        "due": held.due_on,
    }
    heads = telling.staff_of(reply.unit, Permission.OPINION_SIGN_REPLY) if reply.unit else []
    telling.tell(heads, "opinion-reply-submitted", held, text=text, at=at)
    return reply


@transaction.atomic
def send_back(opinion: Opinion, *, reason: str, by: Account, at: datetime) -> Reply:
    """Give a submitted reply back to its drafter with what to change. Raises NotSubmitted, words.WordsMissing."""
    held = _writable(opinion, Permission.OPINION_SIGN_REPLY, "send_back", by=by)
    reply = of_round(held)
    if reply is None or reply.state != ReplyState.SUBMITTED:
        raise NotSubmitted
    reply.state, reply.returned_reason = ReplyState.DRAFT, words.required(reason, _("修改意见"), limit=1000)
    reply.version += 1
    reply.save(update_fields=["state", "returned_reason", "version"])
    audit.record("opinion.send_back_reply", held, by=by, at=at, detail={"round": held.round})
    text = _("%(matter)s的答复被退回修改，请打开查看修改意见。") % {"matter": telling.named(held)}
    telling.tell([reply.drafted_by], "opinion-reply-returned", held, text=text, at=at)
    return reply


@transaction.atomic
def sign_reply(opinion: Opinion, *, version: int, by: Account, at: datetime) -> Reply:
    """Sign and send: the letter with its number, the promise to follow, the deliveries, a word to everyone.

    Only a head of the unit signs, and the text that they saw (`version`); a draft that was not submitted only where the
    head wrote it. Raises ReplyChanged, NotSubmitted, ReplyIncomplete, PromiseInPast, Locked, and what `steps.take` raises.
    """
    held = steps.lock(opinion)
    access.require(by, "reply", held)
    if held.visibility == Visibility.LOCKED:
        raise Locked
    if held.state not in WRITING:
        raise StepRefused("reply", held.state)
    reply = of_round(held)
    if reply is None:
        raise ReplyIncomplete([_("答复内容")])
    if reply.version != version:
        raise ReplyChanged(reply)
    if reply.state != ReplyState.SUBMITTED and reply.drafted_by_id != by.pk:
        raise NotSubmitted
    _require_complete(reply, at=at)
    detail = {
        "round": held.round,
        "outcome": reply.outcome,
        "promised": reply.promise_on and reply.promise_on.isoformat(),
    }
    held = steps.take_held(held, "reply", by=by, at=at, detail=detail, outcome=reply.outcome, replied_at=at)
    reply.state, reply.signed_at, reply.signed_by = ReplyState.SIGNED, at, by
    reply_letters.issue(reply, held, by=by, at=at)
    reply.save()
    if reply.promise_on:
        Promise.objects.create(
            jurisdiction=held.jurisdiction, opinion=held, reply=reply, text=reply.promise_text, due_on=reply.promise_on
        )
    deliver_all(held, answered_by=reply.unit.name if reply.unit else "", at=at)
    return reply


def of_round(opinion: Opinion) -> Reply | None:
    """The reply of the round that runs, drafted or signed."""
    return opinion.replies.select_related("drafted_by", "unit").filter(round=opinion.round).first()


def deliver_all(opinion: Opinion, *, answered_by: str, at: datetime) -> None:
    """Tell everyone who must know of this round's reply, and stamp each delivery (§14 rule 7); a text message is stamped
    once it has left, by `messages.follow`."""
    # By message where the author's phone is known, else by the page.
    how = _("短信") if opinion.author_id or opinion.author_phone_sealed else _("查询页")
    author = _delivery(opinion, Recipient.AUTHOR, how, at=at)
    author.notice_key = telling.message_key(opinion, "opinion-replied", at=at)
    author.delivered_at = None if author.notice_key else at
    deliveries = [author]
    named = {"who": answered_by, "matter": telling.named(opinion)}
    told = _("%(who)s已答复您反映的%(matter)s，请凭查询码查看并评价。") % named
    telling.tell_authors(opinion, "opinion-replied", text=told, at=at)
    inside = _("%(who)s已答复%(matter)s，请打开查看。") % named
    if telling.tell_deputy(opinion, "opinion-replied", text=inside, at=at):
        deliveries.append(_delivery(opinion, Recipient.DEPUTY, _("站内"), at=at))
    if telling.tell(
        telling.holders(Permission.OPINION_FORWARD, opinion), "opinion-replied", opinion, text=inside, at=at
    ):
        deliveries.append(_delivery(opinion, Recipient.OFFICE, _("站内"), at=at))
    Delivery.objects.bulk_create(deliveries)


def _delivery(opinion: Opinion, recipient: Recipient, how: str, *, at: datetime) -> Delivery:
    return Delivery(
        jurisdiction=opinion.jurisdiction,
        opinion=opinion,
        round=opinion.round,
        recipient=recipient,
        how=how,
        delivered_at=at,
    )


def _writable(opinion: Opinion, permission: Permission, act: str, *, by: Account) -> Opinion:
    held = steps.lock(opinion)
    if not access.holds(by, permission, held):
        raise access.NotYours
    if held.visibility == Visibility.LOCKED:
        raise Locked
    if held.state not in WRITING:
        raise StepRefused(act, held.state)
    return held


def _with_reply(opinion: Opinion, *, by: Account, at: datetime) -> Reply:
    held = _writable(opinion, Permission.OPINION_HANDLE, "attach_file", by=by)
    reply = of_round(held)
    if reply is None:
        reply = _new(held, by=by, at=at)
        reply.save()
    if reply.state == ReplyState.SUBMITTED and not access.holds(by, Permission.OPINION_SIGN_REPLY, held):
        raise Submitted
    return reply


def _new(opinion: Opinion, *, by: Account, at: datetime) -> Reply:
    return Reply(
        jurisdiction=opinion.jurisdiction,
        opinion=opinion,
        round=opinion.round,
        unit=opinion.unit,
        drafted_by=by,
        drafted_at=at,
    )


def _require_complete(reply: Reply, *, at: datetime) -> None:
    named = {_("答复内容"): reply.body, _("办理结果"): reply.outcome}
    if missing := [name for name, value in named.items() if not value]:
        raise ReplyIncomplete(missing)
    require_promise(reply, today=timezone.localdate(at))
