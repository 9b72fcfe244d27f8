"""Who is in the county: its deputies, the units with their people, the sessions, and who works at the congress's desk."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from jiazhan.config.demo import accounts, people, places
from jiazhan.config.demo.names import COUNTY, DEPARTMENTS
from jiazhan.kernel import calendar
from jiazhan.opinions.models import Category
from jiazhan.people.models import Account, Delegation, Mandate, Unit
from jiazhan.places.models import CongressLevel, Session, Station, Term

DEPUTIES, DELEGATIONS, YEARS = 250, 12, 5
SEED = 990106


@dataclass(frozen=True)
class Signer:
    """A deputy with their seat in the county's congress."""

    id: UUID
    name: str
    account: UUID
    mandate: UUID


@dataclass(frozen=True)
class Host:
    """A unit with who handles and who signs there."""

    id: UUID
    name: str
    prefix: str
    handler: UUID
    head: UUID


@dataclass(frozen=True)
class County:
    term: Term
    sessions: dict[int, Session]
    deputies: list[Signer]
    units: list[Host]
    # How much of the work falls on each unit: the departments have most, and some of them more than others.
    weights: list[float]
    categories: list[str]
    clerk: Account
    second: Account
    lead_member: Account
    committee: Unit


def make(today: date) -> None:
    """The demo's places and people, without its matters; sessions and delegations."""
    calendar.load_published_years()
    with transaction.atomic():
        if not Station.objects.filter(jurisdiction=COUNTY).exists():
            random = Random(SEED)
            people.make(random, places.make(random), today=today)
            accounts.give_second_steps()
        term = Term.objects.get(congress__level=CongressLevel.COUNTY, congress__region=COUNTY)
        for number in range(1, YEARS + 1):
            opens = date(today.year - YEARS + number, 1, 12)
            days = {"starts_on": opens, "ends_on": opens + timedelta(days=3)}
            Session.objects.get_or_create(term=term, number=number, defaults=days)
        seats = list(Mandate.objects.filter(term=term).order_by("id"))
        groups = [
            Delegation.objects.get_or_create(term=term, number=n, defaults={"name": f"第{n}代表团"})[0]
            for n in range(1, DELEGATIONS + 1)
        ]
        for number, seat in enumerate(seats):
            seat.delegation = groups[number % DELEGATIONS]
        Mandate.objects.bulk_update(seats, ["delegation"])


def read() -> County:
    term = Term.objects.select_related("congress").get(congress__level=CongressLevel.COUNTY, congress__region=COUNTY)
    seats = Mandate.objects.in_force().filter(term=term).select_related("deputy").order_by("id")[:DEPUTIES]
    by_name = dict(Account.objects.filter(username__isnull=False).values_list("username", "pk"))
    units, weights = [], []
    known = {unit.code: unit for unit in Unit.objects.filter(jurisdiction=COUNTY)}
    for number, (code, *_rest) in enumerate(DEPARTMENTS):
        units.append(_host(known[code], by_name[f"{code.lower()}-jingban"], by_name[f"{code.lower()}-fuze"]))
        weights.append(3 / (1 + number % 12) + 0.8)
    offices = sorted(code for code in known if code.startswith("JB"))
    for number, code in enumerate(offices, start=1):
        units.append(_host(known[code], by_name[f"jieban{number}"], by_name[f"jiedao{number}"]))
        weights.append(0.35)
    staff = Account.objects.in_bulk([by_name[each] for each in ("daigong", "renda-ban", "zhuren")])
    return County(
        term=term,
        sessions={each.starts_on.year: each for each in Session.objects.filter(term=term)},
        deputies=[Signer(seat.deputy_id, seat.deputy.name, seat.deputy.account_id, seat.pk) for seat in seats],
        units=units,
        weights=weights,
        categories=[code for code in Category.objects.values_list("code", flat=True) if len(code) == 4],
        clerk=staff[by_name["daigong"]],
        second=staff[by_name["renda-ban"]],
        lead_member=staff[by_name["zhuren"]],
        committee=known["CJW"],
    )


def _host(unit: Unit, handler: UUID, head: UUID) -> Host:
    return Host(unit.pk, unit.name, unit.letter_prefix, handler, head)


def today() -> date:
    return timezone.localdate()
