from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiazhan.people import phones


@pytest.mark.parametrize(
    "typed",
    ["13800138000", " 138 0013 8000 ", "138-0013-8000", "+86 13800138000", "86-138-0013-8000", "008613800138000",
     "\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10", "+86(138)0013·8000"],
)  # fmt: skip
def test_a_mobile_number_is_understood_however_it_is_typed(typed):
    assert phones.normalise(typed) == "13800138000"


@pytest.mark.parametrize(
    "typed",
    ["", "1380013800", "138001380000", "12800138000", "010-66668888", "一三八", "13800138OOO", "8613800138000 8", "٠١٢٣٤٥٦٧٨٩٠",
     "138\n0013\t800x", "<script>"],
)  # fmt: skip
def test_what_is_no_phone_is_refused_with_an_example(typed):
    with pytest.raises(phones.NotAPhone, match="11 位手机号"):
        phones.normalise(typed)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", "+86", "86", "0086", "+86 "]))
def test_every_mobile_number_survives_its_prefix(digits, prefix):
    assert phones.normalise(prefix + digits) == digits


@given(st.text(max_size=30))
def test_any_text_is_either_eleven_digits_or_refused(text):
    with suppress(phones.NotAPhone):
        assert len(phones.normalise(text)) == 11
