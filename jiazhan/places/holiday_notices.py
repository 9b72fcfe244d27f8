"""Days as the official holiday notice writes them: "10月1日至7日", "1月28日—2月4日", one or several on a line."""

import re
import unicodedata
from datetime import date, timedelta

from django.utils.translation import gettext as _

_DAY = r"(?:(?P<{0}y>[0-9]{{4}})\s*[年/.-]\s*)?(?:(?P<{0}m>[0-9]{{1,2}})\s*[月/.-]\s*)?(?P<{0}d>[0-9]{{1,2}})\s*[日号]?"
_RANGE = re.compile(rf"\s*{_DAY.format('a')}(?:\s*(?:至|到|~|—+|–+|--|-)\s*{_DAY.format('b')})?\s*")
_ASIDE = re.compile(r"\([^)]*\)|周[一二三四五六日天]|星期[一二三四五六日天]|(?:放假|上班|调休|共[0-9]+天)")
LONGEST = 31


class NoticeUnclear(ValueError):
    """A part of the text is no day or range of days; the message quotes it."""

    code = "holiday-notice-unclear"


def days_in(written: str, *, year: int) -> set[date]:
    """The days of a text, in the year given where a part names none. Raises NoticeUnclear."""
    days: set[date] = set()
    plain = _ASIDE.sub("", unicodedata.normalize("NFKC", written))
    for part in re.split(r"[,、;。\n和及]", plain):
        if part.strip():
            days |= _range(part, year)
    return days


def _range(part: str, year: int) -> set[date]:
    unclear = NoticeUnclear(_("“%(part)s”看不懂，请写成 10月1日至7日 或 2027-01-01 这样。") % {"part": part.strip()})
    match = _RANGE.fullmatch(part)
    if not match or match["am"] is None:
        raise unclear
    try:
        first = date(int(match["ay"] or year), int(match["am"]), int(match["ad"]))
        last = (
            date(int(match["by"] or first.year), int(match["bm"] or first.month), int(match["bd"]))
            if match["bd"]
            else first
        )
    except ValueError:
        raise unclear from None
    if not 0 <= (last - first).days < LONGEST:
        raise unclear
    return {first + timedelta(n) for n in range((last - first).days + 1)}
