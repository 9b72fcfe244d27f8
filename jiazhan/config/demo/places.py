"""The county's areas, congresses, constituencies, stations and units."""

from dataclasses import dataclass
from datetime import date
from random import Random

from jiazhan.opinions.models import Category
from jiazhan.people.models import Unit, UnitKind
from jiazhan.places.models import (
    Congress,
    CongressLevel,
    Constituency,
    Region,
    RegionLevel,
    Setting,
    Station,
    StationKind,
    Term,
)
from jiazhan.places.selectors import forget_jurisdictions

from . import names
from .names import COUNTY

WORKDAY_HOURS = [{"weekday": day, "from": "09:00", "to": "17:30"} for day in range(1, 6)]
WEEKEND_HOURS = [*WORKDAY_HOURS, {"weekday": 6, "from": "09:00", "to": "12:00"}]
CONGRESSES = {
    CongressLevel.NATIONAL: ("全国人民代表大会", None, 14),
    CongressLevel.PROVINCE: ("云山省人民代表大会", "99", 14),
    CongressLevel.CITY: ("临江市人民代表大会", "9901", 15),
    CongressLevel.COUNTY: ("云溪区人民代表大会", COUNTY, 18),
}


@dataclass(frozen=True)
class Places:
    """What the rest of the demo stands on, in a fixed order."""

    streets: list[Region]
    communities: dict[str, list[Region]]
    stations: list[Station]
    terms: dict[str, Term]
    constituencies: dict[str, list[Constituency]]
    units: dict[str, Unit]
    categories: dict[str, Category]


def make(random: Random) -> Places:
    """Write the county, once."""
    streets, communities = _regions(random)
    terms, constituencies = _congresses()
    stations = _stations(random, streets, communities)
    forget_jurisdictions()
    return Places(streets, communities, stations, terms, constituencies, _units(streets), Category.objects.in_bulk())


def read() -> Places:
    """The county as it is in the database, in a fixed order."""
    regions = list(Region.objects.filter(code__startswith=COUNTY).order_by("code"))
    streets = [region for region in regions if region.level == RegionLevel.TOWNSHIP]
    terms = {term.congress.level: term for term in Term.objects.select_related("congress")}
    return Places(
        streets=streets,
        communities={street.code: [each for each in regions if each.parent_id == street.code] for street in streets},
        stations=list(
            Station.objects.filter(jurisdiction=COUNTY).select_related("street", "community").order_by("code")
        ),
        terms=terms,
        constituencies={level: list(term.constituencies.order_by("number")) for level, term in terms.items()},
        units={unit.code: unit for unit in Unit.objects.filter(jurisdiction=COUNTY)},
        categories=Category.objects.in_bulk(),
    )


def _regions(random: Random) -> tuple[list[Region], dict[str, list[Region]]]:
    above = [("99", "云山省", None, RegionLevel.PROVINCE), ("9901", "临江市", "99", RegionLevel.CITY), (COUNTY, names.COUNTY_NAME, "9901", RegionLevel.COUNTY)]  # fmt: skip
    rows = [Region(code=code, name=name, parent_id=parent, level=level) for code, name, parent, level in above]
    streets = [
        Region(code=f"{COUNTY}{n:03}", name=f"{name}街道", parent_id=COUNTY, level=RegionLevel.TOWNSHIP)
        for n, name in enumerate(names.STREETS, start=1)
    ]
    chosen = iter(names.communities(random, 100))
    communities = {
        street.code: [
            Region(code=f"{street.code}{n:03}", name=next(chosen), parent_id=street.code, level=RegionLevel.COMMUNITY)
            for n in range(1, random.choice([4, 5, 5]))
        ]
        for street in streets
    }
    rows += [*streets, *(region for group in communities.values() for region in group)]
    _spell(rows)
    Region.objects.bulk_create(rows)
    return streets, communities


def _spell(rows: list[Region]) -> None:
    from pypinyin import Style, lazy_pinyin

    for row in rows:
        row.pinyin = "".join(lazy_pinyin(row.name))
        row.initials = "".join(lazy_pinyin(row.name, style=Style.FIRST_LETTER))


def _congresses() -> tuple[dict[str, Term], dict[str, list[Constituency]]]:
    terms, constituencies = {}, {}
    for level, (name, region, number) in CONGRESSES.items():
        congress = Congress.objects.create(name=name, level=level, region_id=region)
        first = (
            date(2023, 3, 1)
            if level == CongressLevel.NATIONAL
            else date(2023, 1, 10)
            if level == CongressLevel.PROVINCE
            else date(2022, 1, 10)
        )
        terms[level] = Term.objects.create(
            congress=congress, number=number, starts_on=first, ends_on=first.replace(year=first.year + 5)
        )
        if level == CongressLevel.COUNTY:
            rows = [Constituency(term=terms[level], number=n, name=f"第{n}选区", seats=3) for n in range(1, 94)]
        else:
            rows = [
                Constituency(
                    term=terms[level],
                    number=1,
                    name={"national": "云山省", "province": "临江市", "city": "云溪区"}[level],
                    seats=1,
                )
            ]
        constituencies[level] = Constituency.objects.bulk_create(rows)
    return terms, constituencies


