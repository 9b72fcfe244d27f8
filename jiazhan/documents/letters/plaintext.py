"""People's words made safe to print: nothing in them steers the layout, the direction or the file format."""

import re
from collections.abc import Callable
from typing import Any

# Controls but line feed and tab; bidirectional embeddings, overrides, isolates and marks, which would turn the rest of
# a line around; half surrogates; what XML forbids.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_BLANK_LINES = re.compile(r"\n{3,}")
_LONG_WORD = re.compile(r"[!-~]{24}")


def printable(text: str) -> str:
    """The text without control and direction characters; line ends become `\\n`, a run of empty lines becomes one."""
    return _BLANK_LINES.sub("\n\n", _UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text))).strip()


def breakable(text: str) -> str:
    """The text with places to break inside words that are longer than a column, such as web addresses."""
    return _LONG_WORD.sub("\\g<0>\u200b", text)


def each_text(data: Any, change: Callable[[str], str]) -> Any:
    """The same JSON value with `change` applied to every text in it."""
    if isinstance(data, dict):
        return {name: each_text(value, change) for name, value in data.items()}
    if isinstance(data, list):
        return [each_text(value, change) for value in data]
    return change(data) if isinstance(data, str) else data


def chinese_date(iso: str | None) -> str:
    """2026-01-09 as 2026年1月9日; a blank to be filled by hand where there is no date."""
    if not iso:
        return "\u3000\u3000年\u3000月\u3000日"
    year, month, day = iso.split("-")
    return f"{year}年{int(month)}月{int(day)}日"
