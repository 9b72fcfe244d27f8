"""The first page at a desk: what to do next, what falls due, what is late, and what one was told lately."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from jiazhan.notifications import selectors as notifications
from jiazhan.opinions import selectors
from jiazhan.opinions.selectors import Tab
from jiazhan.opinions.selectors.queue import LABELS
from jiazhan.people.permissions import Permission as P
from jiazhan.web.ui.guards import needs

from .frame import DESK, page
from .notices import shown
from .proposals import home as proposals
from .rows import rows_of

MOST_NEXT = 5
MOST_NOTICES = 6
# What a waiting number asks for.
DOING: dict[Tab, Any] = {
    Tab.WAITING: _("请决定是否受理，并请代表提意见。"),
    Tab.CALL_BACK: _("回访反映人，请他评价；评价过的可以办结。"),
    Tab.VICE_DIRECTOR: _("请提出意见并签名。"),
    Tab.DIRECTOR: _("请提出意见，交街道办事处或转区人大。"),
    Tab.REVIEW: _("请审核是否转办。"),
    Tab.FORWARD: _("请编文号，转区政府办公室。"),
    Tab.ASSIGN: _("请收文，交承办单位。"),
    Tab.RULE: _("承办单位说不是自己的事，请裁定。"),
    Tab.EXTEND: _("承办单位申请延期，请审批。"),
    Tab.SETTLE: _("两次都不满意，请组织当面商量。"),
    Tab.DUE: _("离到期只剩几个工作日，请催一催。"),
    Tab.LATE: _("已经过了期限，请马上处理。"),
}


@needs(*DESK)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    counts = selectors.counts(user, today=today)
    triages = P.OPINION_TRIAGE in user.permissions
    mine = [
        tab for tab in selectors.tabs_for(user) if tab in DOING and (triages or tab not in {Tab.WAITING, Tab.CALL_BACK})
    ]
    waiting = [
        {
            "label": LABELS[tab], "count": counts[tab], "hint": DOING[tab], "url": f"{reverse('office:queue')}?tab={tab.value}",
            "tone": "late" if tab is Tab.LATE else "warn" if tab is Tab.DUE else "plain",
        }
        for tab in mine if counts[tab] != "0"
    ]  # fmt: skip
    first = next((tab for tab in mine if counts[tab] != "0" and tab not in {Tab.DUE, Tab.LATE}), Tab.DUE)
    upcoming = selectors.queue(user, tab=first, today=today, size=MOST_NEXT)
    context = {
        "greeting": user.name,
        "waiting": [*waiting, *proposals.waiting(user, today=today)],
        "next_label": LABELS[first],
        "next_url": f"{reverse('office:queue')}?tab={first.value}",
        "rows": rows_of(upcoming.rows, today=today),
        "notices": [shown(each) for each in notifications.inbox(user)[:MOST_NOTICES]],
        "may_enter": P.OPINION_ENTER in user.permissions,
        "today": today,
    }
    return page(request, "office/home.html", context, current="office:home")
