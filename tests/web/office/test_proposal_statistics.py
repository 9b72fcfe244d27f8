"""The figures of proposals at the desk: every number opens a list of exactly so many, satisfaction never stands alone."""

import io
import re
import zipfile
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiazhan.kernel import keeping
from jiazhan.kernel.outcomes import Grade, OutcomeClass
from jiazhan.people.roles import Role
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.services import evaluating, promises, reminders
from jiazhan.web.office import choices
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import County, later

HERE = "/office/proposals/statistics/"
YEAR = {"year": "all"}
LINK = re.compile(r'href="(/office/proposals/statistics/cases/\?[^"]+)"[^>]*>([^<]*)<')
NUMBER = re.compile(r"([\d,]+)(?: 件|$)")


@pytest.fixture(autouse=True)
def _fresh():
    keeping.forget_all()
    yield
    keeping.forget_all()


@pytest.fixture
def client(county, sign_in):
    return sign_in(county.affairs)


def said(answer):
    return answer.content.decode()


def plain(answer):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", said(answer)))


def history(county):
    walking.evaluated(walking.replied(county), county.deputy)
    again = walking.evaluated(walking.replied(county), county.deputy, Grade.DISSATISFIED)
    evaluating.reorder(again, by=county.affairs, at=later(days=3))
    kept = ("改造完工", date(2027, 6, 30))
    promised = walking.replied(county, outcome=OutcomeClass.PLANNED, promise=kept)
    walking.in_progress(county)
    walking.accepted(county)
    reminders.conclude_unrated(at=later(days=60))
    promises.break_(promised.promises.get(), reason="没有动工", by=county.deputy.account, at=later(days=300))


PEOPLE = {
    Role.DEPUTY_AFFAIRS: 200, Role.STANDING_COMMITTEE_OFFICE: 200, Role.COMMITTEE: 200, Role.CHAIRPERSONS_MEETING: 200,
    # A street has no congress; the government's desk and the units read no statistics.
    Role.STREET_DIRECTOR: 404, Role.GOV_DISPATCHER: 403, Role.HANDLER: 403, Role.UNIT_HEAD: 403,
    Role.LIAISON_OFFICER: 403, Role.SYSTEM_ADMIN: 403, Role.AUDITOR: 403,
}  # fmt: skip
ADDRESSES = ["", "cases/?figure=all", "table.xlsx", "report.docx", "report.pdf"]


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("address", ADDRESSES)
def test_who_may_read_the_statistics(county, sign_in, role, address):
    assert sign_in(county.appoint(role)).get(HERE + address).status_code == PEOPLE[role]


@pytest.mark.parametrize("address", ADDRESSES)
def test_deputies_and_visitors_are_kept_out(county, sign_in, address):
    assert sign_in(county.deputy.account).get(HERE + address).status_code == 403
    assert Client().get(HERE + address).status_code == 302


def test_with_nothing_to_count_the_page_says_so(client):
    assert "没有立案的建议" in said(client.get(HERE, {"year": "1999"}))
    assert "共 0 件" in said(client.get(HERE + "cases/", {"year": "1999", "figure": "on_time"}))


def test_every_number_opens_a_list_of_exactly_so_many(county, client):
    history(county)
    page = client.get(HERE, YEAR)
    links = [(unescape(url), NUMBER.search(words)) for url, words in LINK.findall(said(page))]
    assert len(links) > 50
    for url, number in links:
        assert number, url
        count = int(number[1].replace(",", ""))
        listed = said(client.get(url))
        total = re.search(r"共 ([\d,]+) [件项]", listed)
        assert total, url
        assert int(total[1].replace(",", "")) == count, url
        assert len(re.findall('class="row-title"', listed)) == count, url


def test_the_figures_say_what_they_are_a_share_of(county, client):
    history(county)
    page = plain(client.get(HERE, YEAR))
    for words in (
        "立案建议5件", "按期答复3件，占已答复3件的100.0%", "首次评价满意1件，占评价过或评价期已过的3件的33.3%",
        "未评价1件，占评价过或评价期已过的3件的33.3%", "代表确认解决1件，占全部5件的20.0%", "没有评价的单列，不算满意",
        "已认定的1项承诺里，兑现0.0%",
    ):  # fmt: skip
        assert words in page


