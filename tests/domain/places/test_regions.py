"""Importing administrative areas, and finding them again."""

import csv
import gzip
import io
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiazhan.kernel import spreadsheets
from jiazhan.places import selectors
from jiazhan.places.models import FormerName, Region, RegionLevel
from jiazhan.places.services import regions
from jiazhan.places.services.region_files import ABOVE, Faulty

pytestmark = pytest.mark.django_db

AT = timezone.make_aware(datetime(2026, 11, 21, 9))
LATER = timezone.make_aware(datetime(2027, 3, 1, 9))
COUNTRY = {
    "98": "西华省", "9801": "远山市", "980101": "远山区", "99": "东华省", "9901": "临江市", "990105": "江北区", "990106": "云溪区",
    "990106001": "翠湖街道", "990106001001": "幸福里社区", "990106001002": "翠湖社区", "990106002": "和平街道",
    "990106002001": "和平社区", "990105001": "和平路街道", "990105001001": "长乐社区",
}  # fmt: skip
COUNTY = {code: name for code, name in COUNTRY.items() if code.startswith("990106")}


def parent_of(code):
    return code[: ABOVE.get(len(code), 0)]


@pytest.fixture
def bring(tmp_path):
    """Import areas given by code and name, their parents following from the codes."""

    def bring(areas, *, at=AT, encoding="utf-8", packed=False, **options):
        out = io.StringIO()
        rows = areas if isinstance(areas, list) else [(code, name, parent_of(code)) for code, name in areas.items()]
        csv.writer(out).writerows([("code", "name", "parent"), *rows])
        content = out.getvalue().encode(encoding)
        path = Path(tmp_path) / ("regions.csv.gz" if packed else "regions.csv")
        path.write_bytes(gzip.compress(content) if packed else content)
        return regions.import_regions(path, at=at, **options)

    return bring


def open_areas():
    return dict(Region.objects.filter(ends_on=None).values_list("code", "name"))


@pytest.mark.parametrize(
    ("encoding", "packed"), [("utf-8", False), ("utf-8-sig", True), ("gbk", False), ("utf-16", True)]
)
def test_a_table_is_taken_in_the_encodings_it_comes_in(bring, encoding, packed):
    assert bring(COUNTRY, encoding=encoding, packed=packed).added == len(COUNTRY)
    assert open_areas() == COUNTRY
    street = Region.objects.get(pk="990106001")
    assert (street.parent_id, street.level, street.pinyin, street.initials) == (
        "990106",
        RegionLevel.TOWNSHIP,
        "cuihujiedao",
        "chjd",
    )


def test_the_same_table_again_changes_nothing_and_says_so(bring):
    bring(COUNTRY)
    before = list(Region.objects.order_by("code").values())
    again = bring(COUNTRY, at=LATER)
    assert again.changed_nothing
    assert again.unchanged == len(COUNTRY)
    assert "没有改动" in str(again)
    assert list(Region.objects.order_by("code").values()) == before


def test_a_renamed_area_keeps_its_former_name_and_is_found_by_both(bring):
    bring(COUNTRY)
    assert bring(COUNTRY | {"990106002": "平安街道"}, at=LATER).renamed == 1
    former = FormerName.objects.get()
    assert (former.region_id, former.name, former.until) == ("990106002", "和平街道", LATER.date())
    assert [(found.name, found.former) for found in selectors.search_regions("和平街道")] == [("平安街道", "和平街道")]
    assert [found.code for found in selectors.search_regions("pajd")] == ["990106002"]


def test_a_vanished_area_is_closed_with_all_below_it_and_opens_again_when_it_comes_back(bring):
    bring(COUNTRY)
    without = {code: name for code, name in COUNTRY.items() if not code.startswith("990106002")}
    assert bring(without, at=LATER).closed == 2
    assert open_areas() == without
    assert Region.objects.get(pk="990106002001").ends_on == LATER.date()
    assert bring(COUNTRY, at=LATER).reopened == 2
    assert open_areas() == COUNTRY


@pytest.mark.parametrize("above", [{}, {"99": "东华省", "9901": "临江市"}])
def test_a_file_of_one_county_closes_nothing_outside_it(bring, above):
    bring(COUNTRY)
    without = {code: name for code, name in COUNTY.items() if not code.startswith("990106002")}
    imported = bring(above | without, at=LATER)
    assert (imported.closed, imported.covered) == (2, ("990106",))
    assert open_areas() == {code: name for code, name in COUNTRY.items() if not code.startswith("990106002")}


