"""Saying it in three steps: what, where, who. Each step is a page; what was said travels in the page itself (draft.py)."""

import base64
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

from cryptography.exceptions import InvalidTag
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from jiazhan.documents.files import staging
from jiazhan.opinions import screening
from jiazhan.people import crypto, phones, sms
from jiazhan.people.adapters import client_address
from jiazhan.people.services import pace, phone_codes
from jiazhan.places import selectors as places
from jiazhan.places.models import Station
from jiazhan.web.ui.guards import anyone

from . import human, similar, uploads
from .draft import Draft, DraftUnreadable, begin, seal, unseal
from .forms import PlaceForm, WhoForm, WordsForm
from .frame import page
from .sending import Refused, raise_from, resident_of
from .stations import station_at

# Work done: a street behind one carrier's address may speak at once. None done: still enough for a family.
WITH_WORK = pace.Pace("say with work", burst=60, every=timedelta(seconds=30))
WITHOUT_WORK = pace.Pace("say without work", burst=10, every=timedelta(minutes=2))
STAGING = pace.Pace("stage files", burst=120, every=timedelta(seconds=30))

Step = Callable[[HttpRequest, Station, Draft], HttpResponse]


def carries_draft(view: Step) -> Callable[..., HttpResponse]:
    """Hands a step its station and the draft; an unreadable draft begins again and says so."""

    @wraps(view)
    def stepping(request: HttpRequest, jurisdiction: str, code: str) -> HttpResponse:
        station = station_at(jurisdiction, code)
        at = timezone.now()
        try:
            draft = unseal(request.POST.get("draft", ""))
        except DraftUnreadable as refusal:
            fresh = _with_words(begin(at=at), request)
            return words_page(request, station, fresh, notice=str(refusal), status=400)
        return view(request, station, draft)

    return stepping


@anyone
def say(request: HttpRequest, jurisdiction: str, code: str) -> HttpResponse:
    """The first step: a blank page, or by POST the draft again, without a file that was to be removed."""
    if request.method == "POST":
        return _back_to_words(request, jurisdiction, code)
    via, deputy = request.GET.get("via", "")[:12], _uuid_or_nothing(request.GET.get("deputy", ""))
    return words_page(request, station_at(jurisdiction, code), begin(at=timezone.now(), via=via, deputy=deputy))


@carries_draft
def _back_to_words(request: HttpRequest, station: Station, draft: Draft) -> HttpResponse:
    draft, refusals = _with_files(_absorb(draft, request), request)
    if key := request.POST.get("remove"):
        draft = draft.with_(files=uploads.without(draft.files, key))
    return words_page(request, station, draft, file_errors=refusals)


@anyone
@require_POST
@carries_draft
def place(request: HttpRequest, station: Station, draft: Draft) -> HttpResponse:
    """Takes the words and shows the second step; by the way back from the third it only shows it."""
    draft, refusals = _with_files(_absorb(draft, request), request)
    form = WordsForm(_words_of(draft), has_voice=any(map(uploads.is_recording, draft.files)))
    if not form.is_valid() or refusals:
        return words_page(request, station, draft, form=form, file_errors=refusals, status=422)
    return place_page(request, station, draft)


@anyone
@require_POST
@carries_draft
def contact(request: HttpRequest, station: Station, draft: Draft) -> HttpResponse:
    """Takes the place and shows the third step."""
    draft = _absorb(draft, request)
    form = PlaceForm(_place_of(draft), communities=communities_of(station))
    if not form.is_valid():
        return place_page(request, station, draft, form=form, status=422)
    return contact_page(request, station, draft)


@anyone
@require_POST
@carries_draft
def send(request: HttpRequest, station: Station, draft: Draft) -> HttpResponse:
    """Takes the contact and sends, or first asks for the code that was sent to the phone."""
    at = timezone.now()
    draft = _absorb(draft, request)
    if refused := _refused_before(request, station, draft):
        return refused
    form = WhoForm(_who_of(request, draft))
    if not form.is_valid():
        return contact_page(request, station, draft, form=form, status=422)
    try:
        spend(request, draft, at=at)
    except human.LooksLikeARobot as refusal:
        return contact_page(request, station, draft, form=form, notice=str(refusal), status=422)
    except pace.TooFast as refusal:
        return contact_page(request, station, draft, form=form, notice=str(refusal), status=429)
    draft = draft.with_(contact=_kept(form.cleaned_data), is_human=True)
    if resident_of(request) is None and draft.contact.get("phone"):
        return _ask_code(request, station, draft, form=form, at=at)
    return _sent(request, station, draft, at=at)


