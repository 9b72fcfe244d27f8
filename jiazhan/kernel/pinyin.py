"""Pinyin of names: a sort key and what people type when they look one up."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from pypinyin import lazy_pinyin

# Ends that hundreds of thousands of names share: spelled once. Longest first.
_ENDS = (
    "社区居民委员会", "村村民委员会", "居民委员会", "村民委员会", "社区居委会", "村委会", "居委会", "街道办事处", "街道", "社区",
)  # fmt: skip


class Spelling(NamedTuple):
    """`yunxiqu` and `yxq`."""

    full: str
    initials: str


def spell(name: str) -> Spelling:
    """The name in pinyin without tones or spaces; Latin letters and digits stay, other signs go."""
    return _joined(name, _spelled)


def speller() -> Callable[[str], Spelling]:
    """`spell` for very many names, of which half differ in nothing but their ends; it remembers as long as it is kept."""
    remembered = cache(_spelled)
    return lambda name: _joined(name, remembered)


def _joined(name: str, spelled: Callable[[str], Spelling]) -> Spelling:
    end = next((end for end in _ENDS if name.endswith(end)), "")
    start, rest = spelled(name.removesuffix(end)), _spelled_end(end)
    return Spelling(start.full + rest.full, start.initials + rest.initials)


def _spelled(name: str) -> Spelling:
    syllables = lazy_pinyin(name, errors=_kept)  # type: ignore[arg-type]  # a list is taken too, and keeps letters apart
    return Spelling("".join(syllables), "".join([syllable[0] for syllable in syllables if syllable]))


_spelled_end = cache(_spelled)


def _kept(signs: str) -> list[str]:
    return [sign.lower() for sign in signs if sign.isascii() and sign.isalnum()]
