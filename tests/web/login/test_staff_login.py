import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiazhan.people import devices
from jiazhan.people.models import Account, Throttle
from jiazhan.people.services.throttle import PAIR
from tests.web.login.conftest import PASSWORD

OFFICE, ATTACKER = "203.0.113.9", "198.51.100.7"


def log_in(client, account, password=PASSWORD, **given):
    return client.post("/login/", {"login": account.username, "password": password} | given)


def is_in(client):
    return "_auth_user_id" in client.session


@pytest.fixture
def handler(county, with_password):
    """Somebody whose role needs no second factor."""
    return with_password(county.handler)


@pytest.fixture
def officer(county, with_password):
    """Somebody whose role needs one."""
    return with_password(county.officer)


def test_user_name_and_password_open_the_door(device, handler):
    client = device()
    answer = log_in(client, handler)
    assert answer["Location"] == "/home/"
    assert is_in(client)


def test_capitals_and_spaces_in_the_user_name_do_no_harm(device, handler):
    client = device()
    log_in(client, handler, login=f" {handler.username.upper()} ")
    assert is_in(client)


def test_a_wrong_password_and_an_unknown_name_get_the_same_words(device, handler):
    wrong, unknown = device("203.0.113.1"), device("203.0.113.2")
    first = log_in(wrong, handler, "not the password").content.decode()
    second = unknown.post("/login/", {"login": "nobody", "password": "not the password"}).content.decode()
    assert "用户名或密码不对" in first
    assert without_form(first, handler.username) == without_form(second, "nobody")
    assert not is_in(wrong)


def without_form(page, username):
    """The page without what differs for every visit."""
    lines = page.replace(f'value="{username}"', "").splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line]


def test_an_unknown_name_costs_the_server_as_much_as_a_wrong_password(device, handler):
    """The same statements and one hash each: nothing to tell them apart by time."""
    wrong, unknown = device("203.0.113.1"), device("203.0.113.2")
    wrong.get("/login/")
    with CaptureQueriesContext(connection) as first:
        log_in(wrong, handler, "not the password")
    with CaptureQueriesContext(connection) as second:
        unknown.post("/login/", {"login": "nobody", "password": "not the password"})
    assert len(first) == len(second)


def test_a_closed_account_is_told_so_only_with_the_right_password(device, handler):
    Account.objects.filter(pk=handler.pk).update(is_active=False)
    client = device()
    assert "用户名或密码不对" in log_in(client, handler, "not the password").content.decode()
    assert log_in(client, handler)["Location"] == "/login/closed/"
    assert "已停用" in client.get("/login/closed/").content.decode()
    assert not is_in(client)


def test_an_account_without_a_password_cannot_be_opened_by_any(device, county):
    client = device()
    for password in ("", "!", county.handler.password):
        log_in(client, county.handler, password)
    assert not is_in(client)


def test_an_attacker_from_another_address_cannot_stop_the_owner(device, handler):
    attacker, owner = device(ATTACKER), device(OFFICE)
    for _try in range(PAIR.free + 5):
        log_in(attacker, handler, "guess")
    log_in(attacker, handler)
    assert not is_in(attacker)
    log_in(owner, handler)
    assert is_in(owner)


def test_an_attacker_behind_the_same_address_cannot_stop_the_owners_own_desk(device, handler):
    owner = device()
    log_in(owner, handler)
    owner.post("/logout/")
    attacker = device()
    for _try in range(PAIR.free + 5):
        log_in(attacker, handler, "guess")
    newcomer = device()
    log_in(newcomer, handler)
    assert not is_in(newcomer)
    log_in(owner, handler)
    assert is_in(owner)


def test_a_made_up_device_cookie_makes_no_known_device(device, handler):
    attacker = device()
    attacker.cookies[devices.COOKIE] = signing.dumps(["device", "mark"], salt="another")
    for _try in range(PAIR.free + 1):
        log_in(attacker, handler, "guess")
        attacker.cookies[devices.COOKIE] = "device:mark"
    log_in(attacker, handler)
    assert not is_in(attacker)


def test_who_must_wait_is_told_how_long_and_that_nothing_is_locked(device, handler):
    client = device()
    for _try in range(PAIR.free + 2):
        answer = log_in(client, handler, "guess")
    assert "秒再试；账号没有被锁定" in answer.content.decode()


def test_a_login_that_succeeds_leaves_no_row_behind_but_the_session(device, handler):
    log_in(device(), handler)
    assert not Throttle.objects.exists()
    assert Session.objects.count() == 1


