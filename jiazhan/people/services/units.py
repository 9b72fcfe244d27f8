"""Units that hold matters: departments, street offices, offices of the congress and of the government."""

import re
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import cells, text
from jiazhan.people.models import Unit, UnitKind

from .recording import record_about

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,19}")
OF_A_STREET = {UnitKind.STREET_OFFICE, UnitKind.STREET_CONGRESS}


class UnitRefused(Exception):
    """The unit cannot be as asked; the message says why."""

    code = "unit-refused"


@dataclass(frozen=True, kw_only=True)
class Details:
    """What is said of a unit. `area` is its county, or its street for a street's own units."""

    code: str
    name: str
    kind: UnitKind | str
    area: str
    short_name: str = ""
    letter_prefix: str = ""
    phone: str = ""
    duties: str = ""
    is_active: bool = True


def details_of(unit: Unit) -> Details:
    return Details(**{each.name: getattr(unit, each.name) for each in fields(Details)})


@transaction.atomic
def establish_unit(details: Details, *, by: audit.Acting, at: datetime) -> Unit:
    """Enter a unit in the county of its area. Raises UnitRefused."""
    unit = Unit(jurisdiction=details.area[:6], **_fit(details))
    if Unit.objects.filter(jurisdiction=unit.jurisdiction, code=unit.code).exists():
        raise UnitRefused(_("单位编码 %(code)s 已经有了，请换一个。") % {"code": unit.code})
    unit.save(force_insert=True)
    record_about(unit, "unit.established", area=unit.area, by=by, at=at, detail={"name": unit.name})
    return unit


@transaction.atomic
def change_unit(unit: Unit, details: Details, *, by: audit.Acting, at: datetime) -> Unit:
    """Give a unit other details; what did not change leaves no entry. Its code and county stay. Raises UnitRefused."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    fresh = _fit(details)
    if fresh["code"] != unit.code or details.area[:6] != unit.jurisdiction:
        raise UnitRefused(_("单位的编码和所属区县不能改。"))
    if changed := [name for name, value in fresh.items() if getattr(unit, name) != value]:
        for name in changed:
            setattr(unit, name, fresh[name])
        unit.save(update_fields=changed)
        record_about(unit, "unit.changed", area=unit.area, by=by, at=at, detail={"fields": changed})
    return unit


def _fit(details: Details) -> dict[str, Any]:
    code, name = cells.narrow(details.code).upper(), text.clean_line(details.name)
    if not _CODE.fullmatch(code):
        raise UnitRefused(_("单位编码“%(code)s”不对，应为 2 到 20 个字母、数字或短横。") % {"code": details.code})
    if not 2 <= len(name) <= 60:
        raise UnitRefused(_("单位名称应为 2 到 60 个字。"))
    kind = UnitKind(details.kind)
    if (kind in OF_A_STREET) != (len(details.area) == 9):
        raise UnitRefused(_("街道（乡镇）的单位要写明街道（乡镇），其他单位不写。"))
    try:
        phone = cells.as_phone(details.phone) if details.phone else ""
    except cells.Unfit as unfit:
        raise UnitRefused(_("单位电话“%(phone)s”%(unfit)s。") % {"phone": details.phone, "unfit": unfit}) from unfit
    return {
        "code": code, "name": name, "kind": kind.value, "area": details.area, "short_name": text.clean_line(details.short_name)[:20],
        "letter_prefix": text.clean_line(details.letter_prefix)[:20], "phone": phone, "duties": text.clean(details.duties),
        "is_active": details.is_active,
    }  # fmt: skip
