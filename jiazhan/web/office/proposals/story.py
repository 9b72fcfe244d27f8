"""All that the office's page of one proposal shows, gathered for its template."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiazhan.documents import selectors as documents
from jiazhan.kernel import deadlines
from jiazhan.kernel.deadlines import Rule
from jiazhan.people.permissions import Permission as P
from jiazhan.suggestions import access
from jiazhan.suggestions import parameters as names
from jiazhan.suggestions.models import Contact, Extension, Handling, Proposal, Reply
from jiazhan.suggestions.selectors import timeline
from jiazhan.suggestions.services.writing import part_names
from jiazhan.suggestions.states import FINAL, PartState

from .acts.base import Situation
from .rows import badges_of


@dataclass(frozen=True)
class Deadline:
    """A deadline in force in words: how long is left, what for, by which rule."""

    light: str
    words: str
    what: str
    on: date
    rule: str
    is_estimated: bool


def story(situation: Situation) -> dict[str, Any]:
    """The context of the page, without the acts."""
    proposal, user = situation.proposal, situation.user
    names_of, place = part_names(proposal), [proposal.jurisdiction, proposal.pk]
    key = {"jurisdiction": proposal.jurisdiction}
    replies = list(
        access.replies_for(user, proposal).select_related("handling__unit", "signed_by").order_by("round", "signed_at")
    )
    handlings = list(
        proposal.handlings.select_related("unit", "handler", "signed_by").order_by("assigned_at", "part", "id")
    )
    return {
        "proposal": proposal,
        "is_over": proposal.state in FINAL,
        "badges": badges_of(proposal),
        "parts_of_text": [
            (name, text)
            for name, text in zip(names_of, (proposal.facts, proposal.cause, proposal.request), strict=True)
            if text
        ],
        "deadline": deadline_of(proposal, proposal.get_due_for_display(), today=situation.today),
        "files": [
            {"name": each.name, "size": each.size, "url": reverse("office:proposal-file", args=[*place, each.pk])}
            for each in documents.attachments_of(proposal)
        ],
        "cosigners": list(proposal.cosigners.select_related("deputy").order_by("decided_at", "id")),
        "sources": list(proposal.sources.order_by("number")),
        "may_read_opinions": P.OPINION_READ in user.permissions,
        "merged": list(proposal.merged.select_related("lead").order_by("submitted_at")),
        "into": proposal.merged_into,
        "repeats": proposal.repeats,
        "repeated_by": list(proposal.repeated_by.filter(pk__in=access.visible_to(user).values("pk")).order_by("year")),
        "converted_from": proposal.converted_from,
        "converted_into": proposal.converted_into.first(),
        "similar": situation.similar,
        "units": [_unit(each, situation.today) for each in handlings],
        "objections": list(
            proposal.objections.select_related("handling__unit", "proposed_unit", "ruled_by").order_by("raised_at")
        ),
        "extensions": list(
            Extension.objects.filter(**key, handling__in=[each.pk for each in handlings])
            .select_related("handling__unit", "requested_by", "decided_by")
            .order_by("requested_at")
        ),
        "contacts": list(
            Contact.objects.filter(**key, proposal=proposal)
            .select_related("handling__unit", "deputy")
            .order_by("held_at")
        ),
        "assists": list(
            access.assist_opinions_for(user, proposal).select_related("handling__unit", "signed_by").order_by("round")
        ),
        "rounds": _rounds(proposal, replies),
        "promises": list(proposal.promises.order_by("due_on")),
        "settlements": list(proposal.settlements.select_related("recorded_by").order_by("held_on")),
        "timeline": list(reversed(timeline.for_congress(proposal))),
    }


def deadline_of(row: Proposal | Handling, what: Any, *, today: date) -> Deadline | None:
    """The deadline in force of a proposal or of a part; None where nothing is due."""
    if row.due_on is None:
        return None
    return Deadline(
        light=str(deadlines.light(row.due_on, today)),
        words=deadlines.words(row.due_on, today),
        what=str(what),
        on=row.due_on,
        rule=Rule.from_json(row.due_rule).in_words() if row.due_rule else "",
        is_estimated=row.is_due_estimated,
    )


def outcome_words(reply: Reply, area: str) -> str:
    """The outcome as the place writes it: its letter, then the words."""
    return f"{names.letter_of(reply.outcome, area)} {reply.get_outcome_display()}".strip()


def _unit(handling: Handling, today: date) -> dict[str, Any]:
    is_waiting = handling.state in {PartState.ASSIGNED, PartState.OBJECTED}
    what = _("答复") if handling.due_for == "reply" else _("送协办意见")
    return {
        "part": handling,
        "is_former": handling.state == PartState.RELEASED,
        "deadline": deadline_of(handling, what, today=today) if handling.state != PartState.ANSWERED else None,
        "tone": "late" if handling.state == PartState.OBJECTED else "warn" if is_waiting else "ok",
        "is_unsigned_late": handling.state == PartState.ASSIGNED and handling.objection_until < today,
    }


def _rounds(proposal: Proposal, replies: list[Reply]) -> list[dict[str, Any]]:
    """The signed replies, each with who got a copy and what they said of it; who said nothing is named as such."""
    found, place = [], [proposal.jurisdiction, proposal.pk]
    for reply in replies:
        said = {each.deputy_id: each for each in reply.evaluations.select_related("deputy").order_by("evaluated_at")}
        copies = [(copy, said.get(copy.deputy_id)) for copy in reply.copies.select_related("deputy").order_by("id")]
        found.append(
            {
                "reply": reply,
                "outcome": outcome_words(reply, proposal.congress_area),
                "copies": copies,
                "files": [
                    {
                        "name": each.name,
                        "size": each.size,
                        "url": reverse("office:proposal-reply-file", args=[*place, reply.pk, each.pk]),
                    }
                    for each in documents.attachments_of(reply)
                ],
            }
        )
    return found