@anyone
@require_POST
@carries_draft
def confirm(request: HttpRequest, station: Station, draft: Draft) -> HttpResponse:
    """Takes the code from the phone and sends; without it the number stays unverified.

    Sends the draft as it was sealed and nothing that was typed since: the check against robots was of that draft.
    """
    at = timezone.now()
    if not draft.is_human or not draft.contact.get("phone"):
        return contact_page(request, station, draft)
    act = request.POST.get("act", "check")
    if act == "again":
        return _ask_code(request, station, draft, form=None, at=at, again=True)
    if act == "skip":
        return _sent(request, station, draft, at=at)
    try:
        phone = phone_codes.check(draft.ticket, request.POST.get("phone_code", ""), at=at)
    except (phone_codes.WrongCode, phone_codes.CodeSpent) as refusal:
        return phone_page(request, station, draft, errors=[str(refusal)], status=422)
    # A code that was sent before the number was changed says nothing about the new one.
    return _sent(request, station, draft, at=at, is_phone_verified=phone == draft.contact["phone"])


@anyone
@require_safe
def staged(request: HttpRequest, sealed: str) -> HttpResponse:
    """The small picture of a file that is not sent yet, for whoever holds the page that it was added to."""
    try:
        key = crypto.decrypt(base64.urlsafe_b64decode(sealed.encode()))
        small = staging.thumbnail_of(staging.Staged(key, "", "image/jpeg", 0, 0, 0))
    except (ValueError, InvalidTag, staging.StagedGone) as error:
        raise Http404 from error
    return HttpResponse(small, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})


def spend(request: HttpRequest, draft: Draft, *, at: datetime) -> None:
    """Counts one sending. Raises human.LooksLikeARobot, pace.TooFast."""
    has_worked = human.check(request, started_at=draft.started_at, at=at)
    pace.spend(WITH_WORK if has_worked else WITHOUT_WORK, client_address(request), at=at)


def words_page(request, station, draft, *, form=None, file_errors=(), notice="", status=200) -> HttpResponse:
    pictures = [(each, _thumbnail_path(each)) for each in draft.files if each.is_picture]
    voice = next(filter(uploads.is_recording, draft.files), None)
    context = {"form": form or WordsForm(), "pictures": pictures, "voice": voice, "file_errors": file_errors}
    return _step_page(request, "words", station, draft, 1, notice, context, status)


def place_page(request, station, draft, *, form=None, notice="", status=200) -> HttpResponse:
    communities = communities_of(station)
    chosen = draft.community if draft.is_placed else (station.community_id or "")
    warnings = screening.words_for_author([str(flag) for flag in screening.flags(f"{draft.title}\n{draft.body}")])
    context = {
        "form": form or PlaceForm(communities=communities),
        "communities": communities,
        "chosen": chosen,
        "warnings": warnings,
    }
    return _step_page(request, "place", station, draft, 2, notice, context, status)


def contact_page(request, station, draft, *, form=None, notice="", status=200) -> HttpResponse:
    resident = resident_of(request)
    matters = similar.near(station, draft)
    context = {
        "form": form or WhoForm(),
        "who": draft.contact.get("who", "named" if resident else ""),
        "known_phone": resident.phone_masked if resident else "",
        "known_name": resident.name if resident and "*" not in resident.name else "",
        "similar": matters,
        "similar_words": similar.in_words(matters),
        "trap": human.TRAP,
    }
    return _step_page(request, "contact", station, draft, 3, notice, context, status)


def phone_page(request, station, draft, *, errors=(), notice="", status=200) -> HttpResponse:
    context = {"masked": crypto.mask_phone(draft.contact["phone"]), "errors": errors}
    return _step_page(request, "phone", station, draft, 3, notice, context, status)


def communities_of(station: Station) -> list[tuple[str, str]]:
    """The communities of the station's street that exist today."""
    return list(places.communities_of(station.street_id).values_list("code", "name"))


