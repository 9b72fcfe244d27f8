import re
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client

from jiazhan.people.models import Account
from tests.factories import County

PASSWORD = "柳林站-清晨六点半-开门迎客"


@pytest.fixture
def county(db):
    cache.clear()
    return County()


@pytest.fixture
def device():
    """A device: a test client with an address of its own. `device("203.0.113.9")`."""
    return lambda address="203.0.113.9": Client(REMOTE_ADDR=address)


@pytest.fixture
def with_password():
    def give(account: Account) -> Account:
        account.set_password(PASSWORD)
        account.save()
        return account

    return give


class App:
    """An authenticator app: shows a code for each half minute."""

    def __init__(self, account: Account | None, secret: str = "") -> None:
        self.secret = secret or generate_totp_secret()
        self.authenticator = TOTP.activate(account, self.secret).instance if account else None

    @classmethod
    def scanned(cls, client: Client) -> "App":
        """The app after it scanned the code on the set-up page."""
        shown = client.get("/account/second-factor/app/").content.decode()
        secret = re.search(r"break-all\">([A-Z2-7 ]+)<", shown)[1]
        return cls(None, secret.replace(" ", ""))

    def code(self, *, at: float) -> str:
        return format_hotp_value(hotp_value(self.secret, int(at // 30)))


@pytest.fixture
def app():
    return App


@pytest.fixture
def messages(settings, tmp_path):
    """The text messages that were sent, as (phone, text)."""
    settings.SMS_PORT = "file"
    settings.HOME = tmp_path

    def read():
        lines = [line for path in sorted(Path(tmp_path, "sms").glob("*.txt")) for line in path.read_text().splitlines()]
        return [tuple(line.split("\t")[1:]) for line in lines]

    return read


@pytest.fixture
def last_code(messages):
    return lambda: messages()[-1][1].split("验证码 ")[1][:6]
