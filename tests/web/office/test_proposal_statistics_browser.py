"""The figures and the release of proposals in a real browser: they fit the screen and read aloud well, empty and full."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from jiazhan.kernel import keeping
from jiazhan.kernel.outcomes import Grade, OutcomeClass
from jiazhan.people.roles import Role
from jiazhan.suggestions.choices import Publicity
from jiazhan.suggestions.services import publishing
from jiazhan.web.office import choices
from tests import factories
from tests.browser import (  # noqa: F401
    DESK,
    PHONE,
    _assets,
    _playwright_beside_django,
    browser_context_args,
    browser_type_launch_args,
)
from tests.domain.suggestions import walking
from tests.factories import NOW, County
from tests.web.office.conftest import signed_in

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("_assets"), pytest.mark.django_db(transaction=True)]
SIZES = [pytest.param(PHONE, id="phone"), pytest.param(DESK, id="desk")]


@pytest.fixture
def county(transactional_db):
    county = County()
    choices.forget()
    keeping.forget_all()
    with county.within():
        factories.category("01", "市政")
        factories.category()
    yield county
    keeping.forget_all()


def fill(county):
    """Three answered, of which one is released, one waits for the second person and one can be proposed."""
    second = county.appoint(Role.DEPUTY_AFFAIRS, name="复核人")
    with county.within():
        released = walking.evaluated(walking.replied(county), county.deputy)
        words = publishing.proposed_words(released)
        page = publishing.propose(released, publicity=Publicity.FULL, by=county.affairs, at=NOW, **words)
        publishing.approve(page, by=second, at=NOW)
        promise = ("明年汛期前完成柳林片区管网改造", date(2027, 6, 30))
        waiting = walking.replied(county, outcome=OutcomeClass.PLANNED, promise=promise)
        publishing.propose(
            waiting, publicity=Publicity.REDACTED, reason="涉及沿街商户经营数据", by=second, at=NOW, **words
        )
        free = walking.evaluated(walking.replied(county), county.deputy, Grade.DISSATISFIED)
        walking.in_progress(county)
    return {"released": released, "waiting": waiting, "free": free}


def open_page(page, live_server, account, address, size):
    page.set_viewport_size(size)
    cookie = signed_in(account).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(f"{live_server.url}{address}")


def check(page):
    width, shown = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width <= shown, page.url
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


@pytest.mark.parametrize("size", SIZES)
def test_every_page_fits_and_passes_axe_with_something_in_it(page, live_server, county, size):
    shown = fill(county)
    pages = ["statistics/?year=all", "statistics/cases/?year=all&figure=all", "statistics/cases/?year=all&figure=promise-open",
             "publishing/", "publishing/?tab=public"]  # fmt: skip
    pages += [f"{county.code}/{each.pk}/publishing/" for each in shown.values()]
    for address in pages:
        open_page(page, live_server, county.affairs, f"/office/proposals/{address}", size)
        check(page)


@pytest.mark.parametrize("size", SIZES)
def test_every_page_fits_and_passes_axe_with_nothing_in_it(page, live_server, county, size):
    for address in ("statistics/", "statistics/cases/?figure=all", "publishing/"):
        open_page(page, live_server, county.affairs, f"/office/proposals/{address}", size)
        check(page)


def test_a_number_is_followed_to_its_cases_and_back(page, live_server, county):
    fill(county)
    open_page(page, live_server, county.affairs, "/office/proposals/statistics/?year=all", DESK)
    page.get_by_role("link", name="首次评价满意 1 件").click()
    page.wait_for_selector("#total")
    assert page.locator("#total").inner_text() == "共 1 件"
    page.get_by_role("link", name="办理统计").click()
    page.wait_for_selector("#pair")
