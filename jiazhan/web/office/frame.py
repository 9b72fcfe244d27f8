"""What every page of the office shares: the rail with what this person may open, whose desk it is, unread notices."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _

from jiazhan.notifications.selectors import UNREAD_MOST, unread_count
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission as P
from jiazhan.people.roles import Role

from .proposals.reach import works_here

# Whoever works on matters here: the station, the street, the county's congress, the government's dispatcher.
DESK = (P.OPINION_READ, P.OPINION_GOV_ASSIGN)
WATCHING = (P.OPINION_ESCALATE, P.OPINION_FORWARD)

# Where, in words, with which icon, for holders of which permissions. An address that is not there leaves its line out.
RAIL = (
    ("office:home", _("今天"), "today", DESK),
    ("office:queue", _("意见"), "inbox", DESK),
    ("office:proposals", _("建议议案"), "document", (P.PROPOSAL_READ, P.PROPOSAL_GOV_ASSIGN)),
    ("office:supervision", _("建议督办"), "star", (P.PROPOSAL_READ,)),
    ("office:meetings", _("约见"), "handshake", (P.PROPOSAL_READ,)),
    ("office:enter", _("代为登记"), "add", (P.OPINION_ENTER,)),
    ("office:import", _("批量导入"), "upload", (P.OPINION_ENTER,)),
    ("office:watch", _("意见督办"), "chart", WATCHING),
    ("office:stations", _("站点"), "place", (P.STATION_MANAGE, P.CODE_MANAGE)),
    ("office:people", _("人员"), "people", (P.PEOPLE_MANAGE, P.PEOPLE_IMPORT, P.SESSION_MANAGE)),
    ("office:tables", _("导入名册"), "table", (P.PEOPLE_IMPORT,)),
    ("office:parameters", _("设置"), "settings", (P.PARAMETER_MANAGE,)),
    ("office:record", _("记录"), "history", (P.RECORD_READ,)),
)

DRAFTS_DONE = "drafts_done"


def forget_draft(request: HttpRequest, key: str) -> None:
    """Let the next page tell the device that what was typed under this key has arrived."""
    request.session[DRAFTS_DONE] = [*request.session.get(DRAFTS_DONE, ()), key]


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    current: str = "",
    status: int = 200,
    unread: int | None = None,
) -> HttpResponse:
    """Render a page of the office; `current` is the route whose line in the rail is marked, `unread` the count of unread
    notices where it was read before."""
    frame = shared(request, current=current, unread=unread)
    return render(request, template, frame | (context or {}), status=status)


def shared(request: HttpRequest, *, current: str = "", unread: int | None = None) -> dict[str, Any]:
    """What the frame of the desk needs."""
    user = request.user
    links = [
        {"label": label, "icon": icon, "url": address, "current": name == current}
        for name, label, icon, permissions in RAIL
        if user.permissions.intersection(permissions)
        and (name != "office:proposals" or works_here(user))
        and (address := _address(name))
    ]
    account_links: list[dict[str, Any]] = [{"label": user.name, "icon": "person", "url": reverse("account-home")}]
    if user.permissions.intersection(DESK):
        unread = unread_count(user) if unread is None else unread
        notices = {
            "label": _("通知"), "icon": "bell", "url": reverse("office:notices"), "current": current == "office:notices",
            "count": min(unread, UNREAD_MOST),
        }  # fmt: skip
        links.insert(1, notices)
    return {
        "drafts_done": request.session.pop(DRAFTS_DONE, ()),
        "rail": links,
        "account_links": account_links,
        "place_name": desk_name(user),
        "logout_url": reverse("account_logout"),
    }


def desk_name(user: Account) -> str:
    """Whose desk it is: the station, the unit, or the role."""
    for post in user.current_posts:
        return str(post.station or post.unit or Role(post.role).label)
    return ""


def _address(name: str) -> str:
    return _address_under(get_script_prefix(), name)


@cache
def _address_under(prefix: str, name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
