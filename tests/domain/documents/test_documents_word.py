"""Letters as DOCX: the same words, official fonts by name, and no way to break the file."""

import io
import zipfile

import pytest
import zxingcpp
from docx import Document
from PIL import Image

from jiazhan.documents.letters import word, word_templates
from tests.domain.documents.samples import reply_letter, transfer_letter


def text_of(content: bytes) -> str:
    doc = Document(io.BytesIO(content))
    cells = [cell.text for table in doc.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in doc.paragraphs), *cells])


def test_a_transfer_letter_says_in_word_what_it_says_in_pdf():
    text = text_of(word.render(transfer_letter()))
    for words in (
        "云溪区溪口街道人大工作委员会",
        "云溪口人工委转〔2026〕12号",
        "云溪区人民政府办公室：",
        "2026年11月21日",
        "三盏路灯",
        "王建国",
        "自收文之日起3个月内书面答复",
        "1. 群众意见转办单",
        "2. 现场照片3张",
        "抄送：云溪区人大常委会办公室，云溪区人大常委会城建环资工委。",
    ):
        assert words in text
    assert "{" not in text
    assert text.index("请承办单位") > text.index("人大代表在翠湖社区")


def test_a_reply_says_its_outcome_and_leaves_out_what_it_lacks():
    whole = text_of(word.render(reply_letter(attachments=("照片",))))
    assert "承诺事项：2026年12月31日前" in whole
    assert "附件：1. 照片" in whole
    bare = text_of(word.render(reply_letter(promise="", contact="", copies=(), attachments=())))
    assert "办理结果：已解决。" in bare
    for words in ("承诺事项", "联系人", "抄送", "附件"):
        assert words not in bare


@pytest.mark.parametrize(
    "words",
    [
        "a & b < c > d",
        "</w:t></w:r><w:r>",
        "{{ number }}{% raw %}",
        "𠮷😀",
        "第一行\n第二行",
        "]]> &amp; \x0c\x07\ufffe分页",
    ],
)
def test_what_people_write_cannot_break_a_word_file(words):
    text = text_of(word.render(transfer_letter(facts=words, issuer=f"云溪区{words}", paragraphs=(words,))))
    kept = words.replace("\x0c", "\n").replace("\x07", "").replace("\ufffe", "")
    assert text.count(kept) >= 2


def test_the_official_fonts_are_named_in_the_file():
    with zipfile.ZipFile(io.BytesIO(word.render(transfer_letter()))) as package:
        styles = package.read("word/styles.xml").decode()
        body = package.read("word/document.xml").decode()
    assert 'w:eastAsia="仿宋_GB2312"' in styles
    assert 'w:eastAsia="方正小标宋简体"' in body
    assert 'w:eastAsia="黑体"' in body


def test_the_code_in_a_word_letter_scans():
    with zipfile.ZipFile(io.BytesIO(word.render(transfer_letter()))) as package:
        (name,) = [name for name in package.namelist() if name.startswith("word/media/")]
        (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(package.read(name))))
    assert code.text == "https://jiazhan.example/verify/990106/7KQ2M9XD4TAB/"


def test_the_templates_in_the_repository_are_those_that_the_builder_makes():
    for kind, built in word_templates.build().items():
        out = io.BytesIO()
        built.save(out)
        with zipfile.ZipFile(out) as fresh, zipfile.ZipFile(word_templates.FOLDER / f"{kind}.docx") as kept:
            for part in ("word/document.xml", "word/styles.xml", "word/footer1.xml"):
                assert fresh.read(part) == kept.read(part), f"run python -m {word_templates.__name__}"