def test_a_file_without_communities_closes_only_those_of_streets_that_vanished(bring):
    bring(COUNTRY)
    streets = {code: name for code, name in COUNTRY.items() if len(code) < 12 and code != "990106002"}
    assert bring(streets, at=LATER).closed == 2
    assert open_areas() == {code: name for code, name in COUNTRY.items() if not code.startswith("990106002")}


def test_what_a_file_covers_can_be_said(bring):
    bring(COUNTRY)
    only = {code: name for code, name in COUNTRY.items() if code in {"99", "9901", "990106"} or code in COUNTY}
    assert bring(only, at=LATER).closed == 0
    assert bring(only, at=LATER, covers=["99"]).closed == 3
    assert open_areas() == {"98": "西华省", "9801": "远山市", "980101": "远山区"} | only


def test_a_file_that_would_close_very_much_is_refused_unless_it_says_what_it_covers(bring, monkeypatch):
    monkeypatch.setattr(regions, "MOST_VANISHED", 3)
    bring(COUNTRY)
    fresh = {"990106": "云溪区", "990106003": "新街道", "990106003001": "新社区"}
    with pytest.raises(regions.TooManyVanish, match="--covers 990106") as refused:
        bring(fresh, at=LATER)
    assert refused.value.count == 5
    assert open_areas() == COUNTRY
    assert bring(fresh, at=LATER, covers=["990106"]).closed == 5


@pytest.mark.parametrize(
    ("rows", "sentences"),
    [
        ([("99", "东华省", ""), ("9901", "临江市", "98")], ["第 3 行：临江市(9901)的上级 98 与代码对不上。"]),
        ([("9901", "临江市", "99")], ["第 2 行：临江市(9901)的上级 99 既不在表里，也不在系统里。"]),
        ([("99", "东华省", ""), ("9901", "临江市", "")], ["第 3 行：临江市(9901)没有写上级代码。"]),
        (
            [("99", "东华省", "9901"), ("9901", "临江市", "99")],
            ["第 2 行：东华省的上级绕回了自己（99 → 9901 → 99）。"],
        ),
        ([("9901", "临江市", "9901")], ["第 2 行：临江市的上级绕回了自己（9901 → 9901）。"]),
        ([("99", "东华省", ""), ("99", "东华省", "")], ["第 3 行：代码 99 与第 2 行重复。"]),
        (
            [("990", "东华省", ""), ("9A", "甲", "")],
            ["第 2 行：代码“990”不对，应为 2、4、6、9 或 12 位数字。", "第 3 行：代码“9A”不对，应为 2、4、6、9 或 12 位数字。"],
        ),
        ([("99", "", "")], ["第 2 行：代码 99 没有名称。"]),
        ([("99", "长" * 61, "")], ["第 2 行：代码 99 的名称太长。"]),
        ([], ["表里没有区划。"]),
    ],
)  # fmt: skip
def test_a_table_that_does_not_hold_together_is_refused_as_a_whole(bring, rows, sentences):
    bring({"97": "南华省"})
    with pytest.raises(Faulty) as refused:
        bring(rows)
    assert [fault for fault in refused.value.faults if fault in sentences] == sentences
    assert open_areas() == {"97": "南华省"}


def test_an_orphan_below_an_area_that_the_same_file_drops_is_refused(bring):
    bring(COUNTRY)
    rows = [
        ("990106", "云溪区", "9901"),
        ("990106001", "翠湖街道", "990106"),
        ("990106002001", "和平社区", "990106002"),
    ]
    with pytest.raises(Faulty, match="第 4 行"):
        bring(rows)
    assert open_areas() == COUNTRY


def test_what_is_no_table_is_refused(tmp_path):
    path = tmp_path / "regions.csv"
    for content, refusal in (
        (b"", spreadsheets.NotASpreadsheet),
        (b"\x1f\x8b\x08broken", spreadsheets.Damaged),
        (b"a,b\n1,2\n", Faulty),
    ):
        path.write_bytes(content)
        with pytest.raises(refusal):
            regions.import_regions(path, at=AT)


def test_areas_outside_the_standard_get_codes_of_their_own(bring):
    bring({"99": "东华省", "9901": "临江市"})
    zone = regions.add_area("990171", "临江高新技术产业开发区")
    assert regions.add_area("990171", "临江高新技术产业开发区") == zone
    assert [found.where for found in selectors.search_regions("高新")] == ["东华省 临江市"]
    for code, name in (("990171", "另一个"), ("980171", "没有上级"), ("99017", "位数不对"), ("990172", " ")):
        with pytest.raises(regions.AreaRefused):
            regions.add_area(code, name)


