"""Pages about stations, codes, areas, parameters and the calendar: whom they admit, and that what they take is done."""

from datetime import date

import pytest
from django.urls import reverse

from jiazhan.audit.selectors import entries_of
from jiazhan.kernel import calendar, parameters
from jiazhan.kernel.models import CalendarYear, Holiday, Parameter
from jiazhan.people.models import ScanCode
from jiazhan.people.services import codes
from jiazhan.places.models import RegionLevel, Station, StationStatus
from jiazhan.places.selectors import forget_jurisdictions
from jiazhan.places.services import regions
from tests.factories import NOW, opinion, region, serial

pytestmark = pytest.mark.django_db
FORM = {
    "name": "柳林二站", "code": "B2", "kind": "liaison_station", "setting": "community", "opening_hours": "周一至周五 9:00-17:30",
    "phone": "0571-88886666",
}  # fmt: skip


@pytest.fixture
def form(county):
    return FORM | {"street": county.street.code, "community": county.community.code, "parent": str(county.home.pk)}


def at(name, **where):
    return reverse(f"office:{name}", kwargs=where)


def one(station, name="station"):
    return at(name, jurisdiction=station.jurisdiction, station_id=station.pk)


ROUTES = {
    "stations": lambda county: at("stations"),
    "station": lambda county: one(county.station),
    "station-open": lambda county: at("station-open"),
    "station-change": lambda county: one(county.station, "station-change"),
    "codes": lambda county: at("codes"),
    "station-code": lambda county: one(county.station, "station-code"),
    "regions": lambda county: at("regions"),
    "region-search": lambda county: at("region-search") + "?q=ljjd",
    "tables": lambda county: at("tables"),
    "table": lambda county: at("table", jurisdiction=county.code, kind="stations"),
    "table-template": lambda county: at("table-template", kind="units"),
    "county-parameters": lambda county: at("county-parameters", jurisdiction=county.code),
    "parameter": lambda county: at("parameter", jurisdiction=county.code, parameter_name="opinion.accept_workdays"),
    "calendar": lambda county: at("calendar"),
    "calendar-load": lambda county: at("calendar-load"),
}
PLACES = {"stations", "station", "station-open", "station-change", "regions", "region-search"}
CODES = {"stations", "station", "codes", "station-code", "regions", "region-search"}
TABLES = {"tables", "table", "table-template"}
SETTINGS = {"county-parameters", "parameter", "calendar", "calendar-load"}
OPEN_TO = {
    "officer": set(),
    "head": PLACES - {"station-open"},
    "vice_director": PLACES | CODES | TABLES,
    "director": PLACES | CODES,
    "affairs": PLACES | CODES | TABLES | SETTINGS,
    "office": SETTINGS,
    "handler": set(),
    "security_admin": set(),
}


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("role", OPEN_TO)
def test_a_page_opens_to_those_whose_role_needs_it(county, sign_in, role, route):
    answer = sign_in(getattr(county, role)).get(ROUTES[route](county))
    assert answer.status_code == 200 if route in OPEN_TO[role] else answer.status_code in (403, 404)


def test_a_street_sees_its_own_stations_and_no_other(county, sign_in):
    client = sign_in(county.director)
    said = client.get(at("stations")).content.decode()
    assert county.station.name in said
    assert county.other_station.name not in said
    assert client.get(one(county.station)).status_code == 200
    assert client.get(one(county.other_station)).status_code == 404
    assert sign_in(county.affairs).get(one(county.other_station)).status_code == 200


def test_the_list_asks_the_same_whatever_the_number_of_stations(county, sign_in, django_assert_max_num_queries):
    client = sign_in(county.affairs)
    client.get(at("stations"))
    for number in range(30):
        county.make_station(f"S{number}", f"第{number}站")
    with django_assert_max_num_queries(24):
        client.get(at("stations"))


def test_a_station_is_opened_changed_and_paused_by_forms(county, sign_in, form):
    client = sign_in(county.director)
    assert client.post(at("station-open"), form).status_code == 302
    station = Station.objects.get(code="B2")
    assert (station.community, station.parent, station.opening_hours[0]["to"]) == (
        county.community,
        county.home,
        "17:30",
    )
    assert client.post(one(station, "station-change"), form | {"name": "柳林总站"}).status_code == 302
    step = at("station-step", jurisdiction=county.code, station_id=station.pk, step="pause")
    refused = client.post(step, {"reason": ""})
    assert refused.status_code == 422
    assert "请写明原因" in refused.content.decode()
    assert client.post(step, {"reason": "装修"}).status_code == 302
    station.refresh_from_db()
    assert (station.name, station.status) == ("柳林总站", StationStatus.PAUSED)
    assert client.post(step, {"reason": "再次装修"}).status_code == 409
    assert (
        client.post(at("station-step", jurisdiction=county.code, station_id=station.pk, step="nothing")).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "01"}, "已经有了"),
        ({"opening_hours": "全天"}, "看不懂"),
        ({"kind": "liaison_point"}, "上级应是"),
        ({"street": "990106002", "community": ""}, "990106002"),
        ({"phone": "abc"}, "不是电话号码"),
        ({"name": ""}, "这个字段"),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(county, sign_in, form, changes, said):
    answer = sign_in(county.director).post(at("station-open"), form | changes)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "0571-88886666" in answer.content.decode() or "phone" in changes
    assert not Station.objects.filter(code="B2").exists()


