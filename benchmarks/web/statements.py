"""How many SQL statements a page asks, counted in this process over the same application and database."""

import statistics
from functools import cache
from http.cookies import SimpleCookie

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

# Opening and closing transactions goes with the statement beside it.
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE SAVEPOINT")


def of(requests: list[bytes]) -> list[list[str]]:
    """The statements of each request, once what is kept in memory was read."""
    found = []
    for number, request in enumerate([requests[0], *requests]):
        with CaptureQueriesContext(connection) as captured:
            _send(request)
        if number:
            found.append([each["sql"] for each in captured if not each["sql"].startswith(CONTROL)])
    return found


def number(requests: list[bytes]) -> tuple[int, int]:
    """Median and most."""
    counts = [len(each) for each in of(requests)]
    return round(statistics.median(counts)), max(counts)


@cache
def _client() -> Client:
    return Client(enforce_csrf_checks=True)


def _send(request: bytes) -> None:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _version = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    client = _client()
    client.cookies = SimpleCookie(headers.get("Cookie", ""))
    more = {name: headers[name] for name in ("Host", "X-Forwarded-For") if name in headers}
    answer = client.generic(method, path, body, headers.get("Content-Type", ""), headers=more)
    if answer.status_code >= 400:
        raise ValueError(f"{path} answered {answer.status_code}")
