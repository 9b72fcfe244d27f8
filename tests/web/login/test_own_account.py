import re

import pytest

from jiazhan.people.services import sessions
from tests.factories import NOW
from tests.web.login.conftest import PASSWORD
from tests.web.login.test_staff_login import log_in

WECHAT = "Mozilla/5.0 (Linux; Android 14; HarmonyOS) AppleWebKit/537.36 Chrome/116 Mobile Safari/537.36 MicroMessenger/8.0.50"


@pytest.fixture
def handler(county, with_password):
    return with_password(county.handler)


@pytest.fixture
def stranger(county, with_password):
    return with_password(county.unit_head)


def others_of(client):
    """The numbers of the listed logins that can be ended: all but the one that lists them."""
    return re.findall(r"/account/sessions/([0-9]+)/end/", client.get("/account/sessions/").content.decode())


def test_own_logins_are_listed_with_the_device_in_words(device, handler):
    desk, phone = device(), device("198.51.100.7")
    phone.defaults["HTTP_USER_AGENT"] = WECHAT
    log_in(desk, handler)
    log_in(phone, handler)
    page = desk.get("/account/sessions/").content.decode()
    assert "鸿蒙手机上的微信" in page
    assert "198.51.100.7" in page
    assert page.count("就是这一台") == 1


def test_one_ends_a_login_of_ones_own_and_the_other_stays(device, handler):
    desk, phone = device(), device()
    log_in(desk, handler)
    log_in(phone, handler)
    [other] = others_of(desk)
    desk.post(f"/account/sessions/{other}/end/")
    assert phone.get("/account/").status_code == 302
    assert desk.get("/account/").status_code == 200


def test_one_ends_all_other_logins(device, handler):
    desk, phone, tablet = device(), device(), device()
    for client in (desk, phone, tablet):
        log_in(client, handler)
    desk.post("/account/sessions/end-others/")
    assert [client.get("/account/").status_code for client in (desk, phone, tablet)] == [200, 302, 302]


def test_nobody_ends_a_strangers_login_by_its_number(device, handler, stranger):
    own, other, desk = device(), device(), device()
    log_in(own, handler)
    log_in(other, stranger)
    log_in(desk, stranger)
    [number] = others_of(desk)
    assert own.post(f"/account/sessions/{number}/end/").status_code == 404
    assert other.get("/account/").status_code == 200
    assert desk.post(f"/account/sessions/{number}/end/").status_code == 302
    assert other.get("/account/").status_code == 302


def test_a_session_that_an_administrator_ended_is_over_at_once(device, handler, county):
    client = device()
    log_in(client, handler)
    with county.within():
        sessions.revoke(handler, reason="账号疑似被盗", by=county.security_admin, at=NOW)
    assert client.get("/account/").status_code == 302


PAGES = [
    "/account/", "/account/password/", "/account/second-factor/", "/account/second-factor/app/",
    "/account/second-factor/passkeys/", "/account/second-factor/passkeys/add/", "/account/sessions/", "/logout/",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_ones_own_account_are_for_who_is_logged_in(device, handler, path):
    client = device()
    answer = client.get(path)
    assert answer.status_code == 302
    log_in(client, handler)
    assert client.get(path).status_code == 200


def test_a_long_ago_login_confirms_itself_before_something_sensitive(device, handler):
    client = device()
    log_in(client, handler)
    assert client.get("/account/second-factor/app/").status_code == 200
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 700
    session.save()
    answer = client.get("/account/second-factor/app/")
    assert answer["Location"] == "/login/again/?next=%2Faccount%2Fsecond-factor%2Fapp%2F"
    assert "再确认一次" in client.get(answer["Location"]).content.decode()
    wrong = client.post(answer["Location"], {"password": "guess"})
    assert "密码不对" in wrong.content.decode()
    right = client.post(answer["Location"], {"password": PASSWORD})
    assert right["Location"] == "/account/second-factor/app/"
    assert client.get("/account/second-factor/app/").status_code == 200
