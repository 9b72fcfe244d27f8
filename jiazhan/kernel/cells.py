"""What a cell of a spreadsheet means: text, code, phone, date, number or choice, in the shapes that people type."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from . import text

# Excel counts days from here; 1900 was no leap year, which only touches dates before March 1900.
SERIAL_START = date(1899, 12, 30)
# 1950-01-01 to 2100-01-01: a bare number outside is no date that an office means.
SERIALS = range(18264, 73051)

_DATE = re.compile(
    r"(?P<year>[0-9]{4})\s*(?:[-/.年]\s*(?P<month>[0-9]{1,2})\s*[-/.月]\s*(?P<day>[0-9]{1,2})\s*[日号]?|(?P<packed>[0-9]{4}))"
    r"(?:[\sT]*(?P<clock>[0-9]{1,2}[:\uff1a时][0-9]{1,2}(?:[:\uff1a分][0-9]{1,2}(?:\.[0-9]+)?)?)[分秒]?)?"
)
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(
    r"(?:(?:0[0-9]{2,3}-?)?[2-9][0-9]{6,7}|[48]00-?[0-9]{3}-?[0-9]{4}|1[0-9]{4}|1[0-9]{2})(?:-[0-9]{1,6})?"
)
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_TIME = re.compile(r"([0-9]{1,2})[:\uff1a时]([0-9]{1,2})")
_YES, _NO = {"是", "有", "√", "✓", "y", "yes", "true", "1"}, {"否", "无", "没有", "×", "x", "n", "no", "false", "0"}


class Unfit(ValueError):
    """A cell's content is not what its column asks for; the message says what to write instead."""


def plain(raw: Any) -> str:
    """A cell as text: whole numbers without ".0", dates in ISO form, without the apostrophe by which Excel marks text."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else repr(raw)
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(" ", "seconds")
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, timedelta):
        minutes = int(raw.total_seconds()) // 60
        return f"{minutes // 60:02}:{minutes % 60:02}"
    if isinstance(raw, time):
        return raw.isoformat("minutes")
    cleaned = text.clean(str(raw))
    return cleaned[1:] if cleaned[:1] in {"'", "‘", "’"} and cleaned[1:2].isdigit() else cleaned


def narrow(written: str) -> str:
    """Full-width digits and letters in their usual width, without any white space."""
    return "".join(unicodedata.normalize("NFKC", written).split())


def as_line(written: str) -> str:
    return text.clean_line(written)


def as_code(written: str) -> str:
    """A code kept as it was typed, leading zeros included. Raises Unfit where the program has rounded it."""
    code = narrow(written)
    if _SCIENTIFIC.fullmatch(code):
        raise Unfit(_("数字被表格软件改成了科学计数，请把这一列设为“文本”后重新填写"))
    return code


def as_mobile(written: str) -> str:
    """Eleven digits. Raises Unfit."""
    digits = re.sub(r"[-—–()()·.]", "", as_code(written)).removeprefix("+86")
    digits = digits.removeprefix("0086")
    digits = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    if not _MOBILE.fullmatch(digits):
        raise Unfit(_("不是 11 位手机号"))
    return digits


def as_phone(written: str) -> str:
    """A mobile or a fixed line, the area code separated by a hyphen as written. Raises Unfit."""
    number = re.sub("[—–)转]", "-", as_code(written).replace("(", ""))
    number = re.sub("-+", "-", number)
    try:
        return as_mobile(number)
    except Unfit:
        if not _LANDLINE.fullmatch(number):
            raise Unfit(_("不是电话号码")) from None
    return number


def as_date(written: str) -> date:
    """2026/1/5, 2026-01-05, 2026.1.5, 2026年1月5日, 20260105 or Excel's serial number. Raises Unfit."""
    return as_moment(written).date()


def as_moment(written: str) -> datetime:
    """A date with or without a time of day, in the county's time zone. Raises Unfit."""
    shown = unicodedata.normalize("NFKC", written).strip()
    if _SERIAL.fullmatch(shown) and int(float(shown)) in SERIALS:
        whole, part = divmod(float(shown), 1)
        moment = datetime.combine(SERIAL_START, time()) + timedelta(days=whole, seconds=round(part * 86400))
        return timezone.make_aware(moment)
    match = _DATE.fullmatch(shown)
    if not match:
        raise Unfit(_("不是日期，请写成 2026-01-05 这样"))
    month, day = match["month"], match["day"]
    if match["packed"]:
        month, day = match["packed"][:2], match["packed"][2:]
    hour, minute, second = [
        *(int(float(part)) for part in re.split("[:\uff1a时分]", match["clock"] or "0:0") if part),
        0,
    ][:3]
    try:
        return timezone.make_aware(datetime(int(match["year"]), int(month), int(day), hour, minute, second))
    except ValueError:
        raise Unfit(_("没有这一天")) from None


def as_time(written: str) -> time:
    """9:00, 09:00 or 9时00分. Raises Unfit."""
    match = _TIME.match(narrow(written))
    if not match or int(match[1]) > 24 or int(match[2]) > 59:
        raise Unfit(_("不是时间，请写成 09:00 这样"))
    return time(int(match[1]) % 24, int(match[2]))


def as_integer(written: str) -> int:
    """A whole number. Raises Unfit."""
    digits = narrow(written).replace(",", "")
    if not re.fullmatch(r"[+-]?[0-9]{1,12}(?:\.0+)?", digits):
        raise Unfit(_("不是整数"))
    return int(float(digits))


def as_decimal(written: str) -> float:
    """A number. Raises Unfit."""
    digits = narrow(written).replace(",", "")
    if not re.fullmatch(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,15})?", digits):
        raise Unfit(_("不是数字"))
    return float(digits)


def as_truth(written: str) -> bool:
    """是 or 否. Raises Unfit."""
    word = narrow(written).lower()
    if word in _YES | _NO:
        return word in _YES
    raise Unfit(_("只能填“是”或“否”"))


def as_choice(written: str, choices: Mapping[str, Any]) -> Any:
    """The value of the choice whose label is written. Raises Unfit, naming the choices."""
    word = narrow(written)
    for label, value in choices.items():
        if narrow(label) == word:
            return value
    said = "、".join(labels(choices))
    raise Unfit(_("只能填：%(labels)s") % {"labels": said})


def labels(choices: Mapping[str, Any]) -> list[str]:
    """The first label of each choice; the later ones of the same value are synonyms."""
    first: dict[Any, str] = {}
    for label, value in choices.items():
        first.setdefault(value, label)
    return list(first.values())
