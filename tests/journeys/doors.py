"""Ways in: the login page with user name, password and app; with a phone and a code; and a session made by the test."""

import time

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client

from jiazhan.people import crypto
from jiazhan.people.models import Account
from tests.journeys.screens import Person
from tests.web.login.conftest import PASSWORD, App


def with_password_and_app(account: Account) -> App:
    """Give a member of staff a password and an authenticator app."""
    account.set_password(PASSWORD)
    account.save()
    return App(account)


def log_in_at_the_desk(person: Person, account: Account, app: App) -> None:
    """From the desk's address through the login page: user name, password, the six digits of the app."""
    person.visit("/office/")
    person.fill("用户名", account.username)
    person.fill("密码", PASSWORD)
    person.press("登录")
    person.fill("验证器上的 6 位数字", app.code(at=time.time()))
    person.press("登录")


def log_in_by_phone(person: Person, account: Account, last_code) -> None:
    """From the deputies' address: a number, then the code that was sent to it."""
    person.visit("/deputy/")
    person.fill("手机号", crypto.decrypt(account.phone_encrypted))
    person.press("获取验证码")
    person.fill("短信里的 6 位验证码", last_code())
    person.press("登录")


def session_of(account: Account) -> str:
    """The session of somebody who logged in before, with the second step that their role needs."""
    if account.needs_second_factor:
        given = {"data": {"secret": "not read here"}}
        Authenticator.objects.get_or_create(user=account, type=Authenticator.Type.TOTP, defaults=given)
    client = Client()
    client.force_login(account)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
