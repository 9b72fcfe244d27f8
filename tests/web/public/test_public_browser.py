"""What only a real browser shows: drafts on the device, the work against robots, a code behind #, the back arrow, axe."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from jiazhan.opinions.models import Opinion
from tests import factories
from tests.browser import (  # noqa: F401
    _assets,
    _playwright_beside_django,
    browser_context_args,
    browser_type_launch_args,
    follow,
    until,
)
from tests.domain.opinions import walking as lives

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("_assets"), pytest.mark.django_db(transaction=True)]
BODY = "柳林小区北门下雨就积水，老人孩子出门要蹚水。"


@pytest.fixture
def county(transactional_db):
    return factories.County()


@pytest.fixture
def say(live_server, county):
    return f"{live_server.url}/say/{county.code}/{county.station.code}/"


def go_on(page):
    follow(page, page.get_by_role("button", name="下一步"))


def until_ready_to_work(page):
    """Waits for the check against robots: a form that is sent within two seconds and without it looks like a robot's."""
    until(
        page,
        "Boolean(window.$altcha?.algorithms?.has('PBKDF2/SHA-256')"
        " && document.querySelector('altcha-widget')?.childElementCount)",
    )


def test_what_was_typed_survives_leaving_and_is_gone_once_sent(page, live_server, say):
    page.goto(say)
    page.fill("#id_body", BODY)
    expect(page.locator("html")).to_have_attribute("data-js", "")
    until(page, "localStorage.length")
    page.goto(live_server.url)
    page.goto(say)
    expect(page.locator("#id_body")).to_have_value(BODY)
    go_on(page)
    go_on(page)
    page.check("input[value=anonymous]")
    until_ready_to_work(page)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/sent/")
    until(page, "localStorage.length === 0")
    page.goto(say)
    assert page.input_value("#id_body") == ""


def test_the_work_against_robots_is_done_out_of_sight(page, county, say):
    page.goto(say)
    page.fill("#id_body", BODY)
    go_on(page)
    go_on(page)
    page.check("input[value=anonymous]")
    until_ready_to_work(page)
    with page.expect_request("**/send/") as sent:
        page.get_by_role("button", name="提交").click()
    assert "altcha=ey" in sent.value.post_data
    page.wait_for_url("**/sent/")
    with county.within():
        assert Opinion.objects.count() == 1


def test_a_lost_connection_keeps_the_words_and_says_so(page, context, say):
    page.goto(say)
    page.fill("#id_body", BODY)
    context.set_offline(True)
    until(page, "!navigator.onLine")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("现在没有网络，还没有提交")).to_be_visible()
    expect(page.locator("#id_body")).to_have_value(BODY)
    context.set_offline(False)
    until(page, "navigator.onLine")
    go_on(page)
    expect(page).to_have_url(re.compile("/place/$"))


def test_the_back_arrow_loses_nothing_without_scripts(browser, browser_context_args, say):  # noqa: F811
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    page.goto(say)
    page.fill("#id_body", BODY)
    go_on(page)
    page.fill("#id_place_note", "北门外")
    # The browser has no history to go back in while a page is still arriving: go_on waits for it.
    go_on(page)
    expect(page.locator("input[value=anonymous]")).to_be_visible()
    page.go_back()
    expect(page.locator("#id_place_note")).to_have_value("北门外")
    page.go_back()
    expect(page.locator("#id_body")).to_have_value(BODY)
    context.close()


def test_a_printed_code_opens_its_matter_and_leaves_the_address(page, live_server, county):
    with county.within():
        raised = factories.raised(county)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/follow/#{raised.follow_code}", wait_until="commit")  # its script leads on at once
    page.wait_for_url(f"**/follow/{county.code}/**")
    assert not any(raised.follow_code in url.split("#")[0] for url in asked)
    assert raised.follow_code not in page.url


def test_axe_finds_nothing_on_the_public_pages(page, live_server, county, say):
    with county.within():
        nonce = factories.nonce()
        opinion = lives.handling_street(county, nonce=nonce)
        lives.replied(opinion, county)
        code = factories.raised(county, nonce=nonce).follow_code
    found = {}

    def look(name):
        found[name] = [
            (each["id"], [node["html"][:120] for node in each["nodes"]])
            for each in Axe().run(page).response["violations"]
        ]

    for address in ("/", "/stations/", f"/stations/{county.code}/{county.station.code}/", "/follow/", "/open/", "/about/",
                    "/complain/", "/verify/", f"/deputies/{county.code}/{county.deputy.pk}/"):  # fmt: skip
        page.goto(live_server.url + address)
        look(address)
    page.goto(f"{live_server.url}/follow/#{code}", wait_until="commit")
    page.wait_for_url(f"**/follow/{county.code}/**")
    look("followed")
    page.goto(say)
    look("words")
    page.fill("#id_body", BODY)
    go_on(page)
    look("place")
    go_on(page)
    until_ready_to_work(page)
    look("contact")
    page.check("input[value=anonymous]")
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/sent/")
    look("sent")
    assert {name: each for name, each in found.items() if each} == {}
