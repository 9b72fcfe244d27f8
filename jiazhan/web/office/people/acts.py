"""Acts on people: one service call each, and back to the person's page, with the refusal where there is one."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from jiazhan.kernel.workflow import StepRefused
from jiazhan.people import access, phones
from jiazhan.people.models import Account, AccountKind, Mandate, Post
from jiazhan.people.permissions import Permission
from jiazhan.people.services import accounts, mandates, posts, reasons, sessions
from jiazhan.web.office.frame import page
from jiazhan.web.office.people.forms import AccountForm, AppointForm, EndPostForm, MandateForm
from jiazhan.web.office.people.pages import person_page, terms_of
from jiazhan.web.ui.guards import needs

REFUSALS = (
    accounts.NotReachable, accounts.NotYoursToManage, accounts.OwnAccount, accounts.PhoneTaken, accounts.UsernameTaken,
    mandates.EndsBeforeStart, mandates.TermStillRunning, phones.NotAPhone, posts.AlreadyEnded, posts.NotYoursToGive, posts.PostTaken,
    posts.PostUnfit, posts.RolesApart, reasons.ReasonMissing, sessions.NotYoursToEnd, StepRefused,
)  # fmt: skip


@needs(Permission.PEOPLE_MANAGE)
@never_cache
def create(request: HttpRequest) -> HttpResponse:
    """A staff account with a first password, shown once. Deputies come from the register of their congress."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = accounts.new_password()
        area = request.user.posts_with(Permission.PEOPLE_MANAGE)[0].area
        try:
            account = accounts.create_account(
                AccountKind.STAFF, **form.cleaned_data, password=password, area=area, by=request.user, at=timezone.now()
            )
        except accounts.UsernameTaken as refusal:
            form.add_error("username", str(refusal))
        except (accounts.PhoneTaken, phones.NotAPhone) as refusal:
            form.add_error("phone", str(refusal))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return _show_password(request, account, password)
    status = 422 if form.errors else 200
    return page(request, "office/people/create.html", {"form": form}, current="office:people", status=status)


@needs(Permission.PEOPLE_MANAGE)
@require_POST
def appoint(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    account = access.get_for(request.user, account_id)
    form = AppointForm(request.POST, by=request.user)
    if not form.is_valid():
        return person_page(request, account, appoint_form=form, status=422)
    given = form.cleaned_data
    try:
        posts.appoint(
            account, given["role"], starts_on=given["starts_on"], by=request.user, at=timezone.now(), **form.place()
        )
    except REFUSALS as refusal:
        return person_page(request, account, appoint_form=form, refusal=str(refusal), status=422)
    return _done(request, account, _("任职已登记。"))


@needs(Permission.PEOPLE_MANAGE)
@require_POST
def end_post(request: HttpRequest, account_id: uuid.UUID, post_id: uuid.UUID) -> HttpResponse:
    account = access.get_for(request.user, account_id)
    post = get_object_or_404(Post, pk=post_id, account=account)
    form = EndPostForm(request.POST)
    if not form.is_valid():
        return person_page(request, account, refusal=_("请填写从哪天起不再担任。"), status=422)
    on = form.cleaned_data["on"]
    return _try(request, account, lambda at: posts.end_post(post, on=on, by=request.user, at=at), _("离任已登记。"))


@needs(Permission.PEOPLE_MANAGE)
@require_POST
def change_mandate(request: HttpRequest, account_id: uuid.UUID, mandate_id: uuid.UUID, step: str) -> HttpResponse:
    """Suspend, reinstate or terminate a deputy's mandate."""
    account = access.get_for(request.user, account_id)
    mandate = get_object_or_404(Mandate, pk=mandate_id, deputy__account=account)
    form = MandateForm(request.POST)
    if not form.is_valid():
        return person_page(request, account, refusal=str(reasons.ReasonMissing()), status=422)
    reason, on = form.cleaned_data["reason"], form.cleaned_data["on"] or timezone.localdate()
    given: dict[str, Any] = {"reason": reason, "by": request.user}
    steps: dict[str, Callable[[Any], Mandate]] = {
        "suspend": lambda at: mandates.suspend_mandate(mandate, at=at, **given),
        "reinstate": lambda at: mandates.reinstate(mandate, at=at, **given),
        "terminate": lambda at: mandates.terminate_mandate(mandate, on=on, at=at, **given),
    }
    if step not in steps:
        raise Http404
    return _try(request, account, steps[step], _("代表资格的变动已登记。"))


@needs(Permission.PEOPLE_MANAGE)
@require_POST
def expire_term(request: HttpRequest, term_id: uuid.UUID) -> HttpResponse:
    """换届: end all mandates of a term."""
    term = next((term for term in terms_of(request.user) if term.pk == term_id), None)
    if term is None:
        raise Http404
    form = EndPostForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写届满的日期。"))
        return redirect("office:people-terms")
    try:
        count = mandates.expire_term(term, on=form.cleaned_data["on"], by=request.user, at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("%(term)s已届满，%(n)s 名代表的资格随之结束，记录都保留。") % {"term": term, "n": count}
        )
    return redirect("office:people-terms")


@needs(Permission.PEOPLE_MANAGE)
@never_cache
@require_POST
def reset_password(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    account = access.get_for(request.user, account_id)
    try:
        password = accounts.reset_password(account, reason=_reason(request), by=request.user, at=timezone.now())
    except REFUSALS as refusal:
        return person_page(request, account, refusal=str(refusal), status=422)
    return _show_password(request, account, password)


@needs(Permission.SESSION_MANAGE)
@require_POST
def reset_second_factor(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    account, reason = access.get_for(request.user, account_id), _reason(request)
    return _try(
        request, account,
        lambda at: accounts.reset_second_factor(account, reason=reason, by=request.user, at=at),
        _("第二步验证已重置，他下次登录时要重新设置。"),
    )  # fmt: skip


@needs(Permission.PEOPLE_MANAGE)
@require_POST
def deactivate(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    account, reason = access.get_for(request.user, account_id), _reason(request)
    return _try(
        request, account, lambda at: accounts.deactivate(account, reason=reason, by=request.user, at=at), _("账号已停用。")
    )  # fmt: skip


@needs(Permission.PEOPLE_MANAGE)
@require_POST
def reactivate(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    account, reason = access.get_for(request.user, account_id), _reason(request)
    return _try(
        request, account, lambda at: accounts.reactivate(account, reason=reason, by=request.user, at=at), _("账号已恢复。")
    )  # fmt: skip


@needs(Permission.SESSION_MANAGE)
@require_POST
def revoke_sessions(request: HttpRequest, account_id: uuid.UUID, session_id: int | None = None) -> HttpResponse:
    """End one login of somebody, or all."""
    account, reason = access.get_for(request.user, account_id), _reason(request)
    return _try(
        request, account,
        lambda at: sessions.revoke(account, reason=reason, by=request.user, at=at, session_id=session_id),
        _("登录已结束。"),
    )  # fmt: skip


def _try(request: HttpRequest, account: Account, act: Callable[[Any], Any], words: str) -> HttpResponse:
    try:
        act(timezone.now())
    except REFUSALS as refusal:
        return person_page(request, account, refusal=str(refusal), status=422)
    return _done(request, account, words)


def _done(request: HttpRequest, account: Account, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("office:person", account_id=account.pk)


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")


def _show_password(request: HttpRequest, account: Account, password: str) -> HttpResponse:
    """Once, on the answer itself: it is stored nowhere."""
    return page(
        request, "office/people/password.html", {"account": account, "password": password}, current="office:people"
    )
