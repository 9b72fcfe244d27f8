"""All that the office's page of one matter shows, gathered for its template."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiazhan.documents import selectors as documents
from jiazhan.documents.models import Attachment
from jiazhan.kernel import deadlines, parameters
from jiazhan.kernel.deadlines import Rule
from jiazhan.opinions import parameters as names
from jiazhan.opinions import screening, selectors
from jiazhan.opinions.access import holds
from jiazhan.opinions.models import Objection, Opinion, Publication, Reply
from jiazhan.opinions.models.handling import ReplyState
from jiazhan.opinions.selectors.conversation import conversation_for_unit
from jiazhan.opinions.services import contacting
from jiazhan.opinions.states import BEFORE_HANDLING, OPEN
from jiazhan.people.permissions import Permission as P

from .acts.base import Situation
from .acts.publishing import standing_publication
from .rows import places_in

MOST_NOTES = 20


@dataclass(frozen=True)
class Deadline:
    """The deadline in force in words: how long is left, what for, by which rule."""

    light: str
    words: str
    what: str
    on: date
    rule: str
    is_estimated: bool


@dataclass
class Files:
    """What was sent along, by how a page shows it."""

    pictures: list[dict[str, str]] = field(default_factory=list)
    voices: list[dict[str, str]] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)


def story(situation: Situation) -> dict[str, Any]:
    """The context of the page, without the acts. Reads only what is there."""
    opinion, parts = situation.opinion, situation.parts

    def if_there(name: str, read: Callable[[], Any], otherwise: Any = ()) -> Any:
        return read() if name in parts else otherwise

    return {
        "opinion": opinion,
        "is_over": opinion.state not in OPEN,
        "warnings": screening.words_for_staff(opinion.flags),
        "place": place_of(opinion),
        "deadline": deadline_of(opinion, today=situation.today),
        "author": contacting.masked_author(opinion),
        "may_reveal": holds(situation.user, P.CONTACT_REVEAL, opinion),
        "files": if_there("attachments", lambda: files_of(opinion), Files()),
        "notes": if_there(
            "supporters", lambda: list(opinion.supporters.exclude(note="").order_by("joined_at")[:MOST_NOTES])
        ),
        "merged": if_there("merged", lambda: list(opinion.merged.order_by("raised_at"))),
        "into": opinion.merged_into,
        "similar": _similar(situation),
        "words_of": _official_words(situation),
        "letters": if_there("documents", lambda: _letters(opinion)),
        "rounds": if_there("replies", lambda: [_round(reply) for reply in _signed(opinion)]),
        "being_written": if_there("replies", lambda: _being_written(opinion), ""),
        "talk": if_there("messages", lambda: conversation_for_unit(opinion)),
        "deliveries": if_there("deliveries", lambda: list(opinion.deliveries.order_by("round", "delivered_at"))),
        "ratings": if_there("ratings", lambda: list(opinion.ratings.select_related("reply").order_by("rated_at"))),
        "promises": if_there("promises", lambda: list(opinion.promises.order_by("due_on"))),
        "settlement": if_there("settlements", lambda: opinion.settlements.first(), None),
        "objection": if_there("objections", lambda: _last_objection(opinion), None),
        "extension": if_there("extensions", lambda: opinion.extensions.order_by("-requested_at").first(), None),
        "publication": if_there("publications", lambda: _publication(opinion), None),
        "timeline": list(reversed(selectors.timeline_for_staff(opinion))),
    }


def _last_objection(opinion: Opinion) -> Objection | None:
    return opinion.objections.select_related("proposed_unit").order_by("-raised_at").first()


def _publication(opinion: Opinion) -> Publication | None:
    return standing_publication(opinion) or opinion.publications.order_by("-proposed_at").first()


def deadline_of(opinion: Opinion, *, today: date) -> Deadline | None:
    """The deadline in force; None where nothing is due."""
    if opinion.due_on is None:
        return None
    amber = parameters.get(names.AMBER, opinion.street)
    rule = Rule.from_json(opinion.due_rule).in_words() if opinion.due_rule else ""
    return Deadline(
        light=str(deadlines.light(opinion.due_on, today, amber_workdays=amber)),
        words=deadlines.words(opinion.due_on, today),
        what=opinion.get_due_for_display(),
        on=opinion.due_on,
        rule=rule,
        is_estimated=opinion.is_due_estimated,
    )


def place_of(opinion: Opinion) -> str:
    """Where it happened: street, community, note; or near the station."""
    named = places_in(opinion.street[:6])
    parts = [named.get(opinion.street, ""), named.get(opinion.community, ""), opinion.place_note]
    if not opinion.community:
        parts.insert(1, opinion.get_place_kind_display())
    return " ".join(filter(None, parts))


def files_of(subject: Opinion | Reply) -> Files:
    """The files of a matter or of one of its replies."""
    files = Files()
    opinion = subject if isinstance(subject, Opinion) else subject.opinion
    place = {"jurisdiction": opinion.jurisdiction, "opinion_id": opinion.pk}
    for each in documents.attachments_of(subject):
        route, given = "office:file", place | {"file_id": each.pk}
        if isinstance(subject, Reply):
            route, given = "office:reply-file", given | {"reply_id": subject.pk}
        _sort_in(
            files, each, reverse(route, kwargs=given), reverse("office:thumbnail", kwargs=place | {"file_id": each.pk})
        )
    return files


def _sort_in(files: Files, each: Attachment, address: str, thumbnail: str) -> None:
    if each.media_type.startswith("image/") and each.thumbnail_sha256 and each.subject_label.endswith("opinion"):
        files.pictures.append({"url": address, "thumbnail": thumbnail, "alt": each.name})
    elif each.media_type.startswith("audio/"):
        files.voices.append({"url": address, "name": each.name, "media_type": each.media_type})
    else:
        files.others.append({"name": each.name, "url": address, "size": each.size})


def _similar(situation: Situation) -> list[selectors.Similar]:
    """Open matters that this one could be merged with, while it still can be."""
    opinion = situation.opinion
    if "merge" not in situation.steps or opinion.state not in BEFORE_HANDLING:
        return []
    found = selectors.similar_open(
        f"{opinion.title}\n{opinion.body}", station=opinion.station, community=opinion.community, most=4
    )
    return [each for each in found if each.opinion.pk != opinion.pk][:3]


def _official_words(situation: Situation) -> list[dict[str, Any]]:
    """Every signed opinion, in the order in which they were given."""
    opinion, said = situation.opinion, []
    if "deputy_opinions" in situation.parts:
        for each in opinion.deputy_opinions.select_related("deputy"):
            who = _("接待代表 %(name)s") % {"name": each.deputy.name} if each.deputy else _("站点说明")
            said.append({"who": who, "text": each.text, "at": each.signed_at})
    if "official_opinions" in situation.parts:
        for each in opinion.official_opinions.select_related("signed_by"):
            who = f"{each.get_official_display()} {each.signed_by.name}"
            said.append({"who": who, "text": each.text, "at": each.signed_at})
    if "reviews" in situation.parts:
        for each in opinion.reviews.select_related("reviewed_by", "unit"):
            verdict = _("同意转办") if each.is_approved else _("不予转办，去向：%(way)s") % {"way": each.way_on}
            who = each.unit.name if each.unit else each.reviewed_by.name
            said.append({"who": f"{who} · {verdict}", "text": each.text, "at": each.signed_at})
    return sorted(said, key=lambda each: each["at"])


def _letters(opinion: Opinion) -> list[dict[str, Any]]:
    place = {"jurisdiction": opinion.jurisdiction, "opinion_id": opinion.pk}
    return [
        {
            "title": str(each),
            "at": each.issued_at,
            "pdf": reverse("office:letter", kwargs=place | {"letter_id": each.pk, "kind": "pdf"}),
            "docx": reverse("office:letter", kwargs=place | {"letter_id": each.pk, "kind": "docx"}),
        }
        for each in documents.documents_of(opinion)
    ]


def _signed(opinion: Opinion) -> list[Reply]:
    rows = opinion.replies.filter(state=ReplyState.SIGNED).select_related("unit", "signed_by", "drafted_by")
    return list(rows.order_by("round"))


def _round(reply: Reply) -> dict[str, Any]:
    files = files_of(reply)
    return {"reply": reply, "files": [*files.others, *({**each, "size": None} for each in files.voices)]}


def _being_written(opinion: Opinion) -> str:
    """Who is at work on the next reply; its words are the unit's own until they are signed."""
    draft = opinion.replies.exclude(state=ReplyState.SIGNED).first()
    return draft.get_state_display() if draft else ""
