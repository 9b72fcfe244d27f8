"""Text as people send it: nothing hidden in it, every run of it found again, nothing personal left in it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiazhan.kernel.text import bigrams, clean, clean_line, mask, query_terms

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=20)


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text):
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_a_cleaned_text_can_be_stored(text):
    assert "\x00" not in clean(text).encode().decode()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("𠮷野家门口😀👨‍👩‍👧", "𠮷野家门口😀👨‍👩‍👧"),
        ("\u202e倒着写\u202c", "倒着写"),
        ("零\u200b宽\ufeff", "零宽"),
        ("a\x00b", "ab"),
        ("e\u200b\u0301", "é"),
        ("一\r\n二\r三\n\n\n\n四", "一\n二\n三\n\n四"),
        ("  前后空格  ", "前后空格"),
        ("半个\ud800代理", "半个代理"),
        ("行\u2028分\u2029段\x85落", "行\n分\n段\n落"),
        ("138\u200d1234\u200c5678", "13812345678"),
        ("\u061c阿拉伯标记", "阿拉伯标记"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_what_hides_goes_and_what_is_meant_stays(sent, kept):
    assert clean(sent) == kept


def test_a_line_is_one_line():
    assert clean_line(" 柳林\n小区 \t 北门 ") == "柳林 小区 北门"


@given(text=CHINESE, data=st.data())
def test_every_run_of_chinese_is_found_by_any_part_of_it(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    held = bigrams(text)
    for term in query_terms(text[start:end]):
        if term.endswith(":*"):
            assert any(each.startswith(term[:-2]) for each in held)
        else:
            assert term in held


@given(st.text())
def test_terms_of_a_query_never_carry_its_operators(text):
    for term in query_terms(text):
        assert not set(term.removesuffix(":*")) & set("&|!<>():*'\\ ")


def test_numbers_and_latin_words_stay_whole_and_match_by_their_beginning():
    assert bigrams("3号楼WiFi坏了") == ["3", "号楼", "楼", "wifi", "坏了", "了"]
    assert query_terms("ＷｉＦ") == ["wif:*"]
    assert query_terms("!!! ()") == []
    assert query_terms("𠮷") == ["𠮷:*"]


PERSONAL = [
    "13812345678", "138 1234 5678", "138-1234-5678", "+8613812345678", "8613812345678", "+86 138-1234-5678",
    "１３８１２３４５６７８", "138.1234.5678", "0571-88012345", "(0571)88012345", "0571 8801234",
    "330106198001011234", "33010619800101123X", "330106 19800101 123x", "330106800101123",
    "6222021112345678901", "6222 0211 1234 5678 901", "zhang.san@example.com",
    "3号楼2单元501室", "3栋501", "12-3-501", "2单元501", "十二幢三单元", "501室", "柳林路15号", "柳林巷3弄12号", "A座1203",
    "柳林街一百二十号", "微信号:zhangsan_88", "QQ:12345678", "粤A·12345", "浙AD12345",
]  # fmt: skip


@pytest.mark.parametrize("personal", PERSONAL)
def test_personal_details_are_masked_wherever_they_stand(personal):
    for text in (personal, f"请联系{personal},谢谢", f"我叫张三,{personal}。", f"号码{personal}或{personal}"):
        masked = mask(text)
        assert not any(char.isdigit() for char in masked), masked
        assert personal not in masked
        assert "[" in masked


@pytest.mark.parametrize(
    "plain",
    [
        "2026年11月18日下午3点", "地铁3号线", "公交15路停了40分钟", "欠薪128000元", "坐标10.5米", "第17条第2款",
        "三座桥", "12345热线没有人接", "楼下3家店", "编号01-2026-000001", "每月1号", "建了两栋楼", "这条路3号井盖坏了", "2026-11-18", "01-2026-0001",
        "100房间", "公交15路3号线",
    ],
)  # fmt: skip
def test_plain_facts_stay_readable(plain):
    assert mask(plain) == plain


@given(st.text())
def test_masking_twice_is_masking_once(text):
    assert mask(mask(text)) == mask(text)


@given(before=CHINESE, number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), after=CHINESE)
def test_no_mobile_number_survives(before, number, after):
    assert number not in mask(before + number + after)
