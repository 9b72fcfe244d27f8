"""Opening, changing, pausing and closing deputies' homes, liaison stations and liaison points."""

import re
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import cells, text
from jiazhan.places import hours
from jiazhan.places.models import Region, RegionLevel, Setting, Station, StationKind
from jiazhan.places.selectors import forget_jurisdictions
from jiazhan.places.states import STATION, StationStatus

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,19}")
# What a station of each kind may stand under; a home stands under nothing (1+11+N: home, stations, points).
UNDER = {
    StationKind.DEPUTY_HOME: None,
    StationKind.LIAISON_STATION: StationKind.DEPUTY_HOME,
    StationKind.LIAISON_POINT: StationKind.LIAISON_STATION,
}


class StationRefused(Exception):
    """The station cannot be as asked; `field` says which of its details, the message what to do."""

    code = "station-refused"
    field = ""


class CodeTaken(StationRefused):
    """Another station of the county has the code."""

    code, field = "station-code-taken", "code"


class Misnamed(StationRefused):
    """The code or the name is empty or has characters that it may not have."""

    code, field = "station-misnamed", "code"


class Misplaced(StationRefused):
    """Street, community and county do not agree, or one of them is closed."""

    code, field = "station-misplaced", "street"


class WrongBranch(StationRefused):
    """A point stands under a station, a station under a home or on its own, a home on its own."""

    code, field = "station-wrong-branch", "parent"


class HoursUnfit(StationRefused):
    """The opening hours do not hold together."""

    code, field = "station-hours-unfit", "opening_hours"


class PhoneUnfit(StationRefused):
    code, field = "station-phone-unfit", "phone"


class PointUnfit(StationRefused):
    """Latitude and longitude come together and lie on the globe."""

    code, field = "station-point-unfit", "latitude"


class BranchesOpen(StationRefused):
    """It still has stations below it."""

    code = "station-branches-open"


class ReasonMissing(StationRefused):
    code, field = "station-reason-missing", "reason"


@dataclass(frozen=True, kw_only=True)
class Details:
    """What is said of a station. Its county is that of its street."""

    code: str
    name: str
    kind: StationKind | str
    street: Region
    community: Region | None = None
    parent: Station | None = None
    setting: Setting | str = Setting.COMMUNITY
    address: str = ""
    floor: str = ""
    accessibility: str = ""
    phone: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    opening_hours: list[dict[str, Any]] = field(default_factory=list)
    established_on: date | None = None


def details_of(station: Station) -> Details:
    return Details(**{each.name: getattr(station, each.name) for each in fields(Details)})


@transaction.atomic
def open_station(details: Details, *, by: audit.Acting, at: datetime) -> Station:
    """Open a station. Raises a StationRefused: CodeTaken, Misnamed, Misplaced, WrongBranch, HoursUnfit, PhoneUnfit,
    PointUnfit."""
    station = Station(jurisdiction=details.street.code[:6], **_fit(details))
    _refuse_twin(station)
    try:
        with transaction.atomic():
            station.save(force_insert=True)
    except IntegrityError as taken:
        raise CodeTaken(_("站码 %(code)s 已经有了，请换一个。") % {"code": station.code}) from taken
    audit.record("station.opened", _subject(station), by=by, at=at, detail={"name": station.name, "code": station.code})
    forget_jurisdictions()
    return station


@transaction.atomic
def change_station(station: Station, details: Details, *, by: audit.Acting, at: datetime) -> Station:
    """Give a station other details; what did not change leaves no entry. It never moves to another county.

    Raises what open_station raises, and BranchesOpen where another kind would not hold the stations below it.
    """
    station = Station.objects.select_for_update().get(pk=station.pk)
    fresh = _fit(details, itself=station)
    if details.street.code[:6] != station.jurisdiction:
        raise Misplaced(_("站点不能换到别的区县，请在那边新建一个，再撤并这一个。"))
    if fresh["kind"] != station.kind and station.children.exclude(status=StationStatus.CLOSED).exists():
        raise BranchesOpen(_("下面还有站点，不能改类型。请先把它们移到别处。"))
    changed = [name for name, value in fresh.items() if getattr(station, name) != value]
    if not changed:
        return station
    for name in changed:
        setattr(station, name, fresh[name])
    _refuse_twin(station)
    station.save(update_fields=changed)
    audit.record("station.changed", _subject(station), by=by, at=at, detail={"fields": changed})
    return station


def pause(station: Station, *, reason: str, by: audit.Acting, at: datetime) -> Station:
    """Stop taking matters for a while. Raises StepRefused, ReasonMissing."""
    return _step(station, "pause", "station.paused", reason=_reason(reason), by=by, at=at)


def resume(station: Station, *, by: audit.Acting, at: datetime) -> Station:
    """Take matters again. Raises StepRefused."""
    return _step(station, "resume", "station.resumed", reason="", by=by, at=at)


