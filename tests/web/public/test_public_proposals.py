"""What the public sees of proposals: what two people released, and not a word more."""

import gzip
from datetime import date

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiazhan.kernel import keeping, scope
from jiazhan.kernel.outcomes import Grade, OutcomeClass
from jiazhan.people.models import Deputy
from jiazhan.people.roles import Role
from jiazhan.places.models import Congress, CongressLevel, RegionLevel, Session, Term
from jiazhan.places.selectors import forget_jurisdictions
from jiazhan.suggestions.choices import Kind, Publicity
from jiazhan.suggestions.models import Proposal, Publication
from jiazhan.suggestions.services import publishing
from jiazhan.suggestions.states import State
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW, later


@pytest.fixture(autouse=True)
def _fresh():
    keeping.forget_all()
    yield
    keeping.forget_all()


@pytest.fixture
def second(county):
    return county.appoint(Role.DEPUTY_AFFAIRS, name="复核人")


def release(proposal, county, second, *, publicity=Publicity.FULL, reason="", **words):
    words = {**publishing.proposed_words(proposal), **words}
    page = publishing.propose(proposal, publicity=publicity, reason=reason, by=county.affairs, at=NOW, **words)
    return publishing.approve(page, by=second, at=NOW)


def released(county, second, **given):
    with county.within():
        return release(walking.replied(county), county, second, **given)


def address(page):
    return f"/proposals/{page.jurisdiction}/{page.proposal_id}/"


@pytest.mark.parametrize("person", [None, Role.HANDLER, Role.DEPUTY_AFFAIRS])
def test_the_list_and_a_page_admit_everybody(client, county, second, person):
    page = released(county, second)
    if person:
        client.force_login(county.appoint(person))
    listed = client.get("/proposals/").content.decode()
    assert page.title in listed
    assert address(page) in listed
    shown = client.get(address(page))
    assert shown.status_code == 200
    for words in ("周海燕代表", "已经解决", "A 类", "区水务局", "120 米管网更换", "一是将柳林片区"):
        assert words in shown.content.decode()


def test_an_empty_list_says_what_will_appear(client, county):
    assert "还没有公开的代表建议" in client.get("/proposals/").content.decode()


@pytest.mark.parametrize("stage", ["answered", "proposed", "refused", "kept back"])
def test_what_two_people_did_not_release_is_not_there(client, county, second, stage):
    with county.within():
        proposal = walking.replied(county)
        if stage != "answered":
            publicity = Publicity.NONE if stage == "kept back" else Publicity.FULL
            words = publishing.proposed_words(proposal)
            page = publishing.propose(
                proposal, publicity=publicity, reason="涉密工程", by=county.affairs, at=NOW, **words
            )
            if stage == "refused":
                publishing.refuse(page, reason="不妥", by=second, at=NOW)
            if stage == "kept back":
                publishing.approve(page, by=second, at=NOW)
    assert client.get(f"/proposals/{county.code}/{proposal.pk}/").status_code == 404
    listed = client.get("/proposals/").content.decode()
    assert "还没有公开的代表建议" in listed
    with county.within():
        Publication.objects.all().delete()
        release(proposal, county, second)
    assert client.get(f"/proposals/{county.code}/{proposal.pk}/").status_code == 200


def test_search_finds_released_words_alone(client, county, second):
    released(
        county, second, publicity=Publicity.REDACTED, reason="涉及商业秘密", body="排水改造的公开内容", title="排水改造"
    )
    assert "排水改造" in client.get("/proposals/", {"q": "公开内容"}).content.decode()
    # These words stand in the text behind it.
    for hidden in ("860 户", "标高", "1998"):
        assert "没有符合的建议" in client.get("/proposals/", {"q": hidden}).content.decode()


def test_filters_narrow_and_strange_values_are_passed_over(client, county, second):
    page = released(county, second)
    with county.within():
        held = Proposal.objects.get(pk=page.proposal_id)
    fits = {
        "year": held.year, "session": "between", "category": "01", "host": held.host_id, "outcome": "resolved",
        "q": "管网 清淤",
    }  # fmt: skip
    misses = {
        "year": 1999, "session": held.session_id, "category": "02", "host": county.other_department.pk,
        "outcome": "planned", "q": "管网 机场",
    }  # fmt: skip
    for name in fits:
        assert page.title in client.get("/proposals/", {name: fits[name]}).content.decode(), name
        assert page.title not in client.get("/proposals/", {name: misses[name]}).content.decode(), name
    for strange in ({"year": "２０２６"}, {"host": "x"}, {"session": "%00"}, {"page": "9" * 9}, {"outcome": "best"}):
        assert client.get("/proposals/", strange).status_code == 200


def test_a_page_that_was_taken_down_leaves_a_marker_and_no_words(client, county, second):
    page = released(county, second)
    with county.within():
        publishing.withdraw_from_view(page, reason="复文有更正", by=second, at=later(days=2))
    gone = client.get(address(page))
    assert gone.status_code == 410
    assert "复文有更正" in gone.content.decode()
    assert page.title not in gone.content.decode()
    assert page.title not in client.get("/proposals/").content.decode()


