"""Letters as PDF: what stands on the page, whatever people write."""

import io
import threading
from pathlib import Path

import manimgx_fonts
import pytest
import zxingcpp
from fontTools.ttLib import TTFont
from PIL import Image
from pypdf import PdfReader

from jiazhan.documents.letters import fonts, pdf, plaintext
from jiazhan.documents.letters.content import PaperSize, UnmaskedContact, as_data, from_data
from tests.domain.documents.samples import poster, receipt, reply_letter, transfer_letter

MM = 72 / 25.4


def pages_of(*contents) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf.render(*contents).pdf)).pages]


def joined(text: str) -> str:
    return "".join(text.split())


def codes_in(*contents, dpi: int = 150) -> list[str]:
    pages = pdf.preview(*contents, dpi=dpi)
    return [code.text for page in pages for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(page)))]


def test_a_usual_transfer_letter_is_one_sheet_with_everything_the_handbook_asks_for():
    letter, sheet = pages_of(transfer_letter())
    for words in (
        "云溪区溪口街道人大工作委员会",
        "云溪口人工委转〔2026〕12号",
        "云溪区人民政府办公室：",
        "2026年11月21日",
        "7KQ2-M9XD-4TAB",
    ):
        assert words in letter
    for words in (
        "990106001-01-2026-0012",
        "翠湖社区东门路灯不亮",
        "2026年11月15日",
        "扫码反映",
        "张**",
        "溪口街道翠湖社区",
        "城乡建设／市政设施",
        "三盏路灯",
        "明确管养单位",
        "王建国",
        "李敏",
        "陈立新",
        "云溪区城市管理局",
        "自收文之日起3个月内书面答复",
        "现场照片3张",
        "云溪区人大常委会办公室",
    ):
        assert words in joined(sheet)
    assert "—1—" in joined(letter)
    assert "—2—" in joined(sheet)


def test_a_reply_letter_names_the_outcome_the_promise_and_the_head_who_signs():
    text = joined("".join(pages_of(reply_letter())))
    for words in ("办理结果：已解决。", "承诺事项：2026年12月31日前", "负责人：赵海峰", "2026年11月25日印发"):
        assert words in text


@pytest.mark.parametrize(
    "words",
    [
        '#import "@preview/x:1.0.0": *',
        '#panic("x")',
        '#read("/etc/passwd")',
        "*粗* _斜_ $x^2$ `码` <标签> @引用 // 注释 /* 注释 */ = 标题 - 项 + 项",
        "反斜杠 \\ \\n \\u{4e00} 引号 \" ' 括号 [甲] {乙} (丙)",
        "{{ number }} {% for x in y %} {# z #}",
        "<script>alert(1)</script> & &amp; ]]>",
        "𠮷野家 㙓 龘",
        "坏了 😀 很急 🚧",
    ],
)
def test_what_people_write_is_printed_and_never_obeyed(words):
    quoted = {"matter_title": words, "facts": words, "request": words}
    letter = transfer_letter(title=f"关于{words}的函", paragraphs=(words,), issuer=words, copies=(words,), **quoted)
    rendered = pdf.render(letter)
    assert rendered.missing == ()
    text = joined("".join(page.extract_text() for page in PdfReader(io.BytesIO(rendered.pdf)).pages))
    assert text.count(joined(words)) >= 3


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("路灯不亮,请修复;谢谢!", "路灯不亮，请修复；谢谢！"),
        ("现答复如下:", "现答复如下："),
        ("“灯”(编号 12)收悉", "“灯”（编号 12）收悉"),
        ("见附件(a)", "见附件（a）"),
        ("每日 9:00-11:30,见 https://a.cn/x?b=1,2", "每日 9:00-11:30，见 https://a.cn/x?b=1,2"),
        ("1,000 米 (about)", "1,000 米 (about)"),
        ("(一)已办", "（一）已办"),
    ],
)
def test_an_official_letter_has_full_width_punctuation_beside_chinese(typed, printed):
    assert plaintext.typeset(typed) == printed


def test_what_the_author_said_is_quoted_mark_for_mark():
    first, second = pages_of(transfer_letter(facts="灯坏了,快修!(东门)", paragraphs=("灯坏了,请修复。",)))
    assert "灯坏了，请修复。" in first
    assert "灯坏了,快修!(东门)" in second


