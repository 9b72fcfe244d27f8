"""PDF by typst: one compiler for each process, because opening the fonts anew doubles the time of a letter."""

import json
import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import typst

from . import codes, fonts
from .content import Content, Poster, Receipt, as_data
from .plaintext import breakable, dated, each_text, printable, with_own_words

LAYOUTS = Path(__file__).parent / "layouts"
ARCHIVAL: Literal["a-2b"] = "a-2b"  # letters are kept for decades (handbook §11)
_ADDRESSES = ("url", "verify_url", "follow_url")
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Rendered:
    """A finished PDF, and the characters that no font here could print (they stand in it as 〔U+…〕)."""

    pdf: bytes
    missing: tuple[str, ...]


def render(*contents: Content) -> Rendered:
    """One PDF of all contents in order; each letter starts on a front side and numbers its own pages.

    Equal contents give equal bytes. ValueError for none.
    """
    data, lost = _inputs(contents)
    return Rendered(pdf=_compile(data, _moment(contents[0]), format="pdf"), missing=tuple(lost))


def preview(*contents: Content, dpi: int = 96) -> list[bytes]:
    """The pages as PNG."""
    data, _lost = _inputs(contents)
    pages = _compile(data, _moment(contents[0]), format="png", ppi=float(dpi))
    return pages if isinstance(pages, list) else [pages]


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=str(LAYOUTS), font_paths=fonts.loaded(), ignore_system_fonts=True)


def _compile(data: str, moment: datetime, **options: Any) -> Any:
    with _one_at_a_time:  # a typst compiler refuses a second thread
        return _compiler().compile(
            input=str(LAYOUTS / "main.typ"),
            sys_inputs={"data": data},
            timestamp=moment,
            pdf_standards=ARCHIVAL,
            **options,
        )


def _inputs(contents: tuple[Content, ...]) -> tuple[str, list[str]]:
    if not contents:
        raise ValueError("nothing to print")
    lost: dict[str, None] = {}

    def safe(text: str) -> str:
        text = printable(text)
        for character in fonts.missing(text):
            lost[character] = None
            text = text.replace(character, f"〔U+{ord(character):04X}〕")
        return breakable(text)

    items = [_item(content, safe) for content in contents]
    look = {"faces": fonts.faces(), "thicken": fonts.is_stand_in("title")}
    return json.dumps({"look": look, "items": items}, ensure_ascii=False), list(lost)


def _item(content: Content, safe: Any) -> dict[str, Any]:
    raw = with_own_words(as_data(content))
    item: dict[str, Any] = dated(each_text({name: raw[name] for name in raw if name not in _ADDRESSES}, safe))
    address = next((raw[name] for name in _ADDRESSES if raw.get(name)), "")
    return {**item, "kind": content.kind, "qr": codes.svg(address) if address else ""}


def _moment(content: Content) -> datetime:
    match content:
        case Receipt():
            day = content.received_on
        case Poster():
            day = date(2000, 1, 1)
        case _:
            day = content.signed_on
    return datetime.combine(day, time(), tzinfo=UTC)
