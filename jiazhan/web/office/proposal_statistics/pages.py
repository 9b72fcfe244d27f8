"""The figures on one page, and the list of exactly the cases behind each."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiazhan.kernel.outcomes import OutcomeClass
from jiazhan.people.permissions import Permission as P
from jiazhan.suggestions.models import Promise
from jiazhan.suggestions.parameters import letter_of
from jiazhan.suggestions.selectors import reporting
from jiazhan.suggestions.selectors.reporting import ALL, PROMISE, Choice, Group, Overview
from jiazhan.suggestions.selectors.statistics import FIGURES, PROMISES, Counted
from jiazhan.web.office.frame import page
from jiazhan.web.office.proposals.reach import areas_of
from jiazhan.web.office.proposals.rows import rows_of
from jiazhan.web.ui.guards import needs

from .asking import asked, bar, words_of

PAGE = 50
# In this order; satisfaction is drawn apart, with what the deputies confirm as solved beside it.
TABLE = ("replied", "on_time", "contacted", "claimed", "rehandled", "returned", "repeated")
PAIR = ("satisfied", "resolved", "basically_satisfied", "dissatisfied", "unrated")


@needs(P.PROPOSAL_READ)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    area, this_year = area_of(request), timezone.localdate().year
    choice = asked(request.GET, this_year=this_year)
    found = reporting.overview(request.user, choice)
    context = {
        "choice": choice,
        "said": words_of(choice, area=area),
        "bar": bar(choice, area=area, this_year=this_year),
        "is_narrowed": choice != Choice(year=this_year),
        "found": found,
        "all_url": cases_url(choice, ALL),
        "pair": [figure_of(choice, found.figures[name]) for name in PAIR],
        "table": [figure_of(choice, found.figures[name]) for name in TABLE],
        "outcomes": _outcomes(found, area),
        "promises": _promises(found),
        "units": [group_of(each) for each in found.units],
        "categories": [group_of(each) for each in found.categories],
        "years": [group_of(each) for each in found.years],
        "trend": _trend(found.years),
        "most": max((each.count for each in found.years), default=0),
        "query": urlencode(choice.as_query()),
    }
    return page(request, "office/proposal_statistics/overview.html", context, current="office:proposals")


@needs(P.PROPOSAL_READ)
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The list of exactly what a figure counts."""
    area, today = area_of(request), timezone.localdate()
    choice, figure = asked(request.GET, this_year=today.year), request.GET.get("figure", "")
    title, hint = _named(figure, area)
    is_promises = figure.startswith(PROMISE)
    behind: Any = reporting.promise_cases if is_promises else reporting.cases
    pages = Paginator(behind(request.user, choice, figure), PAGE)
    pages.count = reporting.count_of(request.user, choice, figure)
    found = pages.get_page(request.GET.get("page"))
    rows = [_promise_row(each, today) for each in found] if is_promises else rows_of(list(found), today=today)
    context = {
        "title": title,
        "hint": hint,
        "said": words_of(choice, area=area),
        "is_promises": is_promises,
        "found": found,
        "rows": rows,
        "back_url": f"{reverse('office:proposal-statistics')}?{urlencode(choice.as_query())}",
    }
    return page(request, "office/proposal_statistics/cases.html", context, current="office:proposals")


def area_of(request: HttpRequest) -> str:
    """The congress whose figures these are. Who works for none finds nothing."""
    areas = areas_of(request.user, P.PROPOSAL_READ)
    if not areas:
        raise Http404
    return areas[0]


def cases_url(choice: Choice, figure: str) -> str:
    return f"{reverse('office:proposal-statistics-cases')}?{urlencode({**choice.as_query(), 'figure': figure})}"


def figure_of(choice: Choice, counted: Counted) -> dict[str, Any]:
    """A figure with its base in words and the address of its cases."""
    return {
        "label": counted.figure.label,
        "hint": counted.figure.hint,
        "count": counted.count,
        "of": counted.of,
        "share": counted.share,
        "base": _base_of(counted),
        "url": cases_url(choice, counted.figure.name),
    }


