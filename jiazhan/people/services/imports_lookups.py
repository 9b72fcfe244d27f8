"""How cells of an import name what is already there: streets, communities, stations, units, by name or by code."""

import re

from django.db.models import Q
from django.utils.translation import gettext as _

from jiazhan.people.models import Unit
from jiazhan.places.models import Region, Station, StationStatus

from .imports import RowRefused


def street(written: str | None, county: str, column: str) -> Region | None:
    """The open street or township of a county by name or code; None for an empty cell. Raises RowRefused."""
    if not written:
        return None
    rows = Region.objects.filter(parent_id=county, ends_on=None)
    found = rows.filter(Q(name=written) | Q(code=written)).first() or _alone(rows.filter(name__startswith=written))
    if found is None:
        raise RowRefused(column, _("本区县没有“%(written)s”") % {"written": written})
    return found


def community(written: str | None, of: Region, column: str) -> Region | None:
    """The open community or village of a street by name or code, with or without 居委会; None for an empty cell."""
    if not written:
        return None
    rows = Region.objects.filter(parent=of, ends_on=None)
    found = rows.filter(Q(name=written) | Q(code=written)).first() or _alone(rows.filter(name__startswith=written))
    if found is None:
        raise RowRefused(column, _("%(street)s没有“%(written)s”") % {"street": of.name, "written": written})
    return found


def station(written: str | None, county: str, column: str) -> Station | None:
    """The station in service by code or name; None for an empty cell. Raises RowRefused."""
    if not written:
        return None
    rows = Station.objects.filter(jurisdiction=county).exclude(status=StationStatus.CLOSED)
    found = rows.filter(code__iexact=written).first() or _alone(rows.filter(name=written))
    if found is None:
        raise RowRefused(column, _("没有站点“%(written)s”，请填站码或完整的站名") % {"written": written})
    return found


def stations(written: str | None, county: str, column: str) -> list[Station]:
    """Several stations, set apart by any usual mark."""
    named = [name.strip() for name in re.split(r"[、,，;；/\n]|\s{1,}", written or "") if name.strip()]
    found = [station(name, county, column) for name in named]
    return [each for each in found if each is not None]


def unit(written: str | None, county: str, column: str) -> Unit | None:
    """The unit in use by code, name or short name; None for an empty cell. Raises RowRefused."""
    if not written:
        return None
    rows = Unit.objects.filter(jurisdiction=county, is_active=True)
    found = rows.filter(code__iexact=written).first() or _alone(rows.filter(Q(name=written) | Q(short_name=written)))
    if found is None:
        raise RowRefused(column, _("没有单位“%(written)s”，请填单位编码或完整的名称") % {"written": written})
    return found


def _alone(rows):  # type: ignore[no-untyped-def]
    """The only row, or None where there is none or more than one."""
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None
