"""Reading the spreadsheets that offices keep, in all the ways they come."""

import contextlib
import csv
import gzip
import io
import struct
import zipfile
from datetime import date, datetime

import pytest
import rustpy_xlsxwriter as xlsx
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jiazhan.kernel import cells, spreadsheets, workbooks
from jiazhan.kernel.spreadsheets import Column, Kind

NAME = Column("name", "姓名", synonyms=("代表姓名",), required=True, most=10)
PHONE = Column("phone", "手机号", Kind.MOBILE, synonyms=("电话", "联系电话"))
ELECTED = Column("elected_on", "当选日期", Kind.DATE)
CODE = Column("code", "站码", Kind.CODE)
COLUMNS = (NAME, PHONE, ELECTED, CODE)


def csv_of(*rows, encoding="utf-8", delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def workbook_of(cells_by_place, merged):
    """A workbook made by hand, because the writer merges no cells among its rows. Rows are written as they come."""
    rows = {}
    for place, value in cells_by_place.items():
        rows.setdefault(int(place[1:]), []).append(f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>')
    data = "".join(f'<row r="{number}">{"".join(row)}</row>' for number, row in sorted(rows.items()))
    merges = "".join(f'<mergeCell ref="{each}"/>' for each in merged)
    spaces = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    links = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    packages = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    relation = f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" Type="{office}/%s" Target="%s"/></Relationships>'
    types = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/>'
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{packages}/content-types">{types}</Types>',
        "_rels/.rels": relation % ("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook {spaces} {links}><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relation % ("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f"<worksheet {spaces}><sheetData>{data}</sheetData><mergeCells>{merges}</mergeCells></worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + part)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le"])
def test_a_csv_is_read_in_the_encodings_that_offices_save(encoding):
    table = spreadsheets.read(csv_of(["姓名", "手机号"], ["王小云", "13800138000"], encoding=encoding), columns=COLUMNS)
    assert [row.values["name"] for row in table] == ["王小云"]
    assert table.rows[0]["phone"] == "13800138000"


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_found(delimiter):
    table = spreadsheets.read(
        csv_of(["姓名", "手机号"], ["王小云", "13800138000"], delimiter=delimiter), columns=COLUMNS
    )
    assert table.rows[0]["phone"] == "13800138000"


def test_headers_are_found_below_a_title_by_synonyms_in_any_order():
    content = csv_of(["云溪区代表名册"], [], ["联系电话", "备注", "代表姓名(必填)*"], ["13800138000", "无", "王小云"])
    table = spreadsheets.read(content, columns=COLUMNS)
    assert table.rows[0].line == 4
    assert (table.rows[0]["name"], table.rows[0]["phone"]) == ("王小云", "13800138000")
    assert table.ignored == ("备注",)
    assert table.absent == {"elected_on", "code"}


def test_lines_are_numbered_as_the_file_shows_them():
    content = csv_of(["姓名"], ["甲"], [], ["乙\n(女)"], ["丙"])
    assert [row.line for row in spreadsheets.read(content, columns=(NAME,))] == [2, 4, 6]


def test_empty_rows_repeated_headers_and_the_example_are_left_out():
    content = csv_of(["序号", "姓名"], ["示例", "张三"], ["", ""], ["1", "王小云"], ["序号", "姓名"], ["2", "李四"])
    assert [row["name"] for row in spreadsheets.read(content, columns=(NAME,))] == ["王小云", "李四"]


def test_a_cell_that_does_not_fit_is_a_problem_of_its_row_and_the_others_are_read():
    content = csv_of(
        ["姓名", "手机号", "当选日期"],
        ["王小云", "1380013", "2026年2月30日"],
        ["", "13800138000", ""],
        ["李四", "", ""],
    )
    table = spreadsheets.read(content, columns=COLUMNS)
    assert [str(problem) for problem in table.problems] == [
        "第 2 行「手机号」：“1380013”不是 11 位手机号",
        "第 2 行「当选日期」：“2026年2月30日”没有这一天",
        "第 3 行「姓名」：没有填写",
    ]
    assert table.rows[2].values == {"name": "李四", "phone": None, "elected_on": None, "code": None}


def test_leading_zeros_and_apostrophes_of_a_code_are_kept_and_dropped():
    content = csv_of(["姓名", "站码"], ["甲", "'007"], ["乙", "007"], ["丙", "1.3E+10"])
    table = spreadsheets.read(content, columns=COLUMNS)
    assert [row["code"] for row in table] == ["007", "007", None]
    assert "科学计数" in table.problems[0].said


def test_a_workbook_gives_numbers_dates_and_the_sheet_that_has_the_headers():
    out = io.BytesIO()
    notes, people = (
        [{"说明": "请填写"}],
        [{"姓名": "王小云", "手机号": 13800138000, "当选日期": date(2026, 1, 5), "站码": 12}],
    )
    xlsx.write_worksheets([("说明", notes), ("名册", people)], out)
    table = spreadsheets.read(out.getvalue(), columns=COLUMNS)
    assert table.sheet == "名册"
    assert table.rows[0].values == {
        "name": "王小云",
        "phone": "13800138000",
        "elected_on": date(2026, 1, 5),
        "code": "12",
    }


def test_merged_cells_are_filled_and_lines_hold_where_the_table_starts_lower():
    written = {"B4": "站码", "C4": "姓名", "B5": "A01", "C5": "甲", "C6": "乙", "B8": "A02", "C8": "丙"}
    table = spreadsheets.read(workbook_of(written, merged=["B5:B6"]), columns=(NAME, CODE))
    assert [(row.line, row["code"], row["name"]) for row in table] == [
        (5, "A01", "甲"),
        (6, "A01", "乙"),
        (8, "A02", "丙"),
    ]


def test_a_template_reads_back_as_empty_and_takes_what_is_filled_in():
    content = spreadsheets.template(COLUMNS, title="代表")
    assert len(spreadsheets.read(content, columns=COLUMNS)) == 0


@pytest.mark.parametrize(
    ("content", "refusal", "said"),
    [
        (b"", spreadsheets.NotASpreadsheet, "空"),
        (b"   \n", spreadsheets.NotASpreadsheet, "空"),
        (b"%PDF-1.7 ...", spreadsheets.NotASpreadsheet, "不是表格"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), spreadsheets.NotASpreadsheet, "不是表格"),
        (b"MZ" + bytes(100), spreadsheets.NotASpreadsheet, "不是表格"),
        (b"<html><table><tr><td>x</td></tr></table>", spreadsheets.NotASpreadsheet, "另存为"),
        (b"PK\x03\x04 not really", spreadsheets.Damaged, "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), spreadsheets.NotASpreadsheet, "不是表格"),
        (bytes(range(256)) * 4, spreadsheets.NotASpreadsheet, "读不出来"),
        ("一些\n没有表头的\n文字".encode(), spreadsheets.HeaderMissing, "姓名"),
        (csv_of(["姓名", "代表姓名"], ["甲", "乙"]), spreadsheets.HeaderTwice, "代表姓名"),
        (gzip.compress(b"x" * 100, mtime=0)[:20], spreadsheets.Damaged, "损坏"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(content, refusal, said):
    with pytest.raises(refusal, match=said):
        spreadsheets.read(content, columns=COLUMNS)


def test_a_zip_bomb_is_refused_whatever_size_it_declares():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(workbooks.UNPACKED_LIMIT + 1024))
    bomb = out.getvalue()
    honest = struct.pack("<I", workbooks.UNPACKED_LIMIT + 1024)
    assert honest in bomb
    for content in (bomb, bomb.replace(honest, struct.pack("<I", 100))):
        with pytest.raises(spreadsheets.TooLarge, match="解开后太大"):
            spreadsheets.read(content, columns=COLUMNS)


def test_a_file_over_the_limit_is_refused_and_one_under_it_is_read():
    content = csv_of(["姓名"], *[["王小云"]] * 1000)
    assert len(spreadsheets.read(content, columns=(NAME,), limit=len(content))) == 1000
    with pytest.raises(spreadsheets.TooLarge):
        spreadsheets.read(content, columns=(NAME,), limit=len(content) - 1)


def test_a_packed_csv_is_read_from_a_path(tmp_path):
    path = tmp_path / "people.csv.gz"
    path.write_bytes(gzip.compress(csv_of(["姓名"], ["王小云"]), mtime=0))
    assert [row["name"] for row in spreadsheets.read(path, columns=(NAME,))] == ["王小云"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026/1/5", date(2026, 1, 5)), ("2026-01-05", date(2026, 1, 5)), ("2026.1.5", date(2026, 1, 5)), ("2026年1月5日", date(2026, 1, 5)),
        ("20260105", date(2026, 1, 5)), ("46027", date(2026, 1, 5)), ("46027.5", date(2026, 1, 5)), ("２０２６/１/５", date(2026, 1, 5)),
        ("2026-01-05 09:30:00", date(2026, 1, 5)), ("2026年1月5日 9时30分", date(2026, 1, 5)),
    ],
)  # fmt: skip
def test_a_date_is_read_in_the_shapes_people_type(written, day):
    assert cells.as_date(written) == day


@pytest.mark.parametrize("written", ["26/1/5", "2026年1月", "昨天", "2026-13-01", "5", "999999", "1/5/2026"])
def test_what_is_no_date_is_unfit(written):
    with pytest.raises(cells.Unfit):
        cells.as_date(written)


def test_a_moment_keeps_its_time_in_the_countys_zone():
    assert cells.as_moment("2026/1/5 9:30:15") == timezone.make_aware(datetime(2026, 1, 5, 9, 30, 15))


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 13800138000",
        "\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10",
        "8613800138000",
    ],
)
def test_a_mobile_is_read_however_it_is_spaced(written):
    assert cells.as_mobile(written) == "13800138000"


