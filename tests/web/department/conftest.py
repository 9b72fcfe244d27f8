import pytest
from django.test import Client
from django.utils import timezone

from jiazhan.people.models import Account
from tests import factories
from tests.domain.opinions import walking
from tests.factories import County
from tests.standing import made_once


@pytest.fixture(scope="module")
def begun(django_db_setup, django_db_blocker):
    """A county with a matter that the department has received and chosen a handler for; it happens now, as the pages'
    clock says."""

    def make():
        now, county = timezone.now(), County()
        with pytest.MonkeyPatch.context() as patch, county.within():
            patch.setattr(factories, "NOW", now)
            patch.setattr(walking, "NOW", now)
            return now, county, walking.handling_department(county)

    with made_once(django_db_blocker, make) as copies:
        yield copies


@pytest.fixture
def here(db, begun, monkeypatch):
    now, county, handling = begun()
    monkeypatch.setattr(factories, "NOW", now)
    monkeypatch.setattr(walking, "NOW", now)
    return county, handling


@pytest.fixture
def county(here):
    """A county at work. What a test reads itself it reads `with county.within()`."""
    return here[0]


@pytest.fixture
def at():
    """Somebody at their desk: `at(county.handler)` is a client logged in as them."""

    def log_in(account: Account) -> Client:
        client = Client()
        client.force_login(account)
        return client

    return log_in


@pytest.fixture
def handling(here):
    """A matter that the department has received and chosen a handler for."""
    return here[1]