def test_direction_marks_and_controls_cannot_turn_or_hide_the_text():
    spoofed = "甲\u202e乙\u202c丙\u200f丁\x00\x07戊\u2066己\u2069\ud800庚\ufeff"
    text = joined("".join(pages_of(transfer_letter(facts=spoofed))))
    assert "甲乙丙丁戊己庚" in text


def test_a_character_without_a_font_is_named_and_leaves_no_silent_gap():
    rendered = pdf.render(transfer_letter(facts="业主\U000249ec先生"))
    assert rendered.missing == ("\U000249ec",)
    assert "业主〔U+249EC〕先生" in joined(PdfReader(io.BytesIO(rendered.pdf)).pages[1].extract_text())


def test_five_thousand_characters_run_over_pages_with_nothing_lost():
    facts = "".join(chr(0x4E00 + number % 5000) for number in range(5000))
    pages = pages_of(transfer_letter(facts=facts))
    assert len(pages) > 4
    printed = joined("".join(pages))
    assert all(printed.count(character) for character in facts)
    assert all("群众意见转办单" in page for page in pages[1:-1]), "the head of the sheet is repeated"


@pytest.mark.parametrize("length", range(40, 800, 19))
def test_a_signature_never_stands_without_text_above_it(length):
    filler = "路" * length
    pages = pages_of(reply_letter(paragraphs=(filler,), promise="", contact="", outcome="已解决"))
    signed = next(page for page in pages if "负责人" in page)
    assert joined(signed).index("办理结果") < joined(signed).index("负责人")
    assert not joined(pages[-1]).startswith("抄送")


@pytest.mark.parametrize("length", range(300, 420, 7))
def test_a_long_last_paragraph_leaves_its_last_lines_with_the_signature(length):
    letter = transfer_letter(paragraphs=("灯" * length,))
    pages = [joined(page) for page in pages_of(letter)]
    signed = next(page for page in pages if "2026年11月21日" in page and "核验码" in page)
    assert "灯灯" in signed
    assert sum(page.count("灯") for page in pages) >= length
    assert "灯灯" in pages[0], "the first page is not left empty"


def test_a_very_long_word_stays_inside_its_column():
    page = pdf.preview(transfer_letter(facts="https://example.com/" + "a" * 3000), dpi=72)[1]
    picture = Image.open(io.BytesIO(page)).convert("L")
    margin = picture.crop((int(210 * MM - 24 * MM), 0, picture.width, picture.height))
    assert margin.getextrema() == (255, 255)


def test_a_very_long_issuer_and_title_stay_inside_the_page():
    letter = transfer_letter(
        issuer="云溪区溪口街道人民代表大会" * 4, title="关于转办翠湖社区居民反映路灯不亮" * 8 + "的函"
    )
    picture = Image.open(io.BytesIO(pdf.preview(letter, dpi=72)[0])).convert("L")
    assert picture.crop((0, 0, int(26 * MM), picture.height)).getextrema() == (255, 255)
    assert picture.crop((int(186 * MM), 0, picture.width, picture.height)).getextrema() == (255, 255)


def test_letters_printed_at_once_each_begin_on_a_front_side_and_count_their_own_pages():
    three_pages = transfer_letter(facts="积水。" * 300)
    assert len(pages_of(three_pages)) == 3
    pages = pages_of(three_pages, transfer_letter(matter_number="第二件"), reply_letter())
    assert joined(pages[0]).startswith("云溪区溪口街道")
    assert pages[3].strip() == "", "the back of a third page stays blank"
    assert "—1—" in joined(pages[4])
    assert "第二件" in pages[5]
    assert "云溪区城市管理局" in pages[6]


@pytest.fixture
def office_fonts(tmp_path, settings):
    """A folder of an office that holds its own 仿宋: here a small free font under that name."""
    free = Path(str(manimgx_fonts.__file__)).parent / "NotoSansLao[wght].ttf"
    with TTFont(free) as font:
        for record in font["name"].names:
            if record.nameID in {1, 4, 6, 16}:
                record.string = "FangSong_GB2312"
        font.save(tmp_path / "fangsong.ttf")
    (tmp_path / "broken.ttf").write_bytes(b"no font at all")
    (tmp_path / "说明.txt").write_text("字体说明")
    settings.FONTS = str(tmp_path)
    caches = (fonts.folders, fonts.loaded, fonts.faces, fonts._coverage, pdf._compiler)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


