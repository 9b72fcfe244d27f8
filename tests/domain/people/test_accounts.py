import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError

from jiazhan import audit
from jiazhan.audit.models import Entry
from jiazhan.people import crypto
from jiazhan.people.models import Account, AccountKind
from jiazhan.people.roles import Role
from jiazhan.people.services import accounts, reasons
from tests.at_once import at_once
from tests.factories import NOW, County

PASSWORD = "柳林站-清晨六点半-开门迎客"


def staff(county, **given):
    given = {"name": "陈站", "username": "chenzhan", "password": PASSWORD, "area": county.code} | given
    return accounts.create_account(AccountKind.STAFF, by=audit.SYSTEM, at=NOW, **given)


def test_an_account_handed_out_has_a_password_to_be_changed(county):
    account = staff(county, username=" ChenZhan ", name="陈\u202e站")
    assert (account.username, account.name) == ("chenzhan", "陈站")
    assert account.check_password(PASSWORD)
    assert account.is_password_temporary
    assert Entry.objects.get(action="account.created").subject_id == str(account.pk)


def test_a_user_name_is_given_once_whatever_its_capitals(county):
    staff(county)
    with pytest.raises(accounts.UsernameTaken, match="chenzhan"):
        staff(county, username="CHENZHAN")


def test_a_phone_is_registered_once_however_it_is_typed(county):
    staff(county, phone="13800138000")
    with pytest.raises(accounts.PhoneTaken):
        staff(county, username="another", phone="+86 138 0013 8000")


def test_an_account_that_nobody_could_log_in_to_is_refused(county):
    with pytest.raises(accounts.NotReachable):
        staff(county, username="", phone="13800138000")
    with pytest.raises(accounts.NotReachable):
        accounts.create_account(AccountKind.DEPUTY, name="周海燕", username="zhou", by=audit.SYSTEM, at=NOW)


@pytest.mark.parametrize("weak", ["1234567890", "password123", "short"])
def test_a_weak_password_is_refused(county, weak):
    with pytest.raises(ValidationError):
        staff(county, password=weak)
    assert not Account.objects.filter(username="chenzhan").exists()


def test_a_phone_that_proved_itself_gets_one_residents_account(county):
    first = accounts.resident_of("13800138000", at=NOW)
    assert first.kind == AccountKind.RESIDENT
    assert first.name == "138****8000"
    assert not first.has_usable_password()
    assert accounts.resident_of("13800138000", at=NOW) == first


def test_the_phone_of_a_deputy_stays_the_deputys(county):
    account = county.deputy.account
    phone = crypto.decrypt(account.phone_encrypted)
    assert accounts.resident_of(phone, at=NOW) == account


def test_a_phone_that_proved_itself_twice_at_once_gets_one_account(transactional_db):
    County()
    outcomes = at_once(*[lambda: accounts.resident_of("13800138000", at=NOW)] * 4)
    assert len({account.pk for account in outcomes}) == 1


def test_a_closed_account_has_no_permissions_and_can_be_opened_again(county):
    closed = accounts.deactivate(county.officer, reason="调离本单位", by=county.affairs, at=NOW)
    assert not Account.objects.get(pk=closed.pk).permissions
    accounts.reactivate(closed, reason="调回本单位", by=county.affairs, at=NOW)
    assert Account.objects.get(pk=closed.pk).permissions
    assert [entry.detail["reason"] for entry in Entry.objects.filter(subject_id=str(closed.pk)).order_by("id")] == [
        "调离本单位",
        "调回本单位",
    ]


every_act = pytest.mark.parametrize(
    ("act", "who"),
    [
        (accounts.deactivate, "affairs"),
        (accounts.reactivate, "affairs"),
        (accounts.reset_password, "affairs"),
        (accounts.reset_second_factor, "security_admin"),
    ],
)


@every_act
def test_nobody_does_it_to_their_own_account(county, act, who):
    admin = getattr(county, who)
    with pytest.raises(accounts.OwnAccount):
        act(admin, reason="自己来办", by=admin, at=NOW)
    act(county.officer, reason="本人申请", by=admin, at=NOW)


@every_act
def test_nobody_does_it_outside_the_own_area_or_without_the_permission(county, act, who):
    elsewhere = getattr(County(code="990107", name="北岭区"), who)
    for stranger in (elsewhere, county.director):
        with pytest.raises(accounts.NotYoursToManage):
            act(county.officer, reason="本人申请", by=stranger, at=NOW)
    act(county.officer, reason="本人申请", by=getattr(county, who), at=NOW)


@every_act
def test_a_post_higher_up_is_out_of_reach(county, act, who):
    chief = county.appoint(Role.COMMITTEE, area="9901")
    with pytest.raises(accounts.NotYoursToManage):
        act(chief, reason="本人申请", by=getattr(county, who), at=NOW)


def test_only_administrators_manage_administrators(county):
    with pytest.raises(accounts.NotYoursToManage):
        accounts.reset_password(county.security_admin, reason="本人忘记", by=county.affairs, at=NOW)
    accounts.reset_password(county.security_admin, reason="本人忘记", by=county.appoint(Role.SYSTEM_ADMIN), at=NOW)


@every_act
@pytest.mark.parametrize("reason", ["", "  ", "无", "\u200b\u200b\u200b\u200b"])
def test_nothing_is_done_without_a_reason(county, act, who, reason):
    with pytest.raises(reasons.ReasonMissing):
        act(county.officer, reason=reason, by=getattr(county, who), at=NOW)
    assert not Entry.objects.filter(subject_id=str(county.officer.pk)).exists()


def test_a_reset_second_factor_is_gone_and_recorded(county):
    Authenticator.objects.create(user=county.officer, type=Authenticator.Type.TOTP, data={})
    accounts.reset_second_factor(county.officer, reason="手机丢失", by=county.security_admin, at=NOW)
    assert not Authenticator.objects.filter(user=county.officer).exists()
    entry = Entry.objects.get(action="account.second-factor-reset")
    assert (entry.actor_id, entry.detail) == (str(county.security_admin.pk), {"reason": "手机丢失"})


def test_a_reset_password_is_strong_handed_out_once_and_temporary(county):
    password = accounts.reset_password(county.officer, reason="本人忘记", by=county.affairs, at=NOW)
    account = Account.objects.get(pk=county.officer.pk)
    assert account.check_password(password)
    assert account.is_password_temporary
    assert password not in str(list(Entry.objects.values_list()))
    accounts.change_password(account, password=PASSWORD, at=NOW)
    assert not Account.objects.get(pk=account.pk).is_password_temporary
