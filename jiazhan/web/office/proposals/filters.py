"""The filters of the list of proposals as they stand in its address, and the choices that its bar offers."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiazhan.kernel.keeping import for_a_minute
from jiazhan.places.models import Session
from jiazhan.suggestions.choices import Kind
from jiazhan.suggestions.selectors.queue import Filters, Tab
from jiazhan.suggestions.states import State
from jiazhan.web.office.choices import category_choices, unit_choices

BETWEEN = "between"
YES = (("1", gettext_lazy("只看")),)
# Behind "more", so that the bar stays one line.
FURTHER = frozenset({"kind", "lead", "state", "key", "overdue"})
YEARS_BACK = 10
# A draft is its deputies' own; a desk never finds one.
OFFERED_STATES = [each for each in State.choices if each[0] not in {State.DRAFT, State.COSIGNING}]


@dataclass(frozen=True)
class Asked:
    """What the address asks for. A value that means nothing is passed over, so an old bookmark still opens."""

    tab: Tab
    words: str
    filters: Filters
    cursor: str

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.filters != Filters())


def asked(query: QueryDict, *, first: Tab) -> Asked:
    """Read an address; `first` is the tab of a bare one."""
    tab, session = query.get("tab", ""), query.get("session", "")
    year = query.get("year", "")
    filters = Filters(
        year=int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None,
        session=_id(session),
        is_between=session == BETWEEN,
        kind=_one_of(query.get("kind", ""), Kind.values),
        category=_digits(query.get("category", "")),
        host=_id(query.get("host", "")),
        lead=query.get("lead", "").strip()[:40],
        state=_one_of(query.get("state", ""), [value for value, _label in OFFERED_STATES]),
        is_key=query.get("key") == "1",
        is_overdue=query.get("overdue") == "1",
    )
    return Asked(
        tab=Tab(tab) if tab in {each.value for each in Tab} else first,
        words=query.get("q", "").strip()[:100],
        filters=filters,
        cursor=query.get("after", ""),
    )


def bar(asked: Asked, *, area: str, this_year: int) -> list[dict[str, Any]]:
    """The fields of the bar: name, label, choices (None for a box of words), value."""
    given = asked.filters
    session = BETWEEN if given.is_between else str(given.session or "")
    years = [(str(year), _("%(year)s 年") % {"year": year}) for year in range(this_year, this_year - YEARS_BACK, -1)]
    offered: list[tuple[str, Any, Any, str]] = [
        ("year", _("年度"), years, str(given.year or "")),
        ("session", _("会议"), [*session_choices(area), (BETWEEN, _("闭会期间"))], session),
        ("category", _("分类"), category_choices(), given.category),
        ("host", _("主办单位"), unit_choices(), str(given.host or "")),
        ("kind", _("类别"), Kind.choices, given.kind),
        ("state", _("状态"), OFFERED_STATES, given.state),
        ("lead", _("领衔代表"), None, given.lead),
        ("key", _("重点督办"), YES, "1" if given.is_key else ""),
        ("overdue", _("已逾期"), YES, "1" if given.is_overdue else ""),
    ]
    return [
        {"name": name, "label": label, "choices": values, "value": value, "is_further": name in FURTHER}
        for name, label, values, value in offered
    ]


@for_a_minute
def session_choices(area: str) -> list[tuple[str, str]]:
    """The sessions of a congress, newest first."""
    rows = Session.objects.filter(term__congress__region=area).select_related("term").order_by("-starts_on")
    return [
        (str(row.pk), _("%(term)s届%(number)s次会议") % {"term": row.term.number, "number": row.number}) for row in rows
    ]


def _digits(text: str) -> str:
    return text if text.isdecimal() and text.isascii() and len(text) <= 4 else ""


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _one_of(text: str, values: Any) -> str:
    return text if text in values else ""
