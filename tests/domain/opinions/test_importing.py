"""Messages from spreadsheets: all good rows in, bad ones named, nothing twice."""

import gzip
from datetime import datetime
from pathlib import Path

import pytest

from jiazhan.audit.selectors import entries_of
from jiazhan.notifications.models import Notice
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import importing
from jiazhan.people import crypto
from tests import factories
from tests.factories import NOW, SHANGHAI

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "opinions.csv.gz"
SHEET = """id,user,submitted_at,title,body,likes,against
1,A1,2019-02-28T11:25:05,北门积水,柳林小区北门积水。,3,0
2,A2,2019-02-28T11:25:05,没有内容,,0,0
3,A3,二月,路灯,路灯不亮。,0,0
4,A4,2019-03-01,,井盖没了,0,1
5,A5,2999-01-01,以后,以后的事,0,0
"""


def imported(county, content=SHEET, **given):
    progress = []
    result = importing.import_opinions(
        content.encode() if isinstance(content, str) else content,
        station=county.station, by=county.officer, at=NOW, progress=lambda *steps: progress.append(steps), **given,
    )  # fmt: skip
    assert not progress or progress[-1][0] == progress[-1][1]
    return result


def test_good_rows_are_taken_and_bad_ones_named_by_line(county):
    result = imported(county)
    assert (result.added, result.skipped) == (2, 0)
    assert [line for line, _reason in result.errors] == [3, 4, 6]
    assert "没有填写" in result.errors[0][1]
    first = Opinion.objects.get(title="北门积水")
    assert first.raised_at == datetime(2019, 2, 28, 11, 25, 5, tzinfo=SHANGHAI)
    assert (first.registered_at, first.supporters_count, first.channel) == (NOW, 3, "imported")
    assert first.number == "01-2019-000001"
    assert [entry.action for entry in entries_of(first)] == ["opinion.raised"]
    assert Opinion.objects.get(title="井盖没了").due_on.isoformat() == "2026-11-20"
    assert Notice.objects.filter(recipient=county.officer, kind="opinions-imported").count() == 1


def test_a_second_run_adds_nothing(county):
    imported(county)
    again = imported(county, SHEET.replace("A1", "A9"))
    assert (again.added, again.skipped) == (0, 2)
    assert Opinion.objects.count() == 2


def test_two_files_that_count_from_one_do_not_hide_each_other(county):
    imported(county)
    other = imported(county, "id,body\n1,另一件完全不同的事\n")
    assert (other.added, other.skipped) == (1, 0)


def test_offices_own_headers_and_a_mapping_are_understood(county):
    sheet = "工单号,来电时间,反映内容,联系人,手机号\n7,2026-01-05 09:30,楼道灯坏,王女士,138 0013 8000\n8,2026-01-05,电梯坏,,12\n"
    result = imported(county, sheet.encode("gb18030"))
    assert result.added == 1
    assert "不是手机号码" in result.errors[0][1]
    assert crypto.decrypt(Opinion.objects.get(body="楼道灯坏").author_phone_sealed) == "13800138000"
    assert imported(county, "群众说\n树枝挡路\n", mapping={"body": "群众说"}).added == 1


def test_the_station_is_named_by_its_code(county):
    assert importing.station_by_code("01") == county.station
    factories.County(code="990107", name="临江区")
    with pytest.raises(importing.StationUnknown, match="990106/01"):
        importing.station_by_code("01")
    assert importing.station_by_code("990106/01") == county.station
    with pytest.raises(importing.StationUnknown, match="没有编号"):
        importing.station_by_code("77")


@pytest.mark.skipif(not REAL.exists(), reason="the public messages are not on this machine")
def test_real_messages_are_all_taken_through_the_same_door(county):
    with gzip.open(REAL, "rt", encoding="utf-8") as file:
        lines = file.read().splitlines(keepends=True)
    assert imported(county, "".join(lines[:200])).errors == []
    assert Opinion.objects.count() >= 190
