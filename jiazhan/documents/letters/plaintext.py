"""People's words made safe to print: nothing in them steers the layout, the direction or the file format."""

import re
from collections.abc import Callable
from typing import Any

from jiazhan.kernel.text import clean

from .content import OWN_WORDS

# What XML and PDF cannot hold beyond the controls that `clean` removes: half surrogates, C1 controls, non-characters.
_UNPRINTABLE = re.compile("[\x80-\x9f\u061c\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("[\u2028\u2029\x0b\x0c\x85]")
_CHINESE = "\u3001-\u303f\u3400-\u9fff\uff00-\uffef“”‘’\U00020000-\U0003ffff"
_MARK = re.compile(rf"(?<=[{_CHINESE}])[,;:?!]|[,;:?!](?=[{_CHINESE}])")
_BRACKETS = re.compile(
    rf"(?<=[{_CHINESE}])\(([^()\n]*)\)|\(([^()\n]*)\)(?=[{_CHINESE}])|\(([^()\n]*[{_CHINESE}][^()\n]*)\)"
)
_FULL_WIDTH = str.maketrans(",;:?!", "，；：？！")
_LONG_WORD = re.compile(r"[!-~]{24}")


def printable(text: str) -> str:
    """The text without control and direction characters; every kind of line end becomes `\\n`."""
    return clean(_UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text)))


def typeset(text: str) -> str:
    """An organ's own words with full-width punctuation and brackets beside Chinese, as official letters have them."""
    marked = _MARK.sub(lambda mark: mark[0].translate(_FULL_WIDTH), text)
    return _BRACKETS.sub(lambda found: f"（{found[1] or found[2] or found[3] or ''}）", marked)


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


def with_own_words(data: dict[str, Any]) -> dict[str, Any]:
    """The letter's data with the organ's own words typeset; what a person said stays as it was said."""
    return {name: each_text(value, typeset) if name in OWN_WORDS else value for name, value in data.items()}


def chinese_date(iso: str | None) -> str:
    """2026-01-09 as 2026年1月9日; a blank to be filled by hand where there is no date."""
    if not iso:
        return "\u3000\u3000年\u3000月\u3000日"
    year, month, day = iso.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


def dated(data: Any) -> Any:
    """The same JSON value with every day in it (a name that ends in `_on`) as it is written in Chinese."""
    if isinstance(data, dict):
        return {name: chinese_date(value) if name.endswith("_on") else dated(value) for name, value in data.items()}
    return [dated(each) for each in data] if isinstance(data, list) else data
