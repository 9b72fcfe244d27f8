"""What is measured: each page on proposals with its addresses, who opens it, and its target."""

from dataclasses import dataclass, field
from itertools import product
from random import Random
from urllib.parse import urlencode

from django.db.models import Count
from django.utils import timezone

from benchmarks.web import visitors
from benchmarks.web.report import Case
from jiazhan.config.demo.names import COUNTY
from jiazhan.kernel import scope
from jiazhan.kernel.outcomes import PublicationState
from jiazhan.people.models import Account, Deputy, Unit, UnitKind
from jiazhan.suggestions.models import Proposal, Publication
from jiazhan.suggestions.states import ACCEPTED_EVER, State

ROWS = "50,000"
WORDS = ["停车", "学校", "物业", "公交", "水", "电动车", "垃圾分类", "小区 停车", "夜间施工", "养老"]
DRAFTS = 12
# What the statistics counted holds until something is recorded; here something is, all the time.
COUNTED_ANEW = {"statistics, a year, counted anew": "2025", "statistics, all, counted anew": "all"}
INBOX = ["?tab=answered", "?tab=promises", "?tab=under-way&light=late", "?tab=answered&part=assist", "?tab=urged"]
STATISTICS = "/office/proposals/statistics/"


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
        Case("unit's inbox", ["/department/proposals/"], people.unit, together=150, rows=ROWS),
        Case("unit's inbox, other tabs", [f"/department/proposals/{each}" for each in INBOX], people.unit, rows=ROWS),
        Case("unit's case page", _of_unit("sw-jingban"), people.unit, rows=ROWS),
        Case("deputy's list", ["/deputy/proposals/"], people.deputy, together=150, rows=ROWS),
        Case("deputy's list, other tabs", _tabs(), people.deputy, together=150, rows=ROWS),
        Case("congress's list, words", _searches(), people.deputy, rows=ROWS),
        Case("deputy's case page", _of_deputy(), people.deputy, rows=ROWS),
        Case("similar ones while writing", _similar(), people.deputy, rows=ROWS),
        Case("office queue, filters", _queues(random), people.office, rows=ROWS),
        Case("office case page", _cases(random), people.office, rows=ROWS),
        Case("statistics page, this year", [STATISTICS], people.office, together=150, rows=ROWS),
        Case("statistics page, all years", [f"{STATISTICS}?year=all"], people.office, together=150, rows=ROWS),
        *(Case(name, [f"{STATISTICS}?year={year}"], people.office, rows=ROWS) for name, year in COUNTED_ANEW.items()),
        Case("statistics page, one unit's", _of_units(random), people.office, rows=ROWS),
        Case("cases behind a figure", _behind(), people.office, rows=ROWS),
        Case("public list", ["/proposals/"], rows=ROWS),
        Case("public list, words", [f"/proposals/?{urlencode({'q': word})}" for word in WORDS], rows=ROWS),
        Case("public page", _released(), rows=ROWS),
    ]


def _of_unit(username: str) -> list[str]:
    post = Account.objects.get(username=username).current_posts[0]
    with scope.within([COUNTY]):
        rows = Proposal.objects.filter(jurisdiction=COUNTY, host=post.unit_id).order_by("-pk")
        return [f"/department/proposals/{COUNTY}/{each}/" for each in rows.values_list("pk", flat=True)[:60]]


def _tabs() -> list[str]:
    return [f"/deputy/proposals/?tab={tab}" for tab in ("joint", "sign", "evaluate", "congress")]


def _searches() -> list[str]:
    return [f"/deputy/proposals/?{urlencode({'tab': 'congress', 'q': word})}" for word in WORDS]


def _of_deputy() -> list[str]:
    with scope.within([COUNTY]):
        rows = Proposal.objects.filter(jurisdiction=COUNTY, lead=_deputy(), state__in=ACCEPTED_EVER).order_by("-pk")
        return [f"/deputy/proposals/{COUNTY}/{each}/" for each in rows.values_list("pk", flat=True)[:60]]


def _similar() -> list[str]:
    """What is shown beside drafts that say what others have said: each draft takes the title of another proposal."""
    deputy, found = _deputy(), []
    with scope.within([COUNTY]):
        others = Proposal.objects.filter(jurisdiction=COUNTY, state__in=ACCEPTED_EVER).exclude(lead=deputy)
        texts = others.order_by("-pk").values("title", "facts", "cause", "request")[: DRAFTS * 50 : 50]
        term = Proposal.objects.filter(jurisdiction=COUNTY, lead=deputy).values_list("term", flat=True)[0]
        for number, text in enumerate(texts):
            drafted = {"term_id": term, "congress_area": COUNTY, "year": timezone.localdate().year, **text}
            draft, _made = Proposal.objects.get_or_create(
                jurisdiction=COUNTY, lead=deputy, research=f"bench {number}", state=State.DRAFT,
                defaults={"created_at": timezone.now(), "saved_at": timezone.now(), **drafted},
            )  # fmt: skip
            found.append(f"/deputy/proposals/{COUNTY}/{draft.pk}/similar/")
    return found


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


def _of_units(random: Random) -> list[str]:
    """Every address another choice, so that hardly one was counted before."""
    units = Unit.objects.filter(jurisdiction=COUNTY, kind__in=[UnitKind.DEPARTMENT, UnitKind.STREET_OFFICE])
    years = ["all", *range(timezone.localdate().year, timezone.localdate().year - 5, -1)]
    found = [
        f"{STATISTICS}?{urlencode({'year': year, 'host': host})}"
        for year, host in product(years, units.values_list("pk", flat=True))
    ]
    random.shuffle(found)
    return found


def _behind() -> list[str]:
    figures = ["all", "replied", "satisfied", "resolved", "dissatisfied", "rehandled", "repeated", "promise-broken"]
    return [f"{STATISTICS}cases/?{urlencode({'year': 'all', 'figure': each})}" for each in figures]


def _released() -> list[str]:
    with scope.within([COUNTY]):
        rows = Publication.objects.filter(jurisdiction=COUNTY, state=PublicationState.PUBLISHED).order_by(
            "-reviewed_at"
        )
        return [f"/proposals/{COUNTY}/{each}/" for each in rows.values_list("proposal", flat=True)[:200]]
