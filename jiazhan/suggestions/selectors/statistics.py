"""The figures of handbook §2.5. Each is a condition on proposals: its number is how many fulfil it, and its cases are those
very rows, so that a figure and the list behind it cannot differ.

Satisfaction is never given without what the deputies confirm as solved (`PAIRED`); who has not evaluated is unrated (§14 rule 5).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.outcomes import Grade, OutcomeClass, PromiseState
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from ..choices import Kind
from ..models import Promise, Proposal
from ..states import ACCEPTED_EVER, State

EVERY = Q()
REPLIED = Q(replied_at__isnull=False)
# Its window is over: what nobody rated by then stays unrated.
RATED_OUT = REPLIED & (~Q(first_grade="") | ~Q(state=State.REPLIED))


@dataclass(frozen=True)
class Figure:
    """How many of `base` fulfil `condition`; without a base, of all that were accepted."""

    name: str
    label: Any
    hint: Any
    condition: Q
    base: Q = EVERY

    @property
    def cases(self) -> Q:
        return self.base & self.condition


@dataclass(frozen=True)
class Counted:
    """A figure with its numbers. `share` is a percentage of one decimal, None where there is nothing to share."""

    figure: Figure
    count: int
    of: int

    @property
    def share(self) -> float | None:
        return round(100 * self.count / self.of, 1) if self.of else None


FIGURES: dict[str, Figure] = {
    each.name: each
    for each in (
        Figure("replied", _("已答复"), _("至少答复过一次"), REPLIED),
        Figure("on_time", _("按期答复"), _("第一次答复没有超过期限"), Q(is_on_time=True), REPLIED),
        Figure("contacted", _("与代表沟通"), _("答复前有沟通记录"), Q(was_contacted=True), REPLIED),
        Figure("satisfied", _("首次评价满意"), _("每位评价的代表都满意"), Q(first_grade=Grade.SATISFIED), RATED_OUT),
        Figure(
            "basically_satisfied", _("首次评价基本满意"), _("评价中最低的是基本满意"),
            Q(first_grade=Grade.BASICALLY_SATISFIED), RATED_OUT,
        ),
        Figure("dissatisfied", _("首次评价不满意"), _("至少一位代表不满意"), Q(first_grade=Grade.DISSATISFIED), RATED_OUT),
        Figure("unrated", _("未评价"), _("评价期内没有代表评价，不算满意"), Q(first_grade=""), RATED_OUT),
        Figure("resolved", _("代表确认解决"), _("每位评价的代表都确认问题已解决"), Q(is_resolved=True)),
        Figure("claimed", _("答复称已解决"), _("承办单位答复为已经解决"), Q(outcome=OutcomeClass.RESOLVED), REPLIED),
        Figure("rehandled", _("重新办理"), _("因代表不满意重新办理过"), Q(round__gt=1), REPLIED),
        Figure("returned", _("有过退单"), _("承办单位提出过异议"), Q(returns_count__gt=0), Q(assigned_at__isnull=False)),
        Figure("repeated", _("多年重复提出"), _("往年已有代表提出"), Q(repeats__isnull=False)),
    )
}  # fmt: skip
# Shown together or not at all (§2.5 [设计]).
PAIRED = ("satisfied", "resolved")


@dataclass(frozen=True)
class Promises:
    """What was promised and became of it; `open` are not due, `waiting` are due and without a finding."""

    kept: int
    broken: int
    waiting: int
    open: int

    @property
    def share(self) -> float | None:
        """Kept, of those that came to an end: a percentage of one decimal."""
        ended = self.kept + self.broken
        return round(100 * self.kept / ended, 1) if ended else None


PROMISES = {
    "kept": PromiseState.KEPT,
    "broken": PromiseState.BROKEN,
    "waiting": PromiseState.ASKED,
    "open": PromiseState.OPEN,
}


def counted_for(user: Account, *, kind: Kind = Kind.PROPOSAL, **given: Any) -> QuerySet[Proposal]:
    """The accepted proposals whose statistics the person may read: those of the congresses of their posts.

    `given` narrows them by field: year, session, is_in_session, host, category. Merged ones count in what they went into.
    """
    areas = {post.area for post in user.posts_with(Permission.PROPOSAL_READ)}
    # The jurisdictions say nothing that the areas don't, but lead the database to the index in the order of the lists.
    places = {area[:6] for area in areas}
    rows = Proposal.objects.filter(kind=kind, jurisdiction__in=places, congress_area__in=areas)
    rows = rows.filter(state__in=ACCEPTED_EVER - {State.MERGED, State.CONVERTED, State.ON_AGENDA})
    return rows.filter(**{name: value for name, value in given.items() if value not in (None, "")})


def figures(rows: QuerySet[Proposal]) -> dict[str, Counted]:
    """All figures of these proposals, in one statement; `of` is the base of each."""
    asked: dict[str, Count] = {"all": Count("pk")}
    for each in FIGURES.values():
        asked[each.name] = Count("pk", filter=each.cases)
        asked[f"{each.name}_of"] = Count("pk", filter=each.base) if each.base else Count("pk")
    numbers = rows.order_by().aggregate(**asked)
    return {name: Counted(each, numbers[name], numbers[f"{name}_of"]) for name, each in FIGURES.items()}


def by_field(
    rows: QuerySet[Proposal], field: str, names: Iterable[str] = ("replied", "on_time", *PAIRED)
) -> list[dict[str, Any]]:
    """The same figures for each value of a field (host, category, year, session), the largest first; one statement."""
    asked = {f"n_{name}": Count("pk", filter=FIGURES[name].cases) for name in names}
    bases = {f"of_{name}": Count("pk", filter=FIGURES[name].base) for name in names if FIGURES[name].base}
    grouped = rows.order_by().values(field).annotate(all=Count("pk"), **asked, **bases).order_by("-all", field)
    return [
        {
            "value": row[field],
            "count": row["all"],
            **{name: Counted(FIGURES[name], row[f"n_{name}"], row.get(f"of_{name}", row["all"])) for name in names},
        }
        for row in grouped
    ]


def outcomes(rows: QuerySet[Proposal]) -> dict[str, int]:
    """How many of each class of outcome, in the order of the classes; unanswered ones are under the empty one."""
    numbers = dict(rows.order_by().values_list("outcome").annotate(Count("pk")))
    return {value: numbers.get(value, 0) for value in (*OutcomeClass.values, "")}


def promises(rows: QuerySet[Proposal]) -> Promises:
    """What became of the promises of these proposals; one statement."""
    promised = rows.filter(promises__isnull=False).order_by()
    numbers = dict(promised.values_list("promises__state").annotate(Count("promises")))
    return Promises(**{name: numbers.get(state, 0) for name, state in PROMISES.items()})


def cases(rows: QuerySet[Proposal], name: str) -> QuerySet[Proposal]:
    """The proposals behind a figure, behind a class of outcome (`outcome-planned`) or behind promises (`promise-broken`).

    Raises KeyError for a name that is none of these.
    """
    if name.startswith("outcome-"):
        wanted = name.removeprefix("outcome-")
        if wanted not in (*OutcomeClass.values, ""):
            raise KeyError(name)
        return rows.filter(outcome=wanted)
    if name.startswith("promise-"):
        state = PROMISES[name.removeprefix("promise-")]
        of = Promise.objects.filter(proposal=OuterRef("pk"), jurisdiction=OuterRef("jurisdiction"), state=state)
        return rows.filter(Exists(of))
    return rows.filter(FIGURES[name].cases)
