"""The page of a matter for who follows it, and what they may do there: rate, talk, withdraw, take down, download."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jiazhan.documents import access as documents_access
from jiazhan.documents import selectors as documents
from jiazhan.kernel.text import mask
from jiazhan.kernel.words import WordsMissing, WordsTooLong
from jiazhan.kernel.workflow import StepRefused
from jiazhan.opinions import access, selectors
from jiazhan.opinions.models import Publication, Rating, Reply
from jiazhan.opinions.models.ending import PublicationState
from jiazhan.opinions.models.handling import ReplyState, Speaker
from jiazhan.opinions.services import ending, joining, publishing, ratings, units
from jiazhan.opinions.states import BEFORE_HANDLING, WORKFLOW, State
from jiazhan.web.ui.guards import anyone
from jiazhan.web.ui.sending import sent

from . import followers, standing
from .followers import Follower
from .forms import MessageForm, RatingForm, ReasonForm
from .frame import page

BETWEEN_AUTHOR_AND_UNIT = frozenset(
    f"opinion.{each}" for each in ("rate", "rate_along", "speak", "answer_message", "reopen", "take_up_after_all", "escalate")
)  # fmt: skip
REFUSALS = (
    StepRefused, access.NotYours, joining.NotTheAuthor, ratings.AlreadyRated, publishing.NotPublic, WordsMissing, WordsTooLong,
)  # fmt: skip


def for_follower(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the view who looks at which matter. A stranger gets 404."""

    @wraps(view)
    def following(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, **rest: Any) -> HttpResponse:
        return view(request, followers.of(request, jurisdiction, opinion_id), **rest)

    return following


@anyone
@never_cache
@require_safe
@for_follower
def followed(request: HttpRequest, follower: Follower) -> HttpResponse:
    if follower.is_author and follower.main.state in {State.REPLIED, State.RATED}:
        ending.see(follower.opinion, by=follower.actor, at=timezone.now())
    return followed_page(request, follower)


@anyone
@require_POST
@for_follower
def rate(request: HttpRequest, follower: Follower) -> HttpResponse:
    form = RatingForm(request.POST)
    if not form.is_valid():
        return followed_page(request, follower, rating=form, status=422)
    given = form.cleaned_data
    return _act(
        request, follower, _("谢谢您的评价。"),
        lambda: ratings.rate(
            follower.opinion, grade=given["grade"], words=given["words"], by=follower.actor, at=timezone.now(),
            is_resolved={"yes": True, "no": False}.get(given["is_resolved"]), supporter=follower.supporter,
        ),
    )  # fmt: skip


@anyone
@require_POST
@for_follower
def say_to_unit(request: HttpRequest, follower: Follower) -> HttpResponse:
    form = MessageForm(request.POST)
    if not form.is_valid():
        return followed_page(request, follower, message=form, status=422)
    return _act(
        request, follower, _("留言已经送到承办单位。"),
        lambda: units.answer_message(
            follower.opinion, text=form.cleaned_data["text"], by=follower.actor, at=timezone.now()
        ),
    )  # fmt: skip


@anyone
@require_POST
@for_follower
def withdraw(request: HttpRequest, follower: Follower) -> HttpResponse:
    return _act(
        request, follower, _("已经撤回，不再办理。查询码仍可看到这一页。"),
        lambda: joining.withdraw(follower.opinion, by=follower.actor, at=timezone.now()),
    )  # fmt: skip


@anyone
@require_POST
@for_follower
def take_down(request: HttpRequest, follower: Follower) -> HttpResponse:
    """The author's word is enough to take the public page down; a marker stays."""
    publication = _publication_of(follower)
    if publication is None:
        return redirect("public:followed", follower.opinion.jurisdiction, follower.opinion.pk)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _act(
        request, follower, _("公开页已经撤下。"),
        lambda: publishing.withdraw_from_view(
            publication, reason=reason or _("反映人要求撤下"), by=follower.actor, at=timezone.now()
        ),
    )  # fmt: skip


@anyone
@require_safe
@for_follower
def file(request: HttpRequest, follower: Follower, attachment_id: uuid.UUID) -> HttpResponse:
    """A file of the author's own matter, or one that came with a signed reply."""
    return sent(request, documents.attachment_download(_attachment(follower, attachment_id)))


@anyone
@require_safe
@for_follower
def thumbnail(request: HttpRequest, follower: Follower, attachment_id: uuid.UUID) -> HttpResponse:
    download = documents.thumbnail_download(_attachment(follower, attachment_id))
    if download is None:
        raise documents_access.NotVisible(attachment_id)
    return sent(request, download)


