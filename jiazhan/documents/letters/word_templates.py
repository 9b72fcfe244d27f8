"""Builds the DOCX templates of the letters: `python -m jiazhan.documents.letters.word_templates` writes them anew.

An office may open the built files in Word and change their look; the places to be filled are Jinja tags of docxtpl.
"""

from pathlib import Path

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.text.font import CT_RPr
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

FOLDER = Path(__file__).parent / "word"
FANGSONG, TITLE, HEI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "宋体"
WIDTHS = (33, 45, 25, 53)
LIST_WIDTHS = (12, 30, 42, 20, 22, 30)
PACK_WIDTHS = (12, 30, 42, 20, 28, 24)
# A name and seven numbers.
REPORT_WIDTHS = (44, 16, 16, 16, 16, 16, 16, 16)
RED = RGBColor(0xD0, 0x02, 0x1B)
SIZE3, SIZE4 = Pt(16), Pt(14)


def build() -> dict[str, DocumentObject]:
    """The templates by kind of letter."""
    return {
        "transfer": _transfer(),
        "reply": _reply(),
        "assignment": _assignment(),
        "proposal_reply": _proposal_reply(),
        "urging": _urging(),
        "meeting_pack": _meeting_pack(),
        "meeting_notice": _meeting_notice(),
        "proposal_report": _proposal_report(),
    }


def _transfer() -> DocumentObject:
    doc = _letter()
    _keep(_line(doc, _attachments("all_attachments"), indent=2))
    _signature(doc, ["{{ issuer }}", "{{ signed_on }}"])
    sheet = doc.add_section(WD_SECTION.NEW_PAGE)
    sheet.top_margin, sheet.bottom_margin = Mm(20), Mm(24)
    _line(doc, "群众意见转办单", align=WD_ALIGN_PARAGRAPH.CENTER, font=TITLE, size=Pt(18))
    _line(doc, "编号：{{ matter_number }}　　{{ number }}", size=Pt(12))
    table = doc.add_table(rows=0, cols=4)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Mm(width)
    _wide(table, "标题", "{{ matter_title }}")
    _pair(table, "反映时间", "{{ said_on }}", "反映渠道", "{{ channel }}")
    _pair(table, "反映人", "{{ author }}", "所属社区", "{{ community }}")
    _pair(table, "分类", "{{ category }}", "联系方式", "{{ contact or '由联络站代为联系' }}")
    _wide(table, "事由", "{{ facts }}")
    _wide(table, "诉求", "{{ request }}")
    _row_tag(table, "{%tr for one in endorsements %}")
    _wide(table, "{{ one.label }}", "{{ one.text }}", "签名：{{ one.name or '　　　　' }}　{{ one.signed_on }}")
    _row_tag(table, "{%tr endfor %}")
    _wide(table, "转送单位及文号", "{{ forwarded_to }}　{{ number }}")
    _pair(table, "收文日", "{{ received_on }}", "办理期限", "{{ due }}")
    _wide(table, "附件", "{% if attachments %}" + _listed("attachments", "\n") + "{% else %}无{% endif %}")
    _copies(doc)
    return doc


def _reply() -> DocumentObject:
    doc = _letter()
    _keep(_line(doc, "办理结果：{{ outcome }}。", indent=2))
    for condition, words in (("promise", "承诺事项：{{ promise }}"), ("contact", "联系人及电话：{{ contact }}")):
        _line(doc, f"{{%p if {condition} %}}")
        _keep(_line(doc, words, indent=2))
        _line(doc, "{%p endif %}")
    _line(doc, "{%p if attachments %}")
    _keep(_line(doc, _attachments("attachments"), indent=2))
    _line(doc, "{%p endif %}")
    _signature(doc, ["{{ issuer }}", "负责人：{{ signed_by }}", "{{ signed_on }}"])
    _copies(doc)
    return doc


def _assignment() -> DocumentObject:
    doc = _letter()
    _keep(_line(doc, _attachments("all_attachments"), indent=2))
    _signature(doc, ["{{ issuer }}", "{{ signed_on }}"])
    _copies(doc)
    sheet = doc.add_section(WD_SECTION.NEW_PAGE)
    sheet.top_margin, sheet.bottom_margin = Mm(20), Mm(24)
    _line(doc, "交办代表建议清单", align=WD_ALIGN_PARAGRAPH.CENTER, font=TITLE, size=Pt(18))
    _line(doc, "承办单位：{{ addressee }}　　{{ number }}", size=Pt(12))
    table = doc.add_table(rows=0, cols=6)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, LIST_WIDTHS, strict=True):
        column.width = Mm(width)
    _listed_row(table, "序号", "编号", "标题", "领衔代表", "分工", "期限", is_label=True)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    _row_tag(table, "{%tr for row in rows %}")
    _listed_row(
        table,
        "{{ loop.index }}",
        *(f"{{{{ row.{name} }}}}" for name in ("number", "title", "lead", "part", "due_on")),
        is_label=False,
    )
    _row_tag(table, "{%tr endfor %}")
    return doc


