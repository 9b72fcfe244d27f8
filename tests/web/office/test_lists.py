"""The list, bulk acts, the first page, notices: filters in the address, statements that do not grow with the rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import extensions, triage
from jiazhan.opinions.states import State
from jiazhan.people.roles import Role
from tests.domain.opinions import walking
from tests.factories import NOW, category, opinion

MOST_STATEMENTS = 11
QUEUE = "/office/opinions/"


@pytest.mark.parametrize(
    "query", ["", "?tab=due", "?q=积水&category=01", "?tab=all&urgency=normal&time=30", "?light=red&tab=all"]
)
def test_a_list_costs_the_same_whatever_the_rows(query, county, sign_in):
    browser = sign_in(county.officer)
    counts = []
    for _round in range(2):
        for _each in range(8):
            opinion(county)
        browser.get(QUEUE + query)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(QUEUE + query).status_code == 200
        counts.append(len([each for each in captured if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]))
    assert counts[0] == counts[1] <= MOST_STATEMENTS


def test_tabs_count_what_waits_and_lead_to_it(county, sign_in):
    opinion(county, body="路灯不亮，晚上很黑。")
    accepted = opinion(county, body="下雨积水。")
    assert county.deputy
    triage.accept(accepted, by=county.officer, at=NOW)
    browser = sign_in(county.officer)
    waiting = browser.get(f"{QUEUE}?tab=waiting").content.decode()
    assert "路灯不亮" in waiting
    assert "下雨积水" not in waiting
    under_way = browser.get(f"{QUEUE}?tab=under-way").content.decode()
    assert "下雨积水" in under_way
    assert "路灯不亮" not in under_way


def test_a_search_marks_the_words_and_nothing_else_becomes_html(county, sign_in):
    opinion(county, title="<b>北门</b>积水", body="下雨就积水。")
    page = sign_in(county.officer).get(f"{QUEUE}?q=积水").content.decode()
    assert "<mark>积水</mark>" in page
    assert "<b>北门" not in page


def test_filters_narrow_and_an_empty_list_says_what_to_do(county, sign_in):
    classified = opinion(county, body="下雨积水。")
    triage.classify(classified, category=category(), by=county.officer, at=NOW)
    opinion(county, body="路灯不亮。")
    browser = sign_in(county.officer)
    page = browser.get(f"{QUEUE}?tab=waiting&category=0102").content.decode()
    assert "下雨积水" in page
    assert "路灯不亮" not in page
    assert "没有符合条件的事项" in browser.get(f"{QUEUE}?tab=waiting&category=0901").content.decode()
    assert (
        browser.get(f"{QUEUE}?tab=nonsense&street=x&station=y&since=99&after=zz&time=7x&light=blue").status_code == 200
    )


def test_pages_of_the_list_keep_their_place(county, sign_in):
    for number in range(55):
        opinion(county, body=f"第{number:03}件，下雨积水。")
    browser = sign_in(county.officer)
    first = browser.get(f"{QUEUE}?tab=waiting").content.decode()
    link = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    opinion(county, body="刚来的一件。")
    second = browser.get(QUEUE + link).content.decode()
    assert "第005件" in first
    assert "第004件" not in first
    assert "第004件" in second
    assert "第005件" not in second
    assert "刚来的" not in second


def test_somebody_elses_station_is_not_in_the_list(county, sign_in):
    opinion(county, station=county.other_station, body="翠湖的事。")
    own = opinion(county, body="柳林的事。")
    page = sign_in(county.officer).get(f"{QUEUE}?tab=all").content.decode()
    assert own.title in page
    assert "翠湖的事" not in page
    assert "翠湖的事" in sign_in(county.affairs).get(f"{QUEUE}?tab=all").content.decode()


def test_each_role_starts_with_what_waits_for_it(county, sign_in):
    matter = walking.forwarded(county, body="学校门口拥堵。")
    assert matter.title in sign_in(county.committee).get(QUEUE).content.decode()
    assert "待审核" in sign_in(county.committee).get("/office/").content.decode()
    page = sign_in(county.office).get(QUEUE).content.decode()
    assert "待转出" in page
    assert matter.title not in page


def test_requests_for_more_time_wait_in_their_own_tab(county, sign_in):
    walking.handling_department(county, body="河道发黑。")
    asked = walking.handling_department(county, body="桥面开裂。")
    extensions.request_extension(asked, reason="需做检测。", by=county.handler, at=NOW)
    page = sign_in(county.dispatcher).get(f"{QUEUE}?tab=extend").content.decode()
    assert "桥面开裂" in page
    assert "河道发黑" not in page


def picked(*matters):
    return [f"{each.jurisdiction}:{each.pk}" for each in matters]


def test_several_are_taken_up_at_once_and_each_refusal_is_named(county, sign_in):
    assert county.deputy
    fresh, done = opinion(county, body="下雨积水。"), opinion(county, body="路灯不亮。")
    triage.accept(done, by=county.officer, at=NOW)
    browser = sign_in(county.officer)
    asked = browser.post(reverse("office:bulk"), {"act": "accept", "picked": picked(fresh, done)}).content.decode()
    assert "受理 2 件" in asked
    assert "下雨积水" in asked
    page = browser.post(
        reverse("office:bulk"),
        {"act": "accept", "sure": "1", "picked": picked(fresh, done), "category": "0102", "urgency": ""},
    ).content.decode()
    assert "办成 1 件，没有办成 1 件" in page
    assert "状态已经变了" in page
    fresh.refresh_from_db()
    assert (fresh.state, fresh.category_id) == (State.ACCEPTED, "0102")


def test_several_are_declined_with_one_reason_and_never_without(county, sign_in):
    matters = [opinion(county, body=f"第{n}件广告扰民。") for n in range(3)]
    browser = sign_in(county.officer)
    given = {"act": "decline", "sure": "1", "picked": picked(*matters)}
    assert browser.post(reverse("office:bulk"), given | {"reason": " "}).status_code == 422
    assert {each.state for each in Opinion.objects.all()} == {State.REGISTERED}
    browser.post(reverse("office:bulk"), given | {"reason": "请拨打 12345。"})
    assert {each.state for each in Opinion.objects.all()} == {State.NOT_ACCEPTED}


def test_boxes_of_matters_that_are_not_ones_own_are_passed_over(county, sign_in):
    own, foreign = opinion(county), opinion(county, station=county.other_station)
    given = {"act": "decline", "sure": "1", "picked": picked(own, foreign), "reason": "请拨打 12345。"}
    sign_in(county.officer).post(reverse("office:bulk"), given)
    assert Opinion.objects.get(pk=foreign.pk).state == State.REGISTERED
    assert Opinion.objects.get(pk=own.pk).state == State.NOT_ACCEPTED


def test_letters_are_printed_together_and_without_any_it_says_so(county, sign_in):
    lettered, bare = walking.assigned_street(county), opinion(county)
    browser = sign_in(county.officer)
    answer = browser.post(reverse("office:bulk"), {"act": "print", "picked": picked(lettered, bare)})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    none = browser.post(reverse("office:bulk"), {"act": "print", "picked": picked(bare)})
    assert none.status_code == 422
    assert "还没有转办函" in none.content.decode()


@pytest.mark.parametrize("role", [Role.LIAISON_OFFICER, Role.STREET_DIRECTOR, Role.COMMITTEE, Role.GOV_DISPATCHER])
def test_an_empty_desk_says_that_nothing_waits(role, county, sign_in):
    browser = sign_in(county.appoint(role))
    assert "今天没有等您办的事" in browser.get("/office/").content.decode()
    assert "没有" in browser.get(QUEUE).content.decode()


def test_notices_lead_to_their_matter_and_are_marked_read(county, sign_in):
    assert county.officer
    matter = opinion(county)
    browser = sign_in(county.officer)
    page = browser.get(reverse("office:notices")).content.decode()
    assert str(matter.pk) in page
    assert "有 1 条没有看" in page
    browser.post(reverse("office:notices-read"), {"notice": "not-a-notice"})
    assert "有 1 条没有看" in browser.get(reverse("office:notices")).content.decode()
    browser.post(reverse("office:notices-read"))
    assert "都看过了" in browser.get(reverse("office:notices")).content.decode()
