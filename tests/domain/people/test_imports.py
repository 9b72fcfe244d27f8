"""Spreadsheets of offices: previewed row by row, then taken as a whole or not at all, once."""

import csv
import io
from datetime import date

import pytest
from django.db.models import Model

from jiazhan.audit.models import Entry
from jiazhan.kernel import spreadsheets
from jiazhan.people.models import Account, Deputy, Mandate, Post, StationAttachment, Unit, UnitKind
from jiazhan.people.roles import Role
from jiazhan.people.services import imports, imports_people, imports_places
from jiazhan.people.services.imports import Effect
from jiazhan.places.models import Constituency, Station, StationKind
from tests.factories import NOW

KINDS = [imports_places.STATIONS, imports_places.UNITS, imports_people.ACCOUNTS, imports_people.DEPUTIES]
STATION_ROWS = [
    {"站码": "B1-1", "站点名称": "翠湖大厦联络点", "类型": "点", "街道": "翠湖街道", "上级站码": "B1", "设在": "楼宇"},
    {
        "站码": "B1",
        "站点名称": "翠湖二站",
        "类型": "代表联络站",
        "街道": "翠湖街道",
        "上级站码": "B0",
        "开放时间": "周一至周五 9:00-17:30",
    },
    {
        "站码": "B0",
        "站点名称": "翠湖街道代表之家",
        "类型": "家",
        "街道": "翠湖街道",
        "电话": "0571-88886666",
        "挂牌日期": "2021年7月1日",
    },
]
DEPUTY_ROWS = [
    {
        "姓名": "周海燕",
        "手机号": "13800138001",
        "性别": "女",
        "层级": "区县",
        "选区": "第三选区",
        "编入站点": "01、02",
        "专长": "医疗",
    },
    {"姓名": "吴江", "手机号": "", "层级": "区", "选区": "第四选区", "编入站点": "柳林联络站"},
]


def file_of(rows):
    titles = list(dict.fromkeys(title for row in rows for title in row))
    out = io.StringIO()
    csv.DictWriter(out, titles, restval="").writeheader()
    csv.DictWriter(out, titles, restval="").writerows(rows)
    return out.getvalue().encode("gbk")


@pytest.fixture
def asked(county):
    return {"jurisdiction": county.code, "by": county.affairs, "at": NOW}


def everything():
    models: list[type[Model]] = [Station, Unit, Account, Post, Deputy, Mandate, StationAttachment, Constituency, Entry]
    return {model: model.objects.count() for model in models}


def effects(plan):
    return [row.effect for row in plan.rows]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_template_has_every_column_and_an_example_that_is_not_taken(kind, asked):
    content = imports.template(kind)
    assert spreadsheets.read(content, columns=kind.columns).absent == frozenset()
    with pytest.raises(spreadsheets.HeaderMissing, match="还没有填"):
        imports.preview(kind, content, **asked)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_example_of_a_template_is_one_that_the_reader_understands(kind):
    example = {column.title: column.example for column in kind.columns}
    assert spreadsheets.read(file_of([example]), columns=kind.columns).problems == ()


def test_a_preview_writes_nothing_and_says_what_a_commit_then_does(county, asked):
    before = everything()
    plan = imports.preview(imports_places.STATIONS, file_of(STATION_ROWS), **asked)
    assert (effects(plan), plan.is_clean) == ([Effect.NEW] * 3, True)
    assert everything() == before
    committed = imports.commit(imports_places.STATIONS, file_of(STATION_ROWS), **asked)
    assert committed.rows == plan.rows
    point = Station.objects.get(code="B1-1")
    assert (point.kind, point.parent.code, point.parent.parent.code) == (StationKind.LIAISON_POINT, "B1", "B0")
    assert point.parent.opening_hours[0] == {"weekday": 1, "from": "09:00", "to": "17:30"}
    assert Station.objects.get(code="B0").established_on == date(2021, 7, 1)
    assert Entry.objects.filter(action="import.committed").get().detail == {"new": 3, "kind": "stations"}


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        (imports_places.STATIONS, STATION_ROWS),
        (imports_places.UNITS, [{"单位编码": "D01", "单位名称": "区水务局", "类别": "政府部门", "发文代字": "云水务"}]),
        (
            imports_people.ACCOUNTS,
            [{"姓名": "陈站", "用户名": "chen", "角色": "站联络员", "站点": "01", "任职日期": "2026/1/5"}],
        ),
        (imports_people.DEPUTIES, DEPUTY_ROWS),
    ],
    ids=lambda each: getattr(each, "name", ""),
)
def test_the_same_file_once_more_changes_nothing(county, asked, kind, rows):
    assert imports.commit(kind, file_of(rows), **asked).counts[Effect.NEW] == len(rows)
    before = everything()
    assert imports.commit(kind, file_of(rows), **asked).changes_nothing
    assert everything() == before


