"""Pages of refusals and failures: a sentence for the person, the right status, and no database where it may be away."""

import errno

import psycopg
import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.test import RequestFactory

from jiazhan.web.ui import views
from jiazhan.web.ui.middleware import DatabaseDownMiddleware


@pytest.fixture
def visit():
    """Any request, outside any transaction: a test that reached for the database here would fail."""
    return RequestFactory().get("/office/opinions/")


def error_of_driver(kind, state):
    failure = psycopg.errors.lookup(state)("failed") if state else psycopg.OperationalError("connection refused")
    error = kind("failed")
    error.__cause__ = failure
    return error


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (views.bad_request, 400),
        (views.forbidden, 403),
        (views.csrf_failure, 403),
        (views.not_found, 404),
        (views.too_large, 413),
        (views.server_error, 500),
        (views.database_down, 503),
        (views.disk_full, 507),
    ],
)
def test_each_page_says_what_happened_without_a_database(visit, view, status):
    answer = view(visit)
    assert answer.status_code == status
    assert "<h1>" in answer.content.decode()


def test_a_body_over_the_limit_is_told_apart_from_a_bad_request(visit):
    assert views.bad_request(visit, ValueError("?")).status_code == 400
    assert views.bad_request(visit, RequestDataTooBig("?")).status_code == 413


def test_waiting_is_said_in_minutes_and_to_the_browser(visit):
    answer = views.too_many_requests(visit, wait_seconds=61)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "61"
    assert "2 分钟" in answer.content.decode()


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
@pytest.mark.parametrize("state", [None, "08006", "53300", "57P01"])
def test_a_database_that_is_away_is_a_503_that_asks_to_wait(visit, kind, state):
    answer = DatabaseDownMiddleware(None).process_exception(visit, error_of_driver(kind, state))
    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"


@pytest.mark.parametrize("state", ["57014", "40P01", "55P03"])
def test_a_statement_that_was_refused_is_a_failure_of_ours(visit, state):
    assert DatabaseDownMiddleware(None).process_exception(visit, error_of_driver(OperationalError, state)) is None


def test_another_exception_is_left_to_django(visit):
    assert DatabaseDownMiddleware(None).process_exception(visit, ValueError("?")) is None


def test_a_failure_outside_the_view_tells_the_same_two_apart(visit):
    try:
        raise error_of_driver(OperationalError, None)
    except OperationalError:
        assert views.server_error(visit).status_code == 503
    try:
        raise error_of_driver(OperationalError, "57014")
    except OperationalError:
        assert views.server_error(visit).status_code == 500


def test_a_disk_that_fills_while_a_file_comes_in_is_told_apart(visit):
    try:
        raise OSError(errno.ENOSPC, "No space left on device")
    except OSError:
        answer = views.server_error(visit)
    assert answer.status_code == 507
    assert "没有保存" in answer.content.decode()
