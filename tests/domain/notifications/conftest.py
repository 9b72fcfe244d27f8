import pytest

from tests.factories import County


@pytest.fixture
def county(db):
    county = County()
    with county.within():
        yield county
