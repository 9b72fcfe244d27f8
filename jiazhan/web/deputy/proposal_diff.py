"""What was changed between two versions of a text, sentence by sentence."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from jiazhan.suggestions.models import Proposal, ProposalText
from jiazhan.suggestions.services import writing

_SENTENCE = re.compile("[^。！？；，\n]*(?:[。！？；，\n]+|$)")


@dataclass(frozen=True)
class Piece:
    """A run of sentences that stayed ("same"), went ("gone") or came ("new")."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One part of the text that was changed, with its pieces in reading order."""

    name: str
    pieces: tuple[Piece, ...]


def changes(before: ProposalText, now: Proposal) -> list[Change]:
    """The changed parts, title first; nothing for what says the same."""
    facts, cause, request = writing.part_names(now)
    named = [("标题", "title"), (facts, "facts"), (cause, "cause"), (request, "request")]
    found = []
    for name, field in named:
        old, new = getattr(before, field), getattr(now, field)
        if old != new:
            found.append(Change(str(name), tuple(_pieces(old, new))))
    return found


def _pieces(old: str, new: str) -> list[Piece]:
    before, after = _sentences(old), _sentences(new)
    pieces = []
    for kind, start, end, from_, to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(after[from_:to])))
            continue
        if gone := "".join(before[start:end]):
            pieces.append(Piece("gone", gone))
        if came := "".join(after[from_:to]):
            pieces.append(Piece("new", came))
    return pieces


def _sentences(text: str) -> list[str]:
    return [each for each in _SENTENCE.findall(text) if each]
