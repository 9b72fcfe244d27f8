"""Opening hours of a station: checked, said in words, and asked whether it is open."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from itertools import pairwise
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.kernel import calendar

DAYS = "一二三四五六日"


class HoursRefused(ValueError):
    """The opening hours do not hold together; the message says where."""

    code = "hours-refused"


@dataclass(frozen=True, order=True)
class Span:
    """Open on a weekday (1 Monday … 7 Sunday) from a time until another."""

    weekday: int
    opens: time
    closes: time

    def as_json(self) -> dict[str, Any]:
        return {"weekday": self.weekday, "from": f"{self.opens:%H:%M}", "to": f"{self.closes:%H:%M}"}


def checked(stored: Iterable[Mapping[str, Any]]) -> list[Span]:
    """The spans of what is stored or sent, in order. Raises HoursRefused for a bad weekday or time and for overlaps."""
    spans = sorted(_span(each) for each in stored)
    for earlier, later in pairwise(spans):
        if earlier.weekday == later.weekday and later.opens < earlier.closes:
            raise HoursRefused(_("周%(day)s的开放时间有重叠。") % {"day": DAYS[later.weekday - 1]})
    return spans


def in_words(stored: Iterable[Mapping[str, Any]]) -> str:
    """ "周一至周五 9:00–17:30；周六 9:00–12:00"; empty where none are set."""
    by_day: dict[int, list[str]] = {}
    for span in checked(stored):
        by_day.setdefault(span.weekday, []).append(f"{_clock(span.opens)}–{_clock(span.closes)}")
    runs: list[tuple[int, int, str]] = []
    for day, spans in sorted(by_day.items()):
        said = "、".join(spans)
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == said:
            runs[-1] = (runs[-1][0], day, said)
        else:
            runs.append((day, day, said))
    return "；".join(f"{_days(first, last)} {said}" for first, last, said in runs)


def is_open(stored: Iterable[Mapping[str, Any]], at: datetime) -> bool:
    """Whether a moment lies in the hours. On a holiday nothing is open; a make-up working day keeps the hours of Friday
    where the weekday itself has none."""
    return any(span.opens <= timezone.localtime(at).time() < span.closes for span in _spans_on(stored, at))


def closes_at(stored: Iterable[Mapping[str, Any]], at: datetime) -> time | None:
    """When today's span that is open at the moment ends; None while closed."""
    clock = timezone.localtime(at).time()
    return next((span.closes for span in _spans_on(stored, at) if span.opens <= clock < span.closes), None)


def _spans_on(stored: Iterable[Mapping[str, Any]], at: datetime) -> list[Span]:
    day, days = timezone.localtime(at).date(), calendar.current()
    if day in days.off:
        return []
    spans = checked(stored)
    of_the_day = [span for span in spans if span.weekday == day.isoweekday()]
    if not of_the_day and day in days.work:
        return [span for span in spans if span.weekday == 5]
    return of_the_day


def _span(each: Mapping[str, Any]) -> Span:
    try:
        span = Span(int(each["weekday"]), time.fromisoformat(str(each["from"])), time.fromisoformat(str(each["to"])))
    except (KeyError, TypeError, ValueError) as failure:
        raise HoursRefused(_("开放时间要写明星期和起止时间，例如 09:00 到 17:30。")) from failure
    if not 1 <= span.weekday <= 7:
        raise HoursRefused(_("星期只能是 1 到 7。"))
    if span.opens >= span.closes:
        raise HoursRefused(_("周%(day)s的开放时间，结束要晚于开始。") % {"day": DAYS[span.weekday - 1]})
    return span


def _days(first: int, last: int) -> str:
    if first == last:
        return f"周{DAYS[first - 1]}"
    if last == first + 1:
        return f"周{DAYS[first - 1]}、周{DAYS[last - 1]}"
    return _("每天") if (first, last) == (1, 7) else f"周{DAYS[first - 1]}至周{DAYS[last - 1]}"


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"


_DAY = f"(?:周|星期|礼拜)?[{DAYS}天末]"
_WHEN = re.compile(
    rf"(?P<days>每天|每日|工作日|{_DAY}(?:\s*(?:至|到|-|~|、|,|,|和)\s*{_DAY})*)[::\s]*(?P<spans>[0-9].*)"
)
_SPAN = re.compile(r"([0-9]{1,2}[::][0-9]{2})\s*[-~至到]\s*([0-9]{1,2}[::][0-9]{2})")
_WHOLE = {"每天": range(1, 8), "每日": range(1, 8), "工作日": range(1, 6)}


def from_words(written: str) -> list[dict[str, Any]]:
    """The hours of "周一至周五 9:00-12:00、14:00-17:30；周六 9:00-12:00", as they are stored. Raises HoursRefused."""
    plain = unicodedata.normalize("NFKC", written).replace("–", "-").replace("—", "-")
    found: list[dict[str, Any]] = []
    for part in re.split(r"[;。\n]", plain):
        if not part.strip():
            continue
        match = _WHEN.fullmatch(part.strip())
        spans = _SPAN.findall(match["spans"]) if match else []
        if not match or not spans or re.sub(r"[\s,、和及]", "", _SPAN.sub("", match["spans"])):
            raise HoursRefused(_("开放时间“%(part)s”看不懂，请写成：周一至周五 9:00-17:30。") % {"part": part.strip()})
        for day in _days_in(match["days"]):
            found += [{"weekday": day, "from": opens.zfill(5), "to": closes.zfill(5)} for opens, closes in spans]
    return [span.as_json() for span in checked(found)]


def _days_in(said: str) -> list[int]:
    if said in _WHOLE:
        return list(_WHOLE[said])
    numbers: list[int] = []
    ranged = re.split(r"([至到~-])", re.sub(r"周末", "周六、周日", said))
    for n in range(0, len(ranged), 2):
        days = [DAYS.index(day) + 1 for day in re.sub("天", "日", ranged[n]) if day in DAYS]
        if n and days:
            numbers += range(numbers[-1] + 1, days[0])
        numbers += days
    return numbers
