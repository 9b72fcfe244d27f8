"""The written reply: drafted, submitted, signed by the head, and a copy of its own for every deputy (handbook §2.2, §2.3)."""

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
from jiazhan.documents.numbers import next_letter_number
from jiazhan.documents.selectors import attachments_of
from jiazhan.kernel import words
from jiazhan.kernel.drafting import NotSubmitted as NotSubmitted
from jiazhan.kernel.drafting import PrivatePhone as PrivatePhone
from jiazhan.kernel.drafting import PromiseIncomplete as PromiseIncomplete
from jiazhan.kernel.drafting import PromiseInPast as PromiseInPast
from jiazhan.kernel.drafting import ReplyChanged as ReplyChanged
from jiazhan.kernel.drafting import ReplyIncomplete as ReplyIncomplete
from jiazhan.kernel.drafting import Submitted as Submitted
from jiazhan.kernel.drafting import require_no_private_phone, require_promise
from jiazhan.kernel.outcomes import Decision, OutcomeClass, ReplyState
from jiazhan.kernel.text import clean_line
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .. import access
from ..choices import REPLYING, Part, Publicity
from ..models import Handling, Promise, Proposal, Reply, ReplyCopy
from ..states import AT_WORK, PartState
from . import reply_letters, steps, telling
from .checking import deputies_of


class NoContact(Exception):
    """No talk with any of the deputies is entered for this round (handbook §2.2: 无沟通记录不得提交答复)."""

    code = "no-contact"

    def __init__(self) -> None:
        super().__init__(_("还没有与代表沟通的记录。请先与代表沟通并登记，再提交答复。"))


class AssistMissing(Exception):
    """Assisting units owe their opinions."""

    code = "assist-missing"

    def __init__(self, units: list[str]) -> None:
        self.units = units
        super().__init__(
            _("%(units)s的协办意见还没有送来。请催办；期限已过的，可在答复中说明。") % {"units": "、".join(units)}
        )


@transaction.atomic
def save_draft(
    handling: Handling,
    *,
    body: str,
    by: Account,
    at: datetime,
    version: int | None = None,
    outcome: str = "",
    promise_text: str = "",
    promise_on: date | None = None,
    contact: str = "",
    publicity: str = "",
    publicity_reason: str = "",
) -> Reply:
    """Keep the draft of this round's reply. `version` is that of the reply the writer saw, None where there was none.

    Raises ReplyChanged, Submitted for anyone but a head once it was submitted, PromiseIncomplete, PromiseInPast,
    words.WordsMissing, words.WordsTooLong, StepRefused, access.NotYours.
    """
    held = _writable(handling, "save_draft", by=by)
    reply = of_round(held)
    if reply is not None and reply.version != version:
        raise ReplyChanged(reply)
    if reply is None:
        reply = _new(held, by=by, at=at)
    else:
        reply.version += 1
    if reply.state == ReplyState.SUBMITTED and not access.may_part(by, "answer", held):
        raise Submitted
    reply.body = words.optional(body, _("答复内容"), limit=20000)
    reply.outcome = OutcomeClass(outcome) if outcome else ""
    reply.promise_text = words.optional(clean_line(promise_text), _("承诺事项"), limit=300)
    reply.promise_on = promise_on
    reply.contact = words.optional(clean_line(contact), _("联系人及电话"), limit=80)
    reply.publicity = Publicity(publicity) if publicity else ""
    reply.publicity_reason = ""
    if publicity and publicity != Publicity.FULL:
        reply.publicity_reason = words.required(publicity_reason, _("不全文公开的理由"), limit=300)
    require_promise(reply, today=timezone.localdate(at))
    reply.drafted_by, reply.drafted_at = by, at
    reply.save()
    detail = {"unit": held.unit.name, "round": held.round, "version": reply.version}
    audit.record("proposal.save_draft", held.proposal, by=by, at=at, detail=detail)
    return reply


@transaction.atomic
def attach_file(handling: Handling, *, checked: Checked, by: Account, at: datetime) -> Attachment:
    """Add a checked file to this round's reply; begins its draft where there is none. Raises Submitted, StepRefused."""
    return documents.attach(_with_reply(handling, by=by, at=at), checked, by=by, at=at)


@transaction.atomic
def remove_file(handling: Handling, *, attachment_id: UUID, reason: str, by: Account, at: datetime) -> Attachment:
    """Take a file out of a reply that is not signed yet. Raises documents.access.NotVisible, Submitted, StepRefused."""
    reply = _with_reply(handling, by=by, at=at)
    return documents.remove(files.attachment_of(reply, attachment_id), reason=reason, by=by, at=at)


