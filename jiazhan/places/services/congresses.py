"""People's congresses of the five levels, their terms (届), and the constituencies (选区) or electing units of a term."""

from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import text
from jiazhan.places.models import Congress, CongressLevel, Constituency, Region, RegionLevel, Term

REGION_OF = {
    CongressLevel.NATIONAL: None,
    CongressLevel.PROVINCE: RegionLevel.PROVINCE,
    CongressLevel.CITY: RegionLevel.CITY,
    CongressLevel.COUNTY: RegionLevel.COUNTY,
    CongressLevel.TOWNSHIP: RegionLevel.TOWNSHIP,
}
# Codes of streets (001–099) among those of townships: a subdistrict has no congress (地方组织法).
_STREETS = range(1, 100)


class CongressRefused(Exception):
    """The congress, term or constituency cannot be as asked; the message says why."""

    code = "congress-refused"


@transaction.atomic
def establish(
    name: str, *, level: CongressLevel, region: Region | None, jurisdiction: str, by: audit.Acting, at: datetime
) -> Congress:
    """Enter a congress, or return the one of that name. `jurisdiction` is the county whose record takes the entry.

    Raises CongressRefused where level and region do not agree, and for a street, which has no congress.
    """
    name = text.clean_line(name)
    if not name:
        raise CongressRefused(_("请填写人民代表大会的名称。"))
    wanted = REGION_OF[CongressLevel(level)]
    if (region.level if region else None) != wanted:
        raise CongressRefused(_("%(level)s人民代表大会要对应%(level)s的区划。") % {"level": CongressLevel(level).label})
    if region and level == CongressLevel.TOWNSHIP and int(region.code[6:9]) in _STREETS:
        raise CongressRefused(_("街道不设人民代表大会，请选择乡或镇。"))
    if present := Congress.objects.filter(name=name).first():
        if (present.level, present.region_id) != (level, region.code if region else None):
            raise CongressRefused(_("已经有一个叫%(name)s的人民代表大会。") % {"name": name})
        return present
    congress = Congress.objects.create(name=name, level=level, region=region)
    _record("congress.established", congress, jurisdiction, by=by, at=at, detail={"name": name})
    return congress


@transaction.atomic
def begin_term(
    congress: Congress,
    *,
    number: int,
    starts_on: date,
    ends_on: date,
    jurisdiction: str,
    by: audit.Acting,
    at: datetime,
) -> Term:
    """Enter a term, or return the one of that number with the same days.

    Raises CongressRefused for a period that ends before it begins or that overlaps another term.
    """
    if ends_on <= starts_on:
        raise CongressRefused(_("届满日期要晚于开始日期。"))
    if present := congress.terms.filter(number=number).first():
        if (present.starts_on, present.ends_on) != (starts_on, ends_on):
            raise CongressRefused(_("第%(number)s届已经有了，日期不同。") % {"number": number})
        return present
    if other := congress.terms.filter(starts_on__lt=ends_on, ends_on__gt=starts_on).first():
        raise CongressRefused(_("与第%(number)s届的任期重叠。") % {"number": other.number})
    term = Term.objects.create(congress=congress, number=number, starts_on=starts_on, ends_on=ends_on)
    _record("term.begun", term, jurisdiction, by=by, at=at, detail={"number": number})
    return term


@transaction.atomic
def draw_constituency(
    term: Term, *, number: int, name: str, seats: int = 1, jurisdiction: str, by: audit.Acting, at: datetime
) -> Constituency:
    """Enter a constituency of a term, or return the one of that number and name.

    Raises CongressRefused for a number that another constituency has, and for seats outside 1–3 (选举法第25条) in a term of a
    county or township; electing units above the county may have more.
    """
    name = text.clean_line(name)
    directly_elected = term.congress.level in {CongressLevel.COUNTY, CongressLevel.TOWNSHIP}
    if seats < 1 or (directly_elected and seats > 3):
        raise CongressRefused(_("一个选区选一至三名代表。"))
    if present := term.constituencies.filter(number=number).first():
        if present.name != name:
            raise CongressRefused(_("第%(number)s选区已经是%(name)s。") % {"number": number, "name": present.name})
        return present
    constituency = Constituency.objects.create(term=term, number=number, name=name, seats=seats)
    _record("constituency.drawn", constituency, jurisdiction, by=by, at=at, detail={"name": name})
    return constituency


def _record(
    action: str, row: models.Model, jurisdiction: str, *, by: audit.Acting, at: datetime, detail: dict[str, Any]
) -> None:
    subject = audit.Subject(jurisdiction=jurisdiction, label=row._meta.label_lower, pk=row.pk)
    audit.record(action, subject, by=by, at=at, detail=detail)
