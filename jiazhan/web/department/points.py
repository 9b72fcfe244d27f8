"""What the author asks, taken out of the words as separate points, so that a reply can be held against each."""

import re

from jiazhan.kernel.text import bigrams

MOST = 8
_NUMBERED = re.compile(
    r"(?:^|(?<=[\n。;；!！?？]))\s*(?:[(（]?[0-9一二三四五六七八九十]{1,2}[)）、.．]|[①-⑩])\s*(?![0-9])"
)
_SENTENCE = re.compile(r"[^。!?！？;；\n]+[。!?！？;；]?")
_ASKING = re.compile(
    r"希望|请求|恳请|建议|要求|能否|能不能|可否|是否|什么时候|何时|为什么|为何|怎么|哪里|尽快|盼|求|请|[?？]"
)
_EMPTY_WORDS = frozenset(
    bigrams(
        "希望请求恳请建议要求能否能不能可否是否什么时候何时为什么为何怎么哪里尽快有关部门相关单位我们你们他们这个那个一下一个可以已经没有解决处理问题情况进行现在谢谢"
    )
)
_KNOWN_AT_LEAST = 2


def points_of(body: str, appeal: str) -> list[str]:
    """The points in their order, at most eight: numbered items where the author numbered them, else the sentences that
    ask for something, else the whole request. Never empty for words that aren't."""
    for text in filter(None, (appeal.strip(), body.strip())):
        numbered = [_tidy(part) for part in _NUMBERED.split(text)[1:]]
        if len(numbered) > 1:
            return [each for each in numbered if each][:MOST]
    if appeal.strip():
        return _sentences(appeal)[:MOST]
    sentences = _sentences(body)
    asking = [each for each in sentences if _ASKING.search(each)]
    return (asking or [" ".join(sentences)])[:MOST] if sentences else []


def is_touched(point: str, reply: str) -> bool:
    """Whether the reply has some of the point's own words: a hint, no proof that it answers."""
    own = {pair for pair in bigrams(point) if len(pair) > 1 and pair not in _EMPTY_WORDS}
    return len(own & set(bigrams(reply))) >= min(_KNOWN_AT_LEAST, len(own))


def _sentences(text: str) -> list[str]:
    return [each for each in (_tidy(found) for found in _SENTENCE.findall(text)) if len(each) > 1]


def _tidy(text: str) -> str:
    return " ".join(text.split())