@anyone
@require_safe
@for_follower
def letter(request: HttpRequest, follower: Follower, reply_id: uuid.UUID) -> HttpResponse:
    """The letter of a signed reply, as PDF."""
    reply = _replies(follower).filter(pk=reply_id, document__isnull=False).first()
    if reply is None:
        raise documents_access.NotVisible(reply_id)
    return sent(request, documents.pdf_download(reply.document))


def followed_page(
    request: HttpRequest,
    follower: Follower,
    *,
    rating: RatingForm | None = None,
    message: MessageForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    opinion, main, at = follower.opinion, follower.main, timezone.now()
    replies = list(_replies(follower))
    for reply in replies:
        reply.files = list(documents.attachments_of(reply))
    own = list(Rating.objects.filter(jurisdiction=opinion.jurisdiction, opinion=opinion, supporter=follower.supporter))
    rated = {each.reply_id: each for each in own}
    files = list(documents.attachments_of(opinion)) if follower.is_author else []
    talk = list(opinion.messages.order_by("at")) if follower.is_author else []
    can_rate = bool(replies) and replies[-1].pk not in rated and _may_rate(follower)
    context = {
        "opinion": opinion,
        "main": main,
        "is_author": follower.is_author,
        "is_merged": main is not opinion,
        "title": opinion.title if follower.is_author else mask(main.title),
        "standing": standing.of(main, at=at, is_own=follower.is_author),
        "timeline": _timeline(follower),
        "replies": replies,
        "rated": rated,
        "can_rate": can_rate,
        "rating": rating or RatingForm(),
        "promises": list(main.promises.order_by("due_on")),
        "pictures": [each for each in files if each.thumbnail_sha256],
        "files": [each for each in files if not each.thumbnail_sha256],
        "talk": talk,
        "can_talk": follower.is_author
        and opinion.unit_id is not None
        and opinion.state in {State.HANDLING, State.REOPENED},
        "message": message or MessageForm(),
        "can_withdraw": follower.is_author and opinion.state in BEFORE_HANDLING,
        "publication": _publication_of(follower),
        "refusal": refusal,
        "UNIT": Speaker.UNIT,
        "place_name": opinion.station.name,
    }
    return page(request, "public/followed.html", context, jurisdiction=opinion.jurisdiction, status=status)


def _timeline(follower: Follower) -> list[dict[str, Any]]:
    """The newest first. Who only joined is not told what passed between the author and the unit."""
    # Files are shown with the words that they came with.
    lines = [line for line in selectors.timeline_for_author(follower.opinion) if line.action != "attachment.added"]
    if not follower.is_author:
        lines = [line for line in lines if line.action not in BETWEEN_AUTHOR_AND_UNIT]
    entries = [{"title": line.text, "at": line.at, "by": line.actor, "state": "done"} for line in reversed(lines)]
    if entries and follower.main.state not in WORKFLOW.final:
        entries[0]["state"] = "current"
    return entries


def _may_rate(follower: Follower) -> bool:
    """The author while the reply waits for a grade; others as long as nobody reopened the matter."""
    main = follower.main
    if follower.is_author and main is follower.opinion:
        return main.state == State.REPLIED
    return main.state in {State.REPLIED, State.RATED, State.CLOSED}


def _replies(follower: Follower) -> Any:
    main = follower.main
    signed = Reply.objects.filter(jurisdiction=main.jurisdiction, opinion=main, state=ReplyState.SIGNED)
    return signed.select_related("unit", "document").order_by("round")


def _publication_of(follower: Follower) -> Publication | None:
    if not follower.is_author:
        return None
    return follower.opinion.publications.filter(state=PublicationState.PUBLISHED).first()


def _attachment(follower: Follower, attachment_id: uuid.UUID) -> Any:
    subjects = [follower.opinion] if follower.is_author else []
    for subject in [*subjects, *_replies(follower)]:
        try:
            return documents_access.attachment_of(subject, attachment_id)
        except documents_access.NotVisible:
            continue
    raise documents_access.NotVisible(attachment_id)


def _act(request: HttpRequest, follower: Follower, done: str, act: Callable[[], Any]) -> HttpResponse:
    try:
        act()
    except REFUSALS as refusal:
        fresh = followers.of(request, follower.opinion.jurisdiction, follower.opinion.pk)
        return followed_page(request, fresh, refusal=str(refusal), status=409)
    messages.success(request, done)
    return redirect("public:followed", jurisdiction=follower.opinion.jurisdiction, opinion_id=follower.opinion.pk)
