"""Writing the reply: kept as a draft, submitted, sent back, signed; its files; the letter as it would look."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiazhan.documents.files import checking
from jiazhan.documents.files.checking import Checked
from jiazhan.documents.files.refusals import FileRefused
from jiazhan.documents.services import AlreadyRemoved
from jiazhan.opinions.models import Opinion, Reply
from jiazhan.opinions.services import replies, reply_letters
from jiazhan.people.permissions import Permission
from jiazhan.web.ui.guards import needs

from .forms import ReplyForm, SendBackForm
from .frame import forget_draft
from .matter import REFUSALS, back_to, matter_page, on_my_desk

MOST_FILES = 10
WRITING_REFUSALS = (
    *REFUSALS, replies.ReplyIncomplete, replies.PromiseIncomplete, replies.PromiseInPast, replies.NotSubmitted,
    replies.Submitted, FileRefused, AlreadyRemoved,
)  # fmt: skip


@needs(Permission.OPINION_HANDLE)
@require_POST
def write(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    """Keep what is written; then, as the button says, submit it or (a head) sign it.

    What is written is kept first: a file that is not taken, or a reply that is not whole, loses no word.
    """
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return matter_page(request, opinion, form=form, status=422)
    files, is_all_taken = _checked(request)
    at = timezone.now()
    try:
        reply = replies.save_draft(opinion, by=request.user, at=at, **_typed(form))
        for file in files:
            replies.attach_file(opinion, checked=file, by=request.user, at=at)
    except replies.ReplyChanged as refusal:
        return _beside_theirs(request, opinion, form, refusal)
    except WRITING_REFUSALS as refusal:
        return _refused(request, opinion, form, refusal)
    return _go_on(request, opinion, form, reply, is_all_taken=is_all_taken)


@needs(Permission.OPINION_SIGN_REPLY)
@require_POST
def sign(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    """Sign the reply that was read: its version comes with the button."""
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    version = _number(request.POST.get("version", ""))
    return _finish(request, opinion, ReplyForm.showing(replies.of_round(opinion)), replies.sign_reply, version)


@needs(Permission.OPINION_SIGN_REPLY)
@require_POST
def send_back(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return matter_page(request, opinion, back_form=form, status=422)
    try:
        replies.send_back(opinion, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
    except WRITING_REFUSALS as refusal:
        form.add_error(None, str(refusal))
        return matter_page(request, _again(request, opinion), back_form=form, status=409)
    messages.success(request, _("已退回经办人修改，并已通知本人。"))
    return back_to(opinion)


@needs(Permission.OPINION_HANDLE)
@require_safe
def preview(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    """The letter as it would go out, from what was last saved."""
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    reply = replies.of_round(opinion)
    if reply is None or reply.unit is None:
        raise Http404
    rendered = reply_letters.preview(reply, opinion, by=request.user, at=timezone.now())
    headers = {
        "Content-Disposition": 'inline; filename="preview.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(rendered.pdf, content_type="application/pdf", headers=headers)


@needs(Permission.OPINION_HANDLE)
@require_POST
def remove_file(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    if replies.of_round(opinion) is None:
        raise Http404
    try:
        replies.remove_file(opinion, attachment_id=file_id, reason=_("起草时移除"), by=request.user, at=timezone.now())
    except WRITING_REFUSALS as refusal:
        messages.error(request, str(refusal))
    return back_to(opinion)


def _go_on(
    request: HttpRequest, opinion: Opinion, form: ReplyForm, reply: Reply, *, is_all_taken: bool
) -> HttpResponse:
    act = request.POST.get("act")
    if act in {"submit", "sign"} and not is_all_taken:
        messages.warning(request, _("文字已保存。有附件没有收下，请看看上面的说明，处理后再继续。"))
    elif act == "submit":
        return _finish(request, opinion, form, replies.submit, reply.version)
    elif act == "sign":
        return _finish(request, opinion, form, replies.sign_reply, reply.version)
    else:
        messages.success(request, _("草稿已保存。"))
    _forget(request, opinion)
    return back_to(opinion)


def _finish(
    request: HttpRequest, opinion: Opinion, form: ReplyForm, act: Callable[..., Reply], version: int
) -> HttpResponse:
    try:
        act(opinion, version=version, by=request.user, at=timezone.now())
    except replies.ReplyChanged as refusal:
        return _beside_theirs(request, opinion, form, refusal)
    except WRITING_REFUSALS as refusal:
        saved = ReplyForm.showing(replies.of_round(opinion))
        return _refused(request, opinion, saved, refusal)
    _forget(request, opinion)
    if act is replies.submit:
        messages.success(request, _("已送审，请负责人签发。"))
    else:
        messages.success(request, _("答复已签发，已通知反映人和代表，并抄送人大常委会办公室。"))
    return back_to(opinion)


def _forget(request: HttpRequest, opinion: Opinion) -> None:
    forget_draft(request, f"reply-{opinion.pk}-{opinion.round}")


def _typed(form: ReplyForm) -> dict[str, Any]:
    return dict(form.cleaned_data)


def _checked(request: HttpRequest) -> tuple[list[Checked], bool]:
    """The files that may be kept; each of the others is told about at once."""
    taken: list[Checked] = []
    sent = request.FILES.getlist("files")
    for file in sent[:MOST_FILES]:
        try:
            taken.append(checking.check(file, name=file.name or ""))
        except FileRefused as refusal:
            messages.error(request, str(refusal))
    if len(sent) > MOST_FILES:
        messages.error(request, _("一次最多加 %(most)s 个附件，多出的没有加入。") % {"most": MOST_FILES})
    return taken, len(taken) == len(sent)


def _beside_theirs(
    request: HttpRequest, opinion: Opinion, form: ReplyForm, refusal: replies.ReplyChanged
) -> HttpResponse:
    """What was typed, beside what the other saved; saving once more then means what it says."""
    mine = ReplyForm(form.data.copy()) if form.is_bound else form
    if mine.is_bound:
        mine.data["version"] = str(refusal.theirs.version)
        mine.is_valid()
        mine.add_error(None, str(refusal))
    else:
        messages.error(request, str(refusal))
    return matter_page(request, _again(request, opinion), form=mine, theirs=refusal.theirs, status=409)


def _refused(request: HttpRequest, opinion: Opinion, form: ReplyForm, refusal: Exception) -> HttpResponse:
    if form.is_bound:
        form.add_error(None, str(refusal))
    else:
        messages.error(request, str(refusal))
    return matter_page(request, _again(request, opinion), form=form, status=409)


def _again(request: HttpRequest, opinion: Opinion) -> Opinion:
    """The matter as it stands now: a refusal often means that somebody was quicker."""
    return on_my_desk(request, opinion.jurisdiction, opinion.pk)


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 9 else -1
