"""The sessions of the county's congress and how its deputies sit while it meets."""

from datetime import date

from jiazhan.people.models import Delegation, Mandate
from jiazhan.places.models import CongressLevel, Session

from . import names
from .places import Places

# The first session of the term met in the January after its election.
OPENING = date(2022, 1, 10)
SEATS_EACH = 40


def make(places: Places, *, today: date) -> None:
    """One session each January up to today, and the delegations, once."""
    term = places.terms[CongressLevel.COUNTY]
    years = range(OPENING.year, today.year + 1)
    Session.objects.bulk_create(
        Session(term=term, number=number, starts_on=opens, ends_on=opens.replace(day=opens.day + 3), place="区文化中心")
        for number, opens in enumerate((_monday(year) for year in years), start=1)
        if opens.replace(day=opens.day + 3) < today
    )
    mandates = list(Mandate.objects.filter(term=term).order_by("id"))
    count = -(-len(mandates) // SEATS_EACH)
    delegations = Delegation.objects.bulk_create(
        Delegation(term=term, number=number, name=f"{names.STREETS[number - 1]}代表团")
        for number in range(1, count + 1)
    )
    for number, mandate in enumerate(mandates):
        mandate.delegation = delegations[number // SEATS_EACH]
    Mandate.objects.bulk_update(mandates, ["delegation"], batch_size=500)


def _monday(year: int) -> date:
    """The second Monday of January."""
    first = date(year, 1, 1)
    return date(year, 1, 8 + (7 - first.weekday()) % 7)
