import pytest

from tests.factories import County


@pytest.fixture
def county(db):
    """A county at work, in its own scope."""
    county = County()
    with county.within():
        yield county
