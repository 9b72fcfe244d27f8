"""What only a real browser shows of a unit's desk: sentences put in, drafts on the device, the pane, axe."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from jiazhan.opinions.services import replies, units
from tests import factories
from tests.browser import (  # noqa: F401
    DESK,
    _assets,
    _playwright_beside_django,
    browser_context_args,
    browser_type_launch_args,
    follow,
    until,
)
from tests.domain.opinions import walking
from tests.factories import County

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("_assets"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def county(transactional_db):
    """A county whose rows the server's own thread sees."""
    return County()


@pytest.fixture
def handling(county, monkeypatch):
    """A matter that the department has received and chosen a handler for, today."""
    now = timezone.now()
    monkeypatch.setattr(factories, "NOW", now)
    monkeypatch.setattr(walking, "NOW", now)
    with county.within():
        return walking.handling_department(county)


@pytest.fixture
def sit_down(page, live_server):
    """Logs the browser in as somebody and opens an address: `sit_down(county.handler, "/department/")`."""

    def go(account, path):
        client = Client()
        client.force_login(account)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page.set_viewport_size(DESK)
        page.goto(live_server.url + path)
        return page

    return go


def address(matter):
    return f"/department/opinions/{matter.jurisdiction}/{matter.pk}/"


def test_a_sentence_is_put_where_the_cursor_stands(sit_down, county, handling):
    page = sit_down(county.handler, address(handling))
    page.fill("#id_body", "您好:")
    page.get_by_text("常用句子").click()
    page.get_by_role("button", name="插入").first.click()
    expect(page.locator("#id_body")).to_have_value(re.compile("^您好:\n收到您反映的情况后"))


def test_what_was_sent_does_not_come_back_into_the_box(sit_down, county, handling):
    page = sit_down(county.handler, address(handling))
    page.fill("#id_text", "请问是哪一段?")
    until(page, "localStorage.length === 1")
    follow(page, page.get_by_role("button", name="发出留言"))
    expect(page.get_by_text("留言已发出")).to_be_visible()
    assert page.input_value("#id_text") == ""
    page.reload()
    assert page.input_value("#id_text") == ""


def test_a_saved_draft_is_read_from_the_desk_not_from_the_device(sit_down, county, handling):
    page = sit_down(county.handler, address(handling))
    page.fill("#id_body", "已去看过。")
    page.check("input[value=resolved]")
    follow(page, page.get_by_role("button", name="保存草稿"))
    expect(page.get_by_text("草稿已保存")).to_be_visible()
    with county.within():
        draft = replies.of_round(handling)
        replies.save_draft(
            handling, body="改过", outcome="planned", version=draft.version, by=county.unit_head, at=walking.NOW
        )
    page.reload()
    expect(page.locator("#id_body")).to_have_value("改过")
    expect(page.locator("input[value=planned]")).to_be_checked()


def test_on_a_wide_desk_a_matter_opens_beside_the_list(sit_down, county, handling):
    page = sit_down(county.handler, "/department/?tab=under-way")
    page.set_viewport_size({"width": 1600, "height": 900})
    page.get_by_role("link", name=handling.title).click()
    expect(page.locator("#pane").get_by_role("heading", name="反映的问题")).to_be_visible()
    expect(page.get_by_role("heading", name="收件箱")).to_be_visible()


def test_axe_finds_nothing_on_a_units_pages(sit_down, page, live_server, county, handling):
    with county.within():
        new = walking.assigned_department(county)
        draft = replies.save_draft(handling, body="已去看过。", outcome="planned", by=county.handler, at=walking.NOW)
        replies.submit(handling, version=draft.version, by=county.handler, at=walking.NOW)
        units.speak(handling, text="请问是哪一段?", by=county.handler, at=walking.NOW)
        again, done = (walking.handling_department(county) for _each in range(2))
        walking.rated(again, county, "dissatisfied", at=walking.NOW)
        day = timezone.localdate() + timedelta(days=40)
        walking.replied(done, county, at=walking.NOW, promise_text="加装路灯", promise_on=day)
    sit_down(county.unit_head, "/department/")
    found = {}
    pages = [
        "/department/?tab=under-way",
        "/department/?tab=promises",
        "/department/?tab=under-way&q=没有",
        "/department/notices/",
    ]
    for path in [*pages, *map(address, (new, handling, again, done))]:
        page.goto(live_server.url + path)
        for fold in page.locator("details").all():
            fold.evaluate("each => { each.open = true }")
        violations = Axe().run(page).response["violations"]
        found[path] = [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in violations]
    assert {path: each for path, each in found.items() if each} == {}
