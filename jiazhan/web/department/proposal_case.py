"""All that the page of a proposal shows to a unit: never what another unit has not signed."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.documents import selectors as documents
from jiazhan.kernel import deadlines
from jiazhan.kernel.outcomes import Decision, PromiseState, ReplyState, Ruling
from jiazhan.kernel.text import mask_contacts
from jiazhan.people.models import Deputy
from jiazhan.suggestions import access, due, parameters
from jiazhan.suggestions.choices import REPLYING, Part, Phase, Publicity
from jiazhan.suggestions.models import AssignmentLetter, Handling, Proposal, Reply
from jiazhan.suggestions.selectors import supervision, timeline
from jiazhan.suggestions.services.checking import deputies_of
from jiazhan.suggestions.services.writing import part_names
from jiazhan.suggestions.states import HANDLING, HOLDING, PartState

from .editor import Editor
from .proposal_editor import editor_of
from .proposal_forms import ContactForm, ExtensionForm, HandlerForm, ObjectionForm, PromiseForm, UrgingForm

FOLLOWED = (PromiseState.OPEN, PromiseState.ASKED)
TALKING = frozenset({PartState.SIGNED, PartState.REORDERED, PartState.ANSWERED})


def read(request: HttpRequest, handling: Handling, refused: dict[str, Any], editing: dict[str, Any]) -> dict[str, Any]:
    """The page's context; `refused` are the forms to show again, by name."""
    proposal, today = handling.proposal, timezone.localdate()
    owed = [deputy for _signed, deputy in deputies_of(proposal)]
    is_at_work = handling.state != PartState.ANSWERED and handling.due_on is not None
    acts, contacts = _acts(request, handling, refused, today), _contacts(handling, owed, refused)
    urgings, editor = _urgings(handling, refused, today), editor_of(request, handling, **editing)
    return {
        "proposal": proposal,
        "handling": handling,
        "first_thing": _first_thing(acts, contacts, urgings, editor),
        "light": deadlines.light(handling.due_on, today).value if is_at_work else None,
        "light_words": deadlines.words(handling.due_on, today),
        "rule": deadlines.Rule.from_json(handling.due_rule).in_words() if handling.due_rule else "",
        "text": _text(proposal),
        "signers": access.signers(proposal),
        "merged": [_merged(each) for each in proposal.merged.select_related("lead").order_by("accepted_at", "id")],
        "sources": [
            {"number": each.number, "title": mask_contacts(each.title), "headcount": each.headcount}
            for each in proposal.sources.order_by("number")
        ],
        "files": _files(proposal, proposal),
        "parts": _parts(proposal, handling, today),
        "objections": list(
            proposal.objections.select_related("handling__unit", "proposed_unit", "ruled_by").order_by("raised_at")
        ),
        "assist_opinions": list(
            access.assist_opinions_for(request.user, proposal)
            .filter(state=ReplyState.SIGNED)
            .select_related("handling__unit", "signed_by")
            .order_by("signed_at")
        ),
        "letters": _assignment_letters(handling),
        "rounds": _rounds(request, handling),
        "acts": acts,
        "contacts": contacts,
        "urgings": urgings,
        "promises": _promises(handling, refused, today),
        "supervised": supervision.supervised(proposal),
        "editor": editor,
        "timeline": timeline.for_units(proposal, {handling.unit.name}),
    }


def _first_thing(
    acts: dict[str, Any], contacts: dict[str, Any], urgings: list[dict[str, Any]], editor: Editor | None
) -> tuple[str, str] | None:
    """Where a phone leads first, past the long text: the place on the page, and its words."""
    if any(each["form"] for each in urgings):
        return "urgings", _("去回复催办函")
    if "sign" in acts:
        return "sign", _("去签收")
    if editor and editor.is_submitted and editor.can_sign:
        return "to-sign", _("去签发")
    if contacts["form"] and contacts["is_needed"] and editor:
        return "contacts", _("去登记沟通")
    return ("editor", _("去写%(what)s") % {"what": editor.title}) if editor and editor.can_write else None


