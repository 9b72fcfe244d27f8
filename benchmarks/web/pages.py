"""What is measured: each page with its addresses at two sizes, the statements it asks, its target."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from urllib.parse import urlencode

from django.db.models import Count

from benchmarks.web import visitors
from benchmarks.web.report import Case
from jiazhan.config.demo.names import COUNTY
from jiazhan.kernel import scope
from jiazhan.opinions.choices import PublicationState
from jiazhan.opinions.models import Opinion, Publication
from jiazhan.opinions.states import OPEN
from jiazhan.people.models import Account
from jiazhan.places.models import Station

CITY = tuple(f"9901{n:02}" for n in range(1, 11))
# Words that people search for; measured with several, because common and rare ones differ.
TWO = ["路灯", "停车", "学校", "噪音", "电梯", "公交", "医院", "垃圾", "工资", "物业"]
ONE = ["的", "水", "路", "车", "雨", "灯", "井", "卡", "猫", "霾"]
FOUR = [
    "小区物业",
    "公交线路",
    "夜间施工",
    "拖欠工资",
    "下水管道",
    "电动车辆",
    "人民医院",
    "农村公路",
    "希望政府",
    "有关部门",
]
PAIRS = [f"{one} {other}" for one, other in pairwise(TWO)]


@dataclass
class People:
    """Cookies of who is logged in."""

    office: str = field(default_factory=lambda: _cookie("renda-ban"))
    station: str = field(default_factory=lambda: _cookie("zhan3"))
    unit: str = field(default_factory=lambda: _cookie("sw-jingban"))
    city: str = field(default_factory=lambda: visitors.cookie_of(visitors.city_office()))


def _cookie(username: str) -> str:
    return visitors.cookie_of(Account.objects.get(username=username))


def cases(random: Random) -> list[Case]:
    people = People()
    lists, words = _lists(random), lambda found: _searches(random, found)
    return [
        Case("office list, 3 filters", lists, people.office, 100, 12, peer=5, rows="100,000"),
        Case("office list, 3 filters", lists, people.city, 100, 12, peer=5, rows="1,000,000"),
        Case("station's list of open matters", ["/office/opinions/?tab=under-way"], people.station, 100, 12, rows="100,000"),
        Case("search, 2 characters, 2 filters", words(TWO), people.office, alone=30, rows="100,000"),
        Case("search, 2 characters, 2 filters", words(TWO), people.city, alone=30, rows="1,000,000"),
        Case("search, 4 characters, 2 filters", words(FOUR), people.city, alone=30, rows="1,000,000"),
        Case("search, 1 character, 2 filters", words(ONE), people.city, alone=30, rows="1,000,000"),
        Case("search, 2 words, 2 filters", words(PAIRS), people.city, alone=30, rows="1,000,000"),
        Case("case page, office", _matters(random), people.office, 150, peer=28, rows="100,000"),
        Case("department inbox", ["/department/?tab=under-way"], people.unit, rows="100,000"),
        Case("public page of a matter", _published(random), rows="1,000,000"),
        Case("station page", _stations(random), rows="1,000,000"),
        Case("front page", ["/"], rows="1,000,000"),
    ]  # fmt: skip


def _lists(random: Random) -> list[str]:
    """Street, upper category and time; each address another choice."""
    streets = [f"{COUNTY}{n:03}" for n in range(1, 22)]
    kinds = ["01", "02", "03", "07", "0102", "0201", "0302", "05"]
    filters = ({"tab": random.choice(["all", "under-way", "waiting"]), "street": random.choice(streets),
                "category": random.choice(kinds), "time": random.choice(["90", "365"])} for _ in range(60))  # fmt: skip
    return [f"/office/opinions/?{urlencode(each)}" for each in filters]


def _searches(random: Random, words: Iterable[str]) -> list[str]:
    filters = [{"category": "01"}, {"urgency": "normal"}, {"time": "365"}, {"state": "closed"}, {"category": "03"}]
    found = []
    for word in words:
        for _ in range(4):
            one, two = random.sample(filters, 2)
            found.append(f"/office/opinions/?{urlencode({'q': word, 'tab': 'all'} | one | two)}")
    return found


def _matters(random: Random) -> list[str]:
    """Of every state, as many of the open ones as of the others."""
    with scope.within([COUNTY]):
        by_state = dict(Opinion.objects.filter(jurisdiction=COUNTY).values_list("state").annotate(Count("pk")))
        found = []
        for state in by_state:
            rows = Opinion.objects.filter(jurisdiction=COUNTY, state=state, visibility="normal")
            found += list(
                rows.order_by("-raised_at", "-id").values_list("pk", flat=True)[: 12 if state in OPEN else 30]
            )
    random.shuffle(found)
    return [f"/office/opinions/{COUNTY}/{each}/" for each in found]


def _published(random: Random) -> list[str]:
    with scope.within(CITY):
        rows = Publication.objects.filter(jurisdiction__in=CITY, state=PublicationState.PUBLISHED)
        found = list(rows.values_list("jurisdiction", "pk")[:200])
    random.shuffle(found)
    return [f"/open/{jurisdiction}/{each}/" for jurisdiction, each in found]


def _stations(random: Random) -> list[str]:
    found = list(Station.objects.filter(jurisdiction=COUNTY).values_list("code", flat=True))
    return [f"/stations/{COUNTY}/{code}/" for code in found]
