"""What is 重大紧急 stands on top of the lists of office, department and deputy until it is answered, and says so in words."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiazhan.kernel import keeping
from jiazhan.opinions import selectors
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.selectors import Filters, Tab
from jiazhan.opinions.services import deputies, triage
from tests.domain.opinions import walking
from tests.factories import NOW, opinion

QUEUE = "/office/opinions/"
WORDS = "重大紧急，置顶"


def pressed(matter, county):
    triage.set_urgency(matter, urgency="critical", by=county.officer, at=NOW)
    keeping.forget_all()
    return matter


def order_in(page, *titles):
    return sorted(titles, key=page.index)


@pytest.mark.parametrize("query", ["?tab=waiting", "?tab=all", "?tab=due", "?tab=all&time=365"])
def test_a_pressing_matter_stands_on_top_of_the_office_list_with_its_words(query, county, sign_in):
    old = opinion(county, body="桥面塌了一块。", at=NOW - timedelta(days=3))
    opinion(county, body="路灯不亮。")
    browser = sign_in(county.officer)
    Opinion.objects.filter(pk=old.pk).update(due_on=NOW.date() + timedelta(days=1))
    before = browser.get(QUEUE + query).content.decode()
    assert WORDS not in before
    pressed(old, county)
    page = browser.get(QUEUE + query).content.decode()
    assert page.count(WORDS) == 1
    assert page.count("桥面塌了一块") == before.count("桥面塌了一块")
    if "due" not in query:
        assert order_in(before, "桥面塌了一块", "路灯不亮") == ["路灯不亮", "桥面塌了一块"]
        assert order_in(page, "桥面塌了一块", "路灯不亮") == ["桥面塌了一块", "路灯不亮"]


def test_filters_and_sight_hold_for_pressing_matters_too(county, sign_in):
    foreign = opinion(county, station=county.other_station, body="翠湖的大事。")
    keeping.forget_all()
    Opinion.objects.filter(pk=foreign.pk).update(urgency="critical")
    own = pressed(opinion(county, body="柳林的大事。"), county)
    page = sign_in(county.officer).get(f"{QUEUE}?tab=all").content.decode()
    assert "翠湖的大事" not in page
    assert "柳林的大事" in page
    both = sign_in(county.affairs).get(f"{QUEUE}?tab=all").content.decode()
    assert "翠湖的大事" in both
    narrowed = sign_in(county.affairs).get(f"{QUEUE}?tab=all&station={county.other_station.pk}").content.decode()
    assert own.title not in narrowed
    assert "翠湖的大事" in narrowed


def test_once_answered_it_stands_where_it_falls(county):
    matter = walking.handling_street(county, body="桥面塌了一块。")
    opinion(county, body="路灯不亮。", at=NOW + timedelta(days=1))
    pressed(matter, county)
    first = selectors.queue(county.officer, tab=Tab.ALL, today=NOW.date()).rows[0]
    assert first.pk == matter.pk
    walking.replied(matter, county)
    keeping.forget_all()
    rows = selectors.queue(county.officer, tab=Tab.ALL, today=NOW.date()).rows
    assert [row.pk for row in rows].index(matter.pk) == 1


def test_the_next_page_goes_on_where_the_first_left_off(county):
    matters = [opinion(county, body=f"第{n}件。", at=NOW + timedelta(minutes=n)) for n in range(6)]
    pressed(matters[0], county)
    first = selectors.queue(county.officer, tab=Tab.ALL, today=NOW.date(), size=3)
    second = selectors.queue(county.officer, tab=Tab.ALL, today=NOW.date(), size=3, cursor=first.page.next_cursor)
    assert [row.title for row in first.rows] == ["第0件", "第5件", "第4件", "第3件"]
    assert [row.title for row in second.rows][:2] == ["第2件", "第1件"]


def test_a_statement_is_spent_only_where_there_is_one_and_the_list_goes_on(county):
    matter = opinion(county, body="第一件。", at=NOW)
    opinion(county, body="第二件。", at=NOW + timedelta(minutes=1))

    def statements(size, tab=Tab.ALL):
        selectors.queue(county.officer, tab=tab, today=NOW.date(), size=size)
        with CaptureQueriesContext(connection) as captured:
            found = selectors.queue(county.officer, tab=tab, today=NOW.date(), size=size)
        return len(captured), [row.title for row in found.rows]

    keeping.forget_all()
    (whole, titles), (part, _titles) = statements(2), statements(1)
    assert titles == ["第二件", "第一件"]
    pressed(matter, county)
    assert statements(2) == (whole, ["第一件", "第二件"])
    assert statements(1) == (part + 1, ["第一件", "第二件"])
    # Nothing is pressing any more once it waits to be called back.
    assert statements(1, Tab.CALL_BACK) == (whole, [])


def test_the_index_answers_for_pressing_matters(county):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM opinions_opinion WHERE jurisdiction = '990106' AND state = ANY ('{registered,handling}')"
            " AND urgency = 'critical' ORDER BY raised_at DESC LIMIT 20"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "opinions_pressing" in plan


def test_it_stands_on_top_of_the_departments_inbox(county, sign_in):
    early = walking.handling_department(county, body="路灯不亮。")
    late = walking.handling_department(county, body="桥面塌了一块。")
    Opinion.objects.filter(pk=late.pk).update(due_on=early.due_on + timedelta(days=30))
    browser = sign_in(county.handler)
    before = browser.get("/department/?tab=under-way").content.decode()
    assert order_in(before, "路灯不亮", "桥面塌了一块")[0] == "路灯不亮"
    pressed(late, county)
    page = browser.get("/department/?tab=under-way").content.decode()
    assert order_in(page, "路灯不亮", "桥面塌了一块")[0] == "桥面塌了一块"
    assert page.count(WORDS) == 1


def test_it_stands_on_top_of_the_deputys_day_and_list(county, sign_in):
    first, second = opinion(county, body="路灯不亮。"), opinion(county, body="桥面塌了一块。")
    for matter in (first, second):
        triage.accept(matter, deputy=county.deputy, by=county.officer, at=NOW)
    Opinion.objects.filter(pk=second.pk).update(due_on=NOW.date() + timedelta(days=30))
    assert "路灯不亮" in selectors.deputy_today(county.deputy.account, at=NOW)[0].text
    pressed(second, county)
    today = selectors.deputy_today(county.deputy.account, at=NOW)
    assert "桥面塌了一块" in today[0].text
    assert "重大紧急，请先办" in today[0].hint
    browser = sign_in(county.deputy.account)
    page = browser.get(reverse("deputy:matters")).content.decode()
    assert order_in(page, "路灯不亮", "桥面塌了一块")[0] == "桥面塌了一块"
    deputies.opine(second, text="请尽快围挡。", suggested_track="district", by=county.deputy.account, at=NOW)
    keeping.forget_all()
    assert "路灯不亮" in selectors.deputy_today(county.deputy.account, at=NOW)[0].text
    assert WORDS in browser.get(reverse("deputy:matters") + "?tab=under-way").content.decode()


def test_filters_of_states_leave_out_what_is_pressing_elsewhere(county):
    pressed(opinion(county, body="桥面塌了一块。"), county)
    rows = selectors.queue(county.officer, Filters(states=("handling",)), tab=Tab.ALL, today=NOW.date()).rows
    assert not rows