def _text(proposal: Proposal) -> list[tuple[str, str]]:
    said = (proposal.facts, proposal.cause, proposal.request)
    return [(name, text) for name, text in zip(part_names(proposal), said, strict=True) if text]


def _merged(proposal: Proposal) -> dict[str, Any]:
    return {
        "proposal": proposal,
        "text": _text(proposal),
        "signers": access.signers(proposal),
        "files": _files(proposal, proposal),
    }


def _files(proposal: Proposal, subject: Proposal) -> list[dict[str, Any]]:
    # A merged one's files are asked for under their own proposal's id.
    main = proposal.merged_into_id or proposal.pk
    return [
        {
            "name": each.name,
            "size": each.size,
            "url": reverse("department:proposal-file", args=[proposal.jurisdiction, main, subject.pk, each.pk]),
        }
        for each in documents.attachments_of(subject)
    ]


def _parts(proposal: Proposal, own: Handling, today: date) -> list[dict[str, Any]]:
    """Every unit's part, those that were given to others included: who holds it is never in doubt."""
    rows = proposal.handlings.select_related("unit").order_by("assigned_at", "id")
    found = [
        {
            "handling": each,
            "is_own": each.pk == own.pk,
            "light": deadlines.light(each.due_on, today).value
            if each.due_on and each.state in HOLDING - {PartState.ANSWERED}
            else None,
            "words": deadlines.words(each.due_on, today),
        }
        for each in rows
    ]
    order = {Part.HOST: 0, Part.SPLIT: 1, Part.ASSIST: 2}
    return sorted(
        found, key=lambda each: (each["handling"].state == PartState.RELEASED, order[Part(each["handling"].part)])
    )


def _assignment_letters(handling: Handling) -> list[Any]:
    if handling.batch_id is None:
        return []
    rows = AssignmentLetter.objects.filter(
        jurisdiction=handling.jurisdiction, batch=handling.batch_id, unit=handling.unit_id
    )
    return [each.document for each in rows.select_related("document").defer("document__inputs")]


def _rounds(request: HttpRequest, handling: Handling) -> list[dict[str, Any]]:
    """The replies that went out, each kept as it was, with every deputy's own word on it."""
    proposal = handling.proposal
    signed = access.replies_for(request.user, proposal).filter(state=ReplyState.SIGNED)
    rows = signed.select_related("handling__unit", "signed_by").order_by("round", "signed_at")
    return [_round(each, handling) for each in rows]


def _round(reply: Reply, own: Handling) -> dict[str, Any]:
    copies = list(reply.copies.select_related("deputy").order_by("id"))
    given = {each.deputy_id: each for each in reply.evaluations.select_related("deputy")}
    area = own.proposal.congress_area
    return {
        "reply": reply,
        "letter": parameters.letter_of(reply.outcome, area),
        "publicity": Publicity(reply.publicity).label if reply.publicity else "",
        "is_own": reply.handling_id == own.pk,
        "evaluations": [given[each.deputy_id] for each in copies if each.deputy_id in given],
        "unrated": [each.deputy.name for each in copies if each.deputy_id not in given],
        # The letters themselves are the unit's own.
        "copies": [each for each in copies if each.document_id] if reply.handling_id == own.pk else [],
        "files": [
            {
                "name": each.name,
                "size": each.size,
                "url": reverse(
                    "department:proposal-reply-file", args=[reply.jurisdiction, own.proposal_id, reply.pk, each.pk]
                ),
            }
            for each in documents.attachments_of(reply)
        ],
    }


