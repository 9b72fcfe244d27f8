"""Who gets which of a deputy's pages: the permitted and the refused share the matter, so a 404 is no wrong address."""

import uuid

import pytest

from jiazhan.people.models import Mandate
from jiazhan.people.roles import Role
from jiazhan.people.services import codes
from jiazhan.people.states import MandateStatus
from tests.domain.opinions import walking
from tests.factories import resident

PAGES = ["/deputy/", "/deputy/opinions/", "/deputy/mine/", "/deputy/mine/code/", "/deputy/mine/notices/"]
ACTS = {
    "opine/": {"text": "情况属实，请尽快疏通。"},
    "answer/": {"answer-text": "当天就请物业疏通了。", "answer-outcome": "resolved"},
    "hand/": {"hand-reason": "他更熟悉。"},
}


def address(matter, under=""):
    return f"/deputy/opinions/{matter.jurisdiction}/{matter.pk}/{under}"


@pytest.fixture
def people(county, me):
    with county.within():
        return {
            "asked": me,
            "another": county.make_deputy("陈秀兰").account,
            "officer": county.officer,
            "handler": county.handler,
            "resident": resident(),
        }


def suspended(county, status=MandateStatus.SUSPENDED):
    ends_on = None if status == MandateStatus.SUSPENDED else walking.NOW.date()
    Mandate.objects.filter(deputy=county.deputy).update(status=status, ends_on=ends_on)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("who", "status"), [("asked", 200), ("another", 200), ("handler", 403), ("resident", 403)])
def test_the_pages_are_for_deputies(at, asked, people, who, status, path):
    assert at(people[who]).get(path).status_code == status


@pytest.mark.parametrize(("who", "status"), [("asked", 200), ("another", 404), ("handler", 403), ("resident", 403)])
def test_a_matter_is_read_here_by_the_deputy_who_was_asked(at, asked, people, who, status):
    assert at(people[who]).get(address(asked)).status_code == status


@pytest.mark.parametrize("under", ACTS)
@pytest.mark.parametrize(("who", "status"), [("asked", 302), ("another", 404), ("handler", 403), ("resident", 403)])
def test_only_the_deputy_who_was_asked_acts(at, asked, people, who, status, under):
    typed = ACTS[under] | ({"hand-deputy": str(people["another"].deputy.pk)} if under == "hand/" else {})
    assert at(people[who]).post(address(asked, under), typed).status_code == status


@pytest.mark.parametrize(
    ("status", "said"), [(MandateStatus.SUSPENDED, "暂停执行代表职务"), (MandateStatus.TERMINATED, "代表资格已终止")]
)
def test_a_deputy_who_may_not_act_reads_on_and_sees_why(at, county, asked, me, status, said):
    assert "签名并送街道" in at(me).get(address(asked)).content.decode()
    suspended(county, status)
    client = at(me)
    for path in [*PAGES, address(asked)]:
        assert client.get(path).status_code == 200
    page = client.get(address(asked)).content.decode()
    assert said in page
    assert "签名并送街道" not in page
    assert client.post(address(asked, "opine/"), ACTS["opine/"]).status_code == 403


def test_who_is_not_logged_in_is_led_to_the_login(client, asked):
    response = client.get(address(asked))
    assert response.status_code == 302
    assert response.url.startswith("/login/")


def test_a_stranger_number_is_not_found(at, asked, me):
    client = at(me)
    assert client.get(address(asked)).status_code == 200
    assert client.get(f"/deputy/opinions/{asked.jurisdiction}/{uuid.uuid4()}/").status_code == 404
    assert client.get(f"/deputy/opinions/110101/{asked.pk}/").status_code == 404


def test_a_deputy_who_reads_the_county_for_a_committee_sees_here_only_what_they_were_asked(at, county, asked, people):
    county.appoint(Role.COMMITTEE, holder=people["another"])
    client = at(people["another"])
    assert client.get("/deputy/").status_code == 200
    assert client.get(address(asked)).status_code == 404


@pytest.mark.parametrize("under", ["mine/code/990106/picture/", "mine/code/990106/badge/"])
def test_a_code_is_shown_to_its_own_deputy(at, county, me, people, under):
    with county.within():
        codes.issue(county.deputy, by=county.officer, at=walking.NOW, jurisdiction=county.code)
    assert at(me).get(f"/deputy/{under}").status_code == 200
    assert at(people["another"]).get(f"/deputy/{under}").status_code == 404
