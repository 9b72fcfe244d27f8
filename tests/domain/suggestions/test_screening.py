"""What should rather not be a proposal is told by its words, and what only sounds like it is let through."""

import pytest

from jiazhan.places.models import Congress, CongressLevel, Term
from jiazhan.suggestions import screening
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.screening import Code
from tests.domain.suggestions.walking import TEXT


def found(level=CongressLevel.COUNTY, **text):
    proposal = Proposal(term=Term(congress=Congress(level=level)), **{**TEXT, **text})
    return {each.code: each.words for each in screening.check(proposal)}


def test_a_plain_proposal_raises_nothing():
    assert found() == {}


@pytest.mark.parametrize(
    ("code", "part", "words", "decided"),
    [
        (Code.PERSONAL, "facts", "本人的宅基地被占用多年。", "本人的宅基地"),
        (Code.PERSONAL, "facts", "我的父亲工伤后没有得到赔偿。", "我的父亲"),
        (Code.LITIGATION, "facts", "该合同纠纷法院正在审理，一审判决未生效。", "法院正在审理"),
        (Code.LITIGATION, "cause", "双方已申请仲裁。", "已申请仲裁"),
        (Code.ACCUSATION, "facts", "现举报该镇干部受贿。", "举报"),
        (Code.FORWARDED, "facts", "现将群众来信转请研究。", "现将群众来信"),
        (Code.ACADEMIC, "facts", "本文综述国内外研究，参考文献附后。", "本文"),
        (Code.ADVERT, "request", "建议采购我公司的产品用于全区 20 个小区。", "我公司的产品"),
        (Code.EMPTY, "request", "请高度重视，加强领导。", "高度重视"),
        (Code.EMPTY, "request", "尽快修好。", "尽快修好。"),
        (Code.LEVEL, "request", "一是建议国务院延长退休年龄；二是修改《劳动法》。", "国务院"),
        (Code.SEVERAL, "facts", "走访 3 次。另外还反映路灯不亮。", "另外还反映"),
        (Code.SEVERAL, "title", "关于加强停车、养老、绿化工作的建议", "关于加强停车、养老、绿化工作的建议"),
    ],
)
def test_each_finding_names_the_words_that_decided(code, part, words, decided):
    assert decided in found(**{part: words})[code]


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("facts", "公布举报电话，畅通申诉渠道，落实举报奖励。"),
        ("facts", "走访区法院诉讼服务中心 2 次。"),
        ("request", "一是新建 3 处公厕；二是增设指示牌。"),
        ("title", "关于机动车、非机动车停放管理的建议"),
        ("request", "高度重视：年内改造 12 处积水点，公布责任单位。"),
        ("facts", "群众的父母在家养老，走访 20 户家庭。"),
        ("facts", "本文件发布后走访 3 次。"),
    ],
)
def test_what_only_sounds_like_it_is_let_through(part, words):
    assert found(**{part: words}) == {}


def test_what_a_province_decides_is_above_a_county_and_not_above_a_province():
    request = "一是由省人大制定地方性法规，明确 3 项责任。"
    assert Code.LEVEL in found(request=request)
    assert found(CongressLevel.PROVINCE, request=request) == {}


def test_every_finding_says_what_to_do():
    proposal = Proposal(
        term=Term(congress=Congress(level=CongressLevel.COUNTY)), **{**TEXT, "facts": "本人的房屋已起诉。"}
    )
    for each in screening.check(proposal):
        assert str(each.title)
        assert str(each.advice).endswith("。")
