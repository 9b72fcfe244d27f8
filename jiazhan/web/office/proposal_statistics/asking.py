"""The choice of proposals as it stands in an address, and what the bar of filters offers."""

from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from jiazhan.kernel.keeping import for_a_minute
from jiazhan.opinions.models import Category
from jiazhan.suggestions.selectors.reporting import Choice
from jiazhan.web.office.choices import unit_choices
from jiazhan.web.office.proposals.filters import BETWEEN, YEARS_BACK, session_choices

NONE, EVERY = "none", "all"


def asked(query: QueryDict, *, this_year: int) -> Choice:
    """A bare address asks for this year; what means nothing is passed over, so that an old bookmark still opens."""
    year, session = query.get("year", ""), query.get("session", "")
    host, category = query.get("host", ""), query.get("category", "")
    known = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else this_year
    return Choice(
        year=None if year == EVERY else known,
        session=_id(session),
        is_between=session == BETWEEN,
        host=_id(host),
        without_host=host == NONE,
        category=category if category.isascii() and category.isdecimal() and len(category) <= 4 else "",
        without_category=category == NONE,
    )


def bar(choice: Choice, *, area: str, this_year: int) -> list[dict[str, Any]]:
    """The fields of the bar: name, label, choices, value."""
    given = choice.as_query()
    years = [(str(year), _("%(year)s 年") % {"year": year}) for year in range(this_year, this_year - YEARS_BACK, -1)]
    if choice.year and (str(choice.year), _("%(year)s 年") % {"year": choice.year}) not in years:
        years.append((str(choice.year), _("%(year)s 年") % {"year": choice.year}))
    offered: list[tuple[str, Any, list[tuple[str, Any]]]] = [
        ("year", _("年度"), [*years, (EVERY, _("全部年度"))]),
        ("session", _("会议"), [("", _("全部")), *session_choices(area), (BETWEEN, _("闭会期间"))]),
        ("host", _("主办单位"), [("", _("全部")), *unit_choices(), (NONE, _("还没有交办"))]),
        ("category", _("分类"), [("", _("全部")), *_categories(), (NONE, _("没有分类"))]),
    ]
    return [
        {"name": name, "label": label, "choices": values, "value": given.get(name, "")}
        for name, label, values in offered
    ]


def words_of(choice: Choice, *, area: str) -> str:
    """The choice in words: `2026 年 · 九届四次会议`."""
    parts = [_("%(year)s 年") % {"year": choice.year} if choice.year else _("全部年度")]
    if choice.is_between:
        parts.append(_("闭会期间"))
    elif choice.session:
        parts.append(dict(session_choices(area)).get(str(choice.session), _("一次会议")))
    if choice.without_host:
        parts.append(_("还没有交办"))
    elif choice.host:
        parts.append(str(dict(unit_choices()).get(str(choice.host), _("一个单位"))))
    if choice.without_category:
        parts.append(_("没有分类"))
    elif choice.category:
        parts.append(dict(_categories()).get(choice.category, choice.category))
    return " · ".join(parts)


@for_a_minute
def _categories() -> list[tuple[str, str]]:
    """Both levels, the second set in under the first."""
    rows = Category.objects.filter(is_active=True).order_by("code").values_list("code", "name")
    return [(code, name if len(code) == 2 else f"　{name}") for code, name in rows]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
