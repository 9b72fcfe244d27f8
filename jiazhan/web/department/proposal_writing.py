"""Writing a unit's answer to a proposal: the reply of who answers for it, the opinion of who assists."""

import uuid
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from jiazhan.documents.files.refusals import FileRefused
from jiazhan.documents.services import AlreadyRemoved
from jiazhan.people.permissions import Permission
from jiazhan.suggestions.choices import Part
from jiazhan.suggestions.models import Handling
from jiazhan.suggestions.services import assisting, replies, reply_letters
from jiazhan.web.ui.guards import needs

from . import drafting
from .drafting import Writing
from .proposal_editor import draft_key
from .proposal_forms import AssistForm, ProposalReplyForm
from .proposal_page import REFUSALS, back_to, on_my_desk, proposal_page

WRITING_REFUSALS = (
    *REFUSALS, replies.ReplyIncomplete, replies.PromiseIncomplete, replies.PromiseInPast, replies.NotSubmitted,
    replies.Submitted, replies.NoContact, replies.AssistMissing, replies.PrivatePhone, FileRefused, AlreadyRemoved,
)  # fmt: skip


@needs(Permission.PROPOSAL_HANDLE)
@require_POST
def write(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    handling = on_my_desk(request, jurisdiction, proposal_id)
    return drafting.write(request, _writing(request, handling))


@needs(Permission.PROPOSAL_SIGN_REPLY)
@require_POST
def sign(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    """Sign what was read: its version comes with the button."""
    handling = on_my_desk(request, jurisdiction, proposal_id)
    version = drafting.number(request.POST.get("version", ""))
    return drafting.finish(request, _writing(request, handling), "sign", version)


@needs(Permission.PROPOSAL_SIGN_REPLY)
@require_POST
def send_back(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    handling = on_my_desk(request, jurisdiction, proposal_id)
    return drafting.send_back(request, _writing(request, handling))


@needs(Permission.PROPOSAL_HANDLE)
@require_safe
def preview(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    """The letter as it would go out to the lead, from what was last saved; only of the unit's own reply."""
    handling = on_my_desk(request, jurisdiction, proposal_id)
    reply = replies.of_round(handling)
    if reply is None:
        raise Http404
    reply.handling, reply.proposal = handling, handling.proposal
    return drafting.shown(reply_letters.preview(reply, by=request.user, at=timezone.now()))


@needs(Permission.PROPOSAL_HANDLE)
@require_POST
def remove_file(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    handling = on_my_desk(request, jurisdiction, proposal_id)
    if replies.of_round(handling) is None:
        raise Http404
    remove = partial(replies.remove_file, handling)
    return drafting.remove_file(request, _writing(request, handling), remove, file_id)


def _writing(request: HttpRequest, handling: Handling) -> Writing:
    shared: dict[str, Any] = {
        "page": partial(_page_now, request, handling),
        "back": lambda: back_to(handling),
        "draft_key": draft_key(handling),
        "refusals": WRITING_REFUSALS,
    }
    if handling.part == Part.ASSIST:
        return Writing(
            form=AssistForm,
            saved=lambda: AssistForm.showing(assisting.of_round(handling)),
            save=partial(assisting.save_opinion, handling),
            submit=partial(assisting.submit_opinion, handling),
            sign=partial(assisting.sign_opinion, handling),
            send_back=partial(assisting.send_back_opinion, handling),
            changed=assisting.OpinionChanged,
            signed_words=_("协办意见已签发，主办单位会收到通知。"),
            **shared,
        )
    return Writing(
        form=ProposalReplyForm,
        saved=lambda: ProposalReplyForm.showing(replies.of_round(handling)),
        save=partial(replies.save_draft, handling),
        submit=partial(replies.submit, handling),
        sign=partial(replies.sign_reply, handling),
        send_back=partial(replies.send_back, handling),
        attach=partial(replies.attach_file, handling),
        changed=replies.ReplyChanged,
        signed_words=_("答复已签发，每位代表都会收到自己的一份答复函，并已抄送。"),
        **shared,
    )


def _page_now(request: HttpRequest, handling: Handling, **shown: Any) -> HttpResponse:
    # As it stands now: a refusal often means that somebody was quicker.
    return proposal_page(request, on_my_desk(request, handling.jurisdiction, handling.proposal_id), **shown)
