"""The county's staff, deputies and codes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from jiazhan.people import crypto
from jiazhan.people.models import (
    Account,
    AccountKind,
    Deputy,
    Mandate,
    MandateStatus,
    Post,
    ReceptionDay,
    ScanCode,
    StationAttachment,
)
from jiazhan.people.roles import Role
from jiazhan.places.models import CongressLevel, Station

from . import names
from .names import COUNTY
from .places import Places

PASSWORD = "yunxi-2026-demo"
# Mandates by level (材料001); the persons behind them are fewer, because some hold two.
SEATS = {CongressLevel.COUNTY: 279, CongressLevel.CITY: 55, CongressLevel.PROVINCE: 13, CongressLevel.NATIONAL: 3}
HOLDING_TWO = 12
SINCE = date(2024, 1, 1)
SPECIALITIES = [
    "教育",
    "医疗卫生",
    "物业管理",
    "城市建设",
    "养老服务",
    "企业经营",
    "法律",
    "农业",
    "环境保护",
    "社区工作",
    "信息技术",
    "交通",
]
EMPLOYERS = ["区人民医院主任医师", "云溪第一中学教师", "社区党委书记", "软件园企业负责人", "公交公司驾驶员", "律师事务所律师", "环卫班组长", "物业公司项目经理", "种植合作社理事长", "快递网点负责人"]  # fmt: skip


@dataclass
class People:
    """Accounts by what they do, for the lives of the matters."""

    officers: dict[str, Account] = field(default_factory=dict)
    vice_directors: dict[str, Account] = field(default_factory=dict)
    directors: dict[str, Account] = field(default_factory=dict)
    handlers: dict[str, Account] = field(default_factory=dict)
    heads: dict[str, Account] = field(default_factory=dict)
    reviewer: Account | None = None
    office: Account | None = None
    dispatcher: Account | None = None
    deputies: dict[str, list[Deputy]] = field(default_factory=dict)


class _Maker:
    """Collects rows and writes them in a few statements."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.password = make_password(PASSWORD)
        self.accounts: list[Account] = []
        self.posts: list[Post] = []
        self._phones = self._numbers()

    def staff(self, username: str, role: Role, *, area: str = COUNTY, unit=None, station=None) -> Account:
        account = self.account(AccountKind.STAFF, username=username)
        self.post(account, role, area=area, unit=unit, station=station)
        return account

    def account(self, kind: str, *, username: str | None = None, name: str | None = None) -> Account:
        phone = next(self._phones)
        account = Account(
            kind=kind,
            username=username,
            name=name or names.person(self.random),
            phone_encrypted=crypto.encrypt(phone),
            phone_digest=crypto.digest(phone),
            password=self.password if username else "!",
        )
        self.accounts.append(account)
        return account

    def post(self, account: Account, role: Role, *, area: str = COUNTY, unit=None, station=None) -> None:
        self.posts.append(Post(account=account, role=role, area=area, unit=unit, station=station, starts_on=SINCE))

    def save(self) -> None:
        Account.objects.bulk_create(self.accounts)
        Post.objects.bulk_create(self.posts)

    def _numbers(self) -> Iterator[str]:
        # 1990 is given to no operator's customers: these numbers ring nowhere.
        number = 10000000
        while True:
            number += 1
            yield f"199{number}"


def make(random: Random, places: Places, *, today: date) -> None:
    """Write everybody, once."""
    maker, people = _Maker(random), People()
    _congress_staff(maker, places)
    _street_staff(maker, places)
    _department_staff(maker, places)
    deputies, mandates, attachments = _deputies(maker, places, people)
    maker.save()
    Deputy.objects.bulk_create(deputies)
    Mandate.objects.bulk_create(mandates)
    StationAttachment.objects.bulk_create(attachments)
    _reception_days(random, places, people, today)
    _codes(random, places, deputies)


