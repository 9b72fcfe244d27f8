"""Watching: what is late, promised, unrated; every figure opens its cases."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiazhan.opinions.models import Promise
from jiazhan.opinions.selectors import watching
from jiazhan.opinions.selectors.watching import Figures, Kind
from jiazhan.web.ui.guards import needs
from jiazhan.web.ui.words import percent

from .frame import WATCHING, page
from .rows import rows_of

MOST_PROMISES = 200


@needs(*WATCHING)
@require_safe
def watch(request: HttpRequest) -> HttpResponse:
    """The figures, each with a sentence; satisfaction never without resolution beside it."""
    today = timezone.localdate()
    found = watching.figures(request.user, today=today)
    pressing = [_figure(kind, found.of[kind], tone) for kind, tone in (
        (Kind.LATE, "late"), (Kind.DUE, "warn"), (Kind.ESCALATED, "late"), (Kind.REOPENED, "warn"),
    )]  # fmt: skip
    promises = reverse("office:watch-promises")
    pressing += [
        {
            "label": _("承诺已到期未完成"),
            "count": found.promises_overdue,
            "url": f"{promises}?which=overdue",
            "tone": "late",
        },
        {"label": _("承诺快到期"), "count": found.promises_due, "url": f"{promises}?which=due", "tone": "warn"},
        {
            "label": _("今年认定未兑现"),
            "count": found.promises_broken,
            "url": f"{promises}?which=broken",
            "tone": "plain",
        },
    ]
    context = {
        "pressing": pressing,
        "replied": _figure(Kind.REPLIED, found.of[Kind.REPLIED]),
        "table": _table(found),
        "sentence": _sentence(found),
    }
    return page(request, "office/watch.html", context, current="office:watch")


@needs(*WATCHING)
@require_safe
def cases(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in {each.value for each in Kind}:
        raise Http404
    chosen, today = Kind(kind), timezone.localdate()
    found = watching.cases(request.user, chosen, today=today, cursor=request.GET.get("after", ""))
    context = {
        "title": watching.LABELS[chosen],
        "rows": rows_of(found.rows, today=today),
        "next_url": f"?after={found.next_cursor}" if found.next_cursor else None,
        "first_url": "?" if "after" in request.GET else None,
    }
    return page(request, "office/watch_cases.html", context, current="office:watch")


@needs(*WATCHING)
@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """The promises that fall due, are overdue, or were broken."""
    today = timezone.localdate()
    which = request.GET.get("which", "overdue")
    rows = watching.promises(request.user)
    followed = rows.filter(state__in=watching.FOLLOWED)
    tabs = {
        "overdue": (_("已到期未完成"), followed.filter(due_on__lt=today)),
        "due": (_("还没有到期"), followed.filter(due_on__gte=today)),
        "broken": (_("未兑现"), rows.filter(state="broken")),
        "kept": (_("已兑现"), rows.filter(state="kept").order_by("-due_on", "id")),
    }
    which = which if which in tabs else "overdue"
    context = {
        "tabs": [
            {"label": label, "url": f"?which={name}", "count": None, "current": name == which} for name, (label, _rows) in tabs.items()
        ],
        "promises": [_shown(each) for each in tabs[which][1][:MOST_PROMISES]],
        "today": today,
    }  # fmt: skip
    return page(request, "office/watch_promises.html", context, current="office:watch")


def _figure(kind: Kind, count: int, tone: str = "plain") -> dict[str, Any]:
    return {
        "label": watching.LABELS[kind],
        "count": count,
        "url": reverse("office:watch-cases", kwargs={"kind": kind.value}),
        "tone": tone if count else "plain",
    }


def _table(found: Figures) -> list[dict[str, Any]]:
    """Rows of the year: the figure, its number, and the share of what."""
    parts = (
        (Kind.RESOLVED, found.of[Kind.REPLIED], _("占已答复的 %(n)s 件") % {"n": found.of[Kind.REPLIED]}),
        (Kind.SAID_RESOLVED, found.said, _("占说了的 %(n)s 件") % {"n": found.said}),
        (Kind.SAID_UNRESOLVED, found.said, _("占说了的 %(n)s 件") % {"n": found.said}),
        (Kind.CONTENT, found.rated, _("占已评价的 %(n)s 件") % {"n": found.rated}),
        (Kind.DISSATISFIED, found.rated, _("占已评价的 %(n)s 件") % {"n": found.rated}),
        (Kind.UNRATED, found.of[Kind.REPLIED], _("占已答复的 %(n)s 件") % {"n": found.of[Kind.REPLIED]}),
    )
    return [_figure(kind, found.of[kind]) | {"whole": whole, "of": said} for kind, whole, said in parts]


def _sentence(found: Figures) -> str:
    replied = found.of[Kind.REPLIED]
    if not replied:
        return _("今年还没有答复过的事项。")
    solved = _("今年答复 %(replied)s 件，承办单位说解决了 %(resolved)s。") % {
        "replied": replied, "resolved": percent(found.of[Kind.RESOLVED], replied),
    }  # fmt: skip
    if not found.rated:
        return solved + _("还没有人评价，谈不上满意不满意。")
    return solved + _("评价过的 %(rated)s 件里，满意和基本满意 %(content)s；另有 %(unrated)s 件没有评价，不算满意。") % {
        "rated": found.rated, "content": percent(found.of[Kind.CONTENT], found.rated), "unrated": found.of[Kind.UNRATED],
    }  # fmt: skip


def _shown(promise: Promise) -> dict[str, Any]:
    matter = promise.opinion
    return {
        "promise": promise,
        "title": matter.title,
        "unit": matter.unit.name if matter.unit else "",
        "url": reverse("office:opinion", kwargs={"jurisdiction": matter.jurisdiction, "opinion_id": matter.pk})
        + "#promises",
    }
