from pathlib import Path

import pytest

from tests.factories import County


@pytest.fixture
def county(db):
    """A county at work, in its own scope."""
    county = County()
    with county.within():
        yield county


@pytest.fixture
def messages(settings, tmp_path):
    """The text messages that were sent: a function returning lines of (phone, text)."""
    settings.SMS_PORT = "file"
    settings.HOME = tmp_path

    def read():
        lines = [line for path in sorted(Path(tmp_path, "sms").glob("*.txt")) for line in path.read_text().splitlines()]
        return [tuple(line.split("\t")[1:]) for line in lines]

    return read


@pytest.fixture
def last_code(messages):
    """The code in the last message."""
    return lambda: messages()[-1][1].split("验证码 ")[1][:6]
