"""Routes of logging in and of one's own account. Their names are django-allauth's where its views look for them."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from jiazhan.web.public import login, own_account
from jiazhan.web.ui.guards import anyone, signed_in

urlpatterns = [
    path("home/", login.home, name="home"),
    path("login/", login.login, name="account_login"),
    path("login/phone/", login.send_code, name="login-phone"),
    path("login/code/", login.enter_code, name="login-code"),
    path("login/passkey/", login.passkey_login, name="mfa_login_webauthn"),
    path("login/second-factor/", anyone(mfa.authenticate), name="mfa_authenticate"),
    path("login/closed/", anyone(account.account_inactive), name="account_inactive"),
    path("login/again/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("login/again/second-factor/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("login/again/passkey/", signed_in(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("logout/", anyone(account.logout), name="account_logout"),
    path("account/", own_account.account_home, name="account-home"),
    path("account/password/", own_account.change_password, name="account_change_password"),
    path("account/second-factor/", own_account.second_factor, name="mfa_index"),
    path("account/second-factor/app/", own_account.add_app, name="mfa_activate_totp"),
    path("account/second-factor/app/remove/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/second-factor/recovery-codes/", own_account.recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/second-factor/recovery-codes/new/",
        signed_in(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/second-factor/recovery-codes/file/",
        signed_in(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("account/second-factor/passkeys/", signed_in(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("account/second-factor/passkeys/add/", own_account.add_passkey, name="mfa_add_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/", signed_in(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/remove/", own_account.remove_passkey, name="mfa_remove_webauthn"),
    path("account/sessions/", own_account.open_sessions, name="usersessions_list"),
    path("account/sessions/end-others/", own_account.end_other_sessions, name="sessions-end-others"),
    path("account/sessions/<int:session_id>/end/", own_account.end_session, name="session-end"),
]
