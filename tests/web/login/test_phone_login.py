import pytest

from jiazhan.people import crypto
from jiazhan.people.models import Account, AccountKind, PhoneCode
from tests import factories

PHONE, ATTACKER = "13800138000", "198.51.100.7"


def ask(client, phone=PHONE, **given):
    return client.post("/login/phone/", {"phone": phone} | given)


def enter(client, code, **given):
    return client.post("/login/code/", {"code": code} | given)


def is_in(client):
    return "_auth_user_id" in client.session


def test_an_unknown_phone_becomes_a_residents_account_once_the_code_was_right(device, county, last_code):
    client = device()
    assert ask(client, "+86 138-0013-8000")["Location"] == "/login/code/"
    assert not Account.objects.filter(kind=AccountKind.RESIDENT).exists()
    enter(client, f"{(int(last_code()) + 1) % 10**6:06}")
    assert not Account.objects.filter(kind=AccountKind.RESIDENT).exists()
    assert enter(client, last_code())["Location"] == "/home/"
    assert is_in(client)
    assert Account.objects.get(kind=AccountKind.RESIDENT).phone_digest == crypto.digest(PHONE)


def test_asking_for_a_code_tells_nothing_about_accounts(device, county, messages):
    factories.resident(phone=PHONE)
    known, unknown = device("203.0.113.1"), device("203.0.113.2")
    answers = [ask(known, PHONE), ask(unknown, "13900139000")]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/login/code/")}
    texts = {text.replace(text.split("验证码 ")[1][:6], "") for _phone, text in messages()}
    assert len(texts) == 1
    pages = {client.get("/login/code/").content.decode().count("\n") for client in (known, unknown)}
    assert len(pages) == 1


def test_a_deputy_logs_in_with_the_phone_of_the_account(device, county, last_code):
    client = device()
    ask(client, crypto.decrypt(county.deputy.account.phone_encrypted))
    enter(client, last_code())
    assert client.session["_auth_user_id"] == str(county.deputy.account_id)


def test_a_phone_of_staff_opens_no_staff_account(device, county, last_code):
    """A stolen SIM card must not stand in for a password."""
    handler = county.handler
    handler.phone_encrypted, handler.phone_digest = crypto.encrypt(PHONE), crypto.digest(PHONE)
    handler.save()
    client = device()
    ask(client)
    answer = client.post("/login/code/", {"code": last_code()}, follow=True)
    assert not is_in(client)
    assert "请用用户名和密码登录" in answer.content.decode()


def test_a_deputy_with_a_second_factor_is_asked_for_it_after_the_code(device, county, last_code, app):
    app(county.deputy.account)
    client = device()
    ask(client, crypto.decrypt(county.deputy.account.phone_encrypted))
    assert enter(client, last_code())["Location"] == "/login/second-factor/"
    assert not is_in(client)


def test_a_closed_account_is_not_opened_by_a_code(device, county, last_code):
    account = factories.resident(phone=PHONE)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    client = device()
    ask(client)
    assert enter(client, last_code())["Location"] == "/login/closed/"
    assert not is_in(client)


def test_a_code_opens_once(device, county, last_code):
    client = device()
    ask(client)
    code, asked = last_code(), client.session["phone_login"]
    enter(client, code)
    assert is_in(client)
    again = device()
    session = again.session
    session["phone_login"] = asked
    session.save()
    assert "已经失效" in enter(again, code).content.decode()
    assert not is_in(again)


def test_a_code_opens_only_where_it_was_asked_for(device, county, last_code):
    owner, thief = device(), device(ATTACKER)
    ask(owner)
    enter(thief, last_code())
    assert not is_in(thief)
    enter(owner, last_code())
    assert is_in(owner)


def test_wrong_tries_are_counted_although_the_page_is_shown_again(device, county, last_code):
    client = device()
    ask(client)
    wrong = f"{(int(last_code()) + 1) % 10**6:06}"
    words = [enter(client, wrong).content.decode() for _try in range(5)]
    assert "还可以试 4 次" in words[0]
    assert "已经失效" in words[-1]
    assert PhoneCode.objects.get().tries == 5
    enter(client, last_code())
    assert not is_in(client)


@pytest.mark.parametrize("typed", ["", "12345", "010-66668888", "<script>alert(1)</script>", "1" * 500])
def test_what_is_no_phone_is_said_and_kept_in_the_box(device, county, messages, typed):
    answer = ask(device(), typed)
    assert answer.status_code == 200
    assert 'id="error_phone"' in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()
    assert messages() == []


def test_asking_twice_in_a_minute_is_refused_with_the_wait(device, county, messages):
    client = device()
    ask(client)
    answer = ask(client)
    assert "再取验证码；刚才的验证码 10 分钟内有效" in answer.content.decode()
    assert len(messages()) == 1


def test_messages_that_a_stranger_used_up_do_not_shut_out_the_owners_phone(device, county, last_code):
    owner = device()
    ask(owner)
    enter(owner, last_code())
    owner.post("/logout/")
    PhoneCode.objects.update(is_known_device=True, sent_at="2026-11-01T00:00Z")
    ask(device(ATTACKER))
    assert ask(device("203.0.113.77")).status_code == 200
    assert ask(owner)["Location"] == "/login/code/"
    enter(owner, last_code())
    assert is_in(owner)


def test_the_way_back_survives_the_code_and_leads_nowhere_else(device, county, last_code):
    client = device()
    assert ask(client, next="/follow/?tab=mine")["Location"] == "/login/code/?next=%2Ffollow%2F%3Ftab%3Dmine"
    assert enter(client, last_code(), next="/follow/?tab=mine")["Location"] == "/follow/?tab=mine"
    client = device()
    assert ask(client, "13900139000", next="//evil.example/")["Location"] == "/login/code/"
    assert enter(client, last_code(), next="//evil.example/")["Location"] == "/home/"


def test_the_session_is_a_new_one_after_the_code(device, county, last_code):
    client = device()
    ask(client)
    before = client.session.session_key
    enter(client, last_code())
    assert client.session.session_key != before


def test_a_phone_stays_logged_in_for_two_weeks(device, county, last_code):
    client = device()
    ask(client)
    enter(client, last_code())
    assert client.session.get_expiry_age() == 14 * 24 * 3600


def test_without_a_code_asked_for_there_is_nothing_to_enter(device, county):
    assert device().get("/login/code/")["Location"] == "/login/"
    assert device().get("/login/phone/").status_code == 405