@transaction.atomic
def submit(handling: Handling, *, version: int, by: Account, at: datetime) -> Reply:
    """Give the draft to the head. Raises ReplyChanged, ReplyIncomplete, NoContact, AssistMissing, PrivatePhone, Submitted."""
    held = _writable(handling, "submit", by=by)
    reply = _seen(held, version)
    if reply.state == ReplyState.SUBMITTED:
        raise Submitted
    _require_complete(reply, held, at=at)
    reply.state, reply.returned_reason = ReplyState.SUBMITTED, ""
    reply.version += 1
    reply.save(update_fields=["state", "returned_reason", "version"])
    audit.record("proposal.submit_reply", held.proposal, by=by, at=at, detail={"unit": held.unit.name})
    text = _("%(matter)s的答复已送审，请审阅签发，到期日 %(due)s。") % {
        "matter": telling.named(held.proposal),
        "due": held.due_on,
    }
    heads = telling.staff_of(held.unit, Permission.PROPOSAL_SIGN_REPLY)
    telling.tell(heads, "proposal-reply-submitted", held.proposal, text=text, at=at)
    return reply


@transaction.atomic
def send_back(handling: Handling, *, reason: str, by: Account, at: datetime) -> Reply:
    """Give a submitted reply back to its drafter with what to change. Raises NotSubmitted, words.WordsMissing."""
    held = _writable(handling, "send_back", by=by)
    access.require_part(by, "answer", held)
    reply = of_round(held)
    if reply is None or reply.state != ReplyState.SUBMITTED:
        raise NotSubmitted
    reply.state, reply.returned_reason = ReplyState.DRAFT, words.required(reason, _("修改意见"), limit=1000)
    reply.version += 1
    reply.save(update_fields=["state", "returned_reason", "version"])
    audit.record("proposal.send_back_reply", held.proposal, by=by, at=at, detail={"unit": held.unit.name})
    text = _("%(matter)s的答复被退回修改，请打开查看修改意见。") % {"matter": telling.named(held.proposal)}
    telling.tell([reply.drafted_by], "proposal-reply-returned", held.proposal, text=text, at=at)
    return reply


@transaction.atomic
def sign_reply(handling: Handling, *, version: int, by: Account, at: datetime) -> Reply:
    """Sign and send: the number, the promise to follow, a copy for every deputy. With the last unit's reply the deputies
    are asked to evaluate.

    Only a head signs, and the text that they saw; a draft that was not submitted only where the head wrote it. Raises
    ReplyChanged, NotSubmitted, ReplyIncomplete, NoContact, AssistMissing, PromiseInPast, PrivatePhone, StepRefused,
    access.NotYours.
    """
    held = _writable(handling, "sign_reply", by=by)
    access.require_part(by, "answer", held)
    reply = _seen(held, version)
    if reply.state != ReplyState.SUBMITTED and reply.drafted_by_id != by.pk:
        raise NotSubmitted
    _require_complete(reply, held, at=at)
    is_late = held.due_on is not None and timezone.localdate(at) > held.due_on
    detail = {"round": held.round, "outcome": reply.outcome, "due": _iso(held.due_on), "is_late": is_late}
    held = steps.take_part(
        held, "answer", by=by, at=at, detail=detail, answered_at=at,
        due_for="", due_rule=None, due_on=None, is_due_estimated=False,
    )  # fmt: skip
    year = timezone.localdate(at).year
    reply.state, reply.signed_at, reply.signed_by = ReplyState.SIGNED, at, by
    reply.number = next_letter_number(held.unit, jurisdiction=held.jurisdiction, year=year)
    reply.save()
    if reply.promise_on:
        Promise.objects.create(
            jurisdiction=held.jurisdiction, proposal=held.proposal, reply=reply, text=reply.promise_text,
            due_on=reply.promise_on,
        )  # fmt: skip
    held.extensions.filter(decision=Decision.PENDING).update(
        decision=Decision.REFUSED, decision_reason=_("已经答复，不再延期"), decided_at=at, decided_by=by
    )
    reply.handling, reply.proposal = held, held.proposal
    _send_copies(reply, by=by, at=at)
    _finish_round(held.proposal, reply, is_late=is_late, at=at)
    return reply


def of_round(handling: Handling) -> Reply | None:
    """The reply of the round that runs, drafted or signed."""
    return handling.replies.select_related("drafted_by").filter(round=handling.round).first()


