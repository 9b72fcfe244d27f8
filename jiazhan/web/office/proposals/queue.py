"""The list of proposals: tabs by what is to be done, filters in the address, pages that keep their place."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission as P
from jiazhan.suggestions import access
from jiazhan.suggestions.selectors import search
from jiazhan.suggestions.selectors.queue import LABELS, OWN, Queue, Tab, counts, matching, queue, tabs_for
from jiazhan.web.office.frame import page
from jiazhan.web.ui.guards import needs

from . import filters
from .reach import DESK, areas_of
from .rows import rows_of

EMPTY = {
    Tab.CHECK: (_("没有等待审查的建议"), _("代表提交的建议和议案会出现在这里，最先到期的排在最上面。")),
    Tab.ASSIGN: (_("没有等待交办的建议"), _("立案以后、交给承办单位以前的会出现在这里。")),
    Tab.RULE: (_("没有要裁定的异议"), _("承办单位认为不是自己的事，会在这里请您裁定。")),
    Tab.EXTEND: (_("没有要批的延期"), _("承办单位申请延期答复的会出现在这里。")),
    Tab.REORDER: (_("没有要重新交办的"), _("代表评价为不满意的会出现在这里，五个工作日内重新交办。")),
    Tab.SETTLE: (_("没有要面商的"), _("代表第二次仍不满意的会出现在这里。")),
    Tab.UNDER_WAY: (_("没有正在办理的建议"), _("交办以后、答复以前的都在这里。")),
    Tab.EVALUATE: (_("没有等代表评价的"), _("答复以后等代表评价的会出现在这里。")),
    Tab.TRACK: (_("没有要跟踪的承诺"), _("答复里有承诺、还没有兑现的会出现在这里。")),
    Tab.LATE: (_("没有逾期的"), _("过了期限还没有办的会出现在这里。")),
}


@needs(*DESK)
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """One page of the list, with what waits in each tab."""
    user, today = request.user, timezone.localdate()
    areas = areas_of(user)
    waiting = counts(user, today=today)
    tabs = tabs_for(user)
    asked = filters.asked(request.GET, first=_first(tabs, waiting))
    found = _found(user, asked, areas, waiting, today=today)
    title, hint = EMPTY.get(asked.tab, (_("这里还没有建议"), _("代表提交以后会出现在这里。")))
    if asked.is_narrowed:
        title, hint = _("没有符合条件的建议"), _("换一个词，或者去掉几个条件再找。")
    if not areas:
        title, hint = _("您的岗位没有本级人大的建议"), _("街道不设人大，代表建议由区人大常委会办理。")
    context = {
        "tabs": _tabs(request, tabs, asked, waiting),
        "asked": asked,
        "bar": filters.bar(asked, area=areas[0] if areas else "", this_year=today.year),
        "rows": rows_of(found.rows, today=today, words=asked.words),
        "next_url": _address(request, found.next_cursor) if found.next_cursor else "",
        "first_url": _address(request, "") if asked.cursor else "",
        "clear_url": f"{reverse('office:proposals')}?tab={asked.tab}" if asked.is_narrowed else None,
        "empty_title": title,
        "empty_hint": hint,
        "may_batch": bool(user.permissions & {P.PROPOSAL_ASSIGN, P.PROPOSAL_GOV_ASSIGN}) and bool(areas),
        "may_manage": P.CONGRESS_MANAGE in user.permissions and bool(areas),
        "may_import": P.PROPOSAL_IMPORT in user.permissions and bool(areas),
    }
    return page(request, "office/proposals/queue.html", context, current="office:proposals")


def _found(
    user: Account, asked: filters.Asked, areas: tuple[str, ...], waiting: dict[Tab, str], *, today: date
) -> Queue:
    """Words are looked for among everything that the person may read and the filters leave, in every tab's states."""
    if not asked.words or not areas:
        return queue(user, asked.filters, tab=asked.tab, today=today, cursor=asked.cursor, counted=waiting)
    given = asked.filters
    mine = access.visible_to(user).filter(jurisdiction=areas[0][:6])
    if named := list(mine.filter(number=asked.words).select_related("lead", "category", "host", "checker")):
        return Queue(named, "", waiting)
    found = search.find(
        asked.words,
        congress_area=areas[0],
        filters=search.Filters(
            states=[given.state] if given.state else access.SUBMITTED_EVER,
            kind=given.kind,
            year=given.year,
            category=given.category,
            host=given.host,
        ),
        after=asked.cursor,
        size=search.PAGE,
    )
    here = matching(mine.filter(pk__in=[row.pk for row in found.rows]), given, today=today)
    seen = set(here.values_list("pk", flat=True))
    return Queue([row for row in found.rows if row.pk in seen], found.after, waiting)


def _first(tabs: tuple[Tab, ...], waiting: dict[Tab, str]) -> Tab:
    """Where a bare address leads: the first of the person's own steps in which something waits, else what is under way."""
    return next((tab for tab in tabs if tab in OWN and waiting.get(tab, "0") != "0"), Tab.UNDER_WAY)


def _tabs(
    request: HttpRequest, tabs: tuple[Tab, ...], asked: filters.Asked, waiting: dict[Tab, str]
) -> list[dict[str, Any]]:
    keep = request.GET.copy()
    for name in ("after", "q", "state"):
        keep.pop(name, None)
    found = []
    for tab in tabs:
        keep["tab"] = tab.value
        # A search looks through all tabs, so none of them is the current one.
        count = waiting.get(tab) if waiting.get(tab) != "0" else None
        is_current = tab is (Tab.ALL if asked.words else asked.tab)
        found.append({"label": LABELS[tab], "url": f"?{keep.urlencode()}", "count": count, "current": is_current})
    return found


def _address(request: HttpRequest, after: str) -> str:
    fields = request.GET.copy()
    fields.pop("after", None)
    if after:
        fields["after"] = after
    return f"?{fields.urlencode()}"
