"""A county at work, for tests: places, people with posts, and matters brought to any state by the services themselves."""

import itertools
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from jiazhan.kernel import scope
from jiazhan.opinions.choices import Channel
from jiazhan.opinions.models import Category, Opinion
from jiazhan.opinions.services import intake
from jiazhan.people import crypto
from jiazhan.people.models import (
    Account,
    AccountKind,
    Deputy,
    Mandate,
    Post,
    ReceptionDay,
    StationAttachment,
    Unit,
    UnitKind,
)
from jiazhan.people.roles import Role
from jiazhan.places.models import Congress, CongressLevel, Region, RegionLevel, Station, StationKind, Term
from jiazhan.places.selectors import forget_jurisdictions

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Wednesday without holidays near.
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI)
LONG_AGO = date(2021, 11, 1)
_serial = itertools.count(1)

STREET_ROLES = {Role.STREET_VICE_DIRECTOR, Role.STREET_DIRECTOR}
STATION_ROLES = {Role.LIAISON_OFFICER, Role.STATION_HEAD}


def serial() -> int:
    """A number that no other thing of this run has."""
    return next(_serial)


def later(**span: float) -> datetime:
    return NOW + timedelta(**span)


def account(name: str, *, kind: AccountKind = AccountKind.STAFF, phone: str = "") -> Account:
    """Somebody who can log in. Staff without a password, residents and deputies by phone."""
    made = Account(kind=kind, name=name)
    if kind == AccountKind.STAFF:
        made.username = f"staff{serial()}"
    else:
        phone = phone or f"138{serial():08d}"
        made.phone_encrypted, made.phone_digest = crypto.encrypt(phone), crypto.digest(phone)
    made.set_unusable_password()
    made.save()
    return made


def resident(name: str = "李秀英", *, phone: str = "") -> Account:
    return account(name, kind=AccountKind.RESIDENT, phone=phone)


def post(
    role: Role,
    *,
    area: str,
    unit: Unit | None = None,
    station: Station | None = None,
    name: str = "",
    holder: Account | None = None,
) -> Account:
    """An account that holds the role now."""
    holder = holder or account(name or str(Role(role).label))
    Post.objects.create(account=holder, role=role, area=area, unit=unit, station=station, starts_on=LONG_AGO)
    return Account.objects.get(pk=holder.pk)


