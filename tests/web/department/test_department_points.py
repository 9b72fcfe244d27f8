import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiazhan.web.department.points import MOST, is_touched, points_of


@pytest.mark.parametrize(
    ("body", "appeal", "points"),
    [
        ("路灯坏了。1、尽快修好；2、查清归谁管。", "", ["尽快修好；", "查清归谁管。"]),
        ("一、修路灯\n二、补井盖", "", ["修路灯", "补井盖"]),
        ("路灯坏了很久。希望尽快修好。谢谢。", "", ["希望尽快修好。"]),
        ("路灯坏了。", "修好路灯。告知时间。", ["修好路灯。", "告知时间。"]),
        ("路灯坏了。一直没人管。", "", ["路灯坏了。 一直没人管。"]),
        ("", "", []),
    ],
)
def test_points_are_what_the_author_asks(body, appeal, points):
    assert points_of(body, appeal) == points


def test_a_number_inside_a_sentence_begins_no_point():
    assert points_of("有3.5米宽的坑，请填平。", "") == ["有3.5米宽的坑，请填平。"]


@given(st.text(alphabet="一二、。;希望请修1.)(\n ", max_size=200))
def test_words_are_never_lost_as_long_as_there_are_any(body):
    points = points_of(body, "")
    assert len(points) <= MOST
    assert all(point.strip() for point in points)


def test_a_reply_touches_a_point_whose_own_words_it_uses():
    assert is_touched("希望尽快修好北门路灯", "北门路灯已于昨天修好")
    assert not is_touched("希望尽快修好北门路灯", "感谢您对我们工作的支持")
