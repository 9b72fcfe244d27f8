import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from jiazhan.audit.models import Entry
from jiazhan.people import crypto
from jiazhan.people.models import Account
from jiazhan.people.roles import ROLES, Role
from tests import factories
from tests.factories import County

WHO = ["affairs", "security_admin", "system_admin", "vice_director", "officer", "handler", "chair"]


def account_of(county, who):
    return county.appoint(Role.SYSTEM_ADMIN) if who == "system_admin" else getattr(county, who)


# Role × page: who may open it.
TABLE = {
    "/office/people/": {"affairs", "security_admin", "system_admin", "vice_director"},
    "/office/people/roles/": {"affairs", "security_admin", "system_admin", "vice_director"},
    "/office/people/new/": {"affairs", "system_admin"},
    "/office/people/terms/": {"affairs", "system_admin"},
}


@pytest.mark.parametrize("path", TABLE)
@pytest.mark.parametrize("who", WHO)
def test_pages_open_for_those_who_manage_people(county, as_, path, who):
    answer = as_(account_of(county, who)).get(path)
    assert answer.status_code == (200 if who in TABLE[path] else 403)


@pytest.mark.parametrize("path", TABLE)
def test_pages_are_closed_to_who_is_not_logged_in(county, path):
    assert Client().get(path)["Location"].startswith("/login/?next=")