def _acts(request: HttpRequest, handling: Handling, refused: dict[str, Any], today: date) -> dict[str, Any]:
    """The acts that are open now, each with its form and what it would bring about."""
    found: dict[str, Any] = {}
    if HANDLING.allows("sign", handling.state):
        found["sign"] = HANDLING.steps["sign"]
    if HANDLING.allows("object", handling.state):
        found["object"] = {
            "form": refused.get("object") or ObjectionForm(handling=handling),
            "until": handling.objection_until,
            "is_open": today <= handling.objection_until,
        }
    if handling.state in HOLDING:
        found["handler"] = {
            "form": refused.get("handler") or HandlerForm(handling=handling, initial={"handler": handling.handler_id}),
            "is_first": handling.handler_id is None and handling.state not in {PartState.ASSIGNED, PartState.ANSWERED},
        }
    found["extension"] = _extension(request, handling, refused, today)
    own = handling.objections.select_related("proposed_unit").order_by("raised_at").last()
    found["objection"] = own
    found["is_ruled"] = own is not None and own.ruling != Ruling.PENDING
    return found


def _extension(request: HttpRequest, handling: Handling, refused: dict[str, Any], today: date) -> dict[str, Any]:
    asked = list(handling.extensions.order_by("requested_at"))
    found: dict[str, Any] = {"asked": asked, "form": None, "until": None, "for_heads": False}
    is_pending = any(each.decision == Decision.PENDING for each in asked)
    may_ask = handling.state == PartState.SIGNED and handling.part in REPLYING and not is_pending
    if may_ask and handling.due_on and today <= handling.due_on:
        until = deadlines.compute(due.extended_rule(handling)).on
        if until > handling.due_on:
            is_head = access.may_part(request.user, "answer", handling)
            form = (refused.get("extension") or ExtensionForm()) if is_head else None
            found |= {"form": form, "until": until, "for_heads": not is_head}
    return found


def _contacts(handling: Handling, owed: list[Deputy], refused: dict[str, Any]) -> dict[str, Any]:
    rows = list(handling.contacts.select_related("deputy", "logged_by").order_by("held_at", "id"))
    heard = {
        each.deputy_id
        for each in rows
        if each.round == handling.round and each.is_confirmed is not False and each.phase != Phase.AFTER
    }
    is_open = handling.state in TALKING
    return {
        "rows": rows,
        "missing": [each.name for each in owed if each.pk not in heard] if handling.state != PartState.ANSWERED else [],
        "form": (refused.get("contact") or ContactForm(handling=handling, owed=owed)) if is_open else None,
        "is_needed": not heard and handling.part in REPLYING,
    }


def _urgings(handling: Handling, refused: dict[str, Any], today: date) -> list[dict[str, Any]]:
    rows = handling.proposal.urgings.filter(unit=handling.unit_id).select_related("document", "answered_by")
    return [
        {
            "urging": each,
            "light": None if each.answered_at else deadlines.light(each.answer_by, today).value,
            "words": deadlines.words(each.answer_by, today),
            "form": None if each.answered_at else refused.get(f"urging-{each.pk}") or UrgingForm(of=str(each.pk)),
        }
        for each in rows.defer("document__inputs").order_by("sent_at")
    ]


def _promises(handling: Handling, refused: dict[str, Any], today: date) -> list[dict[str, Any]]:
    rows = handling.proposal.promises.select_related("reply__handling__unit").order_by("due_on", "pk")
    found = []
    for each in rows:
        is_own = each.reply is not None and each.reply.handling_id == handling.pk
        is_open = each.state in FOLLOWED
        name = f"promise-{each.pk}"
        form = refused.get(name) or PromiseForm(of=str(each.pk), initial={"text": each.unit_words})
        found.append(
            {
                "promise": each,
                "name": name,
                "unit": each.reply.handling.unit.name if each.reply else "",
                "light": deadlines.light(each.due_on, today).value if is_open else None,
                "words": deadlines.words(each.due_on, today),
                "form": form if is_own and is_open else None,
                "is_asked": each.state == PromiseState.ASKED and not each.unit_words,
            }
        )
    return found
