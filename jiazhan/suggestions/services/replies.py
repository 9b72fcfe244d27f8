"""The written reply: drafted, submitted, signed by the head, and a copy of its own for every deputy (handbook §2.2, §2.3)."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.documents.numbers import next_letter_number
from jiazhan.kernel import words
from jiazhan.kernel.outcomes import OutcomeClass, ReplyState
from jiazhan.kernel.text import clean_line
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .. import access
from ..choices import REPLYING, Part, Publicity
from ..models import Handling, Promise, Proposal, Reply, ReplyCopy
from ..states import AT_WORK, PartState
from . import steps, telling
from .checking import deputies_of


class ReplyChanged(Exception):
    """Somebody else saved the reply in the meantime. `theirs` is the reply as it stands; nothing of either text is lost."""

    code = "reply-changed"

    def __init__(self, theirs: Reply) -> None:
        self.theirs = theirs
        super().__init__(
            _("%(name)s刚刚修改了这份答复。您写的内容还在，请对照现在的内容，改好后再保存。")
            % {"name": theirs.drafted_by.name}
        )


class ReplyIncomplete(Exception):
    """The reply lacks what a signed one must hold."""

    code = "reply-incomplete"

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__(_("答复还缺：%(missing)s。补齐后再提交。") % {"missing": "、".join(missing)})


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


class PromiseIncomplete(Exception):
    """A promise without its date, or a date without a promise."""

    code = "promise-incomplete"

    def __init__(self) -> None:
        super().__init__(_("承诺事项和完成日期要么都填，要么都不填。"))


class PromiseInPast(Exception):
    """A promise whose day is not to come."""

    code = "promise-in-past"

    def __init__(self) -> None:
        super().__init__(_("承诺完成日期应晚于今天，请改后再提交。"))


class NotSubmitted(Exception):
    """The reply waits neither for a signature nor for a correction."""

    code = "not-submitted"

    def __init__(self) -> None:
        super().__init__(_("这份答复还没有送审，请先由经办人送审。"))


class Submitted(Exception):
    """The reply lies with the head; its drafter may not change it meanwhile."""

    code = "submitted"

    def __init__(self) -> None:
        super().__init__(_("这份答复已经送审，负责人签发或退回之前不能修改。"))


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
        reply = Reply(
            jurisdiction=held.jurisdiction, proposal=held.proposal, handling=held, round=held.round, drafted_by=by,
            drafted_at=at,
        )  # fmt: skip
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
    _require_promise(reply, at=at)
    reply.drafted_by, reply.drafted_at = by, at
    reply.save()
    detail = {"unit": held.unit.name, "round": held.round, "version": reply.version}
    audit.record("proposal.save_draft", held.proposal, by=by, at=at, detail=detail)
    return reply


@transaction.atomic
def submit(handling: Handling, *, version: int, by: Account, at: datetime) -> Reply:
    """Give the draft to the head. Raises ReplyChanged, ReplyIncomplete, NoContact, AssistMissing, Submitted."""
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
    ReplyChanged, NotSubmitted, ReplyIncomplete, NoContact, AssistMissing, PromiseInPast, StepRefused, access.NotYours.
    """
    held = _writable(handling, "sign_reply", by=by)
    access.require_part(by, "answer", held)
    reply = _seen(held, version)
    if reply.state != ReplyState.SUBMITTED and reply.drafted_by_id != by.pk:
        raise NotSubmitted
    _require_complete(reply, held, at=at)
    detail = {"round": held.round, "outcome": reply.outcome}
    was_due = held.due_on
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
    _send_copies(reply, held.proposal, at=at)
    is_late = was_due is not None and timezone.localdate(at) > was_due
    _finish_round(held.proposal, reply, is_late=is_late, at=at)
    return reply


def of_round(handling: Handling) -> Reply | None:
    """The reply of the round that runs, drafted or signed."""
    return handling.replies.select_related("drafted_by").filter(round=handling.round).first()


def _writable(handling: Handling, act: str, *, by: Account) -> Handling:
    held = steps.lock_part(handling)
    access.require_part(by, "sign", held)
    if held.part not in REPLYING or held.state not in AT_WORK:
        raise StepRefused(act, held.state)
    return held


def _seen(handling: Handling, version: int) -> Reply:
    reply = of_round(handling)
    if reply is None:
        raise ReplyIncomplete([_("答复内容")])
    if reply.version != version:
        raise ReplyChanged(reply)
    return reply


def _require_promise(reply: Reply, *, at: datetime) -> None:
    if bool(reply.promise_text) != bool(reply.promise_on):
        raise PromiseIncomplete
    if reply.promise_on and reply.promise_on <= timezone.localdate(at):
        raise PromiseInPast


def _require_complete(reply: Reply, handling: Handling, *, at: datetime) -> None:
    needed = {_("答复内容"): reply.body, _("办理结果"): reply.outcome}
    if reply.outcome in {OutcomeClass.IN_PROGRESS, OutcomeClass.PLANNED}:
        # B and C class are followed until kept (handbook §2.4).
        needed[_("承诺事项和完成日期")] = reply.promise_text
    if missing := [name for name, value in needed.items() if not value]:
        raise ReplyIncomplete(missing)
    _require_promise(reply, at=at)
    if not handling.contacts.filter(round=handling.round).exclude(is_confirmed=False).exists():
        raise NoContact
    owing = handling.proposal.handlings.filter(
        part=Part.ASSIST, due_on__gte=timezone.localdate(at),
        state__in=[PartState.ASSIGNED, PartState.SIGNED, PartState.OBJECTED, PartState.REORDERED],
    )  # fmt: skip
    if handling.part == Part.HOST and (late := [each.unit.name for each in owing.select_related("unit")]):
        raise AssistMissing(late)


def _send_copies(reply: Reply, proposal: Proposal, *, at: datetime) -> None:
    owed = deputies_of(proposal)
    ReplyCopy.objects.bulk_create(
        ReplyCopy(
            jurisdiction=reply.jurisdiction, reply=reply, proposal=signed, deputy=deputy, how=_("站内"), delivered_at=at
        )
        for signed, deputy in owed
    )
    text = _("%(unit)s已答复您的%(matter)s，请打开查看并评价。") % {
        "unit": reply.handling.unit.name,
        "matter": telling.named(proposal),
    }
    telling.tell_deputies([deputy for _signed, deputy in owed], "proposal-replied", proposal, text=text, at=at)
    telling.tell(telling.holders(Permission.PROPOSAL_ASSIGN, proposal), "proposal-replied", proposal, text=text, at=at)


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
