"""Similar open matters, suggested categories, what words give away."""

import pytest

from jiazhan.opinions import screening, selectors
from jiazhan.opinions.screening import Flag
from jiazhan.opinions.services import intake, joining, triage
from tests import factories
from tests.factories import NOW

FLOOD = "柳林小区北门一下雨就积水，排水口堵了，老人孩子出门要蹚水。"


def similar(county, text, **given):
    return selectors.similar_open(text, station=county.station, community=county.community.pk, **given)


def test_a_neighbours_open_matter_is_shown_with_how_many_stand_behind_it(county):
    opinion = factories.opinion(county, body=FLOOD, title="3号楼2单元门口积水，电话13800138000")
    factories.opinion(county, body="路灯坏了半个月没人修，晚上太黑。")
    joining.join(opinion, author=intake.ANONYMOUS, note="", nonce=factories.nonce(), at=NOW)
    (found,) = similar(county, "北门下雨积水严重，排水口堵了没人管")
    assert (found.opinion, found.people) == (opinion, 2)
    assert "13800138000" not in found.title
    assert "3号楼" not in found.title


def test_matters_elsewhere_ended_or_locked_are_not_shown(county):
    factories.opinion(county, body=FLOOD, station=county.other_station, place=intake.NEARBY)
    ended, locked = factories.opinion(county, body=FLOOD), factories.opinion(county, body=FLOOD)
    triage.decline(ended, reason="重复。", by=county.officer, at=NOW)
    triage.lock_as_accusation(locked, by=county.officer, at=NOW)
    assert similar(county, FLOOD) == []
    here = factories.opinion(county, body=FLOOD)
    assert [each.opinion for each in similar(county, FLOOD)] == [here]


def test_a_text_of_a_word_or_two_is_like_nothing(county):
    factories.opinion(county, body="积水")
    assert similar(county, "积水") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("小区想加装电梯，一楼不同意", "0106"),
        ("物业费涨了，保安都没有", "0201"),
        ("夜间施工噪音扰民，孩子睡不着", "0701"),
        ("老板拖欠农民工工资三个月", "1201"),
        ("健身卡刚充值就跑路关门了", "1004"),
        ("法院判决了不服要起诉", "1401"),
        ("楼上太吵", "0701"),
    ],
)
def test_words_suggest_a_category_and_say_which_decided(county, text, code):
    suggestion = selectors.suggest_category(text)
    assert suggestion.category.pk == code
    assert suggestion.words
    assert all(word in text for word in suggestion.words)


def test_no_words_no_suggestion(county):
    assert selectors.suggest_category("今天天气不错") is None


@pytest.mark.parametrize("text", ["垃圾物业，他妈的电梯又坏了，困了老人一小时", "狗官不作为，污水流了三个月"])
def test_rude_words_about_a_real_matter_are_taken_and_marked(county, text):
    raised = factories.raised(county, text)
    assert Flag.RUDE in raised.opinion.flags
    assert screening.words_for_staff(raised.opinion.flags)


@pytest.mark.parametrize("text", ["代开各类发票，联系13800138000", "线上百家乐，送彩金", "加微信做刷单兼职返利"])
def test_advertising_and_nothing_else_is_not_taken(county, text):
    with pytest.raises(intake.NotAMatter):
        factories.raised(county, text)
    assert factories.opinion(county, body=f"投诉：小区电梯里到处贴着“{text}”的小广告，请清理。")


def test_words_that_ask_for_care_are_flagged_and_the_author_warned(county):
    secret = factories.raised(county, "附上机密文件一份，请看单位违规。")
    assert Flag.SECRET in secret.opinion.flags
    assert any("国家秘密" in warning for warning in secret.warnings)
    case = factories.raised(county, "请代表给法院打个招呼，我的案子希望改判。")
    assert Flag.INTERFERENCE in case.opinion.flags
    danger = factories.raised(county, "楼下燃气泄漏，味道很大!")
    assert any("119" in warning for warning in danger.warnings)