def test_an_area_is_renamed_and_closed_by_hand(bring):
    bring(COUNTRY)
    street = regions.rename_area(Region.objects.get(pk="990106002"), "平安街道", on=LATER.date())
    assert [former.name for former in street.former_names.all()] == ["和平街道"]
    assert regions.close_area(street, on=LATER.date()) == 2
    assert "990106002001" not in open_areas()


@pytest.mark.parametrize(
    ("words", "under", "codes"),
    [
        ("和平", "", ["990105001", "990106002", "990106002001"]),
        ("和平", "990106", ["990106002", "990106002001"]),
        ("平街", "", ["990106002"]),
        ("溪", "", ["990106"]),
        ("云 溪 区", "", ["990106"]),
        ("yxq", "", ["990106"]),
        ("YunXi", "", ["990106"]),
        ("xingfuli", "", ["990106001001"]),
        ("changle", "", ["990105001001"]),
        ("990106002", "", ["990106002", "990106002001"]),
        ("\uff19\uff19\uff10\uff11\uff10\uff16\uff10\uff10\uff12", "", ["990106002", "990106002001"]),
        ("%", "", []),
        ("没有的", "", []),
        ("'; DROP", "", []),
        ("、。", "", []),
    ],
)
def test_an_area_is_found_by_name_pinyin_initials_or_code(bring, words, under, codes):
    bring(COUNTRY)
    assert [found.code for found in selectors.search_regions(words, under=under)] == codes


def test_a_closed_area_comes_last_and_says_so(bring):
    bring(COUNTRY)
    regions.close_area(Region.objects.get(pk="990105001"), on=LATER.date())
    assert [(found.code, found.is_closed) for found in selectors.search_regions("和平")] == [
        ("990106002", False), ("990106002001", False), ("990105001", True),
    ]  # fmt: skip
    assert [region.name for region in selectors.communities_of("990106001")] == ["翠湖社区", "幸福里社区"]


def forget_all():
    """Between the examples of one test; the application itself never deletes an area."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM places_formername; DELETE FROM places_region")


digit = st.integers(1, 3)
names = st.text(st.sampled_from("云溪翠湖和平幸福里长乐江北AB𠮷"), min_size=1, max_size=6)


@st.composite
def trees(draw):
    """Areas of two provinces, every one below an area that is there."""
    codes = ["98", "99"]
    for length, width in ((4, 2), (6, 2), (9, 3), (12, 3)):
        for above in [code for code in codes if len(code) == ABOVE[length]]:
            codes += [f"{above}{number:0{width}}" for number in draw(st.sets(digit, max_size=3))]
    return {code: draw(names) for code in codes}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=trees(), second=trees())
def test_whatever_tables_follow_each_other_nothing_is_lost_and_the_last_one_holds(bring, first, second):
    forget_all()
    bring(first)
    assert open_areas() == first
    imported = bring(second, at=LATER, covers=["98", "99"])
    depth = {province: max(len(code) for code in second if code.startswith(province)) for province in ("98", "99")}
    # What lies deeper than the file goes stays with the area above it.
    deeper = {
        code: name for code, name in first.items() if len(code) > depth[code[:2]] and code[: depth[code[:2]]] in second
    }
    assert open_areas() == deeper | second
    assert set(Region.objects.values_list("code", flat=True)) == first.keys() | second.keys()
    renamed = {(code, first[code]) for code in first.keys() & second.keys() if first[code] != second[code]}
    assert set(FormerName.objects.values_list("region_id", "name")) == renamed
    assert (imported.added, imported.renamed) == (len(second.keys() - first.keys()), len(renamed))
    assert bring(second, at=LATER, covers=["98", "99"]).changed_nothing


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees(), data=st.data())
def test_an_orphan_anywhere_refuses_the_whole_table(bring, tree, data):
    forget_all()
    below = sorted(code for code in tree if len(code) > 2)
    tree |= {"9801": "甲"} if not below else {}
    lost = parent_of(data.draw(st.sampled_from(below or ["9801"])))
    with pytest.raises(Faulty, match="既不在表里"):
        bring({code: name for code, name in tree.items() if code != lost})
    assert open_areas() == {}
