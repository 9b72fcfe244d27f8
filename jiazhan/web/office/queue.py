"""The list of matters: tabs with counts, filters in the address, pages that keep their place."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiazhan.kernel import scope
from jiazhan.kernel.keeping import for_seconds
from jiazhan.opinions import selectors
from jiazhan.opinions.selectors import Tab
from jiazhan.opinions.selectors.queue import LABELS, MAIN
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission as P
from jiazhan.web.ui.guards import needs

from . import filters, saved
from .frame import DESK, page
from .rows import rows_of

EMPTY = {
    Tab.WAITING: (_("没有等待受理的意见"), _("群众扫码提交后会出现在这里；也可以点“代为登记”录入。")),
    Tab.UNDER_WAY: (_("没有正在办理的意见"), _("受理以后、答复以前的都在这里。")),
    Tab.DUE: (_("最近没有要到期的"), _("离到期只剩几个工作日的会出现在这里，最先到期的排在最上面。")),
    Tab.CALL_BACK: (_("没有等待回访的"), _("已经答复、等反映人评价或等办结的会出现在这里。")),
    Tab.LATE: (_("没有逾期的"), _("过了期限还没有办的会出现在这里。")),
}


@needs(*DESK)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    tabs = selectors.tabs_for(request.user)
    counts = _counts(request.user, today=today, is_search=bool(request.GET.get("q", "").strip()))
    asked = filters.asked(request.GET, first=_first(tabs, counts), today=today)
    found = found_by(request.user, asked, counts, today=today)
    own = filters.canonical(request.GET, tab=asked.tab.value)
    title, hint = EMPTY.get(asked.tab, (_("这里现在没有事项"), _("轮到您办理的事项会出现在这里。")))
    if asked.is_narrowed:
        title, hint = _("没有符合条件的事项"), _("换一个词，或者去掉几个条件再找。")
    context = {
        "tabs": _tabs(request, tabs, asked.tab, found.counts),
        "asked": asked,
        "bar": filters.bar(request.user, asked),
        "gone": filters.gone(asked, request.GET),
        "saved": saved.links(request.user, own),
        "own": own,
        "rows": rows_of(found.rows, today=today, words=asked.words),
        "next_url": _address(request, after=found.page.next_cursor) if found.page.next_cursor else "",
        "first_url": _address(request, after=None) if asked.cursor else "",
        "clear_url": f"{reverse('office:queue')}?tab={asked.tab}" if asked.is_narrowed else None,
        "empty_title": title,
        "empty_hint": hint,
        "may_triage": P.OPINION_TRIAGE in request.user.permissions,
        "may_enter": P.OPINION_ENTER in request.user.permissions,
    }
    return page(request, "office/queue.html", context, current="office:queue")


def found_by(user: Account, asked: filters.Asked, counts: dict[Tab, str], *, today: date) -> selectors.Queue:
    """What the address asks for: words are searched for among everything that the filters leave, in every tab's states."""
    if asked.words and not asked.light:
        found = selectors.search(user, asked.words, asked.filters, cursor=asked.cursor)
        return selectors.Queue(found, counts)
    return selectors.queue(
        user, asked.filters, tab=asked.tab, today=today, light=asked.light, cursor=asked.cursor, counted=counts
    )


def _counts(user: Account, *, today: date, is_search: bool) -> dict[Tab, str]:
    """What waits in each tab; beside a search, as it was some seconds ago."""
    if not is_search:
        return selectors.counts(user, today=today)
    return _counts_lately(user, tuple(post.pk for post in user.current_posts), scope.current(), today)


@for_seconds(10)
def _counts_lately(user: Account, posts: tuple[UUID, ...], codes: frozenset[str], today: date) -> dict[Tab, str]:
    """By the posts and the scope too, so that whoever loses a post sees no number of it."""
    return selectors.counts(user, today=today)


def _first(tabs: tuple[Tab, ...], counts: dict[Tab, str]) -> Tab:
    """Where a bare address leads: the first of the person's own steps in which something waits, else the first of all."""
    steps = [tab for tab in tabs if tab not in MAIN[1:]]
    return next((tab for tab in steps if counts.get(tab, "0") != "0"), tabs[0])


def _tabs(request: HttpRequest, tabs: tuple[Tab, ...], current: Tab, counts: dict[Tab, str]) -> list[dict[str, Any]]:
    keep = request.GET.copy()
    for name in ("after", "q", "state", "light"):
        keep.pop(name, None)
    found = []
    for tab in tabs:
        keep["tab"] = tab.value
        # A search looks through all tabs, so none of them is the current one.
        is_current = tab is (Tab.ALL if request.GET.get("q") else current)
        found.append(
            {"label": LABELS[tab], "url": f"?{keep.urlencode()}", "count": counts.get(tab), "current": is_current}
        )
    return found


def _address(request: HttpRequest, *, after: str | None) -> str:
    fields = request.GET.copy()
    fields.pop("after", None)
    if after:
        fields["after"] = after
    return f"?{fields.urlencode()}"
