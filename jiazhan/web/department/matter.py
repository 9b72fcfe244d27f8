"""The page of one matter on a unit's desk: what is asked, what the officials said, what can be done now, the reply."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiazhan.documents import selectors as documents
from jiazhan.kernel import deadlines, words
from jiazhan.kernel.text import mask_contacts
from jiazhan.kernel.workflow import StepRefused
from jiazhan.notifications import selectors as notices
from jiazhan.notifications import services as notifying
from jiazhan.opinions import access, due, selectors
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.models.handling import Decision, Ruling
from jiazhan.opinions.services import district, extensions, letters, promises, street, units
from jiazhan.opinions.states import WORKFLOW, State
from jiazhan.people.permissions import Permission
from jiazhan.places.models import Region
from jiazhan.web.ui.forms import Form
from jiazhan.web.ui.guards import needs

from .editor import editor_of, unshown
from .forms import ExtensionForm, HandlerForm, ObjectionForm, PromiseForm, ReceiveForm, TalkForm
from .frame import forget_draft, page
from .inbox import held_by
from .points import points_of

TO_RECEIVE = frozenset({State.STREET_ASSIGNED, State.DEPT_ASSIGNED})
REFUSALS = (
    StepRefused, access.NotYours, street.Locked, words.WordsMissing, words.WordsTooLong, units.WindowPassed,
    units.SameUnit, units.NotInUnit, district.DateRefused, extensions.DuePassed, extensions.AlreadyRequested,
    extensions.AlreadyExtended, promises.PromiseSettled,
)  # fmt: skip


@needs(Permission.OPINION_HANDLE)
@require_safe
def opinion(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    matter = on_my_desk(request, jurisdiction, opinion_id)
    _read_notices(request, matter)
    return matter_page(request, matter)


def on_my_desk(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> Opinion:
    """The matter, if the person's unit holds it now. A 404 otherwise, whatever else the person may read."""
    found = access.get_for(request.user, jurisdiction, opinion_id)
    if not held_by(request.user, found):
        raise access.NotVisible(_("没有找到这件事。"))
    return found


def attempt(
    request: HttpRequest, opinion: Opinion, name: str, form: Form, act: Callable[..., Any], *, done: str
) -> HttpResponse:
    """Do the act with what the form holds and go back to the matter. A form that is not whole, or a refusal, shows the
    page again with what was typed."""
    if not form.is_valid():
        return matter_page(request, opinion, forms={name: form}, status=422)
    try:
        act(opinion, by=request.user, at=timezone.now(), **form.cleaned_data)
    except REFUSALS as refusal:
        now = on_my_desk(request, opinion.jurisdiction, opinion.pk)
        return matter_page(request, now, forms={name: form}, refusal=refusal, status=409)
    forget_draft(request, f"{name}-{opinion.pk}")
    messages.success(request, done)
    return back_to(opinion)


def back_to(opinion: Opinion) -> HttpResponse:
    return redirect("department:opinion", opinion.jurisdiction, opinion.pk)


def matter_page(
    request: HttpRequest,
    opinion: Opinion,
    *,
    forms: dict[str, Any] | None = None,
    refusal: Exception | None = None,
    status: int = 200,
    **editing: Any,
) -> HttpResponse:
    """The page; `forms` are those that were refused, by name, and `editing` what the editor has to show of a refusal."""
    refused = forms or {}
    today = timezone.localdate()
    # Afterwards the clock is another's: who rates, who rules, who closes.
    is_at_work = opinion.state in TO_RECEIVE | units.WITH_UNIT
    points = points_of(mask_contacts(opinion.body), mask_contacts(opinion.appeal))
    context = {
        "opinion": opinion,
        "refused": refused,
        "refusal": str(refusal) if refusal else "",
        # The act may be over, and its form gone from the page: what was typed stays to be copied.
        "kept": [
            text for form in refused.values() if refusal for text in form.cleaned_data.values() if isinstance(text, str)
        ],
        "title": mask_contacts(opinion.title),
        "state": WORKFLOW.for_staff(opinion.state),
        "light": deadlines.light(opinion.due_on, today).value if opinion.due_on and is_at_work else None,
        "light_words": deadlines.words(opinion.due_on, today),
        "rule": deadlines.Rule.from_json(opinion.due_rule).in_words() if opinion.due_rule else "",
        "body": mask_contacts(opinion.body),
        "appeal": mask_contacts(opinion.appeal),
        "points": points,
        "author": author_words(opinion),
        "place": _place(opinion),
        **_sent_along(opinion),
        "letters": list(documents.documents_of(opinion).defer("inputs")),
        "endorsements": [each for each in letters.endorsements(opinion) if each.text],
        "timeline": selectors.timeline_for_staff(opinion),
        "acts": _acts(request, opinion, refused, today),
        "conversation": _conversation(opinion, refused),
        "promises": _promises(opinion, refused, today),
        "editor": editor_of(request, opinion, points, **editing),
        "rounds": _rounds(opinion),
    }
    context |= unshown(context["editor"], editing)
    return page(request, "department/opinion.html", context, place="inbox", status=status)


def author_words(opinion: Opinion) -> str:
    """How a unit gets to know the author: as the author chose, and never with a number."""
    if opinion.is_anonymous:
        return _("匿名反映")
    if opinion.is_hidden_from_units:
        return _("实名反映，未向承办单位公开姓名")
    return letters.masked_author(opinion)


