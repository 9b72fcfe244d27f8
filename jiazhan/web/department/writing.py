"""Writing the reply to an opinion: kept as a draft, submitted, sent back, signed; its files; the letter as it would look."""

import uuid
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from jiazhan.documents.files.refusals import FileRefused
from jiazhan.documents.services import AlreadyRemoved
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import replies, reply_letters
from jiazhan.people.permissions import Permission
from jiazhan.web.ui.guards import needs

from . import drafting
from .drafting import Writing
from .forms import ReplyForm
from .matter import REFUSALS, back_to, matter_page, on_my_desk

WRITING_REFUSALS = (
    *REFUSALS, replies.ReplyIncomplete, replies.PromiseIncomplete, replies.PromiseInPast, replies.NotSubmitted,
    replies.Submitted, FileRefused, AlreadyRemoved,
)  # fmt: skip


@needs(Permission.OPINION_HANDLE)
@require_POST
def write(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    return drafting.write(request, _writing(request, opinion))


@needs(Permission.OPINION_SIGN_REPLY)
@require_POST
def sign(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    """Sign the reply that was read: its version comes with the button."""
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    version = drafting.number(request.POST.get("version", ""))
    return drafting.finish(request, _writing(request, opinion), "sign", version)


@needs(Permission.OPINION_SIGN_REPLY)
@require_POST
def send_back(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    return drafting.send_back(request, _writing(request, opinion))


@needs(Permission.OPINION_HANDLE)
@require_safe
def preview(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    """The letter as it would go out, from what was last saved."""
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    reply = replies.of_round(opinion)
    if reply is None or reply.unit is None:
        raise Http404
    return drafting.shown(reply_letters.preview(reply, opinion, by=request.user, at=timezone.now()))


@needs(Permission.OPINION_HANDLE)
@require_POST
def remove_file(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    if replies.of_round(opinion) is None:
        raise Http404
    remove = partial(replies.remove_file, opinion)
    return drafting.remove_file(request, _writing(request, opinion), remove, file_id)


def _writing(request: HttpRequest, opinion: Opinion) -> Writing:
    def page(**shown: Any) -> HttpResponse:
        # As it stands now: a refusal often means that somebody was quicker.
        return matter_page(request, on_my_desk(request, opinion.jurisdiction, opinion.pk), **shown)

    return Writing(
        form=ReplyForm,
        saved=lambda: ReplyForm.showing(replies.of_round(opinion)),
        save=partial(replies.save_draft, opinion),
        submit=partial(replies.submit, opinion),
        sign=partial(replies.sign_reply, opinion),
        send_back=partial(replies.send_back, opinion),
        attach=partial(replies.attach_file, opinion),
        page=page,
        back=lambda: back_to(opinion),
        draft_key=f"reply-{opinion.pk}-{opinion.round}",
        changed=replies.ReplyChanged,
        refusals=WRITING_REFUSALS,
        signed_words=_("答复已签发，已通知反映人和代表，并抄送人大常委会办公室。"),
    )
