"""Where a station lies: a strip of map drawn here, the same in words, and a link that a phone opens in its own map."""

import pytest
from django.test import Client

from jiazhan.web.public.map_strip import APART, HEIGHT, WIDTH, strip_of, way_words


def lay(station, latitude, longitude):
    station.latitude, station.longitude = latitude, longitude
    station.save()
    return station


def page_of(station):
    return Client().get(f"/stations/{station.jurisdiction}/{station.code}/").content.decode()


@pytest.fixture
def laid(county):
    lay(county.station, "31.250000", "120.350000")
    return county


def test_a_station_is_shown_among_its_neighbours_with_their_way_in_words(laid):
    near = lay(laid.home, "31.256000", "120.357000")
    lay(laid.other_station, "31.250000", "120.330000")
    far = lay(laid.make_station("09", "很远的站", street=laid.other_street), "31.400000", "120.600000")
    page = page_of(laid.station)
    assert 'class="map-strip"' in page
    assert near.name in page
    assert "往东北约 950 米" in page or "往东北约 1.0 公里" in page
    assert "翠湖联络站" in page
    assert "往西约 1.9 公里" in page
    assert far.name not in page
    assert 'href="geo:31.250000,120.350000"' in page
    # Nothing of the drawing comes from elsewhere.
    assert "http://" not in page.split('class="map-strip"')[1].split("</svg>")[0]
    assert "https://" not in page.split('class="map-strip"')[1].split("</svg>")[0]


def test_without_coordinates_there_is_no_map_and_no_link(laid):
    lay(laid.home, "31.256000", "120.357000")
    page = page_of(laid.other_station)
    assert "map-strip" not in page
    assert "geo:" not in page
    assert "map-strip" in page_of(laid.station)


def test_a_station_without_neighbours_has_the_link_alone(laid):
    page = page_of(laid.station)
    assert "map-strip" not in page
    assert "geo:31.250000,120.350000" in page


def test_everything_lies_on_the_drawing_and_spots_do_not_hide_each_other(laid):
    for number in range(9):
        lay(laid.make_station(f"1{number}", f"第{number}站"), f"31.25{number}00", f"120.3{50 + number * number % 7}000")
    strip = strip_of(laid.station)
    spots = [strip.here, *strip.spots]
    assert all(0 < each.x < WIDTH and 0 < each.y < HEIGHT for each in spots)
    assert all(
        (one.x - other.x) ** 2 + (one.y - other.y) ** 2 >= APART**2
        for one in spots
        for other in spots
        if one is not other
    )
    assert len(strip.neighbours) == 5


def test_two_in_one_building_share_a_spot_and_both_are_named(laid):
    lay(laid.home, "31.260000", "120.360000")
    lay(laid.make_station("07", "同一栋楼里的站"), "31.260001", "120.360001")
    strip = strip_of(laid.station)
    assert [each.number for each in strip.neighbours] == [1, 1]
    assert len(strip.spots) == 1


@pytest.mark.parametrize(
    ("east", "north", "words"),
    [
        (0.01, 0.01, "就在旁边"),
        (0, 0.4, "往北约 400 米"),
        (-0.3, 0.3, "往西北约 400 米"),
        (0, -2.04, "往南约 2.0 公里"),
        (3, -3, "往东南约 4.2 公里"),
    ],
)
def test_a_way_is_said_in_a_persons_words(east, north, words):
    assert way_words(east, north) == words