def _proposal_reply() -> DocumentObject:
    doc = _letter(mark="{%p if letter %}")
    for condition, words in (
        ("assisted", "{{ assisted }}"),
        ("outcome", "办理结果：{{ outcome }}。"),
        ("promise", "承诺事项：{{ promise }}"),
        ("contact", "联系人及电话：{{ contact }}"),
    ):
        _line(doc, f"{{%p if {condition} %}}")
        _keep(_line(doc, words, indent=2))
        _line(doc, "{%p endif %}")
    _line(doc, "{%p if attachments %}")
    _keep(_line(doc, _attachments("attachments"), indent=2))
    _line(doc, "{%p endif %}")
    _signature(doc, ["{{ issuer }}", "负责人：{{ signed_by }}", "{{ signed_on }}"])
    _copies(doc)
    return doc


def _urging() -> DocumentObject:
    doc = _letter()
    _keep(_line(doc, "催办要求：{{ demands }}", indent=2))
    _keep(_line(doc, "请于{{ answer_by_on }}前书面回复办理进展。", indent=2))
    _signature(doc, ["{{ issuer }}", "{{ signed_on }}"])
    _copies(doc)
    return doc


def _meeting_pack() -> DocumentObject:
    doc = _sheet()
    centre = WD_ALIGN_PARAGRAPH.CENTER
    title = _line(doc, "{{ title }}", align=centre, font=TITLE, size=Pt(22))
    title.paragraph_format.space_after, title.paragraph_format.line_spacing = Pt(14), Pt(34)
    _line(doc, "{{ issuer }}　{{ signed_on }}", align=centre).paragraph_format.space_after = Pt(22)
    _line(doc, "{%p for each in paragraphs %}")
    _line(doc, "{{ each }}", indent=2)
    _line(doc, "{%p endfor %}")
    _line(doc, "{{ last_paragraph }}", indent=2)
    _keep(_line(doc, "一、建议清单", font=HEI)).paragraph_format.space_before = Pt(14)
    table = doc.add_table(rows=0, cols=6)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, PACK_WIDTHS, strict=True):
        column.width = Mm(width)
    _listed_row(table, "序号", "编号", "标题", "领衔代表", "承办单位", "期限", is_label=True, widths=PACK_WIDTHS)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    _row_tag(table, "{%tr for row in rows %}")
    names = ("number", "title", "lead", "units", "due")
    places = (f"{{{{ row.{name} }}}}" for name in names)
    _listed_row(table, "{{ loop.index }}", *places, is_label=False, widths=PACK_WIDTHS)
    _row_tag(table, "{%tr endfor %}")
    _keep(_line(doc, "二、办理进展和询问事项", font=HEI)).paragraph_format.space_before = Pt(14)
    _line(doc, "{%p for row in rows %}")
    head = _keep(_line(doc, "{{ loop.index }}．{{ row.title }}", font=HEI))
    head.paragraph_format.space_before = Pt(14)
    _line(doc, "{{ row.number }}　领衔代表：{{ row.lead }}　承办单位：{{ row.units }}", size=Pt(12))
    for label, name, words in (
        ("办理进展", "progress", "{{ one }}"),
        ("询问事项", "questions", "{{ loop.index }}. {{ one }}"),
    ):
        _line(doc, f"{{%p if row.{name} %}}")
        _keep(_line(doc, label, font=HEI, size=Pt(12)))
        _line(doc, f"{{%p for one in row.{name} %}}")
        _line(doc, words, size=Pt(12), indent=2)
        _line(doc, "{%p endfor %}")
        _line(doc, "{%p endif %}")
    _line(doc, "{%p endfor %}")
    return doc


def _meeting_notice() -> DocumentObject:
    doc = _letter()
    for words in ("约见代表：{{ deputies }}", "时间：{{ held }}", "地点：{{ place }}", "主持人：{{ host }}"):
        _line(doc, words, indent=2)
    _line(doc, "{%p for each in topics %}")
    _keep(_line(doc, "{{ loop.index }}．{{ each.topic }}", font=HEI, indent=2))
    _line(doc, "{%p for one in each.questions %}")
    _line(doc, "（{{ loop.index }}）{{ one }}", indent=2)
    _line(doc, "{%p endfor %}")
    _line(doc, "{%p endfor %}")
    _signature(doc, ["{{ issuer }}", "{{ signed_on }}"])
    _copies(doc)
    return doc


