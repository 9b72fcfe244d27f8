"""Files of stations and of units (departments, street offices, offices of the congress and of the government)."""

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiazhan.kernel.spreadsheets import Column, Row
from jiazhan.kernel.spreadsheets import Kind as Cell
from jiazhan.people.models import Unit, UnitKind
from jiazhan.places import hours
from jiazhan.places.models import Setting, Station, StationKind
from jiazhan.places.services import stations

from . import imports_lookups as lookups
from . import units
from .imports import Desk, Effect, Kind, RowRefused, Taken

_STATION_KINDS = {
    "代表之家": StationKind.DEPUTY_HOME, "代表联络站": StationKind.LIAISON_STATION, "代表联络点": StationKind.LIAISON_POINT,
    "家": StationKind.DEPUTY_HOME, "站": StationKind.LIAISON_STATION, "点": StationKind.LIAISON_POINT,
    "联络站": StationKind.LIAISON_STATION, "联络点": StationKind.LIAISON_POINT,
}  # fmt: skip
_SETTINGS = {
    "街道（乡镇）机关": Setting.STREET_OFFICE, "社区（村）": Setting.COMMUNITY, "商务楼宇": Setting.OFFICE_TOWER, "产业园区": Setting.PARK,
    "高校": Setting.UNIVERSITY, "其他": Setting.OTHER, "社区": Setting.COMMUNITY, "村": Setting.COMMUNITY, "街道机关": Setting.STREET_OFFICE,
    "楼宇": Setting.OFFICE_TOWER, "园区": Setting.PARK,
}  # fmt: skip
_UNIT_KINDS = {
    "政府部门": UnitKind.DEPARTMENT, "街道办事处（乡镇政府）": UnitKind.STREET_OFFICE, "政府办公室": UnitKind.GOV_OFFICE,
    "街道人大工委（乡镇人大）": UnitKind.STREET_CONGRESS, "人大专门（工作）委员会": UnitKind.COMMITTEE,
    "人大常委会办公室": UnitKind.STANDING_COMMITTEE_OFFICE, "其他承办单位": UnitKind.OTHER, "部门": UnitKind.DEPARTMENT,
    "街道办事处": UnitKind.STREET_OFFICE, "乡镇政府": UnitKind.STREET_OFFICE, "街道人大工委": UnitKind.STREET_CONGRESS,
}  # fmt: skip
_CODE_NOTE = "2 到 20 个字母、数字或短横，全区县不重复。"
_RANK = {StationKind.DEPUTY_HOME: 0, StationKind.LIAISON_STATION: 1, StationKind.LIAISON_POINT: 2}


def take_station(row: Row, desk: Desk) -> Taken:
    """Open the station of the row's code, or bring it in line; empty cells leave what is there."""
    desk.once(row, "站码", "station", row["code"].upper())
    street = lookups.street(row["street"], desk.jurisdiction, "街道（乡镇）")
    assert street is not None
    desk.within_reach("街道（乡镇）", street.code)
    given = {
        "name": row["name"], "kind": row["kind"], "street": street, "parent": lookups.station(row["parent"], desk.jurisdiction, "上级站码"),
        "community": lookups.community(row["community"], street, "社区（村）"), "setting": row["setting"], "address": row["address"],
        "floor": row["floor"], "accessibility": row["accessibility"], "phone": row["phone"], "latitude": _decimal(row["latitude"]),
        "longitude": _decimal(row["longitude"]), "opening_hours": _hours(row["opening_hours"]), "established_on": row["established_on"],
    }  # fmt: skip
    given = {name: value for name, value in given.items() if value is not None}
    present = Station.objects.select_related("street", "community", "parent").filter(
        jurisdiction=desk.jurisdiction, code__iexact=row["code"]
    ).first()  # fmt: skip
    if present is None:
        stations.open_station(stations.Details(code=row["code"], **given), by=desk.by, at=desk.at)
        return Taken(Effect.NEW, _("%(name)s(%(code)s)") % {"name": row["name"], "code": row["code"]})
    before = stations.details_of(present)
    desk.within_reach("站码", present.street_id)
    after = stations.details_of(stations.change_station(present, replace(before, **given), by=desk.by, at=desk.at))
    warnings = []
    if before.name != after.name:
        warnings.append(_("原名%(name)s，将改名") % {"name": before.name})
    return Taken(Effect.SAME if before == after else Effect.CHANGED, f"{after.name}({after.code})", tuple(warnings))


