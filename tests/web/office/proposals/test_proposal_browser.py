"""What only a real browser shows of the proposals' pages: they fit the screen, read aloud well, and work without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import expect

from jiazhan.kernel.outcomes import Grade
from jiazhan.suggestions.models import Batch
from jiazhan.suggestions.services import units
from jiazhan.suggestions.states import State
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

LONG = "关于进一步加快推进望江街道柳林片区一九九八年以前建成的老旧小区周边地下排水管网系统性改造切实解决汛期反复积水问题的建议"


@pytest.fixture
def at_work(transactional_db):
    """A county whose rows the server's own thread sees, with proposals in many states."""
    county = County()
    choices.forget()
    with county.within():
        factories.category()
        second, third = county.make_deputy("林静"), county.make_deputy("欧阳慧敏")
        county.department.duties = "负责城市排水、管网建设和河道管理等工作"
        county.department.save()
        assert county.street_office
        assert county.dispatcher
        replied = walking.replied(county, second, third, text={"title": "关于清淤柳林片区排水管网的建议"})
        walking.evaluated(replied, second, Grade.DISSATISFIED)
        objected = walking.assigned(county, text={"title": LONG})
        units.object_to(walking.part(objected), reason="该路段由城管局养护，不属我局职责。", by=county.handler, at=NOW,
                        proposed_unit=county.other_department)  # fmt: skip
        county.shown = {
            "replied": replied,
            "objected": objected,
            "accepted": walking.accepted(county, second, text={"title": LONG}),
            "submitted": walking.submitted(county, second, third),
        }
    return county


@pytest.fixture
def sit_down(page, live_server):
    """Logs the browser in as somebody and opens an address."""

    def go(account, path, *, size=DESK, page=page):
        cookie = signed_in(account).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page.set_viewport_size(size)
        page.goto(live_server.url + path)
        return page

    return go


def address(proposal):
    return f"/office/proposals/{proposal.jurisdiction}/{proposal.pk}/"


def pages_of(county):
    shown = county.shown
    batch = Batch.objects.filter(jurisdiction=county.code).order_by("pk").first()
    return {
        "queue": "/office/proposals/?tab=all",
        "submitted": address(shown["submitted"]),
        "accepted": address(shown["accepted"]),
        "objected": address(shown["objected"]),
        "replied": address(shown["replied"]),
        "batches": "/office/proposals/batches/",
        "worksheet": "/office/proposals/batches/new/?session=between",
        "batch": f"/office/proposals/batches/{batch.jurisdiction}/{batch.pk}/",
        "sessions": "/office/proposals/sessions/",
        "delegations": f"/office/proposals/terms/{county.term.pk}/delegations/",
        "import": "/office/proposals/import/",
        "home": "/office/",
    }


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_fits_the_screen_and_passes_axe(size, at_work, sit_down):
    with at_work.within():
        places = pages_of(at_work)
    for name, place in places.items():
        page = sit_down(at_work.affairs, place, size=size)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"


def test_rows_are_walked_with_keys(at_work, sit_down):
    page = sit_down(at_work.affairs, "/office/proposals/?tab=all")
    page.keyboard.press("j")
    expect(page.locator(".row.is-active")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#detail")).to_be_visible()


def test_a_proposal_is_assigned_without_scripts(at_work, browser, live_server, sit_down):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sit_down(at_work.affairs, address(at_work.shown["accepted"]), page=page)
    page.get_by_text("交办", exact=True).first.click()
    page.get_by_role("button", name="确定：交办").click()
    expect(page.get_by_text("已交办。承办单位和代表会收到通知")).to_be_visible()
    with at_work.within():
        assert walking.again(at_work.shown["accepted"]).state == State.ASSIGNED
    context.close()
