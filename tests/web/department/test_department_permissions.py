"""Who gets which page of a unit's desk: the permitted and the refused share the matter, so a 404 is no wrong address."""

import uuid

import pytest

from jiazhan.opinions.services import replies, units
from jiazhan.people.models import Deputy
from jiazhan.people.roles import Role
from tests.domain.opinions import walking
from tests.factories import resident

# By address under the matter: what a handler and a head of the unit get, and what everybody else gets.
READ = ["", "reply/preview/"]
WRITE = {
    "talk/": {"text": "请问是哪一段?"},
    "extension/": {"extension-reason": "地下管线要先探测。"},
    "reply/": {"body": "已去看过。"},
}
FOR_HEADS = {"reply/sign/": {"version": "1"}, "reply/back/": {"back-reason": "写清日期。"}}


@pytest.fixture
def drafted(county, handling):
    """The matter with the first words of a reply."""
    with county.within():
        replies.save_draft(handling, body="已到现场查看。", by=county.handler, at=walking.NOW)
    return handling


@pytest.fixture
def people(county):
    with county.within():
        return {
            "handler": county.handler,
            "head": county.unit_head,
            "handler of another unit": county.appoint(Role.HANDLER, unit=county.other_department),
            "head of another unit": county.appoint(Role.UNIT_HEAD, unit=county.other_department),
            "officer": county.officer,
            "dispatcher": county.dispatcher,
            "deputy": county.deputy.account,
            "resident": resident(),
        }


OWN = ["handler", "head"]
OTHER_UNITS = ["handler of another unit", "head of another unit"]
NO_DESK = ["dispatcher", "deputy", "resident"]


def address(matter, under=""):
    return f"/department/opinions/{matter.jurisdiction}/{matter.pk}/{under}"


@pytest.mark.parametrize("under", READ)
@pytest.mark.parametrize(
    ("who", "status"),
    [(each, 200) for each in OWN] + [(each, 404) for each in OTHER_UNITS] + [(each, 403) for each in NO_DESK],
)
def test_only_the_unit_that_holds_a_matter_reads_it(at, drafted, people, who, status, under):
    assert at(people[who]).get(address(drafted, under)).status_code == status


@pytest.mark.parametrize("under", WRITE)
@pytest.mark.parametrize(
    ("who", "status"),
    [(each, 302) for each in OWN] + [(each, 404) for each in OTHER_UNITS] + [(each, 403) for each in NO_DESK],
)
def test_only_the_unit_that_holds_a_matter_acts_on_it(at, drafted, people, who, status, under):
    typed = WRITE[under] | ({"version": "1"} if under == "reply/" else {})
    assert at(people[who]).post(address(drafted, under), typed).status_code == status


@pytest.mark.parametrize("under", FOR_HEADS)
@pytest.mark.parametrize(
    ("who", "status"), [("head", 409), ("handler", 403), ("head of another unit", 404), ("resident", 403)]
)
def test_only_a_head_signs_or_sends_back(at, drafted, people, who, status, under):
    """409 for the head: it is theirs to do, but nothing was submitted."""
    assert at(people[who]).post(address(drafted, under), FOR_HEADS[under]).status_code == status


@pytest.mark.parametrize("path", ["/department/", "/department/notices/"])
@pytest.mark.parametrize(
    ("who", "status"), [("handler", 200), ("head of another unit", 200), ("dispatcher", 403), ("resident", 403)]
)
def test_a_desk_is_for_people_in_units(at, drafted, people, who, status, path):
    assert at(people[who]).get(path).status_code == status


def test_who_is_not_logged_in_is_led_to_the_login(client, drafted):
    response = client.get(address(drafted))
    assert response.status_code == 302
    assert response.url.startswith("/login/")


def test_a_stranger_number_is_not_found(at, county, drafted):
    client = at(county.handler)
    assert client.get(address(drafted)).status_code == 200
    assert client.get(f"/department/opinions/{drafted.jurisdiction}/{uuid.uuid4()}/").status_code == 404
    assert client.get(f"/department/opinions/110101/{drafted.pk}/").status_code == 404


def test_a_unit_no_longer_sees_what_was_given_to_another(at, county, handling):
    client, heir = at(county.handler), at(county.appoint(Role.HANDLER, unit=county.other_department))
    assert client.get(address(handling)).status_code == 200
    assert heir.get(address(handling)).status_code == 404
    with county.within():
        units.object_to(handling, reason="属城管职责。", by=county.handler, at=walking.NOW)
        units.reassign(handling, unit=county.other_department, reason="同意。", by=county.dispatcher, at=walking.NOW)
    assert client.get(address(handling)).status_code == 404
    assert heir.get(address(handling)).status_code == 200


def test_a_deputy_who_also_handles_sees_here_only_what_the_unit_holds(at, county, handling):
    """The matter is the deputy's to read in their own portal; on the desk of another unit it does not exist."""
    with county.within():
        both = county.appoint(Role.HANDLER, unit=county.other_department, holder=county.deputy.account)
    assert Deputy.objects.get(account=both) == county.deputy
    assert at(both).get("/department/").status_code == 200
    assert at(both).get(address(handling)).status_code == 404
