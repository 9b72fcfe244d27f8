import pytest

from tests.factories import County


@pytest.fixture
def county(db):
    """A county at work. Pages open their own scope; what a test reads itself it reads `with county.within()`."""
    return County()


@pytest.fixture(autouse=True)
def _messages_to_files(settings):
    """Text messages are kept where a test can read them."""
    settings.SMS_PORT = "file"