def _stations(random: Random, streets: list[Region], communities: dict[str, list[Region]]) -> list[Station]:
    """1 home + 21 stations + 18 points: forty in all."""
    home = _station(
        0, f"{names.COUNTY_NAME}人大代表之家", StationKind.DEPUTY_HOME, Setting.OTHER, streets[0], None, None, random
    )
    home.save()
    stations = [
        _station(n, f"{street.name}人大代表联络站", StationKind.LIAISON_STATION, Setting.STREET_OFFICE, street, communities[street.code][0], home, random)
        for n, street in enumerate(streets, start=1)
    ]  # fmt: skip
    Station.objects.bulk_create(stations)
    points = []
    for n, (name, setting) in enumerate(names.POINTS):
        parent = stations[n]
        community = communities[parent.street_id][-1]
        points.append(
            _station(
                22 + n,
                f"{name}人大代表联络点",
                StationKind.LIAISON_POINT,
                Setting(setting),
                parent.street,
                community,
                parent,
                random,
            )
        )
    Station.objects.bulk_create(points)
    return [home, *stations, *points]


def _station(
    number: int,
    name: str,
    kind: str,
    setting: str,
    street: Region,
    community: Region | None,
    parent: Station | None,
    random: Random,
) -> Station:
    return Station(
        jurisdiction=COUNTY,
        code=f"YX{number:03}",
        name=name,
        kind=kind,
        setting=setting,
        parent=parent,
        street=street,
        community=community,
        address=f"{names.COUNTY_NAME}{street.name.removesuffix('街道')}路{random.randint(2, 260)}号",
        floor=random.choice(["一楼大厅左侧", "一楼便民服务中心", "二楼，有电梯", "进门右手第一间"]),
        accessibility=random.choice(["门口有坡道，可推轮椅进入", "一楼平进，备有老花镜", "有电梯和无障碍卫生间"]),
        phone=f"0990-55{random.randint(10000, 99999)}",
        # Stations of one street lie within two kilometres.
        latitude=f"{31.2 + int(street.code[-3:]) % 5 / 25 + random.random() / 50:.6f}",
        longitude=f"{120.3 + int(street.code[-3:]) // 5 / 25 + random.random() / 50:.6f}",
        opening_hours=random.choice([WORKDAY_HOURS, WEEKEND_HOURS]),
        established_on=date(2019 + number % 5, 1 + number % 12, 15),
    )


def _units(streets: list[Region]) -> dict[str, Unit]:
    rows = [
        _unit("RDB", f"{names.COUNTY_NAME}人大常委会办公室", "云人办", UnitKind.STANDING_COMMITTEE_OFFICE),
        _unit("DGW", f"{names.COUNTY_NAME}人大常委会代表工作委员会", "云人代", UnitKind.COMMITTEE),
        _unit("CJW", f"{names.COUNTY_NAME}人大城建环保工作委员会", "云人城", UnitKind.COMMITTEE),
        _unit("SHW", f"{names.COUNTY_NAME}人大社会建设工作委员会", "云人社建", UnitKind.COMMITTEE),
        _unit("ZFB", f"{names.COUNTY_NAME}人民政府办公室", "云政办", UnitKind.GOV_OFFICE),
    ]
    rows += [
        _unit(code, name, prefix, UnitKind.DEPARTMENT, duties=duties)
        for code, name, prefix, duties in names.DEPARTMENTS
    ]
    for n, street in enumerate(streets, start=1):
        short = street.name.removesuffix("街道")
        rows.append(
            _unit(f"JB{n:02}", f"{street.name}办事处", f"云{short}办", UnitKind.STREET_OFFICE, area=street.code)
        )
        rows.append(
            _unit(
                f"GW{n:02}",
                f"{street.name}人大工作委员会",
                f"云{short}人工",
                UnitKind.STREET_CONGRESS,
                area=street.code,
            )
        )
    Unit.objects.bulk_create(rows)
    return {unit.code: unit for unit in rows}


def _unit(code: str, name: str, prefix: str, kind: str, *, area: str = COUNTY, duties: str = "") -> Unit:
    return Unit(
        jurisdiction=COUNTY, code=code, name=name, short_name=name.removeprefix(names.COUNTY_NAME)[:20], letter_prefix=prefix,
        kind=kind, area=area, duties=duties, phone="0990-5512345",
    )  # fmt: skip
