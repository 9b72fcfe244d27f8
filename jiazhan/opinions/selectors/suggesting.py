"""Which category a text may belong to: suggested with the words that decided, never forced (handbook §10)."""

import time
from dataclasses import dataclass

from ..models import Category

FRESH_SECONDS = 60
# A word of the title counts as much as three of the body.
TITLE_WEIGHT = 3
# Below this share of all that was found, the text is about several things: a person decides (待分).
LEAST_SHARE = 0.3
ACCUSATION = "14"


@dataclass(frozen=True)
class Suggestion:
    """`confidence` is the category's share of what was found, from 0 to 1."""

    category: Category
    words: tuple[str, ...]
    confidence: float

    @property
    def is_about_law(self) -> bool:
        """Whether the matter likely belongs to a court or a disciplinary organ: it asks for the lock (§14 rule 6)."""
        return self.category.code.startswith(ACCUSATION)


Keywords = list[tuple[Category, tuple[str, ...]]]
_loaded: tuple[float, Keywords] | None = None


def suggest_category(text: str, *, title: str = "") -> Suggestion | None:
    """The most likely second-level category, or None where the words do not decide."""
    found: dict[str, tuple[float, Category, tuple[str, ...]]] = {}
    lowered, heading = text.lower(), title.lower()
    for category, keywords in _keywords():
        words = tuple(word for word in keywords if word in lowered or word in heading)
        if words:
            # Longer words say more: 加装电梯 against 电梯.
            weight = sum((len(word) - 0.5) * (TITLE_WEIGHT if word in heading else 1) for word in words)
            found[category.code] = (weight, category, words)
    if not found:
        return None
    score, category, words = max(found.values(), key=lambda each: (each[0], -int(each[1].code)))
    share = score / sum(each[0] for each in found.values())
    return Suggestion(category, words, round(share, 2)) if share >= LEAST_SHARE else None


def forget() -> None:
    """Read the dictionary again at the next question; called by whoever changes it."""
    global _loaded
    _loaded = None


def _keywords() -> Keywords:
    global _loaded
    if _loaded is None or time.monotonic() - _loaded[0] > FRESH_SECONDS:
        rows = Category.objects.filter(is_active=True).exclude(keywords="").order_by("code")
        _loaded = (time.monotonic(), [(row, tuple(row.keywords.lower().split())) for row in rows])
    return _loaded[1]