def _proposal_report() -> DocumentObject:
    doc = _sheet()
    centre = WD_ALIGN_PARAGRAPH.CENTER
    title = _line(doc, "{{ title }}", align=centre, font=TITLE, size=Pt(22))
    title.paragraph_format.space_after, title.paragraph_format.line_spacing = Pt(14), Pt(34)
    _line(doc, "{{ issuer }}", align=centre).paragraph_format.space_after = Pt(22)
    _line(doc, "{{ addressee }}：")
    _line(doc, "{%p for each in paragraphs %}")
    _line(doc, "{{ each }}", indent=2)
    _line(doc, "{%p endfor %}")
    _line(doc, "{{ last_paragraph }}", indent=2)
    _line(doc, "{%p for part in sections %}")
    _keep(_line(doc, "{{ part.heading }}", font=HEI, indent=2))
    _line(doc, "{%p for each in part.paragraphs %}")
    _line(doc, "{{ each }}", indent=2)
    _line(doc, "{%p endfor %}")
    _line(doc, "{%p endfor %}")
    _signature(doc, ["{{ issuer }}", "{{ signed_on }}"])
    sheet = doc.add_section(WD_SECTION.NEW_PAGE)
    sheet.top_margin, sheet.bottom_margin = Mm(20), Mm(24)
    _line(doc, "{%p for table in tables %}")
    head = _keep(_line(doc, "{{ table.title }}", align=centre, font=TITLE, size=Pt(16)))
    head.paragraph_format.space_before = head.paragraph_format.space_after = Pt(10)
    table = doc.add_table(rows=0, cols=len(REPORT_WIDTHS))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, REPORT_WIDTHS, strict=True):
        column.width = Mm(width)
    places = [f"{{{{ table.heads[{place}] }}}}" for place in range(len(REPORT_WIDTHS))]
    _listed_row(table, *places, is_label=True, widths=REPORT_WIDTHS)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    _row_tag(table, "{%tr for row in table.rows %}")
    places = [f"{{{{ row[{place}] }}}}" for place in range(len(REPORT_WIDTHS))]
    _listed_row(table, *places, is_label=False, widths=REPORT_WIDTHS)
    _row_tag(table, "{%tr endfor %}")
    _line(doc, "{%p endfor %}")
    return doc


def _attachments(names: str) -> str:
    return "附件：" + _listed(names, "\n　　　　　")


def _listed(names: str, between: str) -> str:
    start = f"{{% for name in {names} %}}{{% if not loop.first %}}{between}{{% endif %}}"
    return start + "{{ loop.index }}. {{ name }}{% endfor %}"


def _letter(*, mark: str = "") -> DocumentObject:
    """A page after GB/T 9704 with head, number, title, addressee and paragraphs; with a condition for it, the class of the
    outcome stands at the top right."""
    doc = _sheet()
    if mark:
        _line(doc, mark)
        _line(doc, "类别标记：{{ letter }}", align=WD_ALIGN_PARAGRAPH.RIGHT, font=HEI)
        _line(doc, "{%p endif %}")
        _line(doc, "{%p if publicity %}")
        _line(doc, "复文{{ publicity }}", align=WD_ALIGN_PARAGRAPH.RIGHT, size=SIZE4)
        _line(doc, "{%p endif %}")
    centre = WD_ALIGN_PARAGRAPH.CENTER
    head = _line(doc, "{{r head }}", align=centre)
    head.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    number = _line(doc, "{{ number }}", align=centre)
    number.paragraph_format.space_before = Pt(14)
    _rule(number, "bottom", "D0021B", 12)
    title = _line(doc, "{{ title }}", align=centre, font=TITLE, size=Pt(22))
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(22)
    title.paragraph_format.line_spacing = Pt(34)
    _line(doc, "{{ addressee }}：")
    _line(doc, "{%p for each in paragraphs %}")
    _line(doc, "{{ each }}", indent=2)
    _line(doc, "{%p endfor %}")
    _keep(_line(doc, "{{ last_paragraph }}", indent=2))
    return doc


def _sheet() -> DocumentObject:
    """An empty page after GB/T 9704, numbered."""
    doc = Document()
    section = doc.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(37),
        Mm(35),
        Mm(28),
        Mm(26),
    )
    section.footer_distance = Mm(25)
    normal = doc.styles["Normal"]
    normal.font.size = SIZE3
    _set_font(normal.element.get_or_add_rPr(), FANGSONG)
    shape = normal.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(29)
    _page_numbers(doc)
    return doc