def _acts(request: HttpRequest, opinion: Opinion, refused: dict[str, Any], today: date) -> dict[str, Any]:
    """The acts that are open now, each with its form and what it would bring about."""
    assignment = opinion.assignments.filter(ended_at=None).select_related("unit").first()
    found: dict[str, Any] = {}
    if opinion.state in TO_RECEIVE and assignment:
        found["receive"] = {
            "form": refused.get("receive") or ReceiveForm(initial={"received_on": today}),
            "due_on": deadlines.compute(due.reply_rule(opinion, today)).on,
            "step": WORKFLOW.steps["sign_street" if opinion.state == State.STREET_ASSIGNED else "sign_department"],
        }
    if assignment and WORKFLOW.allows("object", opinion.state):
        found["object"] = {
            "form": refused.get("object") or ObjectionForm(opinion=opinion),
            "until": assignment.objection_until,
            "is_open": today <= assignment.objection_until,
        }
    if opinion.state in units.WITH_UNIT:
        found["handler"] = {
            "form": refused.get("handler") or HandlerForm(opinion=opinion, initial={"handler": opinion.handler_id}),
            "is_first": opinion.state == State.DEPT_RECEIVED,
        }
    found["extension"] = _extension(opinion, refused, today)
    found["objection"] = opinion.objections.select_related("proposed_unit").order_by("raised_at").last()
    found["is_ruled"] = bool(found["objection"]) and found["objection"].ruling != Ruling.PENDING
    return found


def _extension(opinion: Opinion, refused: dict[str, Any], today: date) -> dict[str, Any]:
    asked = list(opinion.extensions.order_by("requested_at"))
    found: dict[str, Any] = {"asked": asked, "form": None, "until": None}
    is_pending = any(each.decision == Decision.PENDING for each in asked)
    if opinion.state in extensions.EXTENDABLE and opinion.round == 1 and opinion.due_on and not is_pending:
        until = deadlines.compute(due.extended_rule(opinion)).on
        if until > opinion.due_on and today <= opinion.due_on:
            found |= {"form": refused.get("extension") or ExtensionForm(), "until": until}
    return found


def _conversation(opinion: Opinion, refused: dict[str, Any]) -> dict[str, Any]:
    said = [
        {"speaker": each.speaker, "name": each.spoken_by.name if each.spoken_by and each.speaker == "unit" else "",
         "text": mask_contacts(each.text), "at": each.at}
        for each in opinion.messages.select_related("spoken_by").order_by("at", "pk")
    ]  # fmt: skip
    is_open = opinion.state in units.TALKING
    return {"said": said, "form": (refused.get("talk") or TalkForm()) if is_open else None}


def _promises(opinion: Opinion, refused: dict[str, Any], today: date) -> list[dict[str, Any]]:
    rows = opinion.promises.order_by("due_on", "pk")
    return [
        {
            "promise": each,
            "light": deadlines.light(each.due_on, today).value if each.state in promises.FOLLOWED else None,
            "words": deadlines.words(each.due_on, today),
            "form": (refused.get(f"promise-{each.pk}") or PromiseForm(initial={"text": each.unit_words}))
            if each.state in promises.FOLLOWED
            else None,
        }
        for each in rows
    ]


def _rounds(opinion: Opinion) -> list[dict[str, Any]]:
    """The replies that went out, each kept as it was, with the author's word on it."""
    signed = opinion.replies.filter(state="signed").select_related("signed_by", "document").order_by("round")
    ratings = {each.reply_id: each for each in opinion.ratings.filter(supporter=None)}
    return [{"reply": each, "rating": ratings.get(each.pk), "files": _reply_files(opinion, each)} for each in signed]


def _sent_along(opinion: Opinion) -> dict[str, list[dict[str, Any]]]:
    """What the author sent: pictures to look at, everything else to download."""
    found: dict[str, list[dict[str, Any]]] = {"pictures": [], "files": []}
    for each in documents.attachments_of(opinion):
        url = _file_url(opinion, each)
        if each.thumbnail_sha256:
            words = _("现场照片 %(n)s") % {"n": len(found["pictures"]) + 1}
            found["pictures"].append({"url": url, "thumbnail": _file_url(opinion, each, "file-small"), "alt": words})
        else:
            found["files"].append({"url": url, "name": each.name, "size": each.size})
    return found


def _reply_files(opinion: Opinion, reply: Any) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "size": each.size,
            "url": reverse("department:reply-file", args=[opinion.jurisdiction, opinion.pk, reply.pk, each.pk]),
        }
        for each in documents.attachments_of(reply)
    ]


def _file_url(opinion: Opinion, attachment: Any, name: str = "file") -> str:
    return reverse(f"department:{name}", args=[opinion.jurisdiction, opinion.pk, attachment.pk])


def _place(opinion: Opinion) -> str:
    codes = [code for code in (opinion.street, opinion.community) if code]
    names = dict(Region.objects.filter(pk__in=codes).values_list("code", "name"))
    return " ".join(filter(None, [*(names.get(code, "") for code in codes), opinion.place_note]))


def _read_notices(request: HttpRequest, opinion: Opinion) -> None:
    """Whoever opens a matter has read what they were told about it."""
    told = notices.inbox(request.user).filter(subject_id=str(opinion.pk), read_at=None)
    if ids := [str(each) for each in told.values_list("pk", flat=True)]:
        notifying.mark_read(request.user, ids, at=timezone.now())
