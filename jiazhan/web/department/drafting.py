"""Writing an answer on a unit's desk, whatever it answers: kept as a draft, submitted, sent back, signed; its files."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.documents.files import checking
from jiazhan.documents.files.checking import Checked
from jiazhan.documents.files.refusals import FileRefused
from jiazhan.documents.letters.pdf import Rendered
from jiazhan.web.ui.forms import Form

from .forms import SendBackForm
from .frame import forget_draft

MOST_FILES = 10


@dataclass(frozen=True, kw_only=True)
class Writing:
    """One answer that is being written: the acts of its service, and the page that shows it as it stands now."""

    form: Callable[..., Form]
    # The form with what was last saved.
    saved: Callable[[], Form]
    save: Callable[..., Any]
    submit: Callable[..., Any]
    sign: Callable[..., Any]
    send_back: Callable[..., Any]
    attach: Callable[..., Any] | None = None
    # Called with form=, back_form=, theirs= and status=.
    page: Callable[..., HttpResponse]
    back: Callable[[], HttpResponse]
    draft_key: str
    # Raised with `theirs` where somebody else saved first.
    changed: type[Exception]
    refusals: tuple[type[Exception], ...]
    signed_words: Any


def write(request: HttpRequest, writing: Writing) -> HttpResponse:
    """Keep what is written; then, as the button says, submit it or (a head) sign it.

    What is written is kept first: a file that is not taken, or an answer that is not whole, loses no word.
    """
    form = writing.form(request.POST)
    if not form.is_valid():
        return writing.page(form=form, status=422)
    files, is_all_taken = _checked(request) if writing.attach else ([], True)
    at = timezone.now()
    try:
        draft = writing.save(by=request.user, at=at, **form.cleaned_data)
        for file in files:
            writing.attach(checked=file, by=request.user, at=at)  # type: ignore[misc]
    except writing.changed as refusal:
        return _beside_theirs(request, writing, form, refusal)
    except writing.refusals as refusal:
        return _refused(request, writing, form, refusal)
    act = request.POST.get("act")
    if act in {"submit", "sign"} and is_all_taken:
        return finish(request, writing, act, draft.version, form)
    if act in {"submit", "sign"}:
        messages.warning(request, _("文字已保存。有附件没有收下，请看看上面的说明，处理后再继续。"))
    else:
        messages.success(request, _("草稿已保存。"))
    forget_draft(request, writing.draft_key)
    return writing.back()


def finish(request: HttpRequest, writing: Writing, act: str, version: int, form: Form | None = None) -> HttpResponse:
    """Submit or sign the version that was read: it comes with the button."""
    do = writing.submit if act == "submit" else writing.sign
    try:
        do(version=version, by=request.user, at=timezone.now())
    except writing.changed as refusal:
        return _beside_theirs(request, writing, form or writing.saved(), refusal)
    except writing.refusals as refusal:
        return _refused(request, writing, writing.saved(), refusal)
    forget_draft(request, writing.draft_key)
    messages.success(request, _("已送审，请负责人签发。") if act == "submit" else str(writing.signed_words))
    return writing.back()


def send_back(request: HttpRequest, writing: Writing) -> HttpResponse:
    """Give what was submitted back to its drafter."""
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return writing.page(back_form=form, status=422)
    try:
        writing.send_back(reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
    except writing.refusals as refusal:
        form.add_error(None, str(refusal))
        return writing.page(back_form=form, status=409)
    messages.success(request, _("已退回经办人修改，并已通知本人。"))
    return writing.back()


def remove_file(request: HttpRequest, writing: Writing, remove: Callable[..., Any], file_id: uuid.UUID) -> HttpResponse:
    """Take a file out of a draft."""
    try:
        remove(attachment_id=file_id, reason=_("起草时移除"), by=request.user, at=timezone.now())
    except writing.refusals as refusal:
        messages.error(request, str(refusal))
    return writing.back()


def shown(rendered: Rendered) -> HttpResponse:
    """The letter as it would go out, in the browser's own reader."""
    headers = {
        "Content-Disposition": 'inline; filename="preview.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(rendered.pdf, content_type="application/pdf", headers=headers)


def number(text: str) -> int:
    """The version that came with a button; one that no draft has for what is no number."""
    return int(text) if text.isdigit() and len(text) < 9 else -1


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


def _beside_theirs(request: HttpRequest, writing: Writing, form: Form, refusal: Any) -> HttpResponse:
    """What was typed, beside what the other saved; saving once more then means what it says."""
    mine = writing.form(form.data.copy()) if form.is_bound else form
    if mine.is_bound:
        mine.data["version"] = str(refusal.theirs.version)
        mine.is_valid()
        mine.add_error(None, str(refusal))
    else:
        messages.error(request, str(refusal))
    return writing.page(form=mine, theirs=refusal.theirs, status=409)


def _refused(request: HttpRequest, writing: Writing, form: Form, refusal: Exception) -> HttpResponse:
    if form.is_bound:
        form.add_error(None, str(refusal))
    else:
        messages.error(request, str(refusal))
    return writing.page(form=form, status=409)
