"""Logging in: one page with two doors. Staff come with user name and password or a passkey, deputies and residents
with a code sent to their phone. Whoever's role needs it passes a second step (allauth's stages)."""

import base64
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from allauth.account.internal.flows.login import perform_login, perform_password_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jiazhan.people import crypto, devices, phones, sms
from jiazhan.people.adapters import client_address
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission
from jiazhan.people.services import accounts, pace, phone_codes
from jiazhan.web.ui.guards import anyone, signed_in

_ASKED = "phone_login"
ASKING_DEVICES = pace.Pace("passkey", burst=60, every=timedelta(minutes=1))


class StaffForm(LoginForm):
    """User name and password; how long a session lasts is the adapter's to say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("用户名")
        self.fields["password"].label = _("密码")

    def _login_with_password(self, request: HttpRequest, redirect_url: str | None, credentials: dict) -> HttpResponse:
        self._login.redirect_url = redirect_url
        return perform_password_login(request, credentials, self._login)


class PhoneForm(forms.Form):
    phone = forms.CharField(label=gettext_lazy("手机号"), max_length=40)

    def clean_phone(self) -> str:
        try:
            return phones.normalise(self.cleaned_data["phone"])
        except phones.NotAPhone as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal


class CodeForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("短信里的 6 位验证码"), max_length=20)


class StaffLogin(LoginView):
    """Both doors; a POST comes from the staff's."""

    form_class = StaffForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | _doors(self.request, PhoneForm())


login = anyone(StaffLogin.as_view())


class PasskeyLogin(LoginWebAuthnView):
    """A passkey in place of user name and password. Each question to a device is a row, so how often is limited."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            pace.spend(ASKING_DEVICES, client_address(request), at=timezone.now())
        except pace.TooFast as refusal:
            return JsonResponse({"said": str(refusal)}, status=429)
        return super().get(request, *args, **kwargs)

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        messages.error(self.request, _("没有认出这个通行密钥。请用用户名和密码登录，再到「我的账号」里重新添加。"))
        return redirect(f"{reverse('account_login')}?door=staff")


passkey_login = anyone(PasskeyLogin.as_view())


@anyone
@require_POST
def send_code(request: HttpRequest) -> HttpResponse:
    """Send a code to a phone, whoever's it is: the answer tells nothing about accounts."""
    form = PhoneForm(request.POST)
    if form.is_valid():
        digits = form.cleaned_data["phone"]
        known = devices.known_as(request, f"phone {crypto.digest(digits)}")
        try:
            ticket = phone_codes.request(
                digits, address=client_address(request), at=timezone.now(), is_known_device=bool(known)
            )
        except (phone_codes.TooSoon, sms.NotSent) as refusal:
            form.add_error("phone", str(refusal))
        else:
            sealed = base64.b64encode(crypto.encrypt(digits)).decode()
            request.session[_ASKED] = {"ticket": ticket, "phone": sealed}
            return redirect(_with_next(reverse("login-code"), request))
    context = {"form": StaffForm(request=request), "next": get_next_redirect_url(request) or ""}
    return render(request, "account/login.html", context | _doors(request, form, door="phone"))


@anyone
@never_cache
def enter_code(request: HttpRequest) -> HttpResponse:
    """Take the code; a right one logs in, and makes a resident's account where the phone has none."""
    asked = request.session.get(_ASKED)
    if not asked:
        return redirect(_with_next(reverse("account_login"), request))
    phone = crypto.decrypt(base64.b64decode(asked["phone"]))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            phone_codes.check(asked["ticket"], form.cleaned_data["code"], at=timezone.now())
        except (phone_codes.WrongCode, phone_codes.CodeSpent) as refusal:
            form.add_error("code", str(refusal))
        else:
            del request.session[_ASKED]
            return _log_in(request, accounts.resident_of(phone, at=timezone.now()))
    context = {"form": form, "phone": phone, "next": get_next_redirect_url(request) or ""}
    return render(request, "account/phone_code.html", context)


def _log_in(request: HttpRequest, account: Account) -> HttpResponse:
    if account.kind == Account.Kind.STAFF:
        # Said only to who has proved that the phone is theirs.
        messages.info(request, _("这个手机号登记的是工作人员账号。请用用户名和密码登录。"))
        return redirect(f"{reverse('account_login')}?door=staff")
    login_of = Login(user=account, redirect_url=get_next_redirect_url(request))
    record_authentication(request, account, method="phone_code")
    return perform_login(request, login_of)


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the portal of the role."""
    for name in _portals(request.user):
        try:
            return redirect(reverse(name))
        except NoReverseMatch:
            continue
    return redirect(reverse("account-home"))


def _portals(account: Account) -> list[str]:
    """The first pages that an account may see, the one of its own work first."""
    held, pages = account.permissions, []
    if account.kind == Account.Kind.DEPUTY and Permission.DEPUTY_HOME in held:
        pages.append("deputy:home")
    if held & {Permission.OPINION_READ, Permission.OPINION_GOV_ASSIGN}:
        pages.append("office:home")
    if Permission.OPINION_HANDLE in held:
        pages.append("department:home")
    if held & {Permission.PEOPLE_MANAGE, Permission.SESSION_MANAGE}:
        pages.append("office:people")
    if Permission.RECORD_READ in held:
        pages.append("office:record")
    if Permission.DEPUTY_HOME in held:
        pages.append("deputy:home")
    if Permission.RESIDENT_HOME in held:
        pages.append("public:mine")
    return pages


def _doors(request: HttpRequest, phone_form: PhoneForm, *, door: str = "") -> dict[str, Any]:
    """Which door stands open: the one asked for, else the one that where they want to go suggests."""
    after = get_next_redirect_url(request) or ""
    if request.method == "POST":
        door = door or "staff"
    elif not door:
        is_desk = after.startswith(("/office/", "/department/"))
        door = request.GET.get("door", "staff" if is_desk else "phone")
    keep = {"next": after} if after else {}
    return {
        "door": door if door in {"staff", "phone"} else "phone",
        "phone_form": phone_form,
        "next": after,
        "staff_url": f"{reverse('account_login')}?{urlencode({'door': 'staff'} | keep)}",
        "phone_url": f"{reverse('account_login')}?{urlencode({'door': 'phone'} | keep)}",
    }


def _with_next(url: str, request: HttpRequest) -> str:
    after = get_next_redirect_url(request)
    return f"{url}?{urlencode({'next': after})}" if after else url


def is_password_right(account: Account, password: str) -> bool:
    """Behind the gate of logging in; raises ValidationError while a wait is running."""
    return get_adapter().reauthenticate(account, password)