def read(places: Places) -> People:
    """Everybody as they are in the database, in a fixed order."""
    by_name = {each.username: each for each in Account.objects.filter(username__isnull=False)}
    streets = {street.code: n for n, street in enumerate(places.streets, start=1)}
    offices = {f"JB{n:02}": n for n in streets.values()}
    departments = [code for code, *_ in names.DEPARTMENTS]
    deputies: dict[str, list[Deputy]] = {station.code: [] for station in places.stations}
    attached = StationAttachment.objects.filter(deputy__mandates__in=Mandate.objects.in_force()).distinct()
    for each in attached.select_related("deputy__account", "station").order_by("deputy_id"):
        deputies[each.station.code].append(each.deputy)
    return People(
        officers={station.code: by_name[f"zhan{_number(station)}"] for station in places.stations},
        vice_directors={code: by_name[f"fuzhuren{n}"] for code, n in streets.items()},
        directors={code: by_name[f"gongwei{n}"] for code, n in streets.items()},
        handlers={code: by_name[f"jieban{n}"] for code, n in offices.items()}
        | {code: by_name[f"{code.lower()}-jingban"] for code in departments},
        heads={code: by_name[f"jiedao{n}"] for code, n in offices.items()}
        | {code: by_name[f"{code.lower()}-fuze"] for code in departments},
        reviewer=by_name["daigong"],
        office=by_name["renda-ban"],
        dispatcher=by_name["zhengfu-ban"],
        deputies=deputies,
    )


def _number(station: Station) -> int:
    return int(station.code.removeprefix("YX"))


def _congress_staff(maker: _Maker, places: Places) -> None:
    units = places.units
    maker.staff("renda-ban", Role.STANDING_COMMITTEE_OFFICE, unit=units["RDB"])
    maker.staff("renda-ban-2", Role.STANDING_COMMITTEE_OFFICE, unit=units["RDB"])
    maker.staff("daigong", Role.DEPUTY_AFFAIRS, unit=units["DGW"])
    maker.staff("chengjian", Role.COMMITTEE, unit=units["CJW"])
    maker.staff("shejian", Role.COMMITTEE, unit=units["SHW"])
    maker.staff("zhuren", Role.CHAIRPERSONS_MEETING)
    maker.staff("zhengfu-ban", Role.GOV_DISPATCHER, unit=units["ZFB"])
    maker.staff("xitong", Role.SYSTEM_ADMIN)
    maker.staff("anquan", Role.SECURITY_ADMIN)
    maker.staff("shenji", Role.AUDITOR)


def _street_staff(maker: _Maker, places: Places) -> None:
    for n, street in enumerate(places.streets, start=1):
        congress, office = places.units[f"GW{n:02}"], places.units[f"JB{n:02}"]
        maker.staff(f"fuzhuren{n}", Role.STREET_VICE_DIRECTOR, area=street.code, unit=congress)
        maker.staff(f"gongwei{n}", Role.STREET_DIRECTOR, area=street.code, unit=congress)
        maker.staff(f"jieban{n}", Role.HANDLER, area=street.code, unit=office)
        maker.staff(f"jiedao{n}", Role.UNIT_HEAD, area=street.code, unit=office)
    for station in places.stations:
        maker.staff(f"zhan{_number(station)}", Role.LIAISON_OFFICER, area=station.street_id, station=station)


def _department_staff(maker: _Maker, places: Places) -> None:
    for code, *_ in names.DEPARTMENTS:
        unit = places.units[code]
        maker.staff(f"{code.lower()}-jingban", Role.HANDLER, unit=unit)
        maker.staff(f"{code.lower()}-jingban2", Role.HANDLER, unit=unit)
        maker.staff(f"{code.lower()}-fuze", Role.UNIT_HEAD, unit=unit)


