import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.factories import County


@pytest.fixture
def county(db):
    return County()


@pytest.fixture
def as_():
    """A client in which an account is logged in, with a second factor where the role needs one."""

    def log_in(account):
        if account.needs_second_factor:
            Authenticator.objects.get_or_create(user=account, type=Authenticator.Type.TOTP, defaults={"data": {}})
        client = Client()
        client.force_login(account)
        return client

    return log_in
