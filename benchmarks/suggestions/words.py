"""Texts of proposals of the usual length, out of sentences that people wrote."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from benchmarks.web import texts
from jiazhan.kernel.text import bigrams

# Characters of each part of a text, from and to.
FACTS, CAUSE, REQUEST, REPLY = (120, 320), (60, 180), (100, 260), (250, 700)
KEPT = 30_000


@dataclass(frozen=True)
class Text:
    title: str
    facts: str
    cause: str
    request: str
    terms: str
    headline: str


class Writer:
    """Writes texts; full stops end a run of Chinese, so the terms of a text are those of its sentences."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.titles, parts, self.source = texts.sentences(random)
        self.parts = random.sample(parts, min(len(parts), KEPT))
        self._known: dict[str, frozenset[str]] = {}

    def text(self, lead: str, *, like: str = "") -> Text:
        """A text of this lead; `like` is the title of one of a former year that asked for the same."""
        title = like or f"关于{self.random.choice(self.titles).strip('。！？')[:40]}的建议"
        facts, cause, request = (self.sentences(*length) for length in (FACTS, CAUSE, REQUEST))
        headline = set(self._of(title))
        terms = headline.union(*(self._of(each) for each in (*facts, *cause, *request, lead)))
        return Text(title, _joined(facts), _joined(cause), _joined(request), _vector(terms), _vector(headline))

    def reply(self) -> str:
        return _joined(self.sentences(*REPLY))

    def line(self) -> str:
        return self.random.choice(self.parts)[:120]

    def sentences(self, least: int, most: int) -> list[str]:
        wanted, found = self.random.randint(least, most), list[str]()
        while sum(map(len, found)) < wanted:
            found.append(self.random.choice(self.parts))
        return found

    def _of(self, text: str) -> frozenset[str]:
        if text not in self._known:
            self._known[text] = frozenset(bigrams(text))
        return self._known[text]


def _joined(sentences: Iterable[str]) -> str:
    return "。".join(sentences) + "。"


def _vector(terms: Iterable[str]) -> str:
    return " ".join(f"'{term}'" for term in terms)