def test_a_session_key_from_before_the_login_opens_nothing_after_it(device, handler):
    victim = device()
    victim.post("/login/phone/", {"phone": "13800138000"})
    fixed = victim.session.session_key
    assert fixed
    log_in(victim, handler)
    assert is_in(victim)
    assert victim.session.session_key != fixed
    attacker = device(ATTACKER)
    attacker.cookies["jiazhan_session"] = fixed
    assert attacker.get("/account/").status_code == 302
    assert not Session.objects.filter(session_key=fixed).exists()


@pytest.mark.parametrize(
    "after",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "evil.example",
     "http://testserver.evil.example/", "https://127.0.0.1@evil.example/", "/\t/evil.example", " //evil.example", "http://localhost/x"],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_logging_in(device, handler, after):
    client = device()
    assert log_in(client, handler, next=after)["Location"] == "/home/"
    assert is_in(client)
    assert client.get("/login/", {"next": after})["Location"] == "/home/"


def test_after_logging_in_one_goes_where_one_wanted_to(device, handler):
    client = device()
    assert log_in(client, handler, next="/department/?due=soon")["Location"] == "/department/?due=soon"


def test_the_way_back_survives_a_wrong_password(device, handler):
    answer = log_in(device(), handler, "guess", next="/department/?due=soon")
    assert 'name="next" value="/department/?due=soon"' in answer.content.decode()


def test_both_doors_are_on_the_page_and_the_right_one_is_open(device, county):
    client = device()
    assert 'name="phone"' in client.get("/login/").content.decode()
    assert 'name="password"' in client.get("/login/?next=/office/").content.decode()
    assert 'name="password"' in client.get("/login/?door=staff").content.decode()
    assert 'name="phone"' in client.get("/login/?door=%00<script>").content.decode()


def test_a_role_that_needs_a_second_factor_is_led_to_set_it_up_and_back(device, officer, county, app):
    client = device()
    log_in(client, officer)
    answer = client.get("/office/people/?q=陈")
    assert answer["Location"].startswith("/account/second-factor/?next=%2Foffice%2Fpeople%2F%3Fq%3D")
    page = client.get(answer["Location"]).content.decode()
    assert "先设好第二步验证" in page
    phone = app.scanned(client)
    answer = client.post("/account/second-factor/app/", {"code": phone.code(at=time.time())})
    assert answer["Location"] == "/account/second-factor/recovery-codes/"
    assert "/office/people/?q=" in client.get(answer["Location"]).content.decode()
    assert officer.authenticator_set.count() == 2


def test_setting_up_a_second_factor_ends_sessions_that_were_opened_without_it(device, officer, app):
    thief, owner = device(ATTACKER), device()
    log_in(thief, officer)
    log_in(owner, officer)
    phone = app.scanned(owner)
    owner.post("/account/second-factor/app/", {"code": phone.code(at=time.time())})
    assert thief.get("/account/").status_code == 302
    assert owner.get("/account/").status_code == 200


def test_a_password_alone_does_not_open_an_account_with_a_second_factor(device, officer, app):
    phone, client = app(officer), device()
    assert log_in(client, officer)["Location"] == "/login/second-factor/"
    assert not is_in(client)
    assert client.get("/account/").status_code == 302
    client.post("/login/second-factor/", {"code": phone.code(at=time.time())})
    assert is_in(client)


def test_the_way_back_survives_the_second_step(device, officer, app):
    phone, client = app(officer), device()
    log_in(client, officer, next="/office/?tab=due")
    answer = client.post("/login/second-factor/", {"code": phone.code(at=time.time())})
    assert answer["Location"] == "/office/?tab=due"


def test_a_code_of_the_app_counts_once(device, officer, app):
    phone = app(officer)
    code = phone.code(at=time.time())
    for client, works in ((device(), True), (device(ATTACKER), False)):
        log_in(client, officer)
        client.post("/login/second-factor/", {"code": code})
        assert is_in(client) == works


def test_an_old_code_of_the_app_is_refused(device, officer, app):
    phone, client = app(officer), device()
    log_in(client, officer)
    answer = client.post("/login/second-factor/", {"code": phone.code(at=time.time() - 300)})
    assert "验证码不对" in answer.content.decode()
    assert not is_in(client)


def test_guessing_the_second_step_is_slowed_without_stopping_the_owner(device, officer, app):
    phone, attacker, owner = app(officer), device(ATTACKER), device()
    log_in(attacker, officer)
    for _try in range(PAIR.free + 2):
        answer = attacker.post("/login/second-factor/", {"code": "000000"})
    assert "输错的次数太多了" in answer.content.decode()
    log_in(owner, officer)
    owner.post("/login/second-factor/", {"code": phone.code(at=time.time())})
    assert is_in(owner)


