"""What every page of a deputy shares: the dock, and whether they may act now."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from jiazhan.notifications import selectors as notices
from jiazhan.people.models import Deputy
from jiazhan.people.permissions import Permission
from jiazhan.people.states import MandateStatus

DRAFTS_DONE = "drafts_done"


def forget_draft(request: HttpRequest, key: str) -> None:
    """Let the next page tell the device that what was typed under this key has arrived."""
    request.session[DRAFTS_DONE] = [*request.session.get(DRAFTS_DONE, ()), key]


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, place: str = "", status: int = 200
) -> HttpResponse:
    """Render a page; `place` is the entry of the dock that it belongs to."""
    may_act = Permission.OPINION_OPINE in request.user.permissions
    shared = {
        "drafts_done": request.session.pop(DRAFTS_DONE, ()),
        "place_name": _("代表 %(name)s") % {"name": request.user.deputy.name},
        "place_url": reverse("deputy:home"),
        "may_act": may_act,
        "why_not": "" if may_act else why_not(request.user.deputy),
        "dock": [
            _entry(_("今天"), "today", reverse("deputy:home"), place == "today"),
            _entry(_("群众"), "resident", reverse("deputy:matters"), place == "matters"),
            _entry(_("建议"), "idea", reverse("deputy:proposals"), place == "proposals"),
            _entry(_("我的"), "person", reverse("deputy:mine"), place == "mine")
            | {"count": notices.unread_count(request.user)},
        ],
    }
    return render(request, template, shared | (context or {}), status=status)


def why_not(deputy: Deputy) -> str:
    """Why a deputy who may read may not act, as a sentence."""
    statuses = set(deputy.mandates.values_list("status", flat=True))
    if MandateStatus.SUSPENDED in statuses:
        return _("您现在暂停执行代表职务，不能办理新的事项。以前的事项仍可查看。恢复后会自动放开。")
    if MandateStatus.ACTIVE in statuses:
        return _("您的任期还没有开始或已经结束，不能办理新的事项。以前的事项仍可查看。")
    if statuses:
        return _("您的代表资格已终止或任期已满，不能办理新的事项。以前的事项仍可查看。")
    return _("还没有登记您的代表资格，不能办理事项。请联系代表工作机构。")


def _entry(label: str, icon: str, url: str, current: bool) -> dict[str, Any]:
    return {"label": label, "icon": icon, "url": url, "current": current}
