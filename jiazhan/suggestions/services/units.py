"""A unit's part before its answer: receive or object, choose a handler, talk with the deputies; and the ruling on objections."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import words
from jiazhan.kernel.outcomes import Decision, Ruling
from jiazhan.kernel.text import clean_line
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import HANDLING_KINDS, Account, Deputy, Unit
from jiazhan.people.permissions import Permission

from .. import access, due
from ..choices import REPLYING, ContactMode, Part, Phase
from ..models import Batch, Contact, Handling, Objection, Proposal
from ..states import HANDLING, HOLDING, PartState, State
from . import assigning, assignment_letters, replies, steps, telling
from .checking import deputies_of


class WindowPassed(Exception):
    """The window for an objection is over (§2.3 objection_window)."""

    code = "window-passed"

    def __init__(self, until: date) -> None:
        self.until = until
        super().__init__(
            _("异议期限已于 %(until)s 届满，请继续办理；确有困难的，请与交办单位联系。") % {"until": until}
        )


class SameUnit(Exception):
    """The part would go to a unit that already has one in this proposal."""

    code = "same-unit"

    def __init__(self) -> None:
        super().__init__(_("这个单位已经承办这件建议，请选另一个单位。"))


class WrongUnit(Exception):
    """The unit does not handle proposals."""

    code = "wrong-unit"

    def __init__(self) -> None:
        super().__init__(_("这个单位不能承办建议，请改选其他单位。"))


class NotInUnit(Exception):
    """The chosen handler holds no post in the unit."""

    code = "not-in-unit"

    def __init__(self) -> None:
        super().__init__(_("经办人须是本单位在岗的经办人或负责人，请重新选择。"))


class NotOwed(Exception):
    """The deputy did not sign this proposal, nor one merged into it."""

    code = "not-owed"

    def __init__(self) -> None:
        super().__init__(_("这位代表没有提出或联名这件建议，请重新选择。"))


class ContactAnswered(Exception):
    """The deputy has said before whether a talk was so."""

    code = "contact-answered"

    def __init__(self) -> None:
        super().__init__(_("您已经确认过这条沟通记录，不能再改。"))


class ContactToCome(Exception):
    """A talk that has not taken place yet."""

    code = "contact-to-come"

    def __init__(self) -> None:
        super().__init__(_("沟通时间不能晚于现在，请在沟通之后登记。"))


class WrongPhase(Exception):
    """A talk after the answer is entered once there is one, and none of before it afterwards."""

    code = "wrong-phase"

    def __init__(self, *, is_answered: bool) -> None:
        super().__init__(
            _("已经答复，请登记为“答复后”的沟通。")
            if is_answered
            else _("还没有答复，请登记为“办理前”或“办理中”的沟通。")
        )


@transaction.atomic
def sign(handling: Handling, *, by: Account, at: datetime) -> Handling:
    """Receive the part. Once every unit that replies has, the proposal is in progress. Raises what `steps.take_part` raises."""
    held = steps.take_part(handling, "sign", by=by, at=at, signed_at=at, signed_by=by)
    _begin_when_all_signed(held.proposal, at=at)
    text = _("%(unit)s已签收%(matter)s。") % {"unit": held.unit.name, "matter": telling.named(held.proposal)}
    telling.tell(telling.assigners(held.proposal), "proposal-signed", held.proposal, text=text, at=at)
    if held.part in REPLYING:
        _tell_deputies(held.proposal, "proposal-signed", text, at=at)
    return held


@transaction.atomic
def object_to(
    handling: Handling, *, reason: str, by: Account, at: datetime, proposed_unit: Unit | None = None
) -> Objection:
    """Say within the window that it is another's. Raises WindowPassed, SameUnit, WrongUnit, words.WordsMissing,
    StepRefused."""
    held = steps.lock_part(handling)
    access.require_part(by, "object", held)
    HANDLING.target("object", held.state)
    reason = words.required(reason, _("异议理由"), limit=2000)
    if proposed_unit is not None:
        _require_handles(proposed_unit, held.proposal)
        if proposed_unit.pk == held.unit_id:
            raise SameUnit
    if timezone.localdate(at) > held.objection_until:
        raise WindowPassed(held.objection_until)
    held = steps.take_part(
        held, "object", by=by, at=at, detail={"proposed": proposed_unit.name if proposed_unit else ""}
    )
    proposal = held.proposal
    proposal.returns_count += 1
    proposal.save(update_fields=["returns_count"])
    objection = Objection.objects.create(
        jurisdiction=held.jurisdiction,
        proposal=proposal,
        handling=held,
        reason=reason,
        proposed_unit=proposed_unit,
        raised_at=at,
        raised_by=by,
        rule_by=due.ruling_day(proposal, at=at),
    )
    text = _("%(unit)s对%(matter)s提出异议，请在 %(due)s 前裁定。") % {
        "unit": held.unit.name,
        "matter": telling.named(proposal),
        "due": objection.rule_by,
    }
    telling.tell(telling.assigners(proposal), "proposal-objected", proposal, text=text, at=at)
    return objection


@transaction.atomic
def uphold(handling: Handling, *, reason: str, by: Account, at: datetime) -> Handling:
    """Rule against the objection: the unit keeps its part, and its time has run. Raises words.WordsMissing, StepRefused."""
    reason = words.required(reason, _("裁定说明"), limit=2000)
    held = steps.lock_part(handling)
    received: dict[str, Any] = {} if held.signed_at else {"signed_at": at, "signed_by": by}
    held = steps.take_part(handling, "uphold", by=by, at=at, **received)
    _rule(held, Ruling.UPHELD, reason, by=by, at=at)
    _begin_when_all_signed(held.proposal, at=at)
    text = _("%(matter)s的异议未获支持，仍由您单位办理，请在 %(due)s 前答复。") % {
        "matter": telling.named(held.proposal),
        "due": held.due_on,
    }
    telling.tell_unit(held.unit, "proposal-upheld", held.proposal, text=text, at=at)
    return held


@transaction.atomic
def reassign(handling: Handling, *, unit: Unit, reason: str, by: Account, at: datetime) -> Handling:
    """Give the part to another unit, after an objection or without one; the former one's time with it ends and stays
    readable. Returns the new part, its clock starting today.

    Raises SameUnit, WrongUnit, words.WordsMissing, and what `steps.take_part` raises.
    """
    reason = words.required(reason, _("改派理由"), limit=2000)
    held = steps.lock_part(handling)
    # Whose act it is comes first: a stranger learns nothing of the units.
    access.require_part(by, "release", held)
    proposal = held.proposal
    _require_handles(unit, proposal)
    if proposal.handlings.filter(unit=unit, state__in=HOLDING).exists():
        raise SameUnit
    was_objected = held.state == PartState.OBJECTED
    held = steps.take_part(
        handling, "release", by=by, at=at, detail={"to": unit.name}, ended_at=at, ended_reason=reason,
        due_for="", due_rule=None, due_on=None, is_due_estimated=False,
    )  # fmt: skip
    if was_objected:
        _rule(held, Ruling.REASSIGNED, reason, by=by, at=at)
    held.extensions.filter(decision=Decision.PENDING).update(
        decision=Decision.REFUSED, decision_reason=_("已改派其他单位"), decided_at=at, decided_by=by
    )
    replies.drop_drafts(held, reason=_("已改派其他单位"), by=by, at=at)
    proposal = steps.lock(proposal)
    batch = Batch.objects.create(
        jurisdiction=proposal.jurisdiction,
        name=(_("改派：%(matter)s") % {"matter": proposal.number or proposal.title})[:120],
        assigned_at=at,
        assigned_by=by,
        count=1,
    )
    made = assigning.add_part(proposal, unit, Part(held.part), by=by, at=at, batch=batch, reason=reason)
    if proposal.host_id == held.unit_id:
        proposal.host = unit
        proposal.save(update_fields=["host"])
    assignment_letters.issue(batch, by=by, at=at)
    _after_reassigning(proposal, held, made, by=by, at=at)
    return made


@transaction.atomic
def assign_handler(handling: Handling, *, handler: Account, by: Account, at: datetime) -> Handling:
    """Choose who in the unit handles it, or choose again. Raises NotInUnit, access.NotYours, StepRefused."""
    held = steps.lock_part(handling)
    access.require_part(by, "sign", held)
    if held.state not in HOLDING:
        raise StepRefused("assign_handler", held.state)
    if handler not in telling.staff_of(held.unit, Permission.PROPOSAL_HANDLE):
        raise NotInUnit
    held.handler = handler
    held.save(update_fields=["handler"])
    audit.record(
        "proposal.handler", held.proposal, by=by, at=at, detail={"handler": handler.name, "unit": held.unit.name}
    )
    text = _("%(matter)s由您经办，请在 %(due)s 前办结。") % {"matter": telling.named(held.proposal), "due": held.due_on}
    telling.tell([handler], "proposal-handler", held.proposal, text=text, at=at)
    return held


def log_contact(handling: Handling, *, deputy: Deputy, **given: Any) -> Contact:
    """Enter a talk with one deputy. As `log_contacts`."""
    return log_contacts(handling, deputies=[deputy], **given)[0]


@transaction.atomic
def log_contacts(
    handling: Handling,
    *,
    deputies: Iterable[Deputy],
    phase: Phase,
    mode: ContactMode,
    held_at: datetime,
    people: str,
    summary: str,
    by: Account,
    at: datetime,
) -> list[Contact]:
    """Enter a talk with some of the proposal's deputies, one entry for each; they are told and may say that it was
    otherwise. The same entry sent twice is one.

    Raises NotOwed, ContactToCome, WrongPhase, words.WordsMissing, access.NotYours, StepRefused for a unit that has not
    received it.
    """
    held = steps.lock_part(handling)
    access.require_part(by, "sign", held)
    if held.state not in {PartState.SIGNED, PartState.ANSWERED, PartState.REORDERED}:
        raise StepRefused("log_contact", held.state)
    if held_at > at:
        raise ContactToCome
    is_answered = held.state == PartState.ANSWERED
    if is_answered != (phase == Phase.AFTER):
        raise WrongPhase(is_answered=is_answered)
    wanted = list(dict.fromkeys(deputies))
    owed = {each.pk for _proposal, each in deputies_of(held.proposal)}
    if not wanted or any(each.pk not in owed for each in wanted):
        raise NotOwed
    said = {
        "phase": phase,
        "mode": mode,
        "held_at": held_at,
        "people": words.required(clean_line(people), _("参加人员"), limit=200),
        "summary": words.required(summary, _("沟通情况"), limit=2000),
    }
    contacts = [_log(held, deputy, said, by=by, at=at) for deputy in wanted]
    _note_contact(held.proposal)
    return contacts


@transaction.atomic
def answer_contact(contact: Contact, *, is_confirmed: bool, by: Account, at: datetime, note: str = "") -> Contact:
    """The deputy's own word on an entry, once: it was so, or it was not. Raises ContactAnswered, access.NotYours,
    words.WordsMissing where it was not and no word says how."""
    held = steps.lock(contact.proposal)
    contact = held.contacts.select_related("handling__unit", "deputy").get(pk=contact.pk)
    if not hasattr(by, "deputy") or contact.deputy_id != by.deputy.pk:
        raise access.NotYours
    if contact.answered_at:
        raise ContactAnswered
    take_words = words.optional if is_confirmed else words.required
    contact.deputy_words = take_words(clean_line(note), _("实际情况"), limit=300)
    contact.is_confirmed, contact.answered_at = is_confirmed, at
    contact.save(update_fields=["deputy_words", "is_confirmed", "answered_at"])
    _note_contact(held)
    detail = {"unit": contact.handling.unit.name, "is_confirmed": is_confirmed}
    audit.record("proposal.contact_answered", contact.proposal, by=by, at=at, detail=detail)
    if not is_confirmed:
        text = _("%(who)s代表对%(matter)s的一条沟通记录有不同说明，请核对。") % {
            "who": contact.deputy.name,
            "matter": telling.named(contact.proposal),
        }
        people = [
            *telling.staff_of(contact.handling.unit, Permission.PROPOSAL_HANDLE),
            *telling.assigners(contact.proposal),
        ]
        telling.tell(people, "proposal-contact-disputed", contact.proposal, text=text, at=at)
    return contact


def _require_handles(unit: Unit, proposal: Proposal) -> None:
    if unit.kind not in HANDLING_KINDS or not unit.is_active or unit.jurisdiction != proposal.jurisdiction:
        raise WrongUnit


def _log(handling: Handling, deputy: Deputy, said: dict[str, Any], *, by: Account, at: datetime) -> Contact:
    known = handling.contacts.filter(deputy=deputy, round=handling.round, **said).first()
    if known is not None:
        return known
    contact = Contact.objects.create(
        jurisdiction=handling.jurisdiction,
        proposal=handling.proposal,
        handling=handling,
        deputy=deputy,
        round=handling.round,
        logged_by=by,
        logged_at=at,
        **said,
    )
    detail = {"unit": handling.unit.name, "deputy": deputy.name, "phase": said["phase"], "mode": said["mode"]}
    audit.record("proposal.contact", handling.proposal, by=by, at=at, detail=detail)
    text = _("%(unit)s登记了与您就%(matter)s的沟通，如与实际不符，请打开说明。") % {
        "unit": handling.unit.name,
        "matter": telling.named(handling.proposal),
    }
    telling.tell_deputies([deputy], "proposal-contact", handling.proposal, text=text, at=at, once=contact.pk.hex)
    return contact


def _note_contact(proposal: Proposal) -> None:
    """Keep on the proposal whether a talk stands that no deputy disputes: what the contact rate counts."""
    proposal.was_contacted = proposal.contacts.exclude(is_confirmed=False).exists()
    proposal.save(update_fields=["was_contacted"])


def _begin_when_all_signed(proposal: Proposal, *, at: datetime) -> None:
    waiting = proposal.handlings.filter(part__in=REPLYING, state__in=[PartState.ASSIGNED, PartState.OBJECTED])
    if proposal.state == State.ASSIGNED and not waiting.exists():
        steps.take(proposal, "begin", by=audit.SYSTEM, at=at)


def _after_reassigning(proposal: Proposal, former: Handling, made: Handling, *, by: Account, at: datetime) -> None:
    steps.show_deadline(proposal)
    named = telling.named(proposal)
    text = _("%(matter)s已改派%(unit)s，您单位不再承办。") % {"matter": named, "unit": made.unit.name}
    telling.tell_unit(former.unit, "proposal-reassigned", proposal, text=text, at=at)
    text = _("%(matter)s改派您单位，请在 %(until)s 前签收或提出异议。") % {
        "matter": named,
        "until": made.objection_until,
    }
    telling.tell_unit(made.unit, "proposal-assigned-unit", proposal, text=text, at=at)
    if made.part in REPLYING:
        told = _("%(matter)s改由%(unit)s办理，%(due)s 前答复。") % {
            "matter": named,
            "unit": made.unit.name,
            "due": made.due_on,
        }
        _tell_deputies(proposal, "proposal-reassigned", told, at=at)


def _tell_deputies(proposal: Proposal, kind: str, text: str, *, at: datetime) -> None:
    telling.tell_deputies([deputy for _each, deputy in deputies_of(proposal)], kind, proposal, text=text, at=at)


def _rule(handling: Handling, ruling: Ruling, reason: str, *, by: Account, at: datetime) -> None:
    objection = handling.objections.get(ruling=Ruling.PENDING)
    objection.ruling, objection.ruling_reason = ruling, reason
    objection.ruled_at, objection.ruled_by = at, by
    objection.save()