def test_a_recovery_code_opens_once(device, officer, app):
    app(officer)
    code = RecoveryCodes.activate(officer).get_unused_codes()[0]
    for works in (True, False):
        client = device()
        log_in(client, officer)
        client.post("/login/second-factor/", {"code": f"{code[:4]} {code[4:]}"})
        assert is_in(client) == works


def test_the_secret_of_the_app_lies_sealed(officer, app):
    phone = app(officer)
    assert phone.secret not in str(phone.authenticator.data)


def test_who_needs_a_second_factor_cannot_remove_the_last(device, officer, handler, app):
    for account, stays in ((officer, True), (handler, False)):
        phone, client = app(account), device()
        log_in(client, account)
        client.post("/login/second-factor/", {"code": phone.code(at=time.time())})
        client.post("/account/second-factor/app/remove/")
        assert account.authenticator_set.filter(type="totp").exists() == stays


def test_a_password_that_was_handed_out_is_changed_first(device, handler):
    Account.objects.filter(pk=handler.pk).update(is_password_temporary=True)
    client, elsewhere = device(), device()
    log_in(client, handler)
    log_in(elsewhere, handler)
    answer = client.get("/office/people/")
    assert answer["Location"] == "/account/password/?next=%2Foffice%2Fpeople%2F"
    fresh = "另一个只有自己知道的密码"
    typed = {"old": PASSWORD, "new": fresh, "again": fresh, "next": "/account/"}
    assert client.post("/account/password/", typed)["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert not Account.objects.get(pk=handler.pk).is_password_temporary


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"old": "guess"}, "现在的密码不对"),
        ({"again": "different-from-it"}, "不一样"),
        ({"new": "1234567890", "again": "1234567890"}, "id_new"),
        ({"new": PASSWORD, "again": PASSWORD}, "不同"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_a_sentence(device, handler, typed, words):
    client, fresh = device(), "另一个只有自己知道的密码"
    log_in(client, handler)
    answer = client.post("/account/password/", {"old": PASSWORD, "new": fresh, "again": fresh} | typed)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Account.objects.get(pk=handler.pk).check_password(PASSWORD)


def test_sessions_of_staff_end_after_a_working_day(device, handler):
    client = device()
    log_in(client, handler)
    hours = (client.session.get_expiry_date() - timezone.now()).total_seconds() / 3600
    assert 11.9 < hours <= 12


def test_a_desk_left_alone_is_logged_out(device, handler):
    client = device()
    log_in(client, handler)
    assert client.get("/account/").status_code == 200
    session = client.session
    session["seen_at"] = int(time.time()) - 2 * 3600 - 5
    session.save()
    assert client.get("/account/").status_code == 302


def test_a_busy_session_writes_no_row_with_each_request(device, handler):
    client = device()
    log_in(client, handler)
    with CaptureQueriesContext(connection) as statements:
        client.get("/account/")
    assert not [each for each in statements if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_logging_out_takes_a_press_of_a_button(device, handler):
    client = device()
    log_in(client, handler)
    client.get("/logout/")
    assert is_in(client)
    client.post("/logout/")
    assert not is_in(client)


MADE_UP = ["", "{}", "[]", "null", "7", '{"id": "x"}', "not json", '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
           '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA", "authenticatorData": "AA", "signature": "AA",'
           ' "userHandle": "AA", "attestationObject": "AA"}}']  # fmt: skip


@pytest.mark.parametrize("credential", MADE_UP)
def test_a_passkey_that_was_made_up_is_refused_wherever_one_is_taken(device, officer, app, credential):
    phone, client = app(officer), device()
    client.get("/login/passkey/", headers={"Accept": "application/json"})
    answer = client.post("/login/passkey/", {"credential": credential}, follow=True)
    assert "没有认出这个通行密钥" in answer.content.decode()
    assert 'name="password"' in answer.content.decode()
    log_in(client, officer)
    assert client.post("/login/second-factor/", {"credential": credential}).status_code == 200
    assert not is_in(client)
    client.post("/login/second-factor/", {"code": phone.code(at=time.time())})
    assert is_in(client)
    client.get("/account/second-factor/passkeys/add/")
    assert client.post("/account/second-factor/passkeys/add/", {"credential": credential}).status_code == 200
    assert officer.authenticator_set.filter(type="webauthn").count() == 0


def test_a_robot_that_asks_for_passkeys_fills_no_table(device, county):
    answers = [
        device().get("/login/passkey/", headers={"Accept": "application/json"}).status_code for _ask in range(65)
    ]
    assert answers[0] == 200
    assert answers[-1] == 429
    assert Session.objects.count() <= 61
