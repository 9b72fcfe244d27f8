"""Whether a station is open now and when it opens next, in a person's words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.kernel import calendar
from jiazhan.places import hours
from jiazhan.places.models import Station, StationStatus

AHEAD_DAYS = 15


@dataclass(frozen=True)
class Now:
    is_open: bool
    words: str


def now_of(station: Station, at: datetime) -> Now:
    if station.status == StationStatus.PAUSED:
        return Now(False, _("暂停开放"))
    if not station.opening_hours:
        return Now(False, _("开放时间请打电话问"))
    if closes := hours.closes_at(station.opening_hours, at):
        return Now(True, _("正在开放，到 %(time)s") % {"time": f"{closes:%H:%M}"})
    if opens := _next_opening(station, timezone.localtime(at)):
        words = {"day": _day(opens.date(), (opens.date() - timezone.localdate(at)).days), "time": f"{opens:%H:%M}"}
        return Now(False, _("现在没开门，%(day)s %(time)s 开") % words)
    return Now(False, _("近期不开门，请打电话问"))


def _next_opening(station: Station, local: datetime) -> datetime | None:
    spans, off = hours.checked(station.opening_hours), calendar.current().off
    for on in (local.date() + timedelta(days=ahead) for ahead in range(AHEAD_DAYS)):
        for span in spans:
            opens = datetime.combine(on, span.opens, local.tzinfo)
            if span.weekday == on.isoweekday() and on not in off and opens > local:
                return opens
    return None


def _day(on: date, ahead: int) -> str:
    if ahead < 2:
        return _("明天") if ahead else _("今天")
    if ahead < 7:
        return _("周%(day)s") % {"day": hours.DAYS[on.weekday()]}
    return _("%(month)s月%(day)s日") % {"month": on.month, "day": on.day}
