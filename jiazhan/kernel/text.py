"""Text as people send it: made clean, searchable by bigrams, with personal details masked."""

import re
import unicodedata

# Controls that reorder or hide text; a zero-width joiner stays, because emoji need it.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MANY_BREAKS = re.compile(r"\n{3,}")
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+")

_CONTACTS = [
    (re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{5}[0-9Xx](?![0-9])"), "[证件号]"),
    (re.compile(r"(?<![0-9])1[3-9][0-9]([- ]?)[0-9]{4}\1[0-9]{4}(?![0-9])"), "[手机号]"),
    (re.compile(r"(?<![0-9])(?:0[0-9]{2,3}[- ]?)[2-9][0-9]{6,7}(?![0-9])"), "[电话]"),
    (re.compile(r"(?<![0-9])[0-9]{16,19}(?![0-9])"), "[卡号]"),
    (re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"), "[邮箱]"),
]  # fmt: skip
_DOORS = [
    (re.compile(r"[0-9A-Za-z一二三四五六七八九十百]+(?:号楼|栋|幢|座)(?:[0-9一二三四五六七八九十]+(?:单元|门))?[0-9A-Za-z-]*(?:室|房)?"), "[门牌]"),
    (re.compile(r"[0-9]+(?:单元|门)[0-9A-Za-z-]+(?:室|房)?"), "[门牌]"),
    (re.compile(r"(?<![0-9])[0-9]{1,4}-[0-9]{1,4}-[0-9]{2,4}(?:室|房)?(?![0-9])"), "[门牌]"),
    (re.compile(r"[0-9]{3,4}(?:室|房)"), "[门牌]"),
]  # fmt: skip


def clean(text: str) -> str:
    """The text without controls that hide or reorder it, in composed form (NFC), with line ends as `\\n` and at most one
    blank line in a row. Rare characters (𠮷) and emoji stay as they are."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _MANY_BREAKS.sub("\n\n", _INVISIBLE.sub("", text)).strip()


def clean_line(text: str) -> str:
    """Clean, and on one line."""
    return " ".join(clean(text).split())


def bigrams(text: str) -> list[str]:
    """The search terms of a text: Latin words and numbers whole, Chinese runs as overlapping pairs.

    The last character of a run stands alone as well, so that a prefix query of one character finds every character.
    """
    terms: list[str] = []
    for run in _WORD.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0].isascii():
            terms.append(run)
        else:
            terms += [run[n : n + 2] for n in range(len(run))]
    return terms


def query_terms(text: str) -> list[str]:
    """The terms that a match must hold, each ending in `:*` where a prefix will do. Empty for a text without words."""
    terms: list[str] = []
    for run in _WORD.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0].isascii() or len(run) == 1:
            terms.append(f"{run}:*")
        else:
            terms += [run[n : n + 2] for n in range(len(run) - 1)]
    return list(dict.fromkeys(terms))


def mask(text: str) -> str:
    """The text with phone, identity-card and bank-card numbers, mail addresses and door numbers replaced by a word."""
    return _replaced(text, [*_CONTACTS, *_DOORS])


def mask_contacts(text: str) -> str:
    """The text with numbers and addresses that reach or identify a person replaced; doors stay, because who mends a thing
    must find it."""
    return _replaced(text, _CONTACTS)


def _replaced(text: str, masks: "list[tuple[re.Pattern[str], str]]") -> str:
    for pattern, word in masks:
        text = pattern.sub(word, text)
    return text
