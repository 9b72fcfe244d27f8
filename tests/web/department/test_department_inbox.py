from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import replies
from jiazhan.people.roles import Role
from tests.domain.opinions import walking


def due(county, matter, days):
    """The matter with a deadline so many days from now."""
    with county.within():
        Opinion.objects.filter(pk=matter.pk).update(due_on=timezone.localdate() + timedelta(days=days))
    return matter


def test_an_empty_desk_says_what_will_come(at, county):
    newcomer = county.appoint(Role.HANDLER, unit=county.other_department)
    page = at(newcomer).get("/department/").content.decode()
    assert "没有正在办理的事项" in page
    assert "签收以后的事项会出现在这里" in page


def test_what_falls_due_first_stands_first_with_its_light_in_words(at, county):
    with county.within():
        late, soon, far = (walking.handling_department(county, title=title) for title in ("旧的", "近的", "远的"))
    due(county, far, 80), due(county, late, -3), due(county, soon, 0)
    page = at(county.handler).get("/department/?tab=under-way").content.decode()
    assert page.index("旧的") < page.index("近的") < page.index("远的")
    assert "已超期" in page
    assert "今天到期" in page
    assert "还剩" in page


def test_a_desk_opens_on_what_waits_to_be_received(at, county):
    with county.within():
        walking.handling_department(county, title="在办的一件")
        walking.assigned_department(county, title="新来的一件")
    page = at(county.handler).get("/department/").content.decode()
    assert "新来的一件" in page
    assert "在办的一件" not in page


def test_only_a_head_has_a_tab_of_what_waits_for_a_signature(at, county, handling):
    with county.within():
        draft = replies.save_draft(handling, body="已修好。", outcome="resolved", by=county.handler, at=walking.NOW)
        replies.submit(handling, version=draft.version, by=county.handler, at=walking.NOW)
    head, handler = (
        at(each).get("/department/?tab=to-sign").content.decode() for each in (county.unit_head, county.handler)
    )
    assert 'tab=to-sign" aria-current="page">待签发<span class="tab-count">1<' in head
    assert "tab=to-sign" not in handler


@pytest.mark.parametrize(
    ("query", "shown"), [("q=路灯", {"路灯不亮"}), ("mine=1", {"路灯不亮", "水管漏水"}), ("light=late", {"水管漏水"})]
)
def test_filters_stand_in_the_address(at, county, query, shown):
    with county.within():
        walking.handling_department(county, title="路灯不亮")
        leak = walking.handling_department(county, title="水管漏水")
        other = walking.handling_department(county, title="井盖松动")
        Opinion.objects.filter(pk=other.pk).update(handler=county.unit_head)
    due(county, leak, -1)
    page = at(county.handler).get(f"/department/?tab=under-way&{query}").content.decode()
    assert {title for title in ("路灯不亮", "水管漏水", "井盖松动") if title in page} == shown
    assert "清空" in page


def test_what_is_asked_wrongly_in_the_address_is_passed_over(at, county, handling):
    response = at(county.handler).get("/department/?tab=nonsense&light=blue&after=%00garbage&q=")
    assert response.status_code == 200


def test_promises_are_listed_by_their_day(at, county, handling):
    with county.within():
        walking.replied(handling, county, at=walking.NOW, outcome="planned", promise_text="加装路灯",
                        promise_on=timezone.localdate() + timedelta(days=20))  # fmt: skip
    page = at(county.handler).get("/department/?tab=promises").content.decode()
    assert "加装路灯" in page
    assert "#promises" in page


def test_pages_of_a_long_tab_follow_each_other_without_gap(at, county, handling, monkeypatch):
    monkeypatch.setattr("jiazhan.web.department.inbox.SIZE", 2)
    with county.within():
        for number in range(4):
            walking.handling_department(county, title=f"第{number}件")
    client, seen, after = at(county.handler), set(), "?tab=under-way"
    for _page in range(3):
        response = client.get(f"/department/{after}")
        page = response.content.decode()
        seen |= {n for n in range(4) if f"第{n}件" in page}
        after = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        if not after:
            break
    assert seen == {0, 1, 2, 3}
    assert not after


def test_an_inbox_takes_at_most_twelve_statements_however_much_it_holds(at, county, handling):
    client = at(county.unit_head)
    client.get("/department/?tab=under-way")
    few = _statements(client)
    with county.within():
        for _each in range(3):
            walking.handling_department(county)
    assert _statements(client) == few
    assert few <= 12


def _statements(client):
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/department/?tab=under-way").status_code == 200
    own = [each["sql"] for each in queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE SAVEPOINT"))]
    return len(own)


def test_opening_a_matter_reads_what_was_told_about_it(at, county, handling):
    client = at(county.handler)
    assert "未读" in client.get("/department/notices/").content.decode()
    client.get(f"/department/opinions/{handling.jurisdiction}/{handling.pk}/")
    assert "未读" not in client.get("/department/notices/").content.decode()


def test_all_notices_can_be_marked_as_read(at, county, handling):
    client = at(county.handler)
    assert "未读" in client.get("/department/notices/").content.decode()
    client.post("/department/notices/read/")
    assert "未读" not in client.get("/department/notices/").content.decode()