@transaction.atomic
def close(station: Station, *, reason: str, by: audit.Acting, at: datetime) -> Station:
    """Close for good; what was said there stays. Raises StepRefused, ReasonMissing, BranchesOpen."""
    if station.children.exclude(status=StationStatus.CLOSED).exists():
        raise BranchesOpen(_("下面还有开放的站点。请先把它们移到别处或撤并。"))
    return _step(station, "close", "station.closed", reason=_reason(reason), by=by, at=at)


@transaction.atomic
def _step(station: Station, step: str, action: str, *, reason: str, by: audit.Acting, at: datetime) -> Station:
    station = Station.objects.select_for_update().get(pk=station.pk)
    station.status = STATION.target(step, station.status)
    station.save(update_fields=["status"])
    audit.record(action, _subject(station), by=by, at=at, detail={"reason": reason} if reason else {})
    return station


def _subject(station: Station) -> audit.Subject:
    return audit.Subject(jurisdiction=station.jurisdiction, label=station._meta.label_lower, pk=station.pk)


def _reason(written: str) -> str:
    if reason := text.clean_line(written)[:200]:
        return reason
    raise ReasonMissing(_("请写明原因，它会告诉扫码的人。"))


def _fit(details: Details, itself: Station | None = None) -> dict[str, Any]:
    """The details as they are stored. Raises a StationRefused."""
    code, name = cells.narrow(details.code).upper(), text.clean_line(details.name)
    if not _CODE.fullmatch(code):
        raise Misnamed(_("站码“%(code)s”不对，应为 2 到 20 个字母、数字或短横。") % {"code": details.code})
    if not 2 <= len(name) <= 60:
        raise Misnamed(_("站点名称应为 2 到 60 个字。"))
    _check_place(details)
    kind = StationKind(details.kind)
    _check_branch(kind, details, itself)
    return {
        "code": code, "name": name, "kind": kind.value, "street": details.street, "community": details.community, "parent": details.parent,
        "setting": Setting(details.setting).value, "address": text.clean_line(details.address)[:120], "floor": text.clean_line(details.floor)[:60],
        "accessibility": text.clean_line(details.accessibility)[:120], "phone": _phone(details.phone), "opening_hours": _hours(details),
        "established_on": details.established_on, **_point(details),
    }  # fmt: skip


def _check_place(details: Details) -> None:
    street, community = details.street, details.community
    if street.level != RegionLevel.TOWNSHIP or street.ends_on:
        raise Misplaced(_("请选择一个现行的街道或乡镇。"))
    if community and (community.level != RegionLevel.COMMUNITY or community.parent_id != street.code):
        raise Misplaced(
            _("%(community)s不在%(street)s，请重新选择。") % {"community": community.name, "street": street.name}
        )
    if community and community.ends_on:
        raise Misplaced(_("%(community)s已经停用，请选择现行的社区。") % {"community": community.name})


def _check_branch(kind: StationKind, details: Details, itself: Station | None) -> None:
    parent, wanted = details.parent, UNDER[kind]
    if parent is None:
        if kind is StationKind.LIAISON_POINT:
            raise WrongBranch(_("联络点要挂在一个联络站下面，请选择上级站点。"))
        return
    if wanted is None:
        raise WrongBranch(_("代表之家是最上一级，不选上级站点。"))
    if parent.kind != wanted or (itself and parent.pk == itself.pk):
        raise WrongBranch(_("%(kind)s的上级应是%(wanted)s。") % {"kind": kind.label, "wanted": wanted.label})
    if parent.status == StationStatus.CLOSED:
        raise WrongBranch(_("上级站点%(parent)s已撤并，请另选一个。") % {"parent": parent.name})
    if parent.jurisdiction != details.street.code[:6]:
        raise WrongBranch(_("上级站点和街道不在同一个区县。"))


def _phone(written: str) -> str:
    if not text.clean_line(written):
        return ""
    try:
        return cells.as_phone(written)
    except cells.Unfit as unfit:
        raise PhoneUnfit(_("站点电话“%(phone)s”%(unfit)s。") % {"phone": written, "unfit": unfit}) from unfit


def _hours(details: Details) -> list[dict[str, Any]]:
    try:
        return [span.as_json() for span in hours.checked(details.opening_hours)]
    except hours.HoursRefused as refusal:
        raise HoursUnfit(str(refusal)) from refusal


def _point(details: Details) -> dict[str, Decimal | None]:
    latitude, longitude = details.latitude, details.longitude
    if (latitude is None) != (longitude is None):
        raise PointUnfit(_("纬度和经度要一起填。"))
    if latitude is None or longitude is None:
        return {"latitude": None, "longitude": None}
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise PointUnfit(_("纬度在 -90 到 90 之间，经度在 -180 到 180 之间。"))
    return {"latitude": round(latitude, 6), "longitude": round(longitude, 6)}


def _refuse_twin(station: Station) -> None:
    if Station.objects.filter(jurisdiction=station.jurisdiction, code=station.code).exclude(pk=station.pk).exists():
        raise CodeTaken(_("站码 %(code)s 已经有了，请换一个。") % {"code": station.code})