def test_one_bad_row_keeps_the_whole_file_out_and_each_row_says_what_is_wrong(county, asked):
    rows = [
        *STATION_ROWS,
        {"站码": "B2", "站点名称": "哪里的站", "类型": "代表联络站", "街道": "没有的街道"},
        {"站码": "B3", "站点名称": "什么站", "类型": "办公室", "街道": "翠湖街道"},
        {"站码": "B4", "站点名称": "没有上级的点", "类型": "代表联络点", "街道": "翠湖街道"},
        {"站码": "b1", "站点名称": "又一个", "类型": "代表联络站", "街道": "翠湖街道"},
        {"站码": "B5", "站点名称": "时间不对的站", "类型": "代表联络站", "街道": "翠湖街道", "开放时间": "全天"},
    ]
    before = everything()
    with pytest.raises(imports.NothingTaken, match="有 5 行") as refused:
        imports.commit(imports_places.STATIONS, file_of(rows), **asked)
    assert everything() == before
    problems = [str(problem) for row in refused.value.plan.rows for problem in row.problems]
    assert problems[0] == "第 5 行「街道（乡镇）」：本区县没有“没有的街道”"
    assert "只能填：代表之家、代表联络站、代表联络点" in problems[1]
    assert problems[2].startswith("第 7 行「上级站码」：联络点要挂在一个联络站下面")
    assert problems[3] == "第 8 行「站码」：与第 3 行重复"
    assert problems[4].startswith("第 9 行「开放时间」：开放时间“全天”看不懂")
    assert imports.commit(imports_places.STATIONS, file_of(STATION_ROWS), **asked).is_clean


def test_a_known_station_is_brought_in_line_and_empty_cells_leave_what_is_there(county, asked):
    imports.commit(imports_places.STATIONS, file_of(STATION_ROWS), **asked)
    changed = [{"站码": "B0", "站点名称": "翠湖代表之家", "类型": "家", "街道": "翠湖街道", "电话": ""}]
    plan = imports.commit(imports_places.STATIONS, file_of(changed), **asked)
    assert (effects(plan), plan.rows[0].warnings) == ([Effect.CHANGED], ("原名翠湖街道代表之家，将改名",))
    assert Station.objects.get(code="B0").phone == "0571-88886666"


def test_units_are_of_the_county_or_of_a_street(county, asked):
    rows = [
        {"单位编码": "D01", "单位名称": "区水务局", "类别": "政府部门"},
        {"单位编码": "S01", "单位名称": "望江街道办事处", "类别": "街道办事处", "街道": "望江街道"},
    ]
    imports.commit(imports_places.UNITS, file_of(rows), **asked)
    assert Unit.objects.get(code="S01").area == county.street.code
    assert Unit.objects.get(code="D01").kind == UnitKind.DEPARTMENT
    wrong = [{"单位编码": "S02", "单位名称": "翠湖街道办事处", "类别": "街道办事处"}]
    assert not imports.preview(imports_places.UNITS, file_of(wrong), **asked).is_clean


def test_a_new_account_gets_its_post_and_a_password_to_hand_over_once(county, asked):
    rows = [
        {"姓名": "陈站", "用户名": "Chen", "手机号": "13800138009", "角色": "站联络员", "站点": "柳林联络站"},
        {"姓名": "陈站", "用户名": "chen", "角色": "联络员", "站点": "02"},
        {"姓名": "王办", "用户名": "wang", "角色": "经办人", "单位": county.department.code},
    ]
    preview = imports.preview(imports_people.ACCOUNTS, file_of(rows), **asked)
    assert {login.password for login in preview.logins} == {""}
    plan = imports.commit(imports_people.ACCOUNTS, file_of(rows), **asked)
    assert effects(plan) == [Effect.NEW, Effect.CHANGED, Effect.NEW]
    chen, wang = plan.logins
    account = Account.objects.get(username="chen")
    assert account.check_password(chen.password)
    assert {post.station.code for post in account.posts.all()} == {"01", "02"}
    assert Account.objects.get(username=wang.username).posts.get().role == Role.HANDLER


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"姓名": "陈站", "用户名": "chen", "角色": "站联络员"}, "请选择站点"),
        ({"姓名": "陈站", "用户名": "chen", "角色": "代表"}, "只能填"),
        ({"姓名": "陈站", "用户名": "chen", "角色": "站联络员", "站点": "99"}, "没有站点“99”"),
        ({"姓名": "陈站", "用户名": "chen", "角色": "审计员"}, "「角色」："),
        ({"姓名": "陈站", "用户名": "chen", "角色": "站联络员", "站点": "01", "手机号": "1380013"}, "不是 11 位手机号"),
        ({"姓名": "陈站", "用户名": "taken", "角色": "站联络员", "站点": "01"}, "已经是李四的用户名"),
    ],
)
def test_an_account_row_that_does_not_fit_says_why(county, asked, row, said):
    imports.commit(
        imports_people.ACCOUNTS,
        file_of([{"姓名": "李四", "用户名": "taken", "角色": "站联络员", "站点": "01"}]),
        **asked,
    )
    plan = imports.preview(imports_people.ACCOUNTS, file_of([row]), **asked)
    assert effects(plan) == [Effect.REFUSED]
    assert said in str(plan.rows[0].problems[0])


