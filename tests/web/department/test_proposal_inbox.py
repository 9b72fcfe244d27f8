"""The list of proposals on a unit's desk: by what falls due, what was sent back first, filters in the address."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiazhan.kernel.outcomes import Grade
from jiazhan.people.roles import Role
from jiazhan.suggestions.models import Handling
from jiazhan.suggestions.services import evaluating, extensions, units
from tests.domain.suggestions import walking
from tests.web.department.proposing import fill_assisting, now_is

LIST = "/department/proposals/"


@pytest.fixture(autouse=True)
def now(monkeypatch, here):
    now_is(monkeypatch)


def read(client, query=""):
    response = client.get(LIST + query)
    assert response.status_code == 200
    return response.content.decode()


def titled(title):
    return {"text": {"title": title}}


def due_in(county, proposal, days):
    with county.within():
        Handling.objects.filter(proposal=proposal).update(due_on=timezone.localdate() + timedelta(days=days))


def test_an_empty_desk_says_what_will_appear(at, county):
    page = read(at(county.handler))
    assert "没有正在办理的建议" in page
    assert "最先到期的意见和建议" not in at(county.handler).get("/department/").content.decode()


def test_what_waits_for_receipt_opens_first_and_shows_how_long_is_left(at, county):
    with county.within():
        walking.assigned(county)
    page = read(at(county.handler))
    assert "关于加快柳林小区周边排水管网改造的建议" in page
    assert "主办" in page
    assert "还剩" in page
    assert "周海燕代表" in page


def test_what_deputies_were_not_satisfied_with_stands_on_top_then_what_falls_due_first(at, county):
    with county.within():
        again = walking.replied(county, **titled("关于重新办理的建议"))
        walking.evaluated(again, again.lead, Grade.DISSATISFIED)
        evaluating.reorder(again, by=county.affairs, at=timezone.now(), demands="雨季前完成。")
        late = walking.in_progress(county, **titled("关于已经逾期的建议"))
        soon = walking.in_progress(county, **titled("关于将要到期的建议"))
        far = walking.in_progress(county, **titled("关于还早的建议"))
    due_in(county, late, -3)
    due_in(county, soon, 2)
    page = read(at(county.handler), "?tab=under-way")
    places = [page.index(each.title) for each in (again, late, soon, far)]
    assert places == sorted(places)
    assert "代表不满意，重新办理" in page
    assert "已超期" in page
    only_late = read(at(county.handler), "?tab=under-way&light=late")
    assert late.title in only_late
    assert soon.title not in only_late
    assert soon.title in read(at(county.handler), "?tab=under-way&light=soon")
    home = at(county.handler).get("/department/").content.decode()
    assert home.index(late.title) < home.index(soon.title)


def test_objections_and_requests_for_time_are_marked(at, county):
    with county.within():
        objected = walking.assigned(county, **titled("关于提出异议的建议"))
        units.object_to(walking.part(objected), reason="不属。", by=county.handler, at=timezone.now())
        asked = walking.in_progress(county, **titled("关于申请延期的建议"))
        extensions.request_extension(walking.part(asked), reason="难。", by=county.unit_head, at=timezone.now())
    page = read(at(county.unit_head), "?tab=under-way")
    for words in ("异议待裁定", "退单 1 次", "延期待批"):
        assert words in page


def test_an_assisting_unit_finds_its_part_by_the_filter(at, county):
    fill_assisting(county)
    with county.within():
        walking.assigned(county, assisting_units=(county.other_department,))
    client = at(county.assistant)
    assert "协办" in read(client)
    assert "关于加快柳林小区" in read(client, "?tab=to-receive&part=assist")
    none = read(client, "?tab=to-receive&part=host")
    assert "关于加快柳林小区" not in none
    assert "清空条件" in none


def test_a_list_goes_on_where_its_page_ends(at, county, monkeypatch):
    monkeypatch.setattr("jiazhan.web.department.proposal_inbox.SIZE", 2)
    with county.within():
        again = walking.replied(county, **titled("第0件"))
        walking.evaluated(again, again.lead, Grade.DISSATISFIED)
        evaluating.reorder(again, by=county.affairs, at=timezone.now())
        for n in range(1, 5):
            walking.in_progress(county, **titled(f"第{n}件"))
    client, after, seen = at(county.handler), "?tab=under-way", []
    for _page in range(4):
        page = read(client, after)
        seen += [n for n in range(5) if f"第{n}件" in page]
        after = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        if not after:
            break
    assert seen[0] == 0
    assert sorted(seen) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    "query", ["?tab=nowhere&part=x&light=x&after=%00", "?after=1zzz", "?q=" + "长" * 500, "?tab=promises&after=x"]
)
def test_a_tampered_address_opens_the_list(at, county, query):
    read(at(county.handler), query)


def test_a_stranger_unit_sees_none_of_it(at, county):
    with county.within():
        walking.assigned(county)
        stranger = county.appoint(Role.HANDLER, unit=county.street_office)
    assert "关于加快柳林小区" not in read(at(stranger))


@pytest.mark.parametrize("path", [f"{LIST}?tab=under-way", f"{LIST}?tab=answered", "/department/"])
def test_a_list_takes_at_most_twelve_statements_however_much_it_holds(at, county, path):
    client = at(county.unit_head)
    with county.within():
        walking.replied(county)
        walking.in_progress(county)
    client.get(path)
    few = _statements(client, path)
    with county.within():
        for n in range(3):
            walking.replied(county, **titled(f"第{n}件答复"))
            walking.in_progress(county, **titled(f"第{n}件"))
    assert _statements(client, path) == few
    assert few <= 12, few


def _statements(client, path):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len([each for each in queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE SAVEPOINT"))])
