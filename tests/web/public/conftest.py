from datetime import UTC, datetime

import pytest

from tests.factories import County


@pytest.fixture
def county(db):
    """A county at work. Pages open their own scope; what a test reads itself it reads `with county.within()`."""
    return County()
