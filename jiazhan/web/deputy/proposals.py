"""建议: the list of a deputy's proposals and of the congress's, and the page of one from its submission on."""

import uuid
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jiazhan.kernel import deadlines
from jiazhan.notifications import selectors as notices
from jiazhan.notifications import services as notifying
from jiazhan.people.models import Deputy
from jiazhan.people.permissions import Permission
from jiazhan.places.models import Term
from jiazhan.suggestions import access
from jiazhan.suggestions.choices import Kind
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.selectors import deputy as reads
from jiazhan.suggestions.selectors.search import Page
from jiazhan.suggestions.services import evaluating
from jiazhan.suggestions.states import FINAL, WRITING, State
from jiazhan.web.ui.guards import needs

from . import proposal_page
from .frame import page

TABS: dict[str, Any] = {
    "mine": gettext_lazy("领衔"),
    "joint": gettext_lazy("联名"),
    "sign": gettext_lazy("待确认"),
    "evaluate": gettext_lazy("待评价"),
    "follow": gettext_lazy("跟踪"),
    "congress": gettext_lazy("本级"),
}
EMPTY: dict[str, tuple[Any, Any]] = {
    "mine": (gettext_lazy("还没有领衔提出的建议"), gettext_lazy("可以自己起草，也可以由调研报告或群众意见形成。")),
    "joint": (gettext_lazy("还没有联名的建议"), gettext_lazy("别的代表邀请您联名，您看过全文确认后，会出现在这里。")),
    "sign": (
        gettext_lazy("没有等您确认的联名"),
        gettext_lazy("有代表邀请您联名，或联名过的内容有修改，会出现在这里。"),
    ),
    "evaluate": (
        gettext_lazy("没有等您评价的答复"),
        gettext_lazy("承办单位答复您提出或联名的建议后，请在期限内评价。"),
    ),
    "follow": (gettext_lazy("没有在跟踪的建议"), gettext_lazy("打开一件立案的建议，点“跟踪这件建议”，会出现在这里。")),
    "congress": (gettext_lazy("还没有立案的建议"), gettext_lazy("本级人大立案的建议和议案，都可以在这里查找。")),
}
SPANS: list[tuple[str, Any]] = [
    ("", gettext_lazy("全部")),
    ("writing", gettext_lazy("起草中")),
    ("open", gettext_lazy("办理中")),
    ("ended", gettext_lazy("已结束")),
]
YEARS = 8
# A list that the eye takes in at once needs no filters.
MANY = 8


@needs(Permission.DEPUTY_HOME)
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """The tabs; filters and the page stay in the address."""
    at, deputy = timezone.now(), request.user.deputy
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "mine"
    given = _given(request)
    terms = reads.congresses(deputy)
    term = next((each for each in terms if each.congress.region_id == given["area"]), terms[0] if terms else None)
    found = _found(deputy, tab, term, given, at=at)
    counts = reads.counts(deputy, at=at)
    asked = {name: value for name, value in given.items() if value and name != "after"}
    today = timezone.localdate(at)
    context = {
        "tab": tab,
        "tabs": [
            {"label": label, "url": f"?tab={name}", "count": counts.get(name) or None, "current": name == tab}
            for name, label in TABS.items()
            if name != "follow" or counts["follow"] or tab == "follow"
        ],
        "rows": [_row(each, deputy, today) for each in found.rows],
        "given": given,
        "is_filtered": bool(set(asked) - {"area"}),
        "has_filters": tab == "congress" or bool(asked) or len(found.rows) >= MANY,
        "empty": EMPTY[tab],
        "spans": [each for each in SPANS if tab != "congress" or each[0] != "writing"],
        "years_options": [(each, each) for each in range(today.year, today.year - YEARS, -1)],
        "congresses": [(each.congress.region_id, each.congress.name) for each in terms] if tab == "congress" else [],
        "next_url": f"?{urlencode({'tab': tab, **asked, 'after': found.after})}" if found.after else None,
        "first_url": f"?{urlencode({'tab': tab, **asked})}" if given["after"] else None,
        "may_write": bool(reads.seats(deputy, at=at)),
    }
    return page(request, "deputy/proposals.html", context, place="proposals")


