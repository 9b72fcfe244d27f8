"""Text as people send it: made clean, searchable by bigrams, with personal details masked."""

import re
import unicodedata

# Controls that reorder or hide text, and halves of characters that no database takes.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff"
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
# Joiners make one emoji of several; beside letters and digits they only hide something.
_JOINERS = re.compile("(?<=[0-9A-Za-z\u3400-\u9fff])[\u200c\u200d]+|[\u200c\u200d]+(?=[0-9A-Za-z\u3400-\u9fff])")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_MANY_BREAKS = re.compile(r"\n{3,}")
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+")

# Digits as people type them on a phone, and the counting words of house numbers. Repeats are bounded: a long run of
# letters must not cost the square of its length.
_D = "0-9０-９"
_C = _D + "一二三四五六七八九十百零〇"
_GAP = "[-－–— .·]?"
_ROOM = "(?:室|房(?![屋间子]))"

_CONTACTS = [
    (re.compile(rf"(?<![{_D}])[1-9１-９][{_D}]{{5}}{_GAP}[{_D}]{{8}}{_GAP}[{_D}]{{3}}[{_D}XxＸ](?![{_D}])"), "[证件号]"),
    (re.compile(rf"(?<![{_D}])(?:(?:[+＋]|00)?(?:86|８６){_GAP})?[1１][3-9３-９][{_D}]({_GAP})[{_D}]{{4}}\1[{_D}]{{4}}(?![{_D}])"), "[手机号]"),
    (re.compile(rf"(?<![{_D}])[1-9１-９][{_D}]{{14}}(?![{_D}])"), "[证件号]"),
    (re.compile(rf"(?<![{_D}])[{_D}]{{4}}(?:[ -]?[{_D}]{{4}}){{3}}(?:[ -]?[{_D}]{{1,3}})?(?![{_D}])"), "[卡号]"),
    (re.compile(rf"(?<![{_D}])(?:[(（][0０][{_D}]{{2,3}}[)）]|[0０][{_D}]{{2,3}}){_GAP}[2-9２-９][{_D}]{{6,7}}(?:[-转][{_D}]{{1,6}})?(?![{_D}])"), "[电话]"),
    (re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,200}\.[A-Za-z]{2,}"), "[邮箱]"),
    (re.compile(r"(?:微信号?|(?<![A-Za-z])(?:[Vv][Xx]|[Ww]e[Cc]hat))[:：\s是为]*[A-Za-z][-_A-Za-z0-9]{5,19}"), "[微信号]"),
    (re.compile(rf"(?<![A-Za-z])[Qq]{{2}}[号群]?[:：\s是为]*[{_D}]{{5,11}}(?![{_D}])"), "[QQ号]"),
]  # fmt: skip
_DOORS = [
    (re.compile(rf"[{_C}A-Za-z]{{1,10}}(?:号楼|栋|幢)(?:[{_C}]{{1,4}}(?:单元|门))?[{_D}A-Za-z-]{{0,10}}{_ROOM}?"), "[门牌]"),
    (re.compile(rf"(?:[A-Za-z]座[{_D}]{{0,6}}|[{_D}]{{1,4}}座[{_D}]{{1,6}}){_ROOM}?"), "[门牌]"),
    (re.compile(rf"[{_C}]{{1,4}}(?:单元|门)[{_D}A-Za-z-]{{1,10}}{_ROOM}?"), "[门牌]"),
    # Building, unit and room; a date is none of these.
    (re.compile(rf"(?<![{_D}-])(?!(?:19|20)[0-9]{{2}}-)[{_D}]{{1,4}}[-－][{_D}]{{1,2}}[-－][{_D}]{{2,4}}{_ROOM}?(?![{_D}-])"), "[门牌]"),
    (re.compile(rf"(?<![{_D}])[{_C}]{{3,4}}{_ROOM}"), "[门牌]"),
    (re.compile(rf"(?<=[路街巷道村])(?:[{_C}]+弄)?[{_C}]+(?:[-－][{_C}]+)?号(?![线井])"), "[门牌]"),
    (re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·• ]?[A-HJ-NP-Z0-9]{5,6}(?![A-Za-z0-9])"), "[车牌]"),
]  # fmt: skip


def clean(text: str) -> str:
    """The text without controls that hide or reorder it, in composed form (NFC), with line ends as `\\n` and at most one
    blank line in a row. Rare characters (𠮷) and emoji stay as they are."""
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text))
    text = unicodedata.normalize("NFC", _JOINERS.sub("", _INVISIBLE.sub("", text)))
    return _MANY_BREAKS.sub("\n\n", text).strip()


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
    """The text with the numbers and addresses that reach or identify a person, doors and number plates replaced by a word."""
    return _replaced(text, [*_CONTACTS, *_DOORS])


def mask_contacts(text: str) -> str:
    """The text with numbers and addresses that reach or identify a person replaced; doors stay, because who mends a thing
    must find it."""
    return _replaced(text, _CONTACTS)


def _replaced(text: str, masks: "list[tuple[re.Pattern[str], str]]") -> str:
    for pattern, word in masks:
        text = pattern.sub(word, text)
    return text
