"""What anybody sees: whom each address admits, what empty pages say, how many statements and bytes a page takes."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiazhan.documents import selectors as documents
from jiazhan.opinions.choices import OutcomeClass
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import intake, joining, publishing, triage
from jiazhan.people.models import ScanCode
from jiazhan.people.roles import Role
from jiazhan.places.models import RegionLevel, StationStatus
from tests import factories
from tests.domain.opinions import walking as lives
from tests.web.public.walking import form_to, said, send

BODY = "柳林小区北门下雨就积水，老人孩子出门要蹚水，希望疏通下水道。"


def scan_code(county, token="ABC345", **given):
    given = {"station": county.station} | given
    return ScanCode.objects.create(token=token, jurisdiction=county.code, issued_at=factories.NOW, **given)


def published(county, **given):
    """A solved matter on its public page."""
    with county.within():
        opinion = lives.handling_street(county, **given)
        lives.replied(opinion, county, at=timezone.now())
        page = publishing.propose(
            opinion, title="北门积水已疏通", body="下雨积水", reply="已疏通", by=county.officer, at=timezone.now()
        )
        publishing.approve(page, by=county.appoint(Role.STREET_DIRECTOR), at=timezone.now())
    return page


OPEN_TO_ALL = ["/", "/stations/", "{station}", "/c/990106/ABC345/", "{deputy}", "{say}", "/follow/", "/open/", "{open}", "/verify/", "/about/",
               "/complain/", "/human-check/"]  # fmt: skip


@pytest.mark.parametrize("address", OPEN_TO_ALL)
def test_public_pages_admit_everybody(client, county, address):
    scan_code(county)
    station = f"{county.code}/{county.station.code}/"
    known = {
        "station": f"/stations/{station}",
        "say": f"/say/{station}",
        "deputy": f"/deputies/{county.code}/{county.deputy.pk}/",
        "open": f"/open/{county.code}/{published(county).pk}/" if "open" in address else "",
    }
    for person in (None, factories.resident(), county.appoint(Role.HANDLER)):
        client.logout()
        if person:
            client.force_login(person)
        assert client.get(address.format(**known)).status_code == 200


@pytest.mark.parametrize(("who", "expected"), [("visitor", "/login/"), ("resident", 200), ("handler", 403)])
def test_the_list_of_own_matters_is_for_residents(client, county, who, expected):
    people = {"resident": factories.resident, "handler": lambda: county.appoint(Role.HANDLER)}
    if who in people:
        client.force_login(people[who]())
    answer = client.get("/my/")
    if answer.status_code == 302:
        assert answer.url.startswith(expected)
    else:
        assert answer.status_code == expected


@pytest.mark.parametrize("address", ["place/", "contact/", "send/", "confirm/"])
def test_a_step_is_only_reached_through_the_one_before(client, county, address):
    assert client.get(f"/say/{county.code}/{county.station.code}/{address}").status_code == 405
    assert client.post(f"/say/{county.code}/{county.station.code}/{address}").status_code == 400


def test_what_is_not_there_is_a_404_in_the_shared_look(client, county):
    for address in ("/stations/990106/nothing/", "/say/990106/nothing/", "/stations/999999/01/", "/say/staged/xyz/"):
        page = client.get(address)
        assert page.status_code == 404
        assert "没有找到这个页面" in said(page)


def test_a_station_page_says_who_is_here_and_when(client, county):
    deputy = county.make_deputy("周海燕")
    county.make_reception(deputy, starts_at=timezone.now() + timedelta(days=2))
    page = said(client.get(f"/stations/{county.code}/{county.station.code}/"))
    for words in ("柳林联络站", "下次接待", "周海燕代表", "县级人大代表", "区人大代表", "我要反映", "查进度"):
        assert words.replace("县级", "县（区）") in page or words in page


def test_a_deputy_whose_mandate_ended_is_shown_without_the_button(client, county):
    address = f"/deputies/{county.code}/{county.deputy.pk}/"
    assert "向代表反映" in said(client.get(address))
    county.deputy.mandates.update(status="suspended")
    page = said(client.get(address))
    assert "向代表反映" not in page
    assert "不能再接新的事项" in page


def test_a_deputy_who_is_not_public_has_no_page(client, county):
    deputy = county.deputy
    address = f"/deputies/{county.code}/{deputy.pk}/"
    assert client.get(address).status_code == 200
    deputy.is_public = False
    deputy.save()
    assert client.get(address).status_code == 404
    assert deputy.name not in said(client.get(f"/stations/{county.code}/{county.station.code}/"))


def test_a_revoked_code_explains_itself_and_leads_to_the_new_one(client, county):
    new = scan_code(county, "NEW345")
    scan_code(county, "QLD345", revoked_at=factories.NOW, revoked_reason="海报丢失", replaced_by=new)
    scan_code(county, "LQST34", revoked_at=factories.NOW, revoked_reason="海报丢失")
    page = client.get(f"/c/{county.code}/QLD345/")
    assert page.status_code == 410
    assert "海报丢失" in said(page)
    assert f"/c/{county.code}/NEW345/" in page.content.decode()
    assert f"/stations/{county.code}/{county.station.code}/" in client.get(f"/c/{county.code}/LQST34/").content.decode()


def test_a_code_that_nobody_issued_leads_to_the_stations(client, county):
    scan_code(county)
    page = client.get(f"/c/{county.code}/YYY999/")
    assert page.status_code == 404
    assert "没有这张码" in said(page)


def test_the_code_under_a_posters_picture_can_be_typed(client, county):
    scan_code(county, "ABCD2345")
    assert client.get("/stations/", {"q": "abcd 2345"}).url == f"/c/{county.code}/ABCD2345/"
    assert client.get("/stations/", {"q": "abcd2346"}).status_code == 200


def test_a_deputys_code_opens_the_deputys_page(client, county):
    scan_code(county, "DEP345", station=None, deputy=county.deputy)
    page = client.get(f"/c/{county.code}/DEP345/")
    assert "周海燕代表" in said(page)
    assert f"?deputy={county.deputy.pk}&amp;via=DEP345" in page.content.decode()


@pytest.mark.parametrize("words", ["柳林", "翠湖街道", "llsq", "望江路"])
def test_a_station_is_found_by_name_street_initials_or_address(client, county, words):
    county.community.initials = "llsq"
    county.community.save()
    county.station.address = "望江路 18 号"
    county.station.save()
    page = said(client.get("/stations/", {"q": words}))
    assert ("翠湖联络站" if words == "翠湖街道" else "柳林联络站") in page
    assert ("柳林联络站" if words == "翠湖街道" else "翠湖联络站") not in page


def test_nothing_found_says_what_to_do(client, county):
    page = said(client.get("/stations/", {"q": "火星基地"}))
    assert "没有找到家站" in page
    assert "换个写法试试" in page


def test_only_open_stations_are_listed_when_asked_and_closed_ones_never(client, county):
    every_day = [{"weekday": day, "from": "00:00", "to": "23:59"} for day in range(1, 8)]
    county.station.opening_hours = every_day
    county.station.save()
    county.other_station.opening_hours, county.other_station.status = every_day, StationStatus.PAUSED
    county.other_station.save()
    county.home.status = StationStatus.CLOSED
    county.home.save()
    assert "翠湖联络站" in said(client.get("/stations/"))
    assert "代表之家" not in said(client.get("/stations/"))
    assert "翠湖联络站" not in said(client.get("/stations/", {"open": "1"}))


def test_empty_pages_say_what_will_come(client, county):
    assert "还没有公开的事项" in said(client.get("/open/"))
    station = said(client.get(f"/stations/{county.code}/{county.station.code}/"))
    assert "还没有排出下次接待" in station
    assert "代表编站以后会列在这里" in station


def test_published_matters_are_filtered_by_the_address(client, county):
    page = published(county)
    address = f"/open/{county.code}/{page.pk}/"
    assert address in client.get("/open/").content.decode()
    assert (
        address
        in client.get("/open/", {"q": "积水", "street": county.street.code, "outcome": "resolved"}).content.decode()
    )
    for other in ({"q": "路灯"}, {"street": county.other_street.code}, {"outcome": "planned"}, {"category": "01"}):
        assert address not in client.get("/open/", other).content.decode()
    assert "用时" in said(client.get(f"/stations/{county.code}/{county.station.code}/"))


def test_a_matter_is_not_public_before_the_second_reader(client, county):
    with county.within():
        opinion = lives.handling_street(county)
        proposed = publishing.propose(opinion, title="北门积水", body="下雨积水", by=county.officer, at=factories.NOW)
    address = f"/open/{county.code}/{proposed.pk}/"
    assert client.get(address).status_code == 404
    with county.within():
        publishing.approve(proposed, by=county.appoint(Role.STREET_DIRECTOR), at=factories.NOW)
    assert client.get(address).status_code == 200


def test_a_letter_is_verified_by_its_code_without_its_words(client, county):
    with county.within():
        opinion = lives.handling_street(county, body="张三家在 3 栋 502，北门积水。")
        document = lives.replied(opinion, county).document
    page = client.get(f"/verify/{county.code}/{document.verify_code}/")
    assert "是本平台发出的" in said(page)
    assert "502" not in said(page)
    assert (
        client.get("/verify/", {"code": document.verify_code.lower()}).url
        == f"/verify/{county.code}/{document.verify_code}/"
    )
    assert client.get("/verify/", {"code": "AAAA-BBBB-CCCC"}).status_code == 422
    copy = b"".join(documents.pdf_download(document).pieces())
    address = f"/verify/{county.code}/{document.verify_code}/"
    assert "一字不差" in said(client.post(address, {"letter": SimpleUploadedFile("a.pdf", copy)}))
    assert "和发出的不一样" in said(client.post(address, {"letter": SimpleUploadedFile("a.pdf", copy + b" ")}))
    assert "请先选一份 PDF" in said(client.post(address))
    false = client.get(f"/verify/{county.code}/AAAABBBBCCCC/")
    assert false.status_code == 404
    assert "不要照办" in said(false)


def similar_page(client, county, body=BODY):
    page = client.get(f"/say/{county.code}/{county.station.code}/")
    page = send(client, page, "/place/", body=body)
    return send(client, page, "/contact/")


def test_open_matters_near_by_are_shown_before_sending_and_joined(client, county):
    with county.within():
        opinion = factories.opinion(
            county, body="柳林小区北门一下雨就积水，出门要蹚水。", title="北门积水，找 13800138000"
        )
    page = similar_page(client, county)
    assert "同一个地方已有 1 人反映类似的事" in said(page)
    assert "13800138000" not in said(page)
    page = send(client, page, f"/join/{county.code}/{county.station.code}/")
    assert form_to(page, "/send/")["fields"]["note"] == BODY
    sent = send(client, page, "/send/", note="我家也是")
    assert "您的查询码" in said(client.get(sent.url))
    with county.within():
        assert [each.note for each in opinion.supporters.all()] == ["我家也是"]
        assert Opinion.objects.get().supporters_count == 1


def test_joining_twice_from_one_form_counts_once(client, county):
    with county.within():
        opinion = factories.opinion(county, body="柳林小区北门一下雨就积水，出门要蹚水。")
    page = send(client, similar_page(client, county), f"/join/{county.code}/{county.station.code}/")
    first, second = (send(client, page, "/send/", note="") for _time in range(2))
    assert first.url == second.url
    with county.within():
        assert opinion.supporters.count() == 1


def test_nobody_joins_what_was_not_shown_to_them(client, county):
    with county.within():
        opinion = factories.opinion(county, body="柳林小区北门一下雨就积水，出门要蹚水。")
        locked = factories.opinion(county, body="柳林小区北门积水，举报施工队受贿，下雨就蹚水。")
        triage.lock_as_accusation(locked, accused_unit=None, by=county.appoint(Role.STREET_DIRECTOR), at=factories.NOW)
    page = similar_page(client, county)
    assert page.content.decode().count("加入这件") == 1
    form = form_to(page, f"/join/{county.code}/{county.station.code}/")
    assert client.post(form["action"], form["fields"] | {"matter": str(opinion.pk)}).status_code == 404
    assert client.post(form["action"], form["fields"]).status_code == 200


def test_a_matter_that_ended_meanwhile_cannot_be_joined(client, county):
    with county.within():
        nonce = factories.nonce()
        opinion = factories.opinion(county, body="柳林小区北门一下雨就积水，出门要蹚水。", nonce=nonce)
    page = send(client, similar_page(client, county), f"/join/{county.code}/{county.station.code}/")
    with county.within():
        joining.withdraw(opinion, by=lives.author_of(opinion), at=factories.NOW)
    answer = send(client, page, "/send/", note="我家也是")
    assert answer.status_code == 409
    assert form_to(answer, "/send/")["fields"]["note"] == "我家也是"


def busy(county):
    """Enough of everything that a statement for each row would show."""
    for number in range(8):
        factories.region(
            f"{county.street.code}0{number + 10}", f"社区{number}", RegionLevel.COMMUNITY, parent=county.street
        )
        deputy = county.make_deputy(f"代表{number}")
        county.make_reception(deputy, starts_at=timezone.now() + timedelta(days=number))
        county.make_station(f"1{number}", f"联络站{number}")
    for _number in range(3):
        published(county)
    with county.within():
        Opinion.objects.update(outcome=OutcomeClass.RESOLVED)


def addresses(county):
    """The public pages of a busy county, by name."""
    station = f"{county.code}/{county.station.code}/"
    deputy = county.station.attachments.first().deputy_id
    pages = {
        "station": f"/stations/{station}",
        "say": f"/say/{station}",
        "deputy": f"/deputies/{county.code}/{deputy}/",
    }
    return pages | {
        path: path for path in ("/", "/stations/", "/follow/", "/open/", "/about/", "/complain/", "/verify/")
    }


def test_a_page_takes_at_most_twelve_statements(client, county):
    busy(county)
    too_many = {}
    for name, address in addresses(county).items():
        client.get(address)
        with CaptureQueriesContext(connection) as statements:
            assert client.get(address).status_code == 200
        if len(statements) > 12:
            too_many[name] = [each["sql"][:160] for each in statements]
    assert too_many == {}


def test_the_followed_page_takes_at_most_twelve_statements_of_its_own(client, county):
    nonce = factories.nonce()
    with county.within():
        opinion = lives.handling_street(county, nonce=nonce)
        lives.replied(opinion, county, at=timezone.now())
        code = factories.raised(county, nonce=nonce).follow_code
    client.post("/follow/", {"code": code})
    address = f"/follow/{county.code}/{opinion.pk}/"
    client.get(address)
    with CaptureQueriesContext(connection) as statements:
        assert client.get(address).status_code == 200
    assert len(statements) <= 20, "\n".join(each["sql"][:160] for each in statements)


MOST_BYTES = 80 * 1024


def test_a_first_visit_weighs_at_most_eighty_kilobytes(client, county):
    if not (Path(settings.ROOT) / "jiazhan/web/ui/static/ui/app.css").exists():
        pytest.skip("页面资源还没有生成：请先运行 script/assets。")
    busy(county)
    pages = addresses(county)
    too_heavy = {}
    for name in ("/", "station", "say", "/follow/"):
        page = client.get(pages[name]).content
        wanted = set(re.findall(r"""(?:href|src)=["']/static/([^"'#]+)""", page.decode()))
        assert "ui/app.css" in wanted
        weights = {file: len(gzip.compress(Path(finders.find(file)).read_bytes(), 6)) for file in wanted}
        if len(gzip.compress(page, 6)) + sum(weights.values()) > MOST_BYTES:
            too_heavy[name] = weights
    assert too_heavy == {}


def test_who_raised_it_cannot_be_told_from_any_public_page(client, county):
    with county.within():
        opinion = lives.handling_street(county, author=intake.Author(name="王小明", phone="13800138000"))
        lives.replied(opinion, county, at=timezone.now())
        page = publishing.propose(
            opinion, title="王小明反映积水", body="请联系 13800138000 王小明", by=county.officer, at=timezone.now()
        )
        publishing.approve(page, by=county.appoint(Role.STREET_DIRECTOR), at=timezone.now())
    station = f"/stations/{county.code}/{county.station.code}/"
    for address in ("/", "/open/", f"/open/{county.code}/{page.pk}/", station):
        words = said(client.get(address))
        assert "13800138000" not in words
        assert "王小明" not in words