def test_released_again_the_page_stands_where_the_marker_stood(client, county, second):
    page = released(county, second)
    with county.within():
        publishing.withdraw_from_view(page, reason="复文有更正", by=second, at=later(days=2))
        proposal = walking.again(page.proposal)
        release(proposal, county, second, title="更正后的标题")
    assert "更正后的标题" in client.get(address(page)).content.decode()


@pytest.mark.parametrize("grade", [Grade.SATISFIED, Grade.BASICALLY_SATISFIED, None])
def test_satisfaction_stands_beside_what_the_deputies_confirm(client, county, second, grade):
    with county.within():
        proposal = walking.replied(county)
        if grade:
            proposal = walking.evaluated(proposal, county.deputy, grade)
        page = release(proposal, county, second)
    said = client.get(address(page)).content.decode()
    expected = f"{grade.label}，代表确认已解决" if grade else "没有评价，代表没有确认是否解决"
    assert expected in said


def test_promises_say_whether_they_were_kept(client, county, second):
    with county.within():
        promise = ("改造完工", date(2027, 6, 30))
        proposal = walking.replied(county, outcome=OutcomeClass.PLANNED, promise=promise)
        page = release(proposal, county, second)
        proposal.promises.update(text="改造完工，联系13812345678")
    said = client.get(address(page)).content.decode()
    assert "改造完工，联系[手机号]" in said
    assert "未到期" in said
    assert "13812345678" not in said


def test_a_deputy_who_is_not_shown_is_not_named(client, county, second):
    page = released(county, second)
    Deputy.objects.filter(pk=county.deputy.pk).update(is_public=False)
    for place in ("/proposals/", address(page)):
        said = client.get(place).content.decode()
        assert "一位代表" in said
        assert "周海燕" not in said


def test_the_front_page_and_the_deputys_page_lead_to_it(client, county, second):
    page = released(county, second)
    for place in ("/", f"/deputies/{county.code}/{county.deputy.pk}/"):
        assert address(page) in client.get(place).content.decode()


def test_an_answer_after_a_new_order_says_that_it_is_handled_again(client, county, second):
    with county.within():
        proposal = walking.evaluated(walking.replied(county), county.deputy, Grade.DISSATISFIED)
        page = release(proposal, county, second)
    said = client.get(address(page)).content.decode()
    assert "不满意，代表认为没有解决" in said
    assert "正在重新办理" in said


def test_a_citys_congress_has_its_pages_here_too(client, county):
    city = factories.region("9901", "云溪市", RegionLevel.CITY)
    congress = Congress.objects.create(name="云溪市人大", level=CongressLevel.CITY, region=city)
    term = Term.objects.create(congress=congress, number=3, starts_on=date(2022, 1, 1), ends_on=date(2027, 1, 1))
    session = Session.objects.create(term=term, number=1, starts_on=date(2026, 1, 5), ends_on=date(2026, 1, 9))
    with scope.within(["9901"]):
        proposal = Proposal.objects.create(
            jurisdiction="9901", kind=Kind.PROPOSAL, term=term, session=session, congress_area="9901", number="第1号", year=2026,
            lead=county.deputy, title="全市排水", request="改造", state=State.CLOSED, created_at=NOW, saved_at=NOW,
            submitted_at=NOW, closed_at=NOW,
        )  # fmt: skip
        Publication.objects.create(
            jurisdiction="9901", proposal=proposal, publicity="full", state="published", title="全市排水改造", body="改造",
            proposed_by=county.affairs, proposed_at=NOW, reviewed_by=county.chair, reviewed_at=NOW,
        )  # fmt: skip
    forget_jurisdictions()
    assert "全市排水改造" in client.get("/proposals/").content.decode()
    assert client.get(f"/proposals/9901/{proposal.pk}/").status_code == 200
    assert client.get(f"/proposals/9902/{proposal.pk}/").status_code == 404
    assert client.get(f"/proposals/{county.code}/{proposal.pk}/").status_code == 404


def test_the_list_takes_as_many_statements_for_many_as_for_one(client, county, second):
    released(county, second)

    def statements():
        keeping.forget_all()
        with CaptureQueriesContext(
            connection,
        ) as taken:
            client.get("/proposals/")
        return len(taken)

    statements()
    one = statements()
    for _n in range(3):
        released(county, second)
    assert statements() == one
    assert one <= 16


def test_a_first_visit_takes_eighty_kilobytes_at_most(client, county, second):
    page = released(county, second)
    for place in ("/proposals/", address(page)):
        html = client.get(place).content
        text = html.decode()
        assets = {
            part.split('"')[0].split("?")[0] for part in text.replace("src=", "href=").split('href="/static/')[1:]
        }
        sent = len(gzip.compress(html))
        for asset in assets:
            found = finders.find(asset)
            if found:
                with open(found, "rb") as file:
                    sent += len(gzip.compress(file.read()))
        assert sent <= 80 * 1024