def take_unit(row: Row, desk: Desk) -> Taken:
    """Enter the unit of the row's code, or bring it in line; empty cells leave what is there."""
    desk.once(row, "单位编码", "unit", row["code"].upper())
    street = lookups.street(row["street"], desk.jurisdiction, "街道（乡镇）")
    area = street.code if street else desk.jurisdiction
    desk.within_reach("街道（乡镇）" if street else "单位编码", area)
    given = {
        name: row[name] for name in ("name", "kind", "short_name", "letter_prefix", "phone", "duties", "is_active")
    }
    given = {name: value for name, value in given.items() if value is not None}
    present = Unit.objects.filter(jurisdiction=desk.jurisdiction, code__iexact=row["code"]).first()
    if present is None:
        units.establish_unit(units.Details(code=row["code"], area=area, **given), by=desk.by, at=desk.at)
        return Taken(Effect.NEW, f"{row['name']}({row['code']})")
    before = units.details_of(present)
    details = replace(before, **given, area=area)
    after = units.details_of(units.change_unit(present, details, by=desk.by, at=desk.at))
    warnings = (_("原名%(name)s，将改名") % {"name": before.name},) if before.name != after.name else ()
    return Taken(Effect.SAME if before == after else Effect.CHANGED, f"{after.name}({after.code})", warnings)


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _hours(written: str | None) -> list[dict[str, object]] | None:
    if not written:
        return None
    try:
        return hours.from_words(written)
    except hours.HoursRefused as refusal:
        raise RowRefused("开放时间", str(refusal)) from refusal


STATIONS = Kind(
    "stations",
    gettext_lazy("站点"),
    (
        Column("code", "站码", Cell.CODE, ("编码", "编号", "站点编码"), required=True, most=20, note=_CODE_NOTE, example="A17"),
        Column("name", "站点名称", synonyms=("名称", "站名"), required=True, most=60, example="幸福里社区代表联络站"),
        Column("kind", "类型", Cell.CHOICE, ("站点类型",), required=True, choices=_STATION_KINDS, example="代表联络站"),
        Column("street", "街道（乡镇）", synonyms=("街道", "乡镇", "所属街道"), required=True, note="本区县的街道、乡镇名称或代码。", example="翠湖街道"),
        Column("community", "社区（村）", synonyms=("社区", "村", "所属社区"), note="名称或代码。", example="幸福里社区"),
        Column("parent", "上级站码", Cell.CODE, ("上级", "上级站点"), note="联络点填联络站的站码，联络站填代表之家的站码，代表之家不填。", example="A00"),
        Column("setting", "设在", Cell.CHOICE, ("设置场所",), choices=_SETTINGS, example="社区（村）"),
        Column("address", "地址", synonyms=("站点地址", "详细地址"), most=120, example="翠湖路 8 号"),
        Column("floor", "楼层与指引", synonyms=("楼层",), most=60, example="一楼大厅右侧"),
        Column("accessibility", "无障碍", synonyms=("无障碍设施",), most=120, example="门口有坡道"),
        Column("phone", "电话", Cell.PHONE, ("联系电话", "站点电话"), example="0571-88886666"),
        Column("latitude", "纬度", Cell.DECIMAL, example="30.274100"),
        Column("longitude", "经度", Cell.DECIMAL, example="120.155100"),
        Column("opening_hours", "开放时间", Cell.TEXT, note="写成：周一至周五 9:00-17:30；周六 9:00-12:00。", example="周一至周五 9:00-17:30"),
        Column("established_on", "挂牌日期", Cell.DATE, ("设立日期",), example="2021-07-01"),
    ),
    (gettext_lazy("按站码认出已有的站点：有的更新，没有的新建；空着的格子不改动原来的内容。"),),
    take_station,
    rank=lambda row: _RANK.get(row["kind"], 3),
)  # fmt: skip

UNITS = Kind(
    "units",
    gettext_lazy("部门和单位"),
    (
        Column("code", "单位编码", Cell.CODE, ("编码", "编号", "部门编码"), required=True, most=20, note=_CODE_NOTE, example="D01"),
        Column("name", "单位名称", synonyms=("名称", "部门名称", "单位", "部门"), required=True, most=60, example="云溪区水务局"),
        Column("kind", "类别", Cell.CHOICE, ("单位类别",), required=True, choices=_UNIT_KINDS, example="政府部门"),
        Column("short_name", "简称", most=20, example="区水务局"),
        Column("letter_prefix", "发文代字", most=20, note="文号开头，如 云水务。", example="云水务"),
        Column("street", "街道（乡镇）", synonyms=("街道", "乡镇"), note="只有街道办事处、乡镇政府和街道人大工委、乡镇人大填写。", example=""),
        Column("phone", "电话", Cell.PHONE, ("联系电话",), example="0571-88880000"),
        Column("duties", "职责", Cell.TEXT, ("主要职责",), most=2000, example="供水排水、河道管理、防汛"),
        Column("is_active", "启用", Cell.TRUTH, ("是否启用",), example="是"),
    ),
    (gettext_lazy("按单位编码认出已有的单位：有的更新，没有的新建；空着的格子不改动原来的内容。"),),
    take_unit,
)  # fmt: skip
