import pytest
from django.test import Client
from django.utils import timezone

from jiazhan.people.models import Account
from tests import factories
from tests.domain.opinions import walking
from tests.factories import County
from tests.web.deputy.asking import ask


@pytest.fixture
def county(db, monkeypatch):
    """A county whose matters happen now, as the pages' clock says. What a test reads itself it reads `with county.within()`."""
    now = timezone.now()
    monkeypatch.setattr(factories, "NOW", now)
    monkeypatch.setattr(walking, "NOW", now)
    return County()


@pytest.fixture
def me(county):
    """The deputy's account."""
    return county.deputy.account


@pytest.fixture
def at():
    """Somebody at their telephone: `at(me)` is a client logged in as them."""

    def log_in(account: Account) -> Client:
        client = Client()
        # Whoever logs in is read anew: mandates may have changed since the test began.
        client.force_login(Account.objects.get(pk=account.pk))
        return client

    return log_in


@pytest.fixture
def asked(county, me):
    """A matter that the deputy was asked about."""
    with county.within():
        return ask(county)
