"""Filters that say dates, sizes, numbers and phones as a person in China would."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

WEEKDAYS = "一二三四五六日"


def local_day(value):
    """The day in the county's time zone: of a moment, or the day itself."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def day(value, today=None):
    """`11月21日 周六`, with the year where it is not this one; an empty string for None."""
    if value is None:
        return ""
    on = local_day(value)
    words = f"{on.month}月{on.day}日 周{WEEKDAYS[on.weekday()]}"
    return words if on.year == (today or timezone.localdate()).year else f"{on.year}年{words}"


def full_date(value):
    """`2026年11月21日`."""
    if value is None:
        return ""
    on = local_day(value)
    return f"{on.year}年{on.month}月{on.day}日"


def clock(value):
    """`15:30`."""
    if value is None:
        return ""
    at = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    return f"{at.hour}:{at.minute:02}"


def moment(value, today=None):
    """`11月21日 周六 15:30`."""
    return "" if value is None else f"{day(value, today)} {clock(value)}"


def ago(value, at=None):
    """How long before `at` (by default now): `刚刚`, `5 分钟前`, `3 小时前`, `昨天`, `6 天前`, then the day."""
    if value is None:
        return ""
    at = at or timezone.now()
    if type(value) is date:
        days = (local_day(at) - value).days
        return _("今天") if days == 0 else _("昨天") if days == 1 else day(value, local_day(at))
    seconds = (at - value).total_seconds()
    days = (local_day(at) - local_day(value)).days
    if seconds < 60:
        return _("刚刚")
    if seconds < 3600:
        minutes = int(seconds // 60)
        return ngettext("%(n)s 分钟前", "%(n)s 分钟前", minutes) % {"n": minutes}
    if days == 0:
        hours = int(seconds // 3600)
        return ngettext("%(n)s 小时前", "%(n)s 小时前", hours) % {"n": hours}
    if days == 1:
        return _("昨天 %(clock)s") % {"clock": clock(value)}
    if days < 7:
        return ngettext("%(n)s 天前", "%(n)s 天前", days) % {"n": days}
    return day(value, local_day(at))


def machine_time(value):
    """ISO 8601 for the `datetime` attribute of `<time>`."""
    return "" if value is None else value.isoformat()


def file_size(count):
    """`820 B`, `36 KB`, `2.4 MB`."""
    if count < 1024:
        return f"{count} B"
    if count < 1024 * 1024:
        return f"{count / 1024:.0f} KB"
    if count < 1024**3:
        return f"{count / 1024**2:.1f} MB"
    return f"{count / 1024**3:.1f} GB"


def grouped(number):
    """`12,345`; numbers under ten thousand need no grouping in a Chinese sentence but columns align with it."""
    return f"{number:,}"


def mask_phone(phone):
    """`138****5678`; a landline keeps its last two digits. What is too short to be a phone is hidden as a whole."""
    digits = "".join(character for character in phone or "" if character.isdigit())
    if len(digits) == 11:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-2:]}" if len(digits) >= 7 else "****"


def spaced(code):
    """A follow-up code in groups of four, so that it can be read aloud and copied by hand: `7F3K 92QD`."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def percent(part, whole):
    """`43%`; a dash where there is nothing to divide by."""
    return "—" if not whole else f"{100 * part / whole:.0f}%"


FILTERS = {
    "day": day,
    "full_date": full_date,
    "clock": clock,
    "moment": moment,
    "ago": ago,
    "machine_time": machine_time,
    "file_size": file_size,
    "grouped": grouped,
    "mask_phone": mask_phone,
    "spaced": spaced,
    "percent": percent,
}
