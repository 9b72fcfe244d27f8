from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from jiazhan.web.office import choices
from tests.factories import County


@pytest.fixture
def county(db):
    """A county at work, in its own scope."""
    county = County()
    choices.forget()
    with county.within():
        yield county


@pytest.fixture
def sign_in():
    """`sign_in(account)` gives a browser in which the account is logged in, with the second factor that its role needs."""
    return partial(signed_in)


def signed_in(account):
    if account.needs_second_factor:
        Authenticator.objects.get_or_create(
            user=account, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "not read here"}}
        )
    client = Client(raise_request_exception=True)
    client.force_login(account)
    return client
