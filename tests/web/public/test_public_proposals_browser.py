"""The public pages of proposals in a real browser: they fit a phone, also in large letters, and read aloud well."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from jiazhan.kernel import keeping
from jiazhan.kernel.outcomes import OutcomeClass
from jiazhan.people.roles import Role
from jiazhan.suggestions.choices import Publicity
from jiazhan.suggestions.services import publishing
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
from tests.factories import NOW, later

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("_assets"), pytest.mark.django_db(transaction=True)]
SIZES = [pytest.param(PHONE, id="phone"), pytest.param(DESK, id="desk")]


@pytest.fixture
def county(transactional_db):
    keeping.forget_all()
    yield factories.County()
    keeping.forget_all()


def release(county, *, second, **given):
    proposal = walking.replied(county, **given)
    words = publishing.proposed_words(proposal)
    page = publishing.propose(proposal, publicity=Publicity.FULL, by=county.affairs, at=NOW, **words)
    return publishing.approve(page, by=second, at=NOW)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("letters", ["standard", "large"])
def test_every_page_fits_and_passes_axe(page, live_server, county, size, letters):
    page.set_viewport_size(size)
    second = county.appoint(Role.DEPUTY_AFFAIRS)
    page.goto(f"{live_server.url}/proposals/")
    if letters == "large":
        page.get_by_role("link", name="大字").click()
        page.wait_for_load_state()
    check(page)
    with county.within():
        promise = ("明年汛期前完成柳林片区老旧小区地下排水管网改造", later(days=200).date())
        shown = release(county, second=second, outcome=OutcomeClass.PLANNED, promise=promise)
        gone = publishing.withdraw_from_view(
            release(county, second=second), reason="复文有更正", by=second, at=later(days=1)
        )
    keeping.forget_all()
    for address in ("", f"{county.code}/{shown.proposal_id}/", f"{county.code}/{gone.proposal_id}/", "?q=没有的词"):
        page.goto(f"{live_server.url}/proposals/{address}")
        check(page)


def check(page):
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    width, shown = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width <= shown, page.url
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