def _step_page(request, name, station, draft, step, notice, context, status) -> HttpResponse:
    shared = {
        "station": station,
        "draft": draft,
        "sealed": seal(draft),
        "step": step,
        "notice": notice,
        "place_name": station.name,
        "place_url": f"/stations/{station.jurisdiction}/{station.code}/",
    }
    answer = page(
        request, f"public/say/{name}.html", shared | context, jurisdiction=station.jurisdiction, status=status
    )
    # Kept by the browser alone, and kept: its back arrow then shows what was typed, also without scripts.
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def _absorb(draft: Draft, request: HttpRequest) -> Draft:
    """The draft with the fields of whichever step's page was sent, as they were typed."""
    data = request.POST
    draft = _with_words(draft, request).with_(is_human=False)
    if "community" in data:
        draft = draft.with_(
            community=data["community"][:12], place_note=data.get("place_note", "")[:500], is_placed=True
        )
    if "who" in data or "name" in data:
        typed = {name: data.get(name, "")[:100] for name in ("who", "name", "phone", "share")}
        draft = draft.with_(contact={name: value for name, value in typed.items() if value})
    return draft


def _with_words(draft: Draft, request: HttpRequest) -> Draft:
    if "body" not in request.POST:
        return draft
    return draft.with_(body=request.POST["body"].strip(), title=request.POST.get("title", "").strip())


def _with_files(draft: Draft, request: HttpRequest) -> tuple[Draft, list[str]]:
    """Takes new files in; what is refused is told, the rest of the step stays."""
    pictures, voices = request.FILES.getlist("pictures"), request.FILES.getlist("voice")
    if not pictures and not voices:
        return draft, []
    at = timezone.now()
    try:
        for _each in [*pictures, *voices]:
            pace.spend(STAGING, client_address(request), at=at)
    except pace.TooFast as refusal:
        return draft, [str(refusal)]
    files, refusals = uploads.add(draft.files, pictures, voices, at=at)
    return draft.with_(files=files), refusals


def _uuid_or_nothing(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""


def _words_of(draft: Draft) -> dict[str, str]:
    return {"body": draft.body, "title": draft.title}


def _place_of(draft: Draft) -> dict[str, str]:
    return {"community": draft.community, "place_note": draft.place_note}


def _who_of(request: HttpRequest, draft: Draft) -> dict[str, str]:
    """What was chosen, with the phone of who is logged in."""
    resident = resident_of(request)
    known = {"phone": crypto.decrypt(resident.phone_encrypted)} if resident else {}
    return draft.contact | known


def _kept(given: dict[str, object]) -> dict[str, str]:
    kept = {"who": str(given["who"]), "name": str(given["name"]), "phone": str(given["phone"])}
    if given["share"]:
        kept["share"] = "1"
    return kept


def _refused_before(request: HttpRequest, station: Station, draft: Draft) -> HttpResponse | None:
    """The page of an earlier step whose part is not right yet: somebody came here by another way."""
    words = WordsForm(_words_of(draft), has_voice=any(map(uploads.is_recording, draft.files)))
    if not words.is_valid():
        return words_page(request, station, draft, form=words, status=422)
    where = PlaceForm(_place_of(draft), communities=communities_of(station))
    if not where.is_valid():
        return place_page(request, station, draft, form=where, status=422)
    return None


def _ask_code(request, station, draft, *, form, at: datetime, again: bool = False) -> HttpResponse:
    phone = draft.contact["phone"]
    try:
        ticket = phone_codes.request(phone, address=client_address(request), at=at)
    except (phone_codes.TooSoon, sms.NotSent, phones.NotAPhone) as refusal:
        # The way on stays open: the number is kept unverified where no message can be sent.
        return phone_page(request, station, draft, errors=[str(refusal)], status=200 if again else 422)
    return phone_page(request, station, draft.with_(ticket=ticket))


def _sent(request, station, draft, *, at: datetime, is_phone_verified: bool = False) -> HttpResponse:
    try:
        grant = raise_from(request, station, draft, at=at, is_phone_verified=is_phone_verified)
    except Refused as refusal:
        pages = {"words": words_page, "place": place_page, "contact": contact_page}
        return pages[refusal.step](request, station, draft, notice=str(refusal), status=422)
    return redirect("public:sent", jurisdiction=grant.jurisdiction, opinion_id=grant.opinion_id)


def _thumbnail_path(file: staging.Staged) -> str:
    sealed = base64.urlsafe_b64encode(crypto.encrypt(file.key)).decode()
    return f"/say/staged/{sealed}/"
