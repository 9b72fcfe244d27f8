"""DOCX by docxtpl, for offices that edit or seal a letter in their own word processor."""

import io
from functools import lru_cache
from typing import Any

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage, RichText

from . import codes
from .content import Letter, as_data
from .plaintext import dated, each_text, printable, with_own_words
from .word_templates import FOLDER, RED, TITLE

# The sheet that a letter brings along, named among its attachments.
OWN_SHEETS = {"transfer": ["群众意见转办单"], "assignment": ["交办代表建议清单"]}


def render(letter: Letter) -> bytes:
    """The letter as DOCX, with the official fonts named in it: 仿宋_GB2312, 方正小标宋简体, 黑体."""
    template = DocxTemplate(io.BytesIO(_template(letter.kind)))
    values = _values(letter)
    values["head"] = RichText(
        values["issuer"], font=f"eastAsia:{TITLE}", color=str(RED), size=2 * min(32, 430 // max(len(letter.issuer), 1))
    )
    if letter.verify_url:
        values["qr"] = InlineImage(template, codes.png(letter.verify_url), width=Mm(20))
    template.render(values, autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


@lru_cache
def _template(kind: str) -> bytes:
    return (FOLDER / f"{kind}.docx").read_bytes()


def _values(letter: Letter) -> dict[str, Any]:
    values = dated(with_own_words(as_data(letter)))
    *values["paragraphs"], values["last_paragraph"] = [
        piece for each in values["paragraphs"] for piece in each.split("\n\n")
    ]
    values["all_attachments"] = [*OWN_SHEETS.get(letter.kind, ()), *values["attachments"]]
    safe: dict[str, Any] = each_text(values, printable)
    return safe