def test_satisfaction_never_stands_without_what_the_deputies_confirm(county, client):
    history(county)
    page = said(client.get(HERE, YEAR))
    pair = page[page.index('id="pair"') :]
    pair = pair[: pair.index("</ul>")]
    for label in ("首次评价满意", "代表确认解决", "未评价"):
        assert label in pair
    for heads in re.findall(r"<thead>(.*?)</thead>", page, re.DOTALL):
        assert ("首次满意" in heads) == ("代表确认解决" in heads)


def test_local_letters_stand_beside_the_classes(county, client):
    history(county)
    page = plain(client.get(HERE, YEAR))
    assert "A已经解决2" in page
    assert "C列入规划1" in page
    assert "—还没有答复2" in page
    listed = plain(client.get(HERE + "cases/", {"year": "all", "figure": "outcome-planned"}))
    assert "C列入规划" in listed


def test_filters_narrow_every_figure(county, client):
    history(county)
    for name, fits, misses in (
        ("year", "2026", "2025"), ("session", "between", str(walking.past_session(county).pk)),
        ("host", str(county.department.pk), str(county.other_department.pk)), ("category", "01", "02"),
    ):  # fmt: skip
        assert "立案建议" in said(client.get(HERE, {"year": "all", name: fits}))
        assert "没有立案的建议" in said(client.get(HERE, {"year": "all", name: misses}))
    assert "立案建议1件" in plain(client.get(HERE, {"year": "all", "host": "none"}))


@pytest.mark.parametrize("figure", ["", "best", "promise-", "outcome-best", "promise-best", "kept"])
def test_what_is_no_figure_has_no_list(client, figure):
    assert client.get(HERE + "cases/", {"figure": figure}).status_code == 404
    assert client.get(HERE + "cases/", {"figure": "all"}).status_code == 200


@pytest.mark.parametrize(
    "strange", [{"year": "２０２６"}, {"host": "x"}, {"session": "\x00"}, {"category": "九"}, {"page": "x"}]
)
def test_an_address_that_means_nothing_still_opens(client, strange):
    for address in ("", "cases/"):
        assert client.get(HERE + address, {"figure": "all"} | strange).status_code == 200


def test_the_page_takes_as_many_statements_for_many_as_for_one(county, client):
    walking.replied(county)

    def statements(address):
        keeping.forget_all()
        with CaptureQueriesContext(connection) as taken:
            client.get(HERE + address, YEAR | {"figure": "all"})
        return len(taken)

    for address, most in (("", 26), ("cases/", 18)):
        statements(address)
        one = statements(address)
        for _n in range(3):
            walking.replied(county)
        assert statements(address) == one
        assert one <= most


def test_the_downloads_are_what_they_say(county, client):
    history(county)
    table = client.get(HERE + "table.xlsx", YEAR)
    assert "%E4%BB%A3%E8%A1%A8" in table["Content-Disposition"]
    assert len([name for name in zipfile.ZipFile(io.BytesIO(table.content)).namelist() if "worksheets/" in name]) == 5
    written = client.get(HERE + "report.docx", YEAR)
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(written.content)).namelist()
    assert client.get(HERE + "report.pdf", YEAR).content.startswith(b"%PDF")
    assert client.get(HERE + "report.exe", YEAR).status_code == 404


def test_the_list_of_proposals_leads_to_it_for_who_may_read_it(county, client, sign_in):
    assert HERE in said(client.get("/office/proposals/"))
    assert HERE not in said(sign_in(county.dispatcher).get("/office/proposals/"))


@pytest.mark.django_db(transaction=True)
def test_what_was_counted_before_is_counted_anew_once_something_is_recorded(transactional_db, sign_in):
    county = County()
    choices.forget()
    factories.category()
    client = sign_in(county.affairs)
    for expected in (1, 2):
        with county.within():
            walking.replied(county)
        for _again in range(2):
            assert f"已答复{expected}件" in plain(client.get(HERE, YEAR))
            assert f"共 {expected} 件" in said(client.get(HERE + "cases/", YEAR | {"figure": "replied"}))
    with CaptureQueriesContext(connection) as taken:
        client.get(HERE, YEAR)
    assert not [each for each in taken.captured_queries if "suggestions_promise" in each["sql"]]


def test_the_years_stand_beside_each_other_and_their_finding_above(county, client):
    history(county)
    assert "历年" in said(client.get(HERE, YEAR))
    before = walking.evaluated(walking.replied(county), county.deputy)
    Proposal.objects.filter(pk=before.pk).update(year=2025)
    page = plain(client.get(HERE, YEAR))
    assert "2026年立案5件，与2025年比多4件；代表确认解决的占20.0%，上一年100.0%" in page