def _signature(doc: DocumentObject, lines: list[str]) -> None:
    for position, words in enumerate(lines):
        line = _line(doc, words, align=WD_ALIGN_PARAGRAPH.RIGHT)
        line.paragraph_format.right_indent = SIZE3 * 2
        _keep(line)
        if position == 0:
            line.paragraph_format.space_before = Pt(40)
    _line(doc, "{%p if verify_code %}")
    picture = _keep(_line(doc, "{{ qr }}", size=Pt(9)))
    picture.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    check = _line(doc, "扫码核验本函真伪　核验码 {{ verify_code }}", size=Pt(9))
    check.paragraph_format.line_spacing = Pt(14)
    _line(doc, "{%p endif %}")


def _copies(doc: DocumentObject) -> None:
    _line(doc, "{%p if copies %}")
    copies = _line(doc, "抄送：{{ copies | join('，') }}。", size=SIZE4)
    copies.paragraph_format.space_before = Pt(20)
    _rule(copies, "top", "000000", 8)
    _line(doc, "{%p endif %}")
    printed = _line(doc, "{{ issuer }}　　{{ signed_on }}印发", size=SIZE4)
    _rule(printed, "top", "000000", 6)
    _rule(printed, "bottom", "000000", 8)


def _line(
    doc: DocumentObject | _Cell,
    words: str,
    *,
    align: WD_ALIGN_PARAGRAPH | None = None,
    font: str = "",
    size: Length | None = None,
    color: RGBColor | None = None,
    indent: int = 0,
) -> Paragraph:
    paragraph = doc.add_paragraph()
    _write(paragraph, words, font=font, size=size, color=color)
    paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = SIZE3 * indent
    return paragraph


def _keep(paragraph: Paragraph) -> Paragraph:
    paragraph.paragraph_format.keep_with_next = True
    return paragraph


def _write(
    paragraph: Paragraph, words: str, *, font: str = "", size: Length | None = None, color: RGBColor | None = None
) -> None:
    run = paragraph.add_run(words)
    run.font.size, run.font.color.rgb = size, color
    if font:
        _set_font(run._element.get_or_add_rPr(), font)


def _set_font(properties: CT_RPr, name: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), name)


def _rule(paragraph: Paragraph, side: str, color: str, eighths: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(
            borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )
    rule = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "4"), ("color", color)):
        rule.set(qn(f"w:{name}"), value)
    borders.append(rule)


def _page_numbers(doc: DocumentObject) -> None:
    """— 1 —: right on odd pages, left on even ones."""
    doc.settings.odd_and_even_pages_header_footer = True
    section = doc.sections[0]
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = align
        _write(paragraph, "— ", font=SONG, size=SIZE4)
        for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
            run = paragraph.add_run()
            run.font.size = SIZE4
            _set_font(run._element.get_or_add_rPr(), SONG)
            mark = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                mark.set(qn("w:fldCharType"), kind)
            else:
                mark.text = words
            run._r.append(mark)
        _write(paragraph, " —", font=SONG, size=SIZE4)


def _cells(table: Table) -> list[_Cell]:
    cells = list(table.add_row().cells)
    for cell, width in zip(cells, WIDTHS, strict=True):
        cell.width = Mm(width)
    return cells


def _fill(cell: _Cell, *lines: str, is_label: bool) -> None:
    for position, words in enumerate(lines):
        paragraph = cell.paragraphs[0] if position == 0 else cell.add_paragraph()
        _write(paragraph, words, font=HEI if is_label else "", size=Pt(12))
        paragraph.paragraph_format.line_spacing = Pt(20)
        if is_label:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif position:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _wide(table: Table, label: str, *lines: str) -> None:
    cells = _cells(table)
    _fill(cells[0], label, is_label=True)
    _fill(cells[1].merge(cells[3]), *lines, is_label=False)


def _pair(table: Table, *words: str) -> None:
    for position, (cell, each) in enumerate(zip(_cells(table), words, strict=True)):
        _fill(cell, each, is_label=position % 2 == 0)


def _listed_row(table: Table, *words: str, is_label: bool, widths: tuple[int, ...] = LIST_WIDTHS) -> None:
    for cell, width, each in zip(table.add_row().cells, widths, words, strict=True):
        cell.width = Mm(width)
        _fill(cell, each, is_label=is_label)


def _row_tag(table: Table, tag: str) -> None:
    cells = table.add_row().cells
    cells[0].merge(cells[-1]).paragraphs[0].add_run(tag)


def write() -> list[Path]:
    """Write the templates to their folder."""
    FOLDER.mkdir(exist_ok=True)
    paths = []
    for kind, doc in build().items():
        paths.append(FOLDER / f"{kind}.docx")
        doc.save(str(paths[-1]))
    return paths


if __name__ == "__main__":
    write()
