"""The pages about one's own account: password, second factor, open logins."""

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.base.views import IndexView
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jiazhan.people.adapters import MFAAdapter, is_safe_path
from jiazhan.people.roles import ROLES, Role
from jiazhan.people.services import accounts, sessions
from jiazhan.web.public.login import is_password_right
from jiazhan.web.ui.browsers import device_words
from jiazhan.web.ui.guards import signed_in

_AFTER = "after_second_factor"


@signed_in
@require_safe
def account_home(request: HttpRequest) -> HttpResponse:
    account = request.user
    posts = [(post, ROLES[Role(post.role)]) for post in account.current_posts]
    return render(request, "account/home.html", {"account": account, "posts": posts})


class PasswordForm(forms.Form):
    old = forms.CharField(label=gettext_lazy("现在的密码"), widget=forms.PasswordInput)
    new = forms.CharField(
        label=gettext_lazy("新密码"),
        widget=forms.PasswordInput,
        help_text=gettext_lazy("至少 10 个字符，不能全是数字，也不要用常见的词。"),
    )
    again = forms.CharField(label=gettext_lazy("新密码再输一次"), widget=forms.PasswordInput)

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        self.account = account
        super().__init__(*args, **kwargs)

    def clean_old(self) -> str:
        if not is_password_right(self.account, self.cleaned_data["old"]):
            raise forms.ValidationError(_("现在的密码不对，请再输一次。"))
        return self.cleaned_data["old"]

    def clean_new(self) -> str:
        validate_password(self.cleaned_data["new"], self.account)
        if self.cleaned_data["new"] == self.cleaned_data.get("old"):
            raise forms.ValidationError(_("新密码要和现在的不同。"))
        return self.cleaned_data["new"]

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.cleaned_data.get("new", self.cleaned_data["again"]):
            raise forms.ValidationError(_("两次输入的新密码不一样。"))
        return self.cleaned_data["again"]


@signed_in
@never_cache
def change_password(request: HttpRequest) -> HttpResponse:
    account = request.user
    if not account.has_usable_password():
        raise Http404
    form = PasswordForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        accounts.change_password(account, password=form.cleaned_data["new"], at=timezone.now())
        update_session_auth_hash(request, account)
        password_changed.send(sender=type(account), request=request, user=account)
        sessions.end_all(account, but=request.session.session_key)
        messages.success(request, _("密码改好了。其他设备上的登录已经退出。"))
        return redirect(_next(request) or reverse("account-home"))
    return render(request, "account/password_change.html", {"form": form, "next": _next(request)})


class SecondFactor(IndexView):
    """What is set up, and what can be added; remembers where the person was going."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if after := _next(self.request):
            self.request.session[_AFTER] = after
        return super().get_context_data(**kwargs) | {
            "account": self.request.user,
            "after": self.request.session.get(_AFTER, ""),
        }


class _EndsOtherSessions:
    def form_valid(self, form: forms.Form) -> HttpResponse:
        response = super().form_valid(form)  # type: ignore[misc]
        request = self.request  # type: ignore[attr-defined]
        accounts.keep_second_factor(request.user, session_key=request.session.session_key, at=timezone.now())
        return response


class AddApp(_EndsOtherSessions, ActivateTOTPView):
    """Set up an authenticator app."""


class AddPasskey(_EndsOtherSessions, AddWebAuthnView):
    """Add a passkey."""


class RemovePasskey(RemoveWebAuthnView):
    """Remove one, unless the role needs a second factor and it is the last."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        if not MFAAdapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, MFAAdapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_list_webauthn")
        return super().form_valid(form)


class RecoveryCodes(ViewRecoveryCodesView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"after": self.request.session.get(_AFTER, reverse("home"))}


second_factor = signed_in(never_cache(SecondFactor.as_view()))
add_app = signed_in(never_cache(AddApp.as_view()))
add_passkey = signed_in(never_cache(AddPasskey.as_view()))
remove_passkey = signed_in(RemovePasskey.as_view())
recovery_codes = signed_in(never_cache(RecoveryCodes.as_view()))


@signed_in
@never_cache
@require_safe
def open_sessions(request: HttpRequest) -> HttpResponse:
    rows = [
        {"id": row.pk, "device": device_words(row.user_agent), "row": row, "is_this": row.is_current()}
        for row in sessions.open_sessions(request.user, at=timezone.now())
    ]
    return render(request, "usersessions/usersession_list.html", {"sessions": rows})


@signed_in
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of one's own; a stranger's is a 404."""
    if not sessions.end_own(request.user, session_id):
        raise Http404
    messages.success(request, _("那台设备上的登录已经退出。"))
    return redirect("usersessions_list")


@signed_in
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    sessions.end_all(request.user, but=request.session.session_key)
    messages.success(request, _("其他设备上的登录都已经退出。"))
    return redirect("usersessions_list")


def _next(request: HttpRequest) -> str:
    after = request.POST.get("next") or request.GET.get("next") or ""
    return after if is_safe_path(after) else ""
