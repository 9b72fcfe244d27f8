"""Logging in with a passkey, and the pages of logging in, in a real browser under the strict content-security-policy."""

import re

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import follow
from tests.factories import County

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_assets")]

PASSWORD = "柳林站-清晨六点半-开门迎客"


@pytest.fixture
def officer():
    """Somebody whose role needs a second factor."""
    account = County().officer
    account.set_password(PASSWORD)
    account.save()
    return account


@pytest.fixture
def visit(page, live_server):
    """Opens an address; at the end refuses anything that the browser complained about."""
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    # A passkey belongs to a name, never to a number.
    address = live_server.url.replace("127.0.0.1", "localhost")

    def go(path):
        page.goto(address + path)
        return page

    yield go
    assert complaints == []


@pytest.fixture
def fingerprint(page):
    """A device that confirms with a finger: function to take the finger away."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    made = devices.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"isUserVerified": True}})

    def refuse():
        devices.send("WebAuthn.setUserVerified", {"authenticatorId": made["authenticatorId"], "isUserVerified": False})

    return refuse


def log_in(page, account):
    page.get_by_label("用户名").fill(account.username)
    page.get_by_label("密码").fill(PASSWORD)
    follow(page, page.get_by_role("button", name="登录", exact=True))


def add_passkey(visit, account):
    page = visit("/login/?door=staff")
    log_in(page, account)
    visit("/account/second-factor/passkeys/add/")
    page.get_by_role("button", name="添加").click()
    page.wait_for_url("**/recovery-codes/")
    return page


def log_out(page, visit):
    visit("/logout/")
    follow(page, page.get_by_role("button", name="退出"))


def test_a_passkey_alone_opens_the_door_and_counts_as_the_second_step(visit, officer, fingerprint):
    page = add_passkey(visit, officer)
    assert Authenticator.objects.filter(user=officer, type="webauthn").count() == 1
    log_out(page, visit)
    visit("/login/?door=staff&next=/account/sessions/")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.get_by_text("就是这一台").wait_for()
    expect(page).to_have_url(re.compile("/account/sessions/$"))


def test_a_passkey_serves_as_second_step_after_the_password(visit, officer, fingerprint):
    page = add_passkey(visit, officer)
    log_out(page, visit)
    visit("/login/?door=staff&next=/account/")
    log_in(page, officer)
    page.wait_for_url("**/login/second-factor/")
    page.get_by_role("button", name="用通行密钥验证").click()
    page.wait_for_url("**/account/")
    expect(page.get_by_role("heading", name=officer.name)).to_be_visible()


def test_a_finger_that_is_refused_is_said_and_the_password_still_works(visit, officer, fingerprint):
    page = add_passkey(visit, officer)
    log_out(page, visit)
    visit("/login/?door=staff")
    fingerprint()
    page.get_by_role("button", name="用通行密钥登录").click()
    page.get_by_text("没有完成验证").wait_for()
    log_in(page, officer)
    page.wait_for_url("**/login/second-factor/")


PAGES = ["/login/", "/login/?door=staff", "/account/", "/account/password/", "/account/second-factor/",
         "/account/second-factor/app/", "/account/second-factor/passkeys/add/", "/account/sessions/", "/logout/"]  # fmt: skip


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_logging_in_are_accessible_and_fit(visit, officer, page, width):
    page.set_viewport_size({"width": width, "height": 844})
    for path in PAGES:
        if path == "/account/":
            visit("/login/?door=staff")
            log_in(page, officer)
        visit(path)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.response["violations"] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