@dataclass
class County:
    """A county with two streets; `station` stands in the first, `other_station` in the second.

    People come into being when they are asked for: `county.officer`, `county.director`, `county.handler` …
    """

    code: str = "990106"
    name: str = "云溪区"
    region: Region = field(init=False)
    street: Region = field(init=False)
    other_street: Region = field(init=False)
    community: Region = field(init=False)
    home: Station = field(init=False)
    station: Station = field(init=False)
    other_station: Station = field(init=False)
    term: Term = field(init=False)

    def __post_init__(self) -> None:
        self.region = region(self.code, self.name, RegionLevel.COUNTY)
        self.street = region(f"{self.code}001", "望江街道", RegionLevel.TOWNSHIP, parent=self.region)
        self.other_street = region(f"{self.code}002", "翠湖街道", RegionLevel.TOWNSHIP, parent=self.region)
        self.community = region(f"{self.street.code}001", "柳林社区", RegionLevel.COMMUNITY, parent=self.street)
        self.home = self.make_station("00", "望江街道代表之家", kind=StationKind.DEPUTY_HOME)
        self.station = self.make_station("01", "柳林联络站", parent=self.home, community=self.community)
        self.other_station = self.make_station("02", "翠湖联络站", street=self.other_street)
        congress = Congress.objects.create(
            name=f"{self.name}{self.code}人大", level=CongressLevel.COUNTY, region=self.region
        )
        self.term = Term.objects.create(congress=congress, number=9, starts_on=LONG_AGO, ends_on=date(2027, 2, 1))
        forget_jurisdictions()

    def make_station(self, code: str, name: str, *, street: Region | None = None, **rest: Any) -> Station:
        rest.setdefault("kind", StationKind.LIAISON_STATION)
        return Station.objects.create(
            jurisdiction=self.code, code=code, name=name, street=street or self.street, **rest
        )

    def make_unit(self, kind: UnitKind, name: str, *, area: str = "") -> Unit:
        return Unit.objects.create(
            jurisdiction=self.code, code=f"U{serial()}", name=name, short_name=name, kind=kind, area=area or self.code
        )

    def make_deputy(self, name: str = "周海燕", *, station: Station | None = None) -> Deputy:
        """A deputy in office, attached to the station, with an account."""
        made = Deputy.objects.create(name=name, account=account(name, kind=AccountKind.DEPUTY))
        Mandate.objects.create(deputy=made, term=self.term, starts_on=LONG_AGO)
        StationAttachment.objects.create(deputy=made, station=station or self.station, starts_on=LONG_AGO)
        return made

    def make_reception(self, deputy: Deputy, *, starts_at: datetime) -> ReceptionDay:
        return ReceptionDay.objects.create(
            station=self.station, deputy=deputy, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2)
        )

    def appoint(self, role: Role, **rest: Any) -> Account:
        """Somebody new in a role, at this county's place for it unless told otherwise."""
        if role in STATION_ROLES:
            rest.setdefault("station", self.station)
            rest.setdefault("area", self.street.code)
        elif role in STREET_ROLES:
            rest.setdefault("area", self.street.code)
        elif role in {Role.HANDLER, Role.UNIT_HEAD}:
            rest.setdefault("unit", self.department)
        elif role == Role.GOV_DISPATCHER:
            rest.setdefault("unit", self.gov_office)
        rest.setdefault("area", self.code)
        return post(role, **rest)

    @cached_property
    def department(self) -> Unit:
        return self.make_unit(UnitKind.DEPARTMENT, "区水务局")

    @cached_property
    def other_department(self) -> Unit:
        return self.make_unit(UnitKind.DEPARTMENT, "区城管局")

    @cached_property
    def street_office(self) -> Unit:
        return self.make_unit(UnitKind.STREET_OFFICE, "望江街道办事处", area=self.street.code)

    @cached_property
    def gov_office(self) -> Unit:
        return self.make_unit(UnitKind.GOV_OFFICE, "区政府办公室")

    @cached_property
    def committee_unit(self) -> Unit:
        return self.make_unit(UnitKind.COMMITTEE, "城建环资工委")

    @cached_property
    def officer(self) -> Account:
        return self.appoint(Role.LIAISON_OFFICER, name="陈站")

    @cached_property
    def head(self) -> Account:
        return self.appoint(Role.STATION_HEAD)

    @cached_property
    def vice_director(self) -> Account:
        return self.appoint(Role.STREET_VICE_DIRECTOR)

    @cached_property
    def director(self) -> Account:
        return self.appoint(Role.STREET_DIRECTOR)

    @cached_property
    def affairs(self) -> Account:
        return self.appoint(Role.DEPUTY_AFFAIRS)

    @cached_property
    def committee(self) -> Account:
        return self.appoint(Role.COMMITTEE, unit=self.committee_unit)

    @cached_property
    def office(self) -> Account:
        """The standing committee's office."""
        return self.appoint(Role.STANDING_COMMITTEE_OFFICE)

    @cached_property
    def chair(self) -> Account:
        return self.appoint(Role.CHAIRPERSONS_MEETING)

    @cached_property
    def dispatcher(self) -> Account:
        return self.appoint(Role.GOV_DISPATCHER)

    @cached_property
    def handler(self) -> Account:
        return self.appoint(Role.HANDLER)

    @cached_property
    def unit_head(self) -> Account:
        return self.appoint(Role.UNIT_HEAD)

    @cached_property
    def street_handler(self) -> Account:
        return self.appoint(Role.HANDLER, unit=self.street_office, area=self.street.code)

    @cached_property
    def street_unit_head(self) -> Account:
        return self.appoint(Role.UNIT_HEAD, unit=self.street_office, area=self.street.code)

    @cached_property
    def deputy(self) -> Deputy:
        return self.make_deputy()

    @cached_property
    def security_admin(self) -> Account:
        return self.appoint(Role.SECURITY_ADMIN)

    def within(self) -> Any:
        """The scope in which this county's matters are seen."""
        return scope.within([self.code])


def region(code: str, name: str, level: RegionLevel, *, parent: Region | None = None) -> Region:
    return Region.objects.get_or_create(code=code, defaults={"name": name, "level": level, "parent": parent})[0]


def category(code: str = "0102", name: str = "排水") -> Category:
    return Category.objects.get_or_create(code=code, defaults={"name": name})[0]


def nonce() -> str:
    return f"form-{serial():020d}"


def raised(county: County, body: str = "柳林小区北门下雨就积水，老人孩子出门要蹚水。", **given: Any) -> intake.Raised:
    """A matter as it comes in from a resident's phone, with the code to follow it; needs the county's scope."""
    at = given.pop("at", NOW)
    words = intake.Words(body=body, title=given.pop("title", ""), appeal=given.pop("appeal", ""))
    given = {
        "station": county.station,
        "place": intake.Place(community=county.community.code),
        "author": intake.ANONYMOUS,
        "channel": Channel.QR,
        "nonce": nonce(),
        "by": intake.VISITOR,
    } | given
    return intake.raise_opinion(words=words, at=at, **given)


def opinion(county: County, **given: Any) -> Opinion:
    """A matter waiting for triage."""
    return raised(county, **given).opinion
