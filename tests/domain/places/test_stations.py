"""Stations: the tree that they form, their place, their hours and their life."""

from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal

import pytest
from django.utils import timezone

from jiazhan.audit import SYSTEM
from jiazhan.audit import selectors as audit
from jiazhan.kernel import calendar, scope
from jiazhan.kernel.workflow import StepRefused
from jiazhan.places import hours, selectors
from jiazhan.places.models import RegionLevel, Station, StationKind, StationStatus
from jiazhan.places.services import stations
from jiazhan.places.states import STATION
from tests.factories import NOW, region

WEEKDAYS = [{"weekday": day, "from": "09:00", "to": "17:30"} for day in range(1, 6)]


@pytest.fixture
def details(county):
    return stations.Details(
        code="A17", name="柳林社区联络站", kind=StationKind.LIAISON_STATION, street=county.street, community=county.community,
        parent=county.home, opening_hours=WEEKDAYS, phone="0571-88886666",
    )  # fmt: skip


@pytest.fixture
def open_one(county, details):
    def open_one(**changes):
        return stations.open_station(replace(details, **changes), by=county.director, at=NOW)

    return open_one


def test_a_station_opens_in_the_county_of_its_street_and_the_record_says_so(county, open_one):
    station = open_one(code=" a17 ")
    assert (station.jurisdiction, station.code, station.status) == (county.code, "A17", StationStatus.OPEN)
    entry = audit.entries_of(station).get()
    assert (entry.action, entry.actor_name) == ("station.opened", county.director.name)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"code": "站01"}, stations.Misnamed),
        ({"code": ""}, stations.Misnamed),
        ({"name": " "}, stations.Misnamed),
        ({"code": "01"}, stations.CodeTaken),
        ({"parent": None, "kind": StationKind.LIAISON_POINT}, stations.WrongBranch),
        ({"kind": StationKind.LIAISON_POINT}, stations.WrongBranch),
        ({"kind": StationKind.DEPUTY_HOME}, stations.WrongBranch),
        ({"phone": "打电话"}, stations.PhoneUnfit),
        ({"latitude": Decimal(30)}, stations.PointUnfit),
        ({"latitude": Decimal(91), "longitude": Decimal(120)}, stations.PointUnfit),
        ({"opening_hours": [{"weekday": 8, "from": "09:00", "to": "10:00"}]}, stations.HoursUnfit),
        ({"opening_hours": [{"weekday": 1, "from": "10:00", "to": "09:00"}]}, stations.HoursUnfit),
        ({"opening_hours": [WEEKDAYS[0], {"weekday": 1, "from": "17:00", "to": "18:00"}]}, stations.HoursUnfit),
        ({"opening_hours": [{"weekday": 1}]}, stations.HoursUnfit),
    ],
)
def test_a_station_that_does_not_hold_together_is_refused(county, open_one, changes, refusal):
    with pytest.raises(refusal):
        open_one(**changes)
    assert open_one().code == "A17"


def test_street_community_and_county_agree(county, open_one):
    with pytest.raises(stations.Misplaced, match="柳林社区不在翠湖街道"):
        open_one(street=county.other_street)
    with pytest.raises(stations.Misplaced):
        open_one(street=county.region, community=None)
    elsewhere = region(
        "990107001", "别处街道", RegionLevel.TOWNSHIP, parent=region("990107", "别处区", RegionLevel.COUNTY)
    )
    with pytest.raises(stations.WrongBranch, match="不在同一个区县"):
        open_one(street=elsewhere, community=None)
    county.street.ends_on = NOW.date()
    with pytest.raises(stations.Misplaced, match="现行"):
        open_one(street=county.street)


def test_points_stand_under_stations_under_homes(county, open_one):
    station = open_one()
    point = open_one(code="A17-1", name="柳林大厦联络点", kind=StationKind.LIAISON_POINT, parent=station)
    tree = [(each.station.code, each.depth) for each in selectors.station_tree(selectors.stations_in([county.code]))]
    assert tree == [("00", 0), ("01", 1), ("A17", 1), ("A17-1", 2), ("02", 0)]
    with pytest.raises(stations.WrongBranch):
        open_one(code="A17-2", name="点下的点", kind=StationKind.LIAISON_POINT, parent=point)


def test_what_changed_is_recorded_and_nothing_else(county, open_one):
    station = open_one()
    details = stations.details_of(station)
    stations.change_station(station, details, by=county.director, at=NOW)
    assert audit.entries_of(station).count() == 1
    changed = stations.change_station(
        station, replace(details, name="柳林联络总站", phone="88886666"), by=county.director, at=NOW
    )
    assert changed.name == "柳林联络总站"
    assert audit.entries_of(station).last().detail == {"fields": ["name", "phone"]}


