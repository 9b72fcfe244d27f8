"""What every test stands on: its own database under row-level security, and no network but this machine."""

import os
import shutil
import socket
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase

from tests import database

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
FAILURE = "JIAZHAN_TEST_DATABASE_FAILURE"


class NetworkClosed(Exception):
    """A test reached for another machine."""


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or config.option.help or config.option.collectonly:
        return
    try:
        config.stash[SERVER] = database.start(settings.HOME)
    except database.MigrationsFailed as failure:
        # Tests that need no database still run; the others say why they cannot.
        os.environ[FAILURE] = str(failure)


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    if server := config.stash.get(SERVER, None):
        server.stop()
    shutil.rmtree(settings.HOME, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of the database may use both roles; each connection is rolled back after it. What needs a browser is a
    journey, which `script/test --fast` leaves out."""
    for item in items:
        if {"page", "context", "browser", "at_screen"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.journey)
        uses_database = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
        marker = item.get_closest_marker("django_db")
        if marker is None and not uses_database:
            continue
        options = {"databases": ["default", "owner"]} | (marker.kwargs if marker else {})
        item.add_marker(pytest.mark.django_db(**options), append=False)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """A database for this worker; `default` is the application's role, so row-level security holds in tests too."""
    if failure := os.environ.get(FAILURE):
        pytest.fail(f"The test database could not be migrated.\n{failure}", pytrace=False)
    name = f"jiazhan_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    _renew(name)
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name

    def renew_after_test(self):
        # The application's role may not truncate, and a copy is pristine, with the rows that migrations wrote.
        connections.close_all()
        _renew(name)

    TransactionTestCase._fixture_teardown = renew_after_test
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(autouse=True, scope="session")
def closed_network():
    """Sockets of this process reach this machine only: its database, its live server, its browser."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def connect_nearby(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise NetworkClosed(f"tests may not connect to {address[0]}")
        return connect(self, address)

    def look_up_nearby(host, *rest, **options):
        if host not in LOOPBACK and host not in (None, "", "0.0.0.0"):
            raise NetworkClosed(f"tests may not look up {host}")
        return look_up(host, *rest, **options)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect_nearby)
    patch.setattr(socket, "getaddrinfo", look_up_nearby)
    yield
    patch.undo()


SERVER: pytest.StashKey = pytest.StashKey()


def _renew(name: str) -> None:
    database.create(Path(settings.HOME), name)


@pytest.fixture(autouse=True)
def fresh_memory():
    """What a process remembers of reference tables does not outlive the test that wrote them."""
    from jiazhan.kernel import calendar, keeping, parameters
    from jiazhan.places.selectors import forget_jurisdictions

    for forget in (calendar.forget, keeping.forget_all, parameters.forget, forget_jurisdictions):
        forget()
