"""A deputy's pages in a real browser on a phone: nothing wider than the screen, targets large enough, axe."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from jiazhan.people.services import codes
from tests import factories
from tests.browser import (  # noqa: F401
    _assets,
    _playwright_beside_django,
    browser_context_args,
    browser_type_launch_args,
    until,
)
from tests.domain.opinions import walking
from tests.web.deputy.asking import ask

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("_assets"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def hold(page, live_server):
    """Logs the telephone in as somebody."""

    def log_in(account):
        client = Client()
        client.force_login(account)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])

    return log_in


@pytest.mark.parametrize("size", ["standard", "large"])
def test_axe_finds_nothing_and_nothing_runs_off_the_screen(hold, page, live_server, county, me, size):
    county.make_deputy("陈秀兰")
    county.make_reception(county.deputy, starts_at=walking.NOW + timedelta(days=3))
    with county.within():
        codes.issue(county.deputy, by=county.officer, at=walking.NOW, jurisdiction=county.code)
        asked, new = ask(county, title="长" * 110), factories.opinion(county, deputy=county.deputy)
        done = walking.handling_department(county)
        walking.rated(done, county, "dissatisfied", at=walking.NOW)
    hold(me)
    page.goto(f"{live_server.url}/ui/text-size/{size}/?next=/deputy/")
    matters = [f"opinions/{each.jurisdiction}/{each.pk}/" for each in (asked, new, done)]
    found = {}
    for path in ["", "opinions/", "opinions/?tab=results", "mine/", "mine/code/", "mine/notices/", *matters]:
        page.goto(f"{live_server.url}/deputy/{path}")
        for fold in page.locator("details").all():
            fold.evaluate("each => { each.open = true }")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        violations = Axe().run(page).response["violations"]
        found[path] = [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in violations]
    assert {path: each for path, each in found.items() if each} == {}


def test_what_was_signed_does_not_stay_on_the_telephone(hold, page, live_server, county, me, asked):
    hold(me)
    page.goto(f"{live_server.url}/deputy/opinions/{asked.jurisdiction}/{asked.pk}/")
    page.fill("#id_text", "情况属实，请尽快疏通。")
    until(page, "localStorage.length === 1")
    page.get_by_role("button", name="签名并送街道").click()
    page.get_by_text("意见已签名送出").wait_for()
    until(page, "localStorage.length === 0")
