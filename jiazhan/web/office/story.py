"""All that the office's page of one matter shows, gathered for its template."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from jiazhan.documents.models import Attachment
from jiazhan.kernel import deadlines, parameters
from jiazhan.kernel.deadlines import Rule
from jiazhan.opinions import parameters as names
from jiazhan.opinions import screening, selectors
from jiazhan.opinions.access import holds
from jiazhan.opinions.models import Opinion, Publication, Reply
from jiazhan.opinions.models.handling import ReplyState
from jiazhan.opinions.selectors import dossier
from jiazhan.opinions.selectors.conversation import conversation_for_unit
from jiazhan.opinions.services import contacting
from jiazhan.opinions.states import BEFORE_HANDLING, OPEN
from jiazhan.people.permissions import Permission as P

from .acts.base import Situation
from .acts.publishing import STANDING
from .rows import places_in


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
    key = (opinion.jurisdiction, opinion.pk)

    def if_there(name: str, read: Callable[[str, UUID], list[Any]]) -> list[Any]:
        return read(*key) if name in parts else []

    replies = if_there("replies", dossier.replies)
    return {
        "opinion": opinion,
        "is_over": opinion.state not in OPEN,
        "warnings": screening.words_for_staff(opinion.flags),
        "place": place_of(opinion),
        "deadline": deadline_of(opinion, today=situation.today),
        "author": contacting.masked_author(opinion),
        "may_reveal": holds(situation.user, P.CONTACT_REVEAL, opinion),
        "files": files_of(opinion) if "attachments" in parts else Files(),
        "notes": if_there("supporters", dossier.notes),
        "merged": if_there("merged", dossier.merged),
        "into": opinion.merged_into,
        "similar": _similar(situation),
        "words_of": _official_words(situation),
        "letters": _letters(opinion) if "documents" in parts else [],
        "rounds": _rounds(opinion, [each for each in replies if each.state == ReplyState.SIGNED], parts),
        # Its words are the unit's own until they are signed.
        "being_written": next((each.get_state_display() for each in replies if each.state != ReplyState.SIGNED), ""),
        "talk": conversation_for_unit(opinion) if "messages" in parts else [],
        "deliveries": if_there("deliveries", dossier.deliveries),
        "ratings": if_there("ratings", dossier.ratings),
        "promises": if_there("promises", dossier.promises),
        "settlement": _first(if_there("settlements", dossier.settlements)),
        "objection": _first(if_there("objections", dossier.objections)),
        "extension": _first(if_there("extensions", dossier.extensions)),
        "publication": _publication(if_there("publications", dossier.publications)),
        "timeline": list(reversed(selectors.timeline_for_staff(opinion))),
    }


def _first(rows: list[Any]) -> Any:
    return rows[0] if rows else None


def _publication(newest_first: list[Publication]) -> Publication | None:
    """The page that is proposed or public now, else the last one."""
    return next((each for each in newest_first if each.state in STANDING), _first(newest_first))


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


def files_of(opinion: Opinion) -> Files:
    """The files of a matter."""
    found = Files()
    place = {"jurisdiction": opinion.jurisdiction, "opinion_id": opinion.pk}
    for each in dossier.files(opinion.jurisdiction, str(opinion.pk)):
        given = place | {"file_id": each.pk}
        _sort_in(found, each, reverse("office:file", kwargs=given), reverse("office:thumbnail", kwargs=given))
    return found


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
        for each in dossier.deputy_opinions(opinion.jurisdiction, opinion.pk):
            who = _("接待代表 %(name)s") % {"name": each.deputy.name} if each.deputy else _("站点说明")
            said.append({"who": who, "text": each.text, "at": each.signed_at})
    if "official_opinions" in situation.parts:
        for each in dossier.official_opinions(opinion.jurisdiction, opinion.pk):
            who = f"{each.get_official_display()} {each.signed_by.name}"
            said.append({"who": who, "text": each.text, "at": each.signed_at})
    if "reviews" in situation.parts:
        for each in dossier.reviews(opinion.jurisdiction, opinion.pk):
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
        for each in dossier.letters(opinion.jurisdiction, str(opinion.pk))
    ]


def _rounds(opinion: Opinion, signed: list[Reply], parts: frozenset[str]) -> list[dict[str, Any]]:
    """The signed replies, each with its files."""
    files: dict[str, Files] = {}
    for each in dossier.reply_files(opinion.jurisdiction, opinion.pk) if "reply_files" in parts else ():
        given = {
            "jurisdiction": opinion.jurisdiction,
            "opinion_id": opinion.pk,
            "reply_id": each.subject_id,
            "file_id": each.pk,
        }
        _sort_in(files.setdefault(each.subject_id, Files()), each, reverse("office:reply-file", kwargs=given), "")
    found = []
    for reply in signed:
        sent = files.get(str(reply.pk), Files())
        found.append({"reply": reply, "files": [*sent.others, *({**each, "size": None} for each in sent.voices)]})
    return found
