"""The filters of the list of matters as they stand in its address, and the choices that its bar offers."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.deadlines import Light
from jiazhan.opinions.choices import Urgency
from jiazhan.opinions.selectors import Filters, Tab
from jiazhan.opinions.states import State
from jiazhan.people.models import Account

from . import choices

# Raised within the last so many days; "" for whenever.
TIMES = (("7", _("最近 7 天")), ("30", _("最近 30 天")), ("90", _("最近 90 天")), ("365", _("最近一年")))
LIGHTS = ((Light.AMBER.value, _("将到期")), (Light.RED.value, _("已逾期")))
# Behind "more", so that the bar stays one line.
FURTHER = frozenset({"state", "urgency", "unit", "time", "station"})


@dataclass(frozen=True)
class Asked:
    """What the address asks for. A value that means nothing is passed over, so an old bookmark still opens."""

    tab: Tab
    words: str
    filters: Filters
    light: str
    time: str
    cursor: str

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.light or self.filters != Filters())


def asked(query: QueryDict, *, first: Tab, today: date) -> Asked:
    """Read an address; `first` is the tab of a bare one."""
    days = query.get("time", "")
    since = (
        date.fromordinal(today.toordinal() - int(days)) if days in dict(TIMES) else parse_day(query.get("since", ""))
    )
    filters = Filters(
        states=tuple(each for each in query.getlist("state") if each in State.values),
        street=_digits(query.get("street", ""), 9),
        station=_id(query.get("station", "")),
        category=_digits(query.get("category", ""), 4),
        unit=_id(query.get("unit", "")),
        urgency=_one_of(query.get("urgency", ""), Urgency.values),
        since=since,
        until=parse_day(query.get("until", "")),
    )
    tab = query.get("tab", "")
    return Asked(
        tab=Tab(tab) if tab in {each.value for each in Tab} else first,
        words=query.get("q", "").strip()[:100],
        filters=filters,
        light=_one_of(query.get("light", ""), [value for value, _words in LIGHTS]),
        time=days if days in dict(TIMES) else "",
        cursor=query.get("after", ""),
    )


def bar(user: Account, asked: Asked) -> list[dict[str, Any]]:
    """The selects of the bar: name, label, choices, value. Those with one choice are left out."""
    given = asked.filters
    offered = [
        ("street", _("街道"), choices.street_choices(), given.street),
        ("station", _("站点"), choices.station_choices(), str(given.station or "")),
        ("category", _("分类"), choices.category_choices(), given.category),
        ("state", _("状态"), State.choices, given.states[0] if given.states else ""),
        ("urgency", _("紧急程度"), Urgency.choices, given.urgency),
        ("unit", _("承办单位"), choices.unit_choices(), str(given.unit or "")),
        ("light", _("期限"), LIGHTS, asked.light),
        ("time", _("反映时间"), TIMES, asked.time),
    ]
    if all(post.station_id or len(post.area) == 9 for post in user.current_posts):
        # Whoever works at a station or for a street sees one street only.
        offered = [each for each in offered if each[0] != "street"]
    return [
        {"name": name, "label": label, "choices": values, "value": value, "is_further": name in FURTHER}
        for name, label, values, value in offered
        if len(values) > 1
    ]


def parse_day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _digits(text: str, length: int) -> str:
    return text if text.isdecimal() and text.isascii() and len(text) <= length else ""


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _one_of(text: str, values: Any) -> str:
    return text if text in values else ""
