"""Which unit should host a proposal and which assist: from who hosted its like before and from what its words say, each
with the reason in words. Suggested, never done by itself (handbook §2.2)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from jiazhan.kernel.keeping import for_a_minute
from jiazhan.kernel.text import bigrams
from jiazhan.people.models import Unit, UnitKind
from jiazhan.people.selectors import handling_units

from ..choices import Part
from ..models import Handling, Proposal
from ..states import PartState

# So many years of history count, and so many proposals at most.
YEARS = 5
MOST_FORMER = 5000
MOST_HOSTS, MOST_ASSISTS = 3, 3
# Of the shorter title's pairs of characters, how many both hold.
LEAST_ALIKE = 0.5
# Who assisted this share of a category's proposals is suggested to assist again.
LEAST_ASSIST_SHARE = 0.3
LEAST_ASSISTED = 2
# A title's words count as much as two of the text.
TITLE_WEIGHT = 2
# Say nothing of what a unit is for.
_EMPTY = re.compile("负责|承担|组织|指导|监督|管理|工作|实施|协调|推进|全区|本区|辖区|有关|相关|事务|以及|等")
# Words of duties that stand in every text.
_COMMON = frozenset(
    {
        "城市",
        "建设",
        "处理",
        "公共",
        "服务",
        "发展",
        "规划",
        "社会",
        "工程",
        "设施",
        "项目",
        "政策",
        "制度",
        "改革",
        "综合",
        "行政",
        "保障",
    }
    | {
        "维护",
        "运行",
        "全面",
        "基础",
        "区域",
        "行业",
        "领域",
        "资源",
        "信息",
        "体系",
        "方面",
        "日常",
        "重大",
        "机构",
        "人员",
        "单位",
        "问题",
    }
)
# What more than this share of the units has among its duties tells none of them apart.
MOST_SHARED = 0.25
_MARKS = re.compile(r"[^\u4e00-\u9fff]+|[和与及的]")
_TAILS = (
    "人民政府办公室",
    "办事处",
    "人民政府",
    "管理委员会",
    "委员会",
    "管理局",
    "总局",
    "分局",
    "中心",
    "局",
    "委",
    "办",
)
# Every title begins and ends so.
_FRAME = re.compile("^关于|的?建议$|的?议案$")


@dataclass(frozen=True)
class UnitSuggestion:
    """A unit with the reasons in words, the strongest first."""

    unit: Unit
    score: float
    reasons: tuple[str, ...]

    @property
    def why(self) -> str:
        return "；".join(self.reasons)


@dataclass(frozen=True)
class Suggested:
    """The units that could host, likest first, and those that could assist."""

    hosts: tuple[UnitSuggestion, ...] = ()
    assists: tuple[UnitSuggestion, ...] = ()

    @property
    def host(self) -> UnitSuggestion | None:
        return self.hosts[0] if self.hosts else None


@dataclass
class Former:
    """An accepted proposal of the past with who hosted it."""

    number: str
    year: int
    category: str
    host: UUID
    pairs: frozenset[str]


@dataclass
class Knowledge:
    """What a congress's past and its units' duties tell; read once for a page or for a batch of hundreds."""

    units: dict[UUID, Unit]
    words: dict[UUID, tuple[str, ...]]
    former: list[Former] = field(default_factory=list)
    by_pair: dict[str, list[int]] = field(default_factory=dict)
    by_category: dict[str, list[int]] = field(default_factory=dict)
    assisted: dict[str, Counter[UUID]] = field(default_factory=dict)


def knowledge_of(*, congress_area: str, jurisdiction: str, year: int) -> Knowledge:
    """Read the units in use and the last five years of a congress: three statements, kept for a minute."""
    return _knowledge(congress_area, jurisdiction, year)


@for_a_minute
def _knowledge(congress_area: str, jurisdiction: str, year: int) -> Knowledge:
    units = {unit.pk: unit for unit in handling_units(jurisdiction)}
    known = Knowledge(units, _telling({pk: _words_of(unit) for pk, unit in units.items()}))
    here = {"jurisdiction": jurisdiction, "congress_area": congress_area, "host__in": list(units)}
    rows = Proposal.objects.filter(**here, year__gte=year - YEARS, assigned_at__isnull=False).order_by("-pk")
    oldest: Any = None
    for pk, number, when, category, host, title in rows.values_list(
        "pk", "number", "year", "category_id", "host_id", "title"
    )[:MOST_FORMER]:
        place, oldest = len(known.former), pk
        known.former.append(Former(number, when, category or "", host, _pairs(title)))
        for pair in known.former[-1].pairs:
            known.by_pair.setdefault(pair, []).append(place)
        known.by_category.setdefault(category or "", []).append(place)
    if oldest is not None:
        parts = Handling.objects.filter(
            jurisdiction=jurisdiction,
            part=Part.ASSIST,
            unit__in=list(units),
            proposal__gte=oldest,
            proposal__congress_area=congress_area,
        ).exclude(state=PartState.RELEASED)
        counted: dict[str, Counter[UUID]] = defaultdict(Counter)
        for category, unit, count in parts.order_by().values_list("proposal__category", "unit").annotate(n=Count("pk")):
            counted[category or ""][unit] += count
        known.assisted = counted
    return known


def suggest_units(proposal: Proposal, known: Knowledge) -> Suggested:
    """Who could host and who assist; empty where nothing speaks for anybody."""
    scores: Counter[UUID] = Counter()
    reasons: dict[UUID, list[tuple[float, str]]] = defaultdict(list)
    for unit, weight, said in (
        *_from_category(proposal, known),
        *_from_alike(proposal, known),
        *_from_words(proposal, known),
    ):
        scores[unit] += weight  # type: ignore[assignment]
        reasons[unit].append((weight, said))
    # A street or township named in the text helps; it hosts only where no department speaks up.
    ranked = sorted(scores, key=lambda pk: -scores[pk])
    departments = [pk for pk in ranked if known.units[pk].kind != UnitKind.STREET_OFFICE or _hosted(reasons[pk])]
    hosts = tuple(_suggestion(known, pk, scores[pk], reasons[pk]) for pk in (departments or ranked)[:MOST_HOSTS])
    first = hosts[0].unit.pk if hosts else None
    return Suggested(hosts, _assists(proposal, known, first, scores, reasons))


def _hosted(reasons: list[tuple[float, str]]) -> bool:
    """Whether history speaks for the unit, and not its name in the text alone."""
    return any(weight >= 1 for weight, _said in reasons)


def _from_category(proposal: Proposal, known: Knowledge) -> Iterable[tuple[UUID, float, str]]:
    if not proposal.category_id:
        return
    rows = [known.former[place] for place in known.by_category.get(proposal.category_id, ())]
    if not rows:
        return
    everything = Counter(row.host for row in rows)
    last = Counter(row.host for row in rows if row.year == proposal.year - 1)
    for unit, count in everything.items():
        names = {"category": proposal.category.name if proposal.category else "", "unit": known.units[unit].name}
        if last[unit]:
            said = _("去年 %(n)s 件%(category)s类建议由%(unit)s主办") % {**names, "n": last[unit]}
        else:
            said = _("近五年 %(n)s 件%(category)s类建议由%(unit)s主办") % {**names, "n": count}
        yield unit, 1 + 3 * count / len(rows), said


def _from_alike(proposal: Proposal, known: Knowledge) -> Iterable[tuple[UUID, float, str]]:
    pairs = _pairs(proposal.title)
    shared = Counter(place for pair in pairs for place in known.by_pair.get(pair, ()))
    best: dict[UUID, tuple[float, Former]] = {}
    for place, count in shared.most_common(20):
        row = known.former[place]
        share = count / max(1, min(len(pairs), len(row.pairs)))
        if share >= LEAST_ALIKE and row.number != proposal.number and share > best.get(row.host, (0.0, row))[0]:
            best[row.host] = (share, row)
    for unit, (share, row) in best.items():
        said = _("相近的%(number)s由%(unit)s主办") % {"number": row.number, "unit": known.units[unit].name}
        yield unit, 1 + 2 * share, said


def _from_words(proposal: Proposal, known: Knowledge) -> Iterable[tuple[UUID, float, str]]:
    text = f"{proposal.facts}{proposal.cause}{proposal.request}"
    for unit, words in known.words.items():
        found = [word for word in words if word in proposal.title or word in text]
        if not found:
            continue
        found = [word for word in found if not any(word != other and word in other for other in found)]
        weight = sum(len(word) * (TITLE_WEIGHT if word in proposal.title else 1) for word in found)
        quoted = "、".join(f"“{word}”" for word in sorted(found, key=len, reverse=True)[:3])
        said = _("文中写到%(words)s，属%(unit)s职责") % {"words": quoted, "unit": known.units[unit].name}
        # Words alone never weigh as much as history.
        yield unit, min(0.9, weight / 20), said


def _assists(
    proposal: Proposal,
    known: Knowledge,
    host: UUID | None,
    scores: Counter[UUID],
    reasons: dict[UUID, list[tuple[float, str]]],
) -> tuple[UnitSuggestion, ...]:
    found: dict[UUID, UnitSuggestion] = {}
    category = proposal.category_id or ""
    of_kind = len(known.by_category.get(category, ()))
    for unit, count in known.assisted.get(category, Counter()).most_common(MOST_ASSISTS):
        if unit != host and count >= LEAST_ASSISTED and count / max(1, of_kind) >= LEAST_ASSIST_SHARE:
            names = {
                "n": count,
                "category": proposal.category.name if proposal.category else "",
                "unit": known.units[unit].name,
            }
            said = _("近五年 %(n)s 件%(category)s类建议由%(unit)s协办") % names
            found[unit] = UnitSuggestion(known.units[unit], 1 + count / of_kind, (said,))
    for unit in scores:
        # A place that the text names, and who is named in so many words.
        is_named = known.units[unit].kind == UnitKind.STREET_OFFICE or scores[unit] >= 0.5
        if unit not in found and unit != host and is_named and not _hosted(reasons[unit]):
            found[unit] = _suggestion(known, unit, scores[unit], reasons[unit])
    return tuple(sorted(found.values(), key=lambda each: -each.score)[:MOST_ASSISTS])


def _suggestion(known: Knowledge, unit: UUID, score: float, reasons: list[tuple[float, str]]) -> UnitSuggestion:
    said = [words for _weight, words in sorted(reasons, key=lambda each: -each[0])]
    return UnitSuggestion(known.units[unit], round(float(score), 2), tuple(said))


def _pairs(title: str) -> frozenset[str]:
    return frozenset(term for term in bigrams(_FRAME.sub("", title)) if len(term) == 2)


def _words_of(unit: Unit) -> tuple[str, ...]:
    """What a text may say that belongs to this unit: the words of its duties, and the core of its name."""
    said = [part for part in _MARKS.split(_EMPTY.sub("、", unit.duties)) if 2 <= len(part) <= 8]
    # Four characters are two words as a rule: 城市排水 says 排水 as well.
    halves = [part[n : n + 2] for part in said if len(part) in {4, 6} for n in range(0, len(part), 2)]
    said += [half for half in halves if half not in _COMMON]
    name = unit.name
    for tail in _TAILS:
        if name.endswith(tail) and len(name) > len(tail) + 1:
            name = name[: -len(tail)]
            break
    said.append(name[1:] if name[0] in "区县市省" and len(name) > 2 else name)
    return tuple(dict.fromkeys(each for each in said if len(each) >= 2))


def _telling(words: dict[UUID, tuple[str, ...]]) -> dict[UUID, tuple[str, ...]]:
    """Without the words that many units share."""
    shared = Counter(word for each in words.values() for word in each)
    most = max(2, len(words) * MOST_SHARED)
    return {pk: tuple(word for word in each if shared[word] <= most) for pk, each in words.items()}
