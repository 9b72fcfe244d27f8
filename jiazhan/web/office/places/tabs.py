"""The tabs that hold the pages about stations, and those about settings, together."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiazhan.people.permissions import Permission as P

STATIONS = (
    ("office:stations", _("站点"), (P.STATION_MANAGE, P.CODE_MANAGE)),
    ("office:codes", _("站码与海报"), (P.CODE_MANAGE,)),
    ("office:regions", _("区划"), (P.STATION_MANAGE, P.CODE_MANAGE)),
)
SETTINGS = (
    ("office:parameters", _("期限和参数"), (P.PARAMETER_MANAGE,)),
    ("office:calendar", _("工作日历"), (P.PARAMETER_MANAGE,)),
)


def tabs(request: HttpRequest, group: tuple[Any, ...], current: str) -> list[dict[str, Any]]:
    """The tabs of a group that this person may open."""
    return [
        {"label": label, "url": reverse(name), "count": None, "current": name == current}
        for name, label, permissions in group
        if request.user.permissions.intersection(permissions)
    ]