def test_the_fonts_of_the_office_come_first_and_free_ones_fill_in(office_fonts):
    assert fonts.faces()["song"][:2] == ["FangSong_GB2312", "Noto Serif SC"]
    assert fonts.faces()["title"][0] == "Noto Serif SC"
    assert not fonts.is_stand_in("song")
    rendered = pdf.render(transfer_letter(facts="路灯 ກຂຄ"))
    assert rendered.missing == ()
    used = {name for page in PdfReader(io.BytesIO(rendered.pdf)).pages for name in fonts_of(page)}
    assert any("FangSong" in name for name in used)


def fonts_of(page) -> list[str]:
    return [font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()]


def test_no_letter_at_all_is_refused():
    with pytest.raises(ValueError, match="nothing to print"):
        pdf.render()


def test_the_same_letter_gives_the_same_bytes_and_another_number_others():
    assert pdf.render(transfer_letter()).pdf == pdf.render(transfer_letter()).pdf
    assert pdf.render(transfer_letter()).pdf != pdf.render(transfer_letter(number="云溪口人工委转〔2026〕13号")).pdf


def test_many_threads_may_print_at_once():
    done: list[int] = []

    def print_some(first: int) -> None:
        for number in range(first, first + 5):
            done.append(len(pages_of(transfer_letter(matter_number=str(number)))))

    threads = [threading.Thread(target=print_some, args=(start,)) for start in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [2] * 15


@pytest.mark.parametrize("content", [transfer_letter(), reply_letter(promise="", contact="")])
def test_the_code_on_a_letter_leads_to_its_check(content):
    assert codes_in(content) == ["https://jiazhan.example/verify/990106/7KQ2M9XD4TAB/"]


@pytest.mark.parametrize("size", [PaperSize.A5, PaperSize.A6])
def test_a_receipt_shows_its_code_large_and_as_a_code_to_scan(size):
    slip = receipt(size=size)
    assert codes_in(slip) == ["https://jiazhan.example/follow/4827193605/"]
    (page,) = pages_of(slip)
    assert "4827-1936-05" in page
    assert "0571-88001100" in page


@pytest.mark.parametrize(
    ("size", "width", "height"), [(PaperSize.A4, 210, 297), (PaperSize.A6, 105, 148), (PaperSize.BADGE, 90, 54)]
)
def test_a_poster_has_its_size_and_scans(size, width, height):
    hung = poster(size=size)
    page = PdfReader(io.BytesIO(pdf.render(hung).pdf)).pages[0]
    assert (round(page.mediabox.width / MM), round(page.mediabox.height / MM)) == (width, height)
    assert codes_in(hung) == ["https://jiazhan.example/s/7KQ2M9XD/"]
    assert "0571-88001100" in page.extract_text()


def test_the_code_on_the_large_poster_is_eight_centimetres_wide():
    (page,) = pdf.preview(poster(), dpi=254)
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(page)))
    corners = code.position
    width = max(corners.top_right.x, corners.bottom_right.x) - min(corners.top_left.x, corners.bottom_left.x)
    assert 78 <= width / 10 <= 81


@pytest.mark.parametrize("size", list(PaperSize))
def test_a_poster_with_the_longest_words_is_still_one_page_that_scans(size):
    long = poster(
        size=size, name="云溪区高新技术产业开发区管理委员会翠湖东路社区" * 2,
        role="云溪区第十七届人民代表大会代表、杭州市第十四届人民代表大会代表",
        sentence="您有意见建议或者遇到困难,请扫一扫二维码告诉人大代表",
        address="溪口街道翠湖东路与文一西路交叉口往东200米社区服务中心三楼" * 2,
        hours="代表接待日:每月15日、每周二 9:00—11:00,遇节假日顺延",
    )  # fmt: skip
    assert len(pdf.preview(long)) == 1
    assert codes_in(long, dpi=200) == ["https://jiazhan.example/s/7KQ2M9XD/"]


def test_a_poster_without_hours_and_address_is_complete():
    (page,) = pages_of(poster(hours="", address=""))
    assert "扫一扫" in page


def test_a_whole_telephone_number_does_not_pass_as_a_masked_author():
    assert transfer_letter(author="张** 138****5678").author
    with pytest.raises(UnmaskedContact) as refusal:
        transfer_letter(author="张三 13812345678")
    assert refusal.value.code == "unmasked-contact"


@pytest.mark.parametrize("content", [transfer_letter(), reply_letter(), receipt(size=PaperSize.A5), poster()])
def test_a_stored_letter_comes_back_equal(content):
    assert from_data(content.kind, as_data(content)) == content
