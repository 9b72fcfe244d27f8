import pytest
from django.test import Client
from django.utils import timezone

from jiazhan.people.models import Account
from tests import factories
from tests.domain.opinions import walking
from tests.factories import County


@pytest.fixture
def county(db, monkeypatch):
    """A county whose matters happen now, as the pages' clock says. What a test reads itself it reads `with county.within()`."""
    now = timezone.now()
    monkeypatch.setattr(factories, "NOW", now)
    monkeypatch.setattr(walking, "NOW", now)
    return County()


@pytest.fixture
def at():
    """Somebody at their desk: `at(county.handler)` is a client logged in as them."""

    def log_in(account: Account) -> Client:
        client = Client()
        client.force_login(account)
        return client

    return log_in


@pytest.fixture
def handling(county):
    """A matter that the department has received and chosen a handler for."""
    with county.within():
        return walking.handling_department(county)