def test_a_deputy_is_attached_and_taken_out(county, sign_in):
    client = sign_in(county.director)
    deputy = county.make_deputy(station=county.other_station)
    attach = one(county.station, "station-attach")
    assert client.post(attach, {"deputy": "nobody"}).status_code == 422
    assert client.post(attach, {"deputy": str(deputy.pk)}).status_code == 302
    attachment = deputy.attachments.get(station=county.station)
    detach = {"jurisdiction": county.code, "station_id": county.station.pk, "attachment_id": attachment.pk}
    assert client.post(at("station-detach", **detach)).status_code == 302
    attachment.refresh_from_db()
    assert attachment.ends_on is not None
    assert client.post(at("station-detach", **detach)).status_code == 422


def test_a_code_is_issued_replaced_and_revoked(county, sign_in):
    client = sign_in(county.director)

    def act(name, **fields):
        where = {"jurisdiction": county.code, "station_id": county.station.pk, "act": name}
        return client.post(at("station-code-act", **where), fields)

    assert act("issue").status_code == 302
    code = ScanCode.objects.get(station=county.station)
    assert act("reissue", token=code.token, reason="旧").status_code == 422
    assert act("reissue", token=code.token, reason="换新样式").status_code == 302
    fresh = ScanCode.objects.get(station=county.station, revoked_at=None)
    assert act("revoke", token=fresh.token, reason="海报被人涂改").status_code == 302
    assert act("revoke", token=fresh.token, reason="海报被人涂改").status_code == 422
    assert act("revoke", token="ABCD2345", reason="不是它的码").status_code == 404
    said = client.get(one(county.station, "station-code")).content.decode()
    assert "海报被人涂改" in said
    assert "换新样式" in said