def group_of(group: Group) -> dict[str, Any]:
    """A row of a table by unit, category or year: each number with the address of its cases."""
    return {
        "label": group.label,
        "count": group.count,
        "url": cases_url(group.choice, ALL),
        **{name: figure_of(group.choice, each) for name, each in group.figures.items()},
    }


def _base_of(counted: Counted) -> str:
    name = counted.figure.name
    if name in {"on_time", "contacted", "claimed", "rehandled"}:
        return _("占已答复 %(n)s 件") % {"n": counted.of}
    if name in {"satisfied", "basically_satisfied", "dissatisfied", "unrated"}:
        return _("占评价过或评价期已过的 %(n)s 件") % {"n": counted.of}
    if name == "returned":
        return _("占已交办 %(n)s 件") % {"n": counted.of}
    return _("占全部 %(n)s 件") % {"n": counted.of}


def _trend(years: list[Group]) -> str:
    """What the last year says beside the one before it; empty for a single year."""
    if len(years) < 2:
        return ""
    before, last = years[-2:]
    by = last.count - before.count
    change = _("持平") if by == 0 else _("多 %(n)s 件") % {"n": by} if by > 0 else _("少 %(n)s 件") % {"n": -by}
    said = {"last": last.label, "n": last.count, "before": before.label, "change": change}
    text = _("%(last)s立案 %(n)s 件，与%(before)s比%(change)s") % said
    shares = [each.figures["resolved"].share for each in (last, before)]
    if None in shares:
        return text
    return text + _("；代表确认解决的占 %(now)s%%，上一年 %(then)s%%") % {"now": shares[0], "then": shares[1]}


def _outcomes(found: Overview, area: str) -> list[dict[str, Any]]:
    rows = [
        {
            "letter": letter_of(value, area) if value else "",
            "label": OutcomeClass(value).label if value else _("还没有答复"),
            "count": count,
            "url": cases_url(found.choice, f"outcome-{value}"),
        }
        for value, count in found.outcomes.items()
    ]
    return [each for each in rows if each["letter"] or each["count"]]


def _promises(found: Overview) -> list[dict[str, Any]]:
    return [
        {
            "label": _promise_label(name),
            "count": getattr(found.promises, name),
            "url": cases_url(found.choice, f"{PROMISE}{name}"),
        }
        for name in PROMISES
    ]


def _promise_label(name: str) -> str:
    return {"kept": _("已兑现"), "broken": _("未兑现"), "waiting": _("到期待认定"), "open": _("未到期")}[name]


def _named(figure: str, area: str) -> tuple[str, str]:
    """What a list is called. 404 for what is no figure."""
    if figure == ALL:
        return _("全部建议"), _("立案以后的建议，并案的算在并入的那一件里")
    if figure in FIGURES:
        return str(FIGURES[figure].label), str(FIGURES[figure].hint)
    if figure.startswith("outcome-"):
        value = figure.removeprefix("outcome-")
        if value in OutcomeClass.values:
            letter = letter_of(value, area)
            return f"{letter} {OutcomeClass(value).label}", _("最近一次答复的办理结果")
        if not value:
            return _("还没有答复"), _("没有办理结果的")
    if figure.removeprefix(PROMISE) in PROMISES and figure.startswith(PROMISE):
        return _("承诺%(state)s") % {"state": _promise_label(figure.removeprefix(PROMISE))}, _(
            "答复里写明完成日期的承诺"
        )
    raise Http404


def _promise_row(promise: Promise, today: date) -> dict[str, Any]:
    held = promise.proposal
    unit = promise.reply.handling.unit if promise.reply else held.host
    return {
        "title": promise.text,
        "url": reverse("office:proposal", kwargs={"jurisdiction": held.jurisdiction, "proposal_id": held.pk}),
        "meta": (
            held.number,
            held.title,
            unit.name if unit else "",
            _("%(day)s前") % {"day": promise.due_on.isoformat()},
            promise.get_state_display(),
        ),
        "light": None,
        "words": None,
        "badges": (),
    }