def _deputies(
    maker: _Maker, places: Places, people: People
) -> tuple[list[Deputy], list[Mandate], list[StationAttachment]]:
    from pypinyin import lazy_pinyin

    random = maker.random
    deputies, mandates, attachments = [], [], []
    people.deputies = {station.code: [] for station in places.stations}
    seats = [level for level, count in SEATS.items() for _ in range(count)]
    # The first of the city's and province's seats belong to people who also sit in the county.
    second = set(range(SEATS[CongressLevel.COUNTY], SEATS[CongressLevel.COUNTY] + HOLDING_TWO))
    for index, level in enumerate(seats):
        if index in second:
            deputy = deputies[(index - SEATS[CongressLevel.COUNTY]) * 20]
        else:
            deputy = _deputy(maker)
            deputy.pinyin = " ".join(lazy_pinyin(deputy.name))
            deputies.append(deputy)
            station = places.stations[len(deputies) % len(places.stations)]
            attachments.append(StationAttachment(deputy=deputy, station=station, starts_on=SINCE))
            people.deputies[station.code].append(deputy)
        term, options = places.terms[level], places.constituencies[level]
        mandate = Mandate(
            deputy=deputy, term=term, constituency=options[index % len(options)], starts_on=term.starts_on
        )
        mandates.append(mandate)
    _unusual(mandates, random, people)
    for station in places.stations:
        head = people.deputies[station.code][0]
        maker.post(head.account, Role.STATION_HEAD, area=station.street_id, station=station)
    return deputies, mandates, attachments


def _deputy(maker: _Maker) -> Deputy:
    random = maker.random
    account = maker.account(AccountKind.DEPUTY)
    specialities = random.sample(SPECIALITIES, 2)
    return Deputy(
        account=account,
        name=account.name,
        gender=random.choice("mf"),
        employer=random.choice(EMPLOYERS),
        specialities="、".join(specialities),
        introduction=f"长期关注{specialities[0]}和{specialities[1]}，愿意听您把话说完。",
    )


def _unusual(mandates: list[Mandate], random: Random, people: People) -> None:
    """A few who are suspended or have left: their record stays, new business does not begin."""
    leaders = {group[0].pk for group in people.deputies.values()}
    county = [mandate for mandate in mandates[40 : SEATS[CongressLevel.COUNTY]] if mandate.deputy.pk not in leaders]
    suspended, moved = random.sample(county, 2)
    suspended.status, suspended.reason = MandateStatus.SUSPENDED, "因案被羁押，暂停执行职务"
    moved.status, moved.reason, moved.ends_on = MandateStatus.TERMINATED, "迁出本行政区域", date(2026, 3, 1)
    for gone in (suspended, moved):
        for group in people.deputies.values():
            if gone.deputy in group:
                group.remove(gone.deputy)


def _reception_days(random: Random, places: Places, people: People, today: date) -> None:
    """The 15th of each month, moved to Monday from a weekend: the last two and the next three."""
    rows = []
    for station in places.stations:
        for shift in range(-2, 4):
            month = today.month - 1 + shift
            day = date(today.year + month // 12, month % 12 + 1, 15)
            day += timedelta({5: 2, 6: 1}.get(day.weekday(), 0))
            starts = timezone.make_aware(datetime.combine(day, time(9)))
            deputy = random.choice(people.deputies[station.code])
            rows.append(
                ReceptionDay(station=station, deputy=deputy, starts_at=starts, ends_at=starts + timedelta(hours=2))
            )
    ReceptionDay.objects.bulk_create(rows)


def _codes(random: Random, places: Places, deputies: list[Deputy]) -> None:
    letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
    issued = timezone.now() - timedelta(days=300)

    def token() -> str:
        return "".join(random.choices(letters, k=8))

    rows = [
        ScanCode(token=token(), jurisdiction=COUNTY, station=station, issued_at=issued) for station in places.stations
    ]
    rows += [ScanCode(token=token(), jurisdiction=COUNTY, deputy=deputy, issued_at=issued) for deputy in deputies]
    ScanCode.objects.bulk_create(rows)
