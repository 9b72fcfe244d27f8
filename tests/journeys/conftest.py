"""A county with everybody in post, and screens for them on a live server."""

from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.cache import cache
from PIL import Image

from jiazhan.opinions.models import Opinion
from jiazhan.people.services import codes
from jiazhan.web.office import choices
from jiazhan.web.public import human
from tests import factories
from tests.browser import (  # noqa: F401
    DESK,
    PHONE,
    _assets,
    _playwright_beside_django,
    browser_context_args,
    browser_type_launch_args,
)
from tests.domain.opinions import walking
from tests.journeys.doors import session_of
from tests.journeys.screens import Eye, Person


@pytest.fixture
def county(transactional_db):
    """Everybody in post before anything happens; the rows are seen by the server's own thread."""
    cache.clear()
    choices.forget()
    made = factories.County()
    with made.within():
        walking.fill_every_post(made)
    return made


@pytest.fixture(autouse=True)
def quick_hands(monkeypatch):
    """These people fill in a form within a second; that robots do too is tried in tests/web/public."""
    monkeypatch.setattr(human, "LEAST_SECONDS", 0)


@pytest.fixture
def station_code(county):
    """The code on the station's poster."""
    with county.within():
        return codes.issue(county.station, by=county.director, at=factories.NOW)


@pytest.fixture
def last_code(settings, tmp_path):
    """The six digits in the last text message that left."""
    settings.SMS_PORT, settings.HOME = "file", tmp_path

    def read() -> str:
        lines = [line for path in sorted(Path(tmp_path, "sms").glob("*.txt")) for line in path.read_text().splitlines()]
        return lines[-1].split("验证码 ")[1][:6]

    return read


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "积水.jpg"
    Image.effect_noise((640, 480), 60).convert("RGB").save(path, quality=80)
    return path


@pytest.fixture
def eye(has_scripts):
    """Asserts at the end of the story that no page had anything wrong."""
    eye = Eye(has_scripts=has_scripts)
    yield eye
    if eye.glass:
        eye.glass.context.close()
    assert eye.wrong == {}


@pytest.fixture
def has_scripts():
    """Whether scripts run; a test that is parametrised by it is told twice."""
    return True


@pytest.fixture
def at_screen(browser, live_server, eye, has_scripts):
    """A screen of one's own: `at_screen(PHONE)` of a stranger, `at_screen(DESK, county.director)` of who is logged in."""
    opened = []

    def sit_down(size, account=None) -> Person:
        context = browser.new_context(
            viewport=size,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=has_scripts,
            reduced_motion="reduce",
        )
        opened.append(context)
        eye.watch(context)
        if account is not None:
            cookie = {"name": project.SESSION_COOKIE_NAME, "value": session_of(account), "url": live_server.url}
            context.add_cookies([cookie])
        return Person(context.new_page(), base=live_server.url, eye=eye)

    yield sit_down
    for context in opened:
        context.close()


@pytest.fixture
def the_matter(county):
    """The one matter of the story as the database has it now."""

    def read() -> Opinion:
        with county.within():
            return Opinion.objects.select_related("deputy", "unit", "category").get()

    return read