@needs(Permission.DEPUTY_HOME)
@require_safe
def proposal(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    """One proposal; its lead writes on while it is a draft. Whoever opens it has read what they were told about it."""
    found = seen_by_me(request, jurisdiction, proposal_id)
    told = notices.inbox(request.user).filter(subject_id=str(found.pk), read_at=None)
    if ids := [str(each) for each in told.values_list("pk", flat=True)]:
        notifying.mark_read(request.user, ids, at=timezone.now())
    if found.state in WRITING and access.is_lead(request.user, found) and access.sits(request.user.deputy, found):
        return redirect("deputy:proposal-edit", found.jurisdiction, found.pk)
    evaluating.see(found, by=request.user, at=timezone.now())
    return proposal_page.shown(request, found)


def seen_by_me(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> Proposal:
    """The proposal, if this deputy may read it as a deputy: their own, one that they were asked to sign, an accepted one of
    their congress. A 404 otherwise, whatever else the person may read."""
    found = access.get_for(request.user, jurisdiction, proposal_id)
    if not access.visible_to_deputy(request.user.deputy).filter(jurisdiction=jurisdiction, pk=found.pk).exists():
        raise access.NotVisible(_("没有找到这件建议。"))
    return found


def _given(request: HttpRequest) -> dict[str, Any]:
    year = request.GET.get("year", "")
    span, kind = request.GET.get("span", ""), request.GET.get("kind", "")
    return {
        "q": request.GET.get("q", "").strip()[:60],
        "span": span if span in dict(SPANS) else "",
        "year": int(year) if year.isdecimal() and len(year) == 4 else None,
        "kind": kind if kind in Kind.values else "",
        "area": request.GET.get("area", "")[:9],
        "after": request.GET.get("after", "")[:60],
    }


def _found(deputy: Deputy, tab: str, term: Term | None, given: dict[str, Any], *, at: Any) -> Page:
    narrowed = {"words": given["q"], "span": given["span"], "year": given["year"], "after": given["after"]}
    if tab != "congress":
        return reads.listed(deputy, tab, at=at, **narrowed)
    return reads.of_congress(term, kind=given["kind"], **narrowed) if term else Page([])


def _row(each: Proposal, deputy: Deputy, today: date) -> dict[str, Any]:
    tone = {State.RETURNED: "warn", State.NOT_ACCEPTED: "late", State.ESCALATED: "late", State.REORDERING: "warn"}
    badges = [(each.get_state_display(), tone.get(State(each.state), "info" if each.state not in FINAL else "plain"))]
    if each.kind == Kind.MOTION:
        badges.insert(0, (each.get_kind_display(), "info"))
    if each.is_key:
        badges.append((_("重点督办"), "warn"))
    lead = _("%(name)s领衔") % {"name": each.lead.name} if each.lead_id != deputy.pk else ""
    return {
        "title": each.title or _("（还没有写标题）"),
        "url": reverse("deputy:proposal", args=[each.jurisdiction, each.pk]),
        "badges": badges,
        "meta": (each.number, lead, each.host.name if each.host else "", _saved(each)),
        "light": deadlines.light(each.due_on, today).value if each.due_on else None,
        "words": _words(each, today),
    }


def _saved(each: Proposal) -> str:
    if each.state not in WRITING:
        return ""
    on = timezone.localtime(each.saved_at)
    return _("%(month)s 月 %(day)s 日 %(clock)s 保存") % {"month": on.month, "day": on.day, "clock": f"{on:%H:%M}"}


def _words(each: Proposal, today: date) -> str:
    if each.due_on is None:
        return ""
    return f"{each.get_due_for_display()}{deadlines.words(each.due_on, today)}"
