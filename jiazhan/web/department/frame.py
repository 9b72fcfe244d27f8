"""What every page of a unit's desk shares: whose desk it is, where to go, one's own account."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from jiazhan.notifications import selectors as notices
from jiazhan.people.permissions import Permission

DRAFTS_DONE = "drafts_done"


def forget_draft(request: HttpRequest, key: str) -> None:
    """Let the next page tell the device that what was typed under this key has arrived."""
    request.session[DRAFTS_DONE] = [*request.session.get(DRAFTS_DONE, ()), key]


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, place: str = "", status: int = 200
) -> HttpResponse:
    """Render a page of the desk; `place` is the entry of the rail that it belongs to."""
    units = {post.unit.name for post in request.user.posts_with(Permission.OPINION_HANDLE) if post.unit}
    shared = {
        "drafts_done": request.session.pop(DRAFTS_DONE, ()),
        "place_name": "、".join(sorted(units)),
        "rail": [
            _entry(_("收件箱"), "inbox", reverse("department:home"), place == "inbox"),
            _entry(_("代表建议"), "idea", reverse("department:proposals"), place == "proposals"),
            _entry(_("代表约见"), "handshake", reverse("department:meetings"), place == "meetings"),
            _entry(_("通知"), "bell", reverse("department:notices"), place == "notices")
            | {"count": notices.unread_count(request.user)},
        ],
        "account_links": [
            _entry(request.user.name, "person", reverse("account-home")),
            _entry(_("改密码"), "key", reverse("account_change_password")),
            _entry(_("第二步验证"), "shield", reverse("mfa_index")),
            _entry(_("登录设备"), "phone", reverse("usersessions_list")),
        ],
        "logout_url": reverse("account_logout"),
    }
    return render(request, template, shared | (context or {}), status=status)


def _entry(label: str, icon: str, url: str, current: bool = False) -> dict[str, Any]:
    return {"label": label, "icon": icon, "url": url, "current": current}
