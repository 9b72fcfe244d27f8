from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiazhan.people.roles import Role
from jiazhan.places.models import StationKind
from tests import factories
from tests.domain.opinions import walking
from tests.web.deputy.asking import ask


def today(client):
    return client.get("/deputy/").content.decode()


def test_a_calm_day_says_what_will_come(at, me):
    page = today(at(me))
    assert "今天没有要您办的事" in page
    assert "这个月还没有记录" in page


def test_at_most_three_cards_each_with_one_button(at, county, me):
    with county.within():
        for number in range(4):
            ask(county, title=f"第{number}件")
    page = today(at(me))
    assert page.count("提出意见：第") == 3
    assert page.count("btn-primary") == 1
    assert page.count("<span>提出意见</span>") == 3


def test_the_next_reception_fills_a_free_place(at, county, me):
    county.make_reception(county.deputy, starts_at=walking.NOW + timedelta(days=5))
    county.make_reception(county.deputy, starts_at=walking.NOW + timedelta(days=90))
    page = today(at(me))
    assert page.count("接待群众") == 1


def test_what_came_by_the_own_code_waits_here(at, county, me):
    with county.within():
        factories.opinion(county, deputy=county.deputy, title="电梯三天没修")
    assert "有人直接找您：电梯三天没修" in today(at(me))


def test_the_month_is_told_in_one_sentence_from_the_record(at, county, asked, me):
    client = at(me)
    client.post(f"/deputy/opinions/{asked.jurisdiction}/{asked.pk}/opine/", {"text": "情况属实。"})
    assert f"{walking.NOW.astimezone(factories.SHANGHAI).month} 月以来，您提出 1 条意见。" in today(client)


def test_a_deputy_who_also_reads_for_a_committee_is_asked_only_about_their_own(at, county, asked, me):
    other = county.make_deputy("陈秀兰").account
    county.appoint(Role.COMMITTEE, holder=other)
    assert "提出意见：" in today(at(me))
    assert "今天没有要您办的事" in today(at(other))


@pytest.mark.parametrize("path", ["/deputy/", "/deputy/opinions/?tab=asked"])
def test_a_page_takes_the_same_statements_however_much_waits(at, county, asked, me, path):
    client = at(me)
    client.get(path)
    few = statements(client, path)
    with county.within():
        for _each in range(4):
            ask(county)
    assert statements(client, path) <= few
    assert few <= 20


def statements(client, path):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len([each for each in queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE SAVEPOINT"))])


def test_own_page_shows_mandates_stations_and_receptions(at, county, me):
    county.make_reception(county.deputy, starts_at=walking.NOW + timedelta(days=5))
    home = county.make_station("09", "望江街道人大代表联络总站暨群众意见接待中心", kind=StationKind.DEPUTY_HOME)
    county.deputy.attachments.create(station=home, starts_on=factories.LONG_AGO)
    page = at(me).get("/deputy/mine/").content.decode()
    for shown in ("第9届", "履职中", "柳林联络站", home.name, "看看群众看到的"):
        assert shown in page
    assert f"/deputies/{county.code}/{county.deputy.pk}/" in page
