"""The filters of the list of matters as they stand in its address, and the choices that its bar offers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiazhan.kernel.deadlines import Light
from jiazhan.opinions.choices import Urgency
from jiazhan.opinions.selectors import Filters, Tab
from jiazhan.opinions.selectors.queue import LABELS
from jiazhan.opinions.states import State
from jiazhan.people.models import Account
from jiazhan.web.ui.options import Offered

from . import choices

# Raised within the last so many days; "" for whenever.
TIMES = Offered(
    [
        ("7", gettext_lazy("最近 7 天")),
        ("30", gettext_lazy("最近 30 天")),
        ("90", gettext_lazy("最近 90 天")),
        ("365", gettext_lazy("最近一年")),
    ]
)
LIGHTS = Offered([(Light.AMBER.value, gettext_lazy("将到期")), (Light.RED.value, gettext_lazy("已逾期"))])
STATES, URGENCIES = Offered(State.choices), Offered(Urgency.choices)
# Behind "more", so that the bar stays one line.
FURTHER = frozenset({"state", "urgency", "unit", "time", "station"})
# What an address may say, in the order in which it is kept.
NAMES = ("tab", "q", "street", "station", "category", "state", "urgency", "unit", "light", "time", "since", "until")


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
    offered = _offered(asked)
    if all(post.station_id or len(post.area) == 9 for post in user.current_posts):
        # Whoever works at a station or for a street sees one street only.
        offered = [each for each in offered if each[0] != "street"]
    return [
        {"name": name, "label": label, "choices": values, "value": value, "is_further": name in FURTHER}
        for name, label, values, value in offered
        if len(values) > 1
    ]


def canonical(query: QueryDict, *, tab: str = "") -> str:
    """The filters of an address in one order, without empty ones and without the place in the list: two addresses that ask
    the same are the same text. `tab` is that of a bare address."""
    kept = QueryDict(mutable=True)
    for name in NAMES:
        values = [each.strip() for each in query.getlist(name) if each.strip()]
        if values := values or ([tab] if tab and name == "tab" else []):
            kept.setlist(name, values)
    return kept.urlencode()


def gone(asked: Asked, query: QueryDict) -> list[str]:
    """A sentence for every filter of the address that names what is no longer offered: a station that was closed, a
    category out of use. The list still looks by it where it can."""
    said = []
    for name, label, values, value in _offered(asked):
        wanted = query.get(name, "")
        if wanted and not _is_offered(name, wanted, values):
            words = _(
                "“%(label)s”原来选的那一项已经不在名单里（可能撤并、停用了，或不归您看），列表仍按它找。要换，请重新选择。"
            )
            if not value:
                words = _("“%(label)s”原来选的那一项已经没有了，这次没有按它找。")
            said.append(words % {"label": label})
    return said


def in_words(query: QueryDict, *, today: date) -> list[str]:
    """What an address asks for, in a person's words: the tab, the words looked for, each filter with its choice."""
    wanted = asked(query, first=Tab.ALL, today=today)
    said = [str(LABELS[wanted.tab])]
    if wanted.words:
        said.append(_("找“%(words)s”") % {"words": wanted.words})
    for _name, label, values, value in _offered(wanted):
        if value:
            said.append(f"{label}：{_label(value, values)}")
    return said


def _label(value: str, values: Any) -> str:
    return next((str(label) for key, label in _flat(values) if key == value), _("（已不在名单里）"))


def _is_offered(name: str, wanted: str, values: Any) -> bool:
    # The first two digits of a category are its whole upper level.
    return any(key == wanted or (name == "category" and key.startswith(wanted)) for key, _words in _flat(values))


def _flat(values: Any) -> Iterator[tuple[str, Any]]:
    for key, label in values:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield key, label


def _offered(asked: Asked) -> list[tuple[str, Any, Any, str]]:
    """Every filter with a choice: name, label, choices, what the address chose."""
    given = asked.filters
    return [
        ("street", _("街道"), choices.street_choices(), given.street),
        ("station", _("站点"), choices.station_choices(), str(given.station or "")),
        ("category", _("分类"), choices.category_choices(), given.category),
        ("state", _("状态"), STATES, given.states[0] if given.states else ""),
        ("urgency", _("紧急程度"), URGENCIES, given.urgency),
        ("unit", _("承办单位"), choices.unit_choices(), str(given.unit or "")),
        ("light", _("期限"), LIGHTS, asked.light),
        ("time", _("反映时间"), TIMES, asked.time),
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