@pytest.mark.parametrize("size", ["a4", "a6", "badge"])
def test_a_poster_of_a_code_in_force_is_a_pdf(county, sign_in, size):
    client = sign_in(county.director)
    for subject in (county.station, county.deputy):
        code = codes.issue(subject, by=county.director, at=NOW)
        address = at("poster", jurisdiction=county.code, token=code.token, size=size)
        answer = client.get(address)
        assert (answer.headers["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    codes.revoke(code, reason="海报被人涂改", by=county.director, at=NOW)
    assert client.get(address).status_code == 404


def test_a_poster_of_another_street_is_not_found(county, sign_in):
    code = codes.issue(county.other_station, by=county.affairs, at=NOW)
    address = at("poster", jurisdiction=county.code, token=code.token, size="a4")
    assert sign_in(county.affairs).get(address).status_code == 200
    assert sign_in(county.director).get(address).status_code == 404


def test_all_posters_of_a_street_come_in_one_file_and_missing_codes_are_issued(county, sign_in):
    answer = sign_in(county.affairs).post(at("posters"), {"street": county.street.code, "size": "a6", "of": "stations"})
    assert answer.content[:5] == b"%PDF-"
    assert set(ScanCode.objects.values_list("station__code", flat=True)) == {"00", "01"}
    nothing = sign_in(county.affairs).post(at("posters"), {"street": "990106009", "size": "a6", "of": "stations"})
    assert nothing.status_code == 302


def test_areas_are_browsed_and_found_with_closed_ones_marked(county, sign_in):
    regions.rename_area(county.other_street, "平湖街道", on=NOW.date())
    regions.close_area(region("990106003", "旧街道", RegionLevel.TOWNSHIP, parent=county.region), on=NOW.date())
    client = sign_in(county.director)
    said = client.get(at("regions"), {"in": county.code}).content.decode()
    assert "望江街道" in said
    assert "2026年11月18日停用" in said
    assert "曾用名：翠湖街道" in client.get(at("regions"), {"q": "翠湖街道"}).content.decode()
    assert "没有找到" in client.get(at("regions"), {"q": "没有的"}).content.decode()
    assert client.get(at("regions"), {"in": "12"}).status_code == 404
    found = client.get(at("region-search"), {"q": "phjd", "under": county.code}).json()["areas"]
    assert [(each["name"], each["is_closed"]) for each in found] == [("平湖街道", False)]
    assert client.get(at("region-search"), {"q": "x", "limit": "many"}).status_code == 404


def test_a_parameter_is_set_with_its_source_and_given_up(county, sign_in):
    client = sign_in(county.affairs)
    address = at("parameter", jurisdiction=county.code, parameter_name="opinion.accept_workdays")
    default = parameters.get("opinion.accept_workdays", county.code)
    for fields in (
        {"value": "0", "source": "云人常〔2026〕3 号"},
        {"value": "3", "source": ""},
        {"value": "三", "source": "文件"},
    ):
        refused = client.post(address, fields)
        assert refused.status_code == 422
        assert fields["value"] in refused.content.decode()
    assert client.post(address, {"value": "3", "source": "云人常〔2026〕3 号"}).status_code == 302
    assert parameters.get("opinion.accept_workdays", county.code) == 3
    assert "云人常〔2026〕3 号" in client.get(at("county-parameters", jurisdiction=county.code)).content.decode()
    assert client.post(address, {"reset": "1"}).status_code == 302
    assert parameters.get("opinion.accept_workdays", county.code) == default
    assert not Parameter.objects.exists()
    assert client.post(at("parameter", jurisdiction=county.code, parameter_name="no.such"), {}).status_code == 404


def test_a_list_of_days_is_a_parameter_too(county, sign_in):
    client = sign_in(county.affairs)
    address = at("parameter", jurisdiction=county.code, parameter_name="opinion.reminder_days")
    assert client.post(address, {"value": "3、10, 1", "source": "文件"}).status_code == 302
    assert parameters.get("opinion.reminder_days", county.code) == [10, 3, 1]


def test_a_year_is_loaded_from_the_words_of_the_notice(county, sign_in):
    client = sign_in(county.affairs)
    typed = {
        "year": "2027",
        "off": "1月1日至3日\n2月5日至11日",
        "work": "1月30日、2月20日",
        "source": "国办发明电〔2026〕9 号",
    }
    for changes in (
        {"off": "春节"},
        {"source": ""},
        {"work": "1月29日"},
        {"work": "1月2日"},
        {"year": "x"},
        {"off": "2月30日"},
    ):
        refused = client.post(at("calendar-load"), typed | changes)
        assert refused.status_code == 422
        assert "没有导入" in refused.content.decode()
    assert not CalendarYear.objects.filter(year=2027).exists()
    assert client.post(at("calendar-load"), typed).status_code == 302
    days = calendar.current()
    assert not days.is_workday(date(2027, 2, 8))
    assert days.is_workday(date(2027, 1, 30))
    assert days.is_known(date(2027, 6, 1))


def test_a_single_day_is_changed_and_taken_back(county, sign_in):
    calendar.load_published_years()
    client = sign_in(county.affairs)
    change = {"on": "2026-11-25", "kind": "off", "source": "台风停工通知"}
    assert client.post(at("calendar-day"), change | {"kind": "work"}).status_code == 422
    assert client.post(at("calendar-day"), change | {"on": ""}).status_code == 422
    assert client.post(at("calendar-day"), change).status_code == 302
    assert Holiday.objects.get(on="2026-11-25").source == "台风停工通知"
    assert client.post(at("calendar-day"), change | {"kind": "plain"}).status_code == 302
    assert not Holiday.objects.filter(on="2026-11-25").exists()


def test_the_calendar_of_all_counties_is_changed_only_by_who_looks_after_all(county, sign_in):
    calendar.load_published_years()
    change = {"on": "2026-11-25", "kind": "off", "source": "台风停工通知"}
    other = region("990107001", "别处街道", RegionLevel.TOWNSHIP, parent=region("990107", "别处区", RegionLevel.COUNTY))
    Station.objects.create(
        jurisdiction="990107", code=f"S{serial()}", name="别处的家", kind="deputy_home", street=other
    )
    forget_jurisdictions()
    refused = sign_in(county.affairs).post(at("calendar-day"), change)
    assert refused.status_code == 422
    assert "所有区县共用" in refused.content.decode()
    assert not Holiday.objects.filter(on="2026-11-25").exists()


def test_open_deadlines_move_with_the_calendar_and_the_record_says_so(county, sign_in):
    calendar.load_published_years()
    waiting = opinion(county)
    before = waiting.due_on
    change = {"on": before.isoformat(), "kind": "off", "source": "台风停工通知"}
    answer = sign_in(county.affairs).post(at("calendar-day"), change, follow=True)
    assert "1 件在办事项的期限随之调整" in answer.content.decode()
    waiting.refresh_from_db()
    assert waiting.due_on > before
    assert entries_of(waiting).filter(action="opinion.move_deadline").exists()