def test_a_deputy_comes_with_seat_constituency_and_stations(county, asked):
    plan = imports.commit(imports_people.DEPUTIES, file_of(DEPUTY_ROWS), **asked)
    zhou = Deputy.objects.get(name="周海燕")
    assert (zhou.pinyin, zhou.gender, zhou.account.kind) == ("zhouhaiyan", "f", "deputy")
    assert zhou.mandates.get().constituency.name == "第三选区"
    assert {attachment.station.code for attachment in zhou.attachments.all()} == {"01", "02"}
    assert Deputy.objects.get(name="吴江").account is None
    assert [row.warnings for row in plan.rows] == [
        ("新选区第三选区，将一并登记",), ("新选区第四选区，将一并登记", "没有手机号，这位代表还不能登录"),
    ]  # fmt: skip


def test_a_deputy_is_known_by_phone_or_by_constituency_and_a_namesake_is_another(county, asked):
    imports.commit(imports_people.DEPUTIES, file_of(DEPUTY_ROWS), **asked)
    again = [
        {"姓名": "周海燕", "手机号": "13800138001", "层级": "区", "选区": "第三选区", "工作单位及职务": "区医院主任"},
        {"姓名": "吴江", "手机号": "13800138002", "层级": "区", "选区": "第四选区"},
        {"姓名": "周海燕", "手机号": "13800138003", "层级": "区", "选区": "第五选区"},
    ]
    plan = imports.commit(imports_people.DEPUTIES, file_of(again), **asked)
    assert effects(plan) == [Effect.CHANGED, Effect.CHANGED, Effect.NEW]
    assert any("同名代表" in warning for warning in plan.rows[2].warnings)
    assert Deputy.objects.get(name="吴江").account.phone_masked == "138****8002"
    other_phone = [{"姓名": "周海燕", "手机号": "13800138004", "层级": "区", "选区": "第三选区"}]
    assert "手机号不同" in str(
        imports.preview(imports_people.DEPUTIES, file_of(other_phone), **asked).rows[0].problems[0]
    )


def test_a_level_or_term_that_is_not_entered_is_refused(county, asked):
    for row, said in (
        ({"层级": "市"}, "请先登记大会"),
        ({"层级": "区", "届": "3"}, "没有登记这一届"),
        ({"层级": "区", "当选日期": "2001-01-01"}, "没有登记这一届"),
    ):
        plan = imports.preview(
            imports_people.DEPUTIES, file_of([{"姓名": "周海燕", "手机号": "13800138001"} | row]), **asked
        )
        assert said in str(plan.rows[0].problems[0])
    assert imports.preview(
        imports_people.DEPUTIES, file_of([{"姓名": "周海燕", "层级": "区", "届": "9"}]), **asked
    ).is_clean


def test_an_office_imports_within_its_own_area_only(county, asked):
    rows = [{"站码": "B0", "站点名称": "望江二家", "类型": "家", "街道": "望江街道"}]
    elsewhere = [{"站码": "B1", "站点名称": "翠湖二家", "类型": "家", "街道": "翠湖街道"}]
    own = asked | {"by": county.vice_director}
    assert imports.preview(imports_places.STATIONS, file_of(rows), **own).is_clean
    assert "不在您管理的范围内" in str(
        imports.preview(imports_places.STATIONS, file_of(elsewhere), **own).rows[0].problems[0]
    )
    assert imports.preview(imports_places.STATIONS, file_of(elsewhere), **asked).is_clean


def test_a_file_of_too_many_rows_is_refused(county, asked, monkeypatch):
    monkeypatch.setattr(imports, "MOST_ROWS", 2)
    with pytest.raises(spreadsheets.TooLarge):
        imports.preview(imports_places.STATIONS, file_of(STATION_ROWS), **asked)
    assert imports.preview(imports_places.STATIONS, file_of(STATION_ROWS[1:]), **asked).rows