@pytest.mark.parametrize("written", ["1380013800", "23800138000", "12800138000", "电话", "1.38E+10", "138001380001"])
def test_what_is_no_mobile_is_unfit(written):
    with pytest.raises(cells.Unfit):
        cells.as_mobile(written)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("(0571)88886666", "0571-88886666"),
        ("0571—88886666", "0571-88886666"),
        ("88886666", "88886666"),
        ("0571-88886666转8001", "0571-88886666-8001"),
        ("12345", "12345"),
        ("400-800-8000", "400-800-8000"),
        ("13800138000", "13800138000"),
    ],
)
def test_a_fixed_line_is_read_with_its_area_code(written, number):
    assert cells.as_phone(written) == number


def test_a_choice_is_named_when_another_word_is_written():
    choices = {"代表之家": "home", "家": "home", "联络站": "station"}
    assert cells.as_choice("代表之家 ", choices) == "home"
    assert cells.as_choice("家", choices) == "home"
    with pytest.raises(cells.Unfit, match=r"代表之家、联络站$"):
        cells.as_choice("办公室", choices)


words = st.text(
    st.characters(codec="gb18030", exclude_categories=["Cc", "Cf", "Cs", "Cn", "Zs", "Zl", "Zp", "Co"]),
    min_size=1,
    max_size=10,
).filter(
    lambda word: (
        word not in spreadsheets.EXAMPLES
        and word[0] not in "'‘’"
        and not NAME.answers_to() & {spreadsheets._heading(word)}
    )
)


@given(
    names=st.lists(words, max_size=20),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    above=st.integers(0, 5),
)
def test_what_was_written_is_what_is_read(names, encoding, above):
    content = csv_of(
        *[[]] * above, ["编号", "姓名"], *[[number, name] for number, name in enumerate(names, 1)], encoding=encoding
    )
    table = spreadsheets.read(content, columns=(NAME,))
    assert [row["name"] for row in table] == [cells.as_line(name) for name in names if cells.plain(name)]
    assert all(row.line == above + 1 + number for number, row in enumerate(table, 1))


@given(content=st.binary(max_size=400))
def test_no_content_breaks_the_reader(content):
    with contextlib.suppress(spreadsheets.Unreadable):
        spreadsheets.read(content, columns=COLUMNS)


@given(
    day=st.dates(date(1950, 1, 1), date(2099, 12, 31)),
    shape=st.sampled_from(["%Y/%m/%d", "%Y-%m-%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]),
)
def test_every_day_is_read_in_every_shape(day, shape):
    assert cells.as_date(day.strftime(shape)) == day
    assert cells.as_date(str((day - cells.SERIAL_START).days)) == day
