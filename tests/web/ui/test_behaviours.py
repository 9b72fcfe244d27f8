"""What the small scripts add, in a real browser, on the gallery and its frames."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

from tests.browser import DESK, until

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_assets")]


@pytest.fixture
def open_page(page, live_server, settings):
    """Opens an address of the gallery, and at the end refuses anything that the browser complained about."""
    settings.DEBUG = True
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)

    def visit(address):
        page.goto(live_server.url + address)
        return page

    yield visit
    assert complaints == []


def picture(size):
    stream = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(stream, "JPEG", quality=95)
    return stream.getvalue()


def test_what_was_typed_survives_closing_the_page(open_page):
    page = open_page("/ui/frame/public/")
    page.fill("#id_words", "路灯修好了𠮷")
    page.get_by_label("基本满意").check()
    until(page, "localStorage.getItem('draft:sample')")
    open_page("/ui/error/404/")
    page = open_page("/ui/frame/public/")
    expect(page.locator("#id_words")).to_have_value("路灯修好了𠮷")
    expect(page.get_by_label("基本满意")).to_be_checked()


def test_a_draft_never_overwrites_what_the_server_sent_back_with_errors(open_page):
    page = open_page("/ui/frame/public/")
    page.evaluate("localStorage.setItem('draft:gallery', JSON.stringify({at: Date.now(), values: {story: '旧的'}}))")
    assert open_page("/ui/").input_value("#id_story") == ""


def test_a_draft_of_last_week_is_dropped(open_page):
    page = open_page("/ui/frame/public/")
    page.evaluate(
        "localStorage.setItem('draft:sample', JSON.stringify({at: Date.now() - 8 * 86400000, values: {words: '旧的'}}))"
    )
    assert open_page("/ui/frame/public/").input_value("#id_words") == ""
    assert page.evaluate("localStorage.getItem('draft:sample')") is None


def test_without_a_connection_nothing_is_sent_and_the_person_is_told(open_page):
    page = open_page("/ui/")
    before = page.url
    expect(page.locator("[data-offline]")).to_be_hidden()
    page.evaluate("document.querySelector('form[data-draft]').noValidate = true")
    page.context.set_offline(True)
    until(page, "!navigator.onLine")
    page.click("form[data-draft] button[data-busy]")
    expect(page.locator("[data-offline]")).to_be_visible()
    page.context.set_offline(False)
    assert page.url == before


def test_a_second_press_sends_nothing(open_page):
    page = open_page("/ui/")
    sent = []

    def is_post(request):
        return request.method == "POST"

    def answer(route):
        # 204 leaves the browser on the page, as a slow answer would.
        if is_post(route.request):
            sent.append(route.request.url)
            route.fulfill(status=204)
        else:
            route.continue_()

    page.route("**/*", answer)
    button = page.get_by_role("button", name="请代表认领")
    with page.expect_request(is_post):
        button.click()
    expect(button).to_have_attribute("aria-disabled", "true")
    button.dispatch_event("click")
    # What is sent after it tells that the second press had its time.
    with page.expect_request(is_post):
        page.get_by_role("button", name="查看号码").click()
    assert len(sent) == 2


def test_characters_are_counted_as_people_count_them(open_page):
    page = open_page("/ui/")
    counter = page.locator('[data-counter="id_short"]')
    expect(counter).to_have_text("最多 20 字")
    page.fill("#id_short", "𠮷祥苑三号楼没有水已经两天")
    expect(counter).to_have_text("还可以写 7 字")


def test_pictures_are_shown_made_smaller_and_removable(open_page):
    page = open_page("/ui/")
    large = picture((3000, 2000))
    page.set_input_files(
        "#id_pictures",
        [
            {"name": "大.jpg", "mimeType": "image/jpeg", "buffer": large},
            {"name": "小.jpg", "mimeType": "image/jpeg", "buffer": picture((64, 64))},
        ],
    )
    expect(page.locator(".picture")).to_have_count(2)
    sizes = page.evaluate("[...document.querySelector('#id_pictures').files].map((file) => file.size)")
    assert sizes[0] < len(large) / 2
    page.get_by_role("button", name="移除 小.jpg").click()
    expect(page.locator(".picture")).to_have_count(1)
    assert page.evaluate("document.querySelector('#id_pictures').files.length") == 1


def test_a_tenth_picture_is_left_out_with_a_word(open_page):
    page = open_page("/ui/")
    small = picture((32, 32))
    files = [{"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": small} for number in range(10)]
    page.set_input_files("#id_pictures", files)
    expect(page.locator(".picture")).to_have_count(9)
    expect(page.get_by_text("最多 9 张，多出的没有加入")).to_be_visible()


def test_the_keyboard_walks_picks_and_searches(open_page):
    page = open_page("/ui/frame/department/")
    page.set_viewport_size(DESK)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(".row.is-active .row-title")).to_have_text("翠湖路路灯不亮")
    expect(page.locator("[data-bulk]")).to_be_hidden()
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-said]")).to_have_text("已选 1 件")
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("jk?")
    expect(page.locator("[data-search]")).to_have_value("jk?")


def test_the_menu_of_the_desk_opens_on_a_phone_by_touch_and_by_key(open_page):
    page = open_page("/ui/frame/office/")
    expect(page.locator("nav.rail-body")).to_be_hidden()
    page.get_by_text("菜单", exact=True).click()
    expect(page.locator("nav.rail-body")).to_be_visible()
    page.locator("#rail-toggle").focus()
    page.keyboard.press("Space")
    expect(page.locator("nav.rail-body")).to_be_hidden()


def test_a_row_opens_beside_the_list_on_a_wide_screen(open_page):
    page = open_page("/ui/frame/office/")
    page.set_viewport_size({"width": 1600, "height": 900})
    page.get_by_role("link", name="翠湖路路灯不亮").first.click()
    page.wait_for_selector("#pane #detail")
    assert page.url.endswith("/ui/frame/office/")


def test_a_row_that_has_no_detail_to_show_is_opened_as_a_page(open_page):
    page = open_page("/ui/frame/office/")
    page.set_viewport_size({"width": 1600, "height": 900})
    page.get_by_role("link", name="自来水发黄").first.click()
    page.wait_for_url("**/ui/frame/public/")


def test_a_row_is_a_plain_link_on_a_phone(open_page):
    page = open_page("/ui/frame/office/")
    page.get_by_role("link", name="自来水发黄").first.click()
    page.wait_for_url("**/ui/frame/public/")


@pytest.mark.parametrize("address", ["/ui/", "/ui/frame/public/", "/ui/frame/deputy/", "/ui/frame/office/"])
@pytest.mark.parametrize("text_size", ["", "largest"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen(open_page, live_server, address, text_size, width):
    page = open_page("/ui/error/404/")
    page.set_viewport_size({"width": width, "height": 844})
    if text_size:
        page.context.add_cookies([{"name": "text_size", "value": text_size, "url": live_server.url}])
    open_page(address)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize(
    "address", ["/ui/", "/ui/frame/public/", "/ui/frame/deputy/", "/ui/frame/office/", "/ui/error/404/"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page, address, scheme):
    page = open_page("/ui/error/500/")
    page.emulate_media(color_scheme=scheme)
    open_page(address)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
    assert [(each["id"], each["nodes"][0]["html"]) for each in found.response["violations"]] == []


def test_targets_are_large_enough_for_a_thumb(open_page):
    page = open_page("/ui/")
    small = page.evaluate(
        """[...document.querySelectorAll(
               ".btn, .input, .select, .choice, .tab-link, .bar-link, .row-box, .file, .face")]
           .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 43.9)
           .map((each) => each.className + " " + each.getBoundingClientRect().height)"""
    )
    assert small == []


def test_targets_are_larger_in_elder_mode(open_page, live_server):
    page = open_page("/ui/error/404/")
    page.context.add_cookies([{"name": "text_size", "value": "large", "url": live_server.url}])
    open_page("/ui/")
    small = page.evaluate(
        """[...document.querySelectorAll(
               ".btn, .input, .select, .choice, .tab-link, .bar-link, .face")]
           .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 59.9)
           .map((each) => each.className + " " + each.getBoundingClientRect().height)"""
    )
    assert small == []
