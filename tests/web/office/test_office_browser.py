"""What only a real browser shows of the office: the pane, the keys, the bulk bar, drafts on the device, no scripts, axe."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import authors, extensions
from jiazhan.opinions.states import State
from jiazhan.people.roles import Role
from jiazhan.web.office import choices
from tests.browser import (  # noqa: F401
    DESK,
    PHONE,
    _assets,
    _playwright_beside_django,
    browser_context_args,
    browser_type_launch_args,
    follow,
    until,
)
from tests.domain.opinions import walking
from tests.factories import County, opinion
from tests.web.office.conftest import signed_in

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("_assets"), pytest.mark.django_db(transaction=True)]

WIDE = {"width": 1440, "height": 900}
QUEUE = "/office/opinions/?tab=waiting"


@pytest.fixture
def at_work(transactional_db):
    """A county whose rows the server's own thread sees."""
    county = County()
    choices.forget()
    return county


@pytest.fixture
def sit_down(page, live_server):
    """Logs the browser in as somebody and opens an address: `sit_down(county.officer, "/office/")`."""

    def go(account, path, *, size=DESK, page=page):
        cookie = signed_in(account).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page.set_viewport_size(size)
        page.goto(live_server.url + path)
        return page

    return go


def address(matter):
    return f"/office/opinions/{matter.jurisdiction}/{matter.pk}/"


def test_rows_are_walked_with_keys_and_open_beside_the_list(at_work, sit_down):
    with at_work.within():
        for body in ("下雨积水。", "路灯不亮。"):
            opinion(at_work, body=body)
    page = sit_down(at_work.officer, QUEUE, size=WIDE)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("已选 1 件")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#pane").get_by_role("heading", name="下雨积水")).to_be_visible()
    expect(page.locator("#pane").get_by_text("现在可以做")).to_be_visible()
    assert page.url.endswith(QUEUE)
    page.keyboard.press("/")
    expect(page.locator("#id_q")).to_be_focused()


def test_words_of_a_refused_act_stay_and_those_of_a_done_one_go(at_work, sit_down):
    with at_work.within():
        assert at_work.deputy
        matter = opinion(at_work)
    kept = "Object.keys(localStorage).some(key => key.includes('decline'))"
    page = sit_down(at_work.officer, address(matter))
    page.get_by_text("不予受理", exact=True).click()
    page.fill("#id_decline-reason", "属于物业合同纠纷。")
    until(page, kept)
    page.reload()
    page.get_by_text("不予受理", exact=True).click()
    expect(page.locator("#id_decline-reason")).to_have_value("属于物业合同纠纷。")
    page.get_by_role("button", name="确定：不予受理").click()
    expect(page.get_by_text("已记为不予受理")).to_be_visible()
    until(page, f"!({kept})")


def test_without_scripts_a_clerk_enters_takes_up_and_works_on_several(at_work, browser, sit_down):
    with at_work.within():
        deputy = at_work.deputy
    context = browser.new_context(viewport=DESK, java_script_enabled=False, locale="zh-CN")
    page = sit_down(at_work.officer, "/office/opinions/new/", page=context.new_page())
    page.fill("#id_body", "北门下雨就积水，老人出门要蹚水。")
    follow(page, page.get_by_role("button", name="登记并打印回执"))
    expect(page.get_by_text("查询码，请告诉反映人")).to_be_visible()
    follow(page, page.get_by_role("link", name="去受理"))
    page.locator("summary", has_text="受理").first.click()
    follow(page, page.get_by_role("button", name="确定：受理"))
    expect(page.get_by_text("已受理")).to_be_visible()
    with at_work.within():
        assert Opinion.objects.get().deputy == deputy
        opinion(at_work, body="路灯不亮。")
    page.goto(page.url.split("/office/")[0] + QUEUE)
    page.locator("[data-pick]").first.check()
    follow(page, page.get_by_role("button", name="不予受理"))
    page.fill("#id_reason", "请拨打 12345。")
    follow(page, page.get_by_role("button", name="确定：不予受理"))
    expect(page.get_by_text("办成 1 件")).to_be_visible()
    with at_work.within():
        assert Opinion.objects.get(body="路灯不亮。").state == State.NOT_ACCEPTED
    context.close()


def test_axe_finds_nothing_and_nothing_runs_off_the_screen(at_work, sit_down, page, live_server):
    now = timezone.now()
    with at_work.within():
        walking.fill_every_post(at_work)
        fresh = opinion(
            at_work,
            author=authors.Author(name="李秀英", phone="13812345678"),
            title="长" * 110,
            body="很长的话。" * 300,
        )
        opinion(at_work)
        again = walking.handling_street(at_work)
        walking.rated(again, at_work, "dissatisfied")
        walking.replied(again, at_work, at=now)
        asked = walking.handling_department(at_work)
        extensions.request_extension(asked, reason="需等枯水期。", by=at_work.handler, at=now)
    visits = [
        (at_work.officer, ["/office/", QUEUE, "/office/opinions/?q=积水", "/office/opinions/?tab=late&category=0901", address(fresh),
                           address(again), "/office/opinions/new/", "/office/opinions/import/", "/office/notices/"]),
        (at_work.dispatcher, ["/office/", "/office/opinions/?tab=extend", address(asked)]),
        (at_work.office, ["/office/watch/", "/office/watch/late/", "/office/watch/promises/?which=due"]),
        (at_work.appoint(Role.AUDITOR), ["/office/record/"]),
    ]  # fmt: skip
    found = {}
    for account, paths in visits:
        for path in paths:
            for size in (DESK, PHONE):
                sit_down(account, path, size=size)
                for fold in page.locator("details").all():
                    fold.evaluate("each => { each.open = true }")
                violations = Axe().run(page).response["violations"]
                wrong = [(each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in violations]
                if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                    wrong.append(("wider than the screen", []))
                if wrong:
                    found[path, size["width"]] = wrong
    assert found == {}