def test_a_station_with_branches_keeps_its_kind_and_stays_open(county, open_one):
    station = open_one()
    point = open_one(code="A17-1", name="柳林大厦联络点", kind=StationKind.LIAISON_POINT, parent=station)
    as_home = replace(stations.details_of(station), kind=StationKind.DEPUTY_HOME, parent=None)
    with pytest.raises(stations.BranchesOpen):
        stations.change_station(station, as_home, by=county.director, at=NOW)
    with pytest.raises(stations.BranchesOpen):
        stations.close(station, reason="并入望江站", by=county.director, at=NOW)
    stations.close(point, reason="大厦改造", by=county.director, at=NOW)
    assert stations.close(station, reason="并入望江站", by=county.director, at=NOW).status == StationStatus.CLOSED
    with pytest.raises(stations.WrongBranch, match="已撤并"):
        open_one(
            code="A17-3", name="晚来的点", kind=StationKind.LIAISON_POINT, parent=Station.objects.get(pk=station.pk)
        )


def test_a_station_pauses_with_a_reason_resumes_and_closes_for_good(county):
    station = county.station
    with pytest.raises(stations.ReasonMissing):
        stations.pause(station, reason="  ", by=county.director, at=NOW)
    stations.pause(station, reason="装修", by=county.director, at=NOW)
    with pytest.raises(StepRefused):
        stations.pause(station, reason="装修", by=county.director, at=NOW)
    stations.resume(station, by=county.director, at=NOW)
    stations.close(station, reason="撤并", by=county.director, at=NOW)
    with pytest.raises(StepRefused):
        stations.resume(station, by=county.director, at=NOW)
    actions = [entry.action for entry in audit.entries_of(station)]
    assert actions == ["station.paused", "station.resumed", "station.closed"]


def test_the_life_of_a_station_has_no_dead_end():
    STATION.check()


def test_a_first_station_makes_its_county_served(db):
    selectors.forget_jurisdictions()
    street = region("990108001", "新街道", RegionLevel.TOWNSHIP, parent=region("990108", "新区", RegionLevel.COUNTY))
    first = stations.Details(code="A1", name="新街道代表之家", kind=StationKind.DEPUTY_HOME, street=street)
    assert selectors.jurisdictions_served() == ()
    with scope.within(["990108"]):
        stations.open_station(first, by=SYSTEM, at=NOW)
    assert selectors.jurisdictions_served() == ("990108",)


def test_stations_are_found_by_street_words_and_status(county):
    found = selectors.stations_in([county.code], under=county.other_street.code)
    assert [station.code for station in found] == ["02"]
    assert [station.code for station in selectors.stations_in([county.code], words="柳林")] == ["01"]
    assert not selectors.stations_in([county.code], status=StationStatus.PAUSED).exists()
    assert not selectors.stations_in(["110101"]).exists()


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        ([], ""),
        (WEEKDAYS, "周一至周五 9:00–17:30"),
        ([*WEEKDAYS, {"weekday": 6, "from": "09:00", "to": "12:00"}], "周一至周五 9:00–17:30；周六 9:00–12:00"),
        ([{"weekday": day, "from": "08:30", "to": "17:00"} for day in range(1, 8)], "每天 8:30–17:00"),
        ([{"weekday": 2, "from": "14:00", "to": "17:00"}, {"weekday": 2, "from": "09:00", "to": "11:00"}], "周二 9:00–11:00、14:00–17:00"),
        ([{"weekday": 2, "from": "09:00", "to": "11:00"}, {"weekday": 3, "from": "09:00", "to": "11:00"}], "周二、周三 9:00–11:00"),
    ],
)  # fmt: skip
def test_hours_are_said_as_a_person_would(stored, words):
    assert hours.in_words(stored) == words


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (datetime(2026, 11, 18, 9, 0), True),
        (datetime(2026, 11, 18, 17, 29), True),
        (datetime(2026, 11, 18, 17, 30), False),
        (datetime(2026, 11, 21, 10, 0), False),
        (datetime(2026, 10, 1, 10, 0), False),
        (datetime(2026, 10, 10, 10, 0), True),
    ],
)
def test_a_station_is_open_in_its_hours_but_not_on_holidays_and_on_make_up_days_too(db, at, is_open):
    calendar.load_published_years()
    assert hours.is_open(WEEKDAYS, timezone.make_aware(at)) is is_open
    assert hours.closes_at(WEEKDAYS, timezone.make_aware(at)) == (time(17, 30) if is_open else None)