# Role × act on somebody of the own street.
ACTS = {
    "password/": {"affairs", "system_admin"},
    "close/": {"affairs", "system_admin"},
    "second-factor/": {"security_admin"},
    "sessions/end/": {"security_admin"},
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", WHO)
def test_acts_are_done_by_those_who_may(county, as_, act, who):
    other = county.appoint(Role.LIAISON_OFFICER, name="赵联络")
    Authenticator.objects.create(user=other, type=Authenticator.Type.TOTP, data={})
    answer = as_(account_of(county, who)).post(f"/office/people/{other.pk}/{act}", {"reason": "本人当面申请"})
    assert (answer.status_code in {200, 302}) == (who in ACTS[act])


def test_strangers_are_not_there(county, as_):
    stranger = County(code="990107", name="北岭区").officer
    resident = factories.resident()
    client = as_(county.affairs)
    listed = client.get("/office/people/").content.decode()
    assert stranger.username not in listed
    assert str(resident.pk) not in listed
    for account in (stranger, resident):
        assert client.get(f"/office/people/{account.pk}/").status_code == 404
        assert client.post(f"/office/people/{account.pk}/close/", {"reason": "本人当面申请"}).status_code == 404
    assert client.get(f"/office/people/{county.officer.pk}/").status_code == 200


def test_people_are_found_by_name_user_name_and_whole_phone(county, as_):
    officer, deputy = county.officer, county.deputy
    client = as_(county.affairs)
    for words in ("陈", officer.username.upper()):
        assert f"/office/people/{officer.pk}/" in client.get("/office/people/", {"q": words}).content.decode()
    phone = crypto.decrypt(deputy.account.phone_encrypted)
    assert (
        f"/office/people/{deputy.account_id}/" in client.get("/office/people/", {"q": f"+86 {phone}"}).content.decode()
    )
    assert (
        f"/office/people/{deputy.account_id}/" not in client.get("/office/people/", {"q": phone[:7]}).content.decode()
    )
    assert "没有找到这样的人" in client.get("/office/people/", {"q": "查无此人"}).content.decode()


def test_a_list_of_people_asks_the_database_the_same_however_long_it_is(county, as_, django_assert_max_num_queries):
    client = as_(county.affairs)
    for _one in range(12):
        county.appoint(Role.LIAISON_OFFICER)
    client.get("/office/people/")
    with django_assert_max_num_queries(20):
        client.get("/office/people/")


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999", "3"])
def test_a_page_that_is_not_there_is_empty_and_no_failure(county, as_, number):
    assert as_(county.affairs).get("/office/people/", {"page": number, "kind": "<script>"}).status_code == 200


def test_an_account_is_opened_with_a_password_shown_once(county, as_):
    client = as_(county.affairs)
    answer = client.post("/office/people/new/", {"name": "孙新来", "username": "SunXinLai", "phone": ""})
    page = answer.content.decode()
    password = re.search(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", page)[0]
    account = Account.objects.get(username="sunxinlai")
    assert account.check_password(password)
    assert "no-store" in answer["Cache-Control"]
    assert password not in client.get(f"/office/people/{account.pk}/").content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [({"username": ""}, "请填写用户名"), ({"phone": "12345"}, "11 位手机号"), ({"name": ""}, "请填写姓名")],
)
def test_an_account_that_will_not_do_is_refused_with_what_was_typed(county, as_, typed, words):
    given = {"name": "孙新来", "username": "sunxinlai", "phone": ""} | typed
    answer = as_(county.affairs).post("/office/people/new/", given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert all(value in page for value in given.values())
    assert not Account.objects.filter(username="sunxinlai").exists()


def test_a_taken_user_name_is_said(county, as_):
    answer = as_(county.affairs).post(
        "/office/people/new/", {"name": "孙新来", "username": county.officer.username, "phone": ""}
    )
    assert "已经有人用了" in answer.content.decode()


def test_somebody_is_appointed_and_the_post_ended(county, as_):
    clerk = factories.account("王办事")
    client = as_(county.affairs)
    given = {"role": Role.LIAISON_OFFICER, "where": f"station:{county.station.pk}", "starts_on": "2026-11-01"}
    assert client.post(f"/office/people/{clerk.pk}/appoint/", given).status_code == 302
    post = clerk.posts.get()
    assert (post.station, post.area) == (county.station, county.street.code)
    client.post(f"/office/people/{clerk.pk}/posts/{post.pk}/end/", {"on": "2026-11-20"})
    post.refresh_from_db()
    assert str(post.ends_on) == "2026-11-20"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"where": "area:990106"}, "请选择站点"),
        ({"where": "area:990107"}, ""),
        ({"where": "station:made-up"}, ""),
        ({"role": "auditor", "where": "area:990106"}, ""),
        ({"role": ""}, "请选择角色"),
        ({"starts_on": "昨天"}, ""),
    ],
)
def test_an_appointment_that_does_not_fit_is_refused_on_the_page(county, as_, given, words):
    clerk = factories.account("王办事")
    typed = {"role": Role.LIAISON_OFFICER, "where": f"station:{county.station.pk}", "starts_on": "2026-11-01"} | given
    answer = as_(county.affairs).post(f"/office/people/{clerk.pk}/appoint/", typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not clerk.posts.exists()


def test_a_post_of_somebody_else_is_not_ended_under_a_wrong_name(county, as_):
    clerk = factories.account("王办事")
    post = county.officer.posts.get()
    client = as_(county.affairs)
    assert client.post(f"/office/people/{clerk.pk}/posts/{post.pk}/end/", {"on": "2026-11-20"}).status_code == 404
    assert (
        client.post(f"/office/people/{county.officer.pk}/posts/{post.pk}/end/", {"on": "2026-11-20"}).status_code == 302
    )


def test_nobody_appoints_or_closes_themself(county, as_):
    client = as_(county.affairs)
    page = client.get(f"/office/people/{county.affairs.pk}/").content.decode()
    assert "这是您自己的账号" in page
    assert "停用账号" not in page
    assert client.post(f"/office/people/{county.affairs.pk}/close/", {"reason": "自己停用"}).status_code == 422


def test_an_act_without_a_reason_is_refused_and_nothing_done(county, as_):
    answer = as_(county.affairs).post(f"/office/people/{county.officer.pk}/close/", {"reason": "无"})
    assert answer.status_code == 422
    assert "请写明原因" in answer.content.decode()
    assert Account.objects.get(pk=county.officer.pk).is_active


def test_a_mandate_is_suspended_and_reinstated_from_the_page(county, as_):
    mandate, account = county.deputy.mandates.get(), county.deputy.account
    client = as_(county.affairs)
    for step, status in (("suspend", "suspended"), ("reinstate", "active"), ("terminate", "terminated")):
        given = {"reason": "依法作出的决定", "on": "2026-11-20"}
        assert client.post(f"/office/people/{account.pk}/mandates/{mandate.pk}/{step}/", given).status_code == 302
        mandate.refresh_from_db()
        assert mandate.status == status
    answer = client.post(f"/office/people/{account.pk}/mandates/{mandate.pk}/suspend/", {"reason": "依法作出的决定"})
    assert answer.status_code == 422
    assert (
        client.post(
            f"/office/people/{account.pk}/mandates/{mandate.pk}/expire/", {"reason": "依法作出的决定"}
        ).status_code
        == 404
    )


def test_a_term_is_ended_for_all_its_deputies_and_not_by_another_county(county, as_):
    county.make_deputy("吴建国")
    path = f"/office/people/terms/{county.term.pk}/expire/"
    other = County(code="990107", name="北岭区").affairs
    assert as_(other).post(path, {"on": "2027-02-01"}).status_code == 404
    assert as_(county.affairs).post(path, {"on": "2027-02-01"}).status_code == 302
    assert not county.term.mandates.exclude(status="expired").exists()


def test_what_was_done_stands_on_the_page_and_in_the_record(county, as_):
    client = as_(county.affairs)
    client.post(f"/office/people/{county.officer.pk}/close/", {"reason": "调离本单位了"})
    page = client.get(f"/office/people/{county.officer.pk}/").content.decode()
    assert "停用账号" in page
    assert "调离本单位了" in page
    with county.within():
        assert Entry.objects.get(action="account.deactivated").actor_id == str(county.affairs.pk)


def test_every_role_is_explained(county, as_):
    page = as_(county.affairs).get("/office/people/roles/").content.decode()
    for role, rule in ROLES.items():
        assert str(Role(role).label) in page
        assert str(rule.who) in page
