"""A matter of one county for files and letters to belong to, and somebody who acts."""

from datetime import UTC, datetime

import pytest

from jiazhan.kernel import scope
from jiazhan.kernel.models import Counter
from jiazhan.people.models import Account

COUNTY, NEIGHBOUR = "990106", "990107"
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def clerk(db):
    return Account.objects.create(username="clerk", name="周敏", kind=Account.Kind.STAFF)


@pytest.fixture
def matter(db, home):
    """Any business row will do: files know their subject by label and id only."""
    with scope.within([COUNTY]):
        yield Counter.objects.create(jurisdiction=COUNTY, series="matter")


@pytest.fixture
def other_matter(matter):
    return Counter.objects.create(jurisdiction=COUNTY, series="other matter")
