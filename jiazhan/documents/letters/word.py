"""DOCX by docxtpl, for offices that edit or seal a letter in their own word processor."""

import io
from functools import lru_cache
from typing import Any

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage, RichText

from . import codes
from .content import ReplyLetter, TransferLetter, as_data
from .plaintext import chinese_date, each_text, printable, with_own_words
from .word_templates import FOLDER, RED, TITLE


def render(letter: TransferLetter | ReplyLetter) -> bytes:
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


def _values(letter: TransferLetter | ReplyLetter) -> dict[str, Any]:
    values = with_own_words(as_data(letter))
    for name in [name for name in values if name.endswith("_on")]:
        values[name] = chinese_date(values[name])
    for endorsement in values.get("endorsements", []):
        endorsement["signed_on"] = chinese_date(endorsement["signed_on"])
    *values["paragraphs"], values["last_paragraph"] = [
        piece for each in values["paragraphs"] for piece in each.split("\n\n")
    ]
    values["all_attachments"] = ["群众意见转办单", *values["attachments"]]
    safe: dict[str, Any] = each_text(values, printable)
    return safe