def drop_drafts(handling: Handling, *, reason: str, by: Account, at: datetime) -> None:
    """A part that is given to another unit leaves no draft: what was never signed goes, its files out of view."""
    for draft in handling.replies.exclude(state=ReplyState.SIGNED):
        for each in attachments_of(draft):
            documents.remove(each, reason=reason, by=by, at=at)
        draft.delete()
    handling.assist_opinions.exclude(state=ReplyState.SIGNED).delete()


def _writable(handling: Handling, act: str, *, by: Account) -> Handling:
    held = steps.lock_part(handling)
    access.require_part(by, "sign", held)
    if held.part not in REPLYING or held.state not in AT_WORK:
        raise StepRefused(act, held.state)
    steps.require_with_units(held, act)
    return held


def _seen(handling: Handling, version: int) -> Reply:
    reply = of_round(handling)
    if reply is None:
        raise ReplyIncomplete([_("答复内容")])
    if reply.version != version:
        raise ReplyChanged(reply)
    return reply


def _new(handling: Handling, *, by: Account, at: datetime) -> Reply:
    return Reply(
        jurisdiction=handling.jurisdiction, proposal=handling.proposal, handling=handling, round=handling.round,
        drafted_by=by, drafted_at=at,
    )  # fmt: skip


def _with_reply(handling: Handling, *, by: Account, at: datetime) -> Reply:
    held = _writable(handling, "attach_file", by=by)
    reply = of_round(held)
    if reply is None:
        reply = _new(held, by=by, at=at)
        reply.save()
    if reply.state == ReplyState.SUBMITTED and not access.may_part(by, "answer", held):
        raise Submitted
    return reply


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _require_complete(reply: Reply, handling: Handling, *, at: datetime) -> None:
    needed = {_("答复内容"): reply.body, _("办理结果"): reply.outcome}
    if reply.outcome in {OutcomeClass.IN_PROGRESS, OutcomeClass.PLANNED}:
        # B and C class are followed until kept (handbook §2.4).
        needed[_("承诺事项和完成日期")] = reply.promise_text
    if missing := [name for name, value in needed.items() if not value]:
        raise ReplyIncomplete(missing)
    require_promise(reply, today=timezone.localdate(at))
    require_no_private_phone(reply)
    if not handling.contacts.filter(round=handling.round).exclude(is_confirmed=False).exists():
        raise NoContact
    if missing := _assist_owing(handling, today=timezone.localdate(at)):
        raise AssistMissing(missing)


def _assist_owing(handling: Handling, *, today: date) -> list[str]:
    """The assisting units that the host still has to wait for: their time runs, and the host's own has not run out."""
    if handling.part != Part.HOST or handling.due_on is None or today >= handling.due_on:
        return []
    owing = handling.proposal.handlings.filter(
        part=Part.ASSIST, due_on__gte=today,
        state__in=[PartState.ASSIGNED, PartState.SIGNED, PartState.OBJECTED, PartState.REORDERED],
    )  # fmt: skip
    return [each.unit.name for each in owing.select_related("unit").order_by("id")]


def _send_copies(reply: Reply, *, by: Account, at: datetime) -> None:
    proposal = reply.proposal
    owed = deputies_of(proposal)
    ReplyCopy.objects.bulk_create(reply_letters.issue(reply, owed, by=by, at=at))
    text = _("%(unit)s已答复您的%(matter)s，请打开查看并评价。") % {
        "unit": reply.handling.unit.name,
        "matter": telling.named(proposal),
    }
    telling.tell_deputies([deputy for _signed, deputy in owed], "proposal-replied", proposal, text=text, at=at)
    text = _("%(unit)s已答复%(matter)s，请打开查看。") % {
        "unit": reply.handling.unit.name,
        "matter": telling.named(proposal),
    }
    informed = [
        *telling.holders(Permission.PROPOSAL_ASSIGN, proposal),
        *(telling.assigners(proposal) if proposal.through_government else ()),
    ]
    telling.tell(informed, "proposal-replied", proposal, text=text, at=at)


def _finish_round(proposal: Proposal, reply: Reply, *, is_late: bool, at: datetime) -> None:
    """Once no unit owes a reply, the deputies' window opens."""
    owing = proposal.handlings.filter(
        part__in=REPLYING,
        state__in=[PartState.ASSIGNED, PartState.SIGNED, PartState.OBJECTED, PartState.REORDERED],
    )
    if proposal.round == 1:
        proposal.is_on_time = proposal.is_on_time is not False and not is_late
    proposal.outcome = reply.outcome
    proposal.save(update_fields=["is_on_time", "outcome"])
    if owing.exists():
        steps.show_deadline(proposal)
        return
    steps.take(proposal, "reply", by=audit.SYSTEM, at=at, replied_at=at)
