"""What is measured: each page on proposals with its addresses, who opens it, and its target."""

from dataclasses import dataclass, field
from itertools import product
from random import Random
from urllib.parse import urlencode

from django.db.models import Count

from benchmarks.web import visitors
from benchmarks.web.report import Case
from jiazhan.config.demo.names import COUNTY
from jiazhan.kernel import scope
from jiazhan.people.models import Account, Deputy
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.states import State

ROWS = "50,000"


@dataclass
class People:
    """Cookies of who is logged in."""

    office: str = field(default_factory=lambda: _staff("daigong"))
    unit: str = field(default_factory=lambda: _staff("sw-jingban"))
    deputy: str = field(default_factory=lambda: visitors.cookie_of(_deputy().account))


def _staff(username: str) -> str:
    return visitors.cookie_of(Account.objects.get(username=username))


def _deputy() -> Deputy:
    """One of those who propose most."""
    with scope.within([COUNTY]):
        counted = Proposal.objects.filter(jurisdiction=COUNTY).values_list("lead").annotate(n=Count("pk"))
        return Deputy.objects.select_related("account").get(pk=counted.order_by("-n")[0][0])


def cases(random: Random) -> list[Case]:
    people = People()
    return [
        Case("unit's inbox", _inboxes(), people.unit, together=150, rows=ROWS),
        Case("unit's case page", _of_unit("sw-jingban"), people.unit, rows=ROWS),
        Case("office queue, filters", _queues(random), people.office, rows=ROWS),
        Case("office case page", _cases(random), people.office, rows=ROWS),
    ]


def _inboxes() -> list[str]:
    return ["/department/proposals/"]


def _of_unit(username: str) -> list[str]:
    post = Account.objects.get(username=username).current_posts[0]
    with scope.within([COUNTY]):
        rows = Proposal.objects.filter(jurisdiction=COUNTY, host=post.unit_id).order_by("-pk")
        return [f"/department/proposals/{COUNTY}/{each}/" for each in rows.values_list("pk", flat=True)[:60]]


def _queues(random: Random) -> list[str]:
    """Tab, year and upper category; each address another choice."""
    tabs, years, kinds = (
        ["check", "assign", "under-way", "track", "closed", "late", "all"],
        [2023, 2025, 2026],
        ["", "01", "03"],
    )
    found = [
        f"/office/proposals/?{urlencode({'tab': tab, 'year': year, 'category': kind})}"
        for tab, year, kind in product(tabs, years, kinds)
    ]
    random.shuffle(found)
    return found


def _cases(random: Random) -> list[str]:
    found = []
    with scope.within([COUNTY]):
        for state in set(State) - {State.DRAFT, State.COSIGNING, State.WITHDRAWN}:
            rows = Proposal.objects.filter(jurisdiction=COUNTY, state=state).order_by("-pk")
            found += list(rows.values_list("pk", flat=True)[:8])
    random.shuffle(found)
    return [f"/office/proposals/{COUNTY}/{each}/" for each in found]
