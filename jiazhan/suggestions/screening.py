"""What should rather not be handed in as a proposal (handbook §2.1), told by the words: shown to the author before submitting.

Each finding names the words that decided and what to do. None of them blocks: words alone can be wrong, so the author
reads the finding and may submit all the same, which is recorded.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiazhan.places.models import CongressLevel

from .models import Proposal

# A request shorter than this names nothing that anybody could do.
LEAST_REQUEST = 10
SHORT_REQUEST = 120
MOST_WORDS = 4


class Code(StrEnum):
    PERSONAL = "personal"
    LITIGATION = "litigation"
    ACCUSATION = "accusation"
    FORWARDED = "forwarded"
    ACADEMIC = "academic"
    ADVERT = "advert"
    EMPTY = "empty"
    LEVEL = "level"
    SEVERAL = "several"


@dataclass(frozen=True)
class Finding:
    """What was noticed, by which words, and what the author can do."""

    code: Code
    title: Any
    advice: Any
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    code: Code
    title: Any
    advice: Any
    words: re.Pattern[str]
    # How many different words it takes.
    least: int = 1


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words))


RULES = (
    Rule(
        Code.PERSONAL, _("可能是本人或亲属的个人问题"), _("个人问题请通过信访、诉讼等途径解决。如果反映的是一类人的共同问题，请写明涉及的范围和人数。"),
        _any(
            r"(?:我|本人)的?(?:父亲|母亲|爱人|妻子|丈夫|儿子|女儿|兄弟|姐妹|亲属|亲戚)", r"我家的?(?:房屋|宅基地|承包地|门面|拆迁|孩子)",
            r"本人的?(?:工资|职称|退休|编制|房屋|宅基地|拆迁|补偿|待遇|工伤|案件)", "本人家", "给我本人", "我个人的",
        ),
    ),
    Rule(
        Code.LITIGATION, _("可能涉及正在诉讼、仲裁的事项"), _("正在诉讼、仲裁的具体案件，代表不能以建议代替司法程序。反映制度问题的，请去掉具体案件的情况。"),
        _any(
            r"正在(?:诉讼|打官司|审理|仲裁|执行)", r"已(?:经)?(?:起诉|上诉|申请仲裁|申请再审)", r"[一二再]审(?:判决|裁定|法院|期间)",
            r"法院(?:已)?(?:受理|判决|裁定|正在审理)", r"仲裁(?:委|裁决|期间)", r"\d{4}.{0,3}[民刑行执]初?终?\d+号",
        ),
    ),
    Rule(
        Code.ACCUSATION, _("可能是检举、申诉、控告"), _("检举、申诉、控告请转交纪检监察或司法机关，写进建议会让被反映的人看到。"),
        _any(
            r"(?:检举|控告)(?!人)", r"举报(?!电话|奖励|渠道|平台|热线|机制|制度|投诉|箱)", r"申诉(?!渠道|机制|制度)",
            r"(?:贪污|受贿|行贿|索贿|徇私|包庇|渎职)", r"违纪违法(?:行为|问题|线索)",
        ),
    ),
    Rule(
        Code.FORWARDED, _("可能是转递群众来信"), _("转递来信不是建议。请写明您自己的核实、分析和具体建议，来信可以作为附件。"),
        _any(r"(?:现将|转来|转交|转递|附上).{0,12}(?:来信|信件|信访件|诉求书)", r"(?:来信|信件|反映)(?:内容)?(?:原文)?如下", "以下(?:是|为)群众"),
    ),
    Rule(
        Code.ACADEMIC, _("可能是学术探讨"), _("学术文章请投送研究机构。写成建议的，请说明本地存在什么问题、请哪个单位做什么。"),
        _any("本文", "摘要", "关键词", "参考文献", "课题组", "国内外研究", "学术界", "理论框架"), least=2,
    ),
    Rule(
        Code.ADVERT, _("可能是产品、企业推介"), _("建议不能用来推介产品和企业。请只写要解决的问题，由承办单位依法选择办法。"),
        _any(r"(?:我|本)(?:公司|司|企业|厂)的?(?:产品|技术|设备|系统|品牌|平台|项目)", "独家代理", "招商加盟", "我(?:公司|司)愿意?承接", "专利产品"),
    ),
)  # fmt: skip

SEVERAL = _any(r"另外?(?:再|还)反映", "还有一(?:件|个)事", "第[二三]件事", "此外再(?:提|反映)", "顺便(?:提|反映)")
VAGUE = _any("高度重视", "加强领导", "引起重视", "切实加强", "进一步加强", "提高认识", "加大力度", "统筹推进")
CONCRETE = re.compile(
    r"[0-9０-９]|一是|[一二三]、|（[一二三]）|改造|新建|增设|安装|修建|更换|清理|公布|制定|修订|配备|开通|取消|设立|建立|试点"
)
# What no local congress decides; a province may have laws of its own.
NATIONAL = r"修改(?:宪法|刑法|民法典|《[^》]{2,16}法》)|国务院|全国人大|中央财政|国家立法|退休年龄|个人所得税|国防|外交"
PROVINCIAL = r"省级财政|省政府|省人大|地方性法规|高考(?:制度|政策)|公务员工资"


def check(proposal: Proposal) -> list[Finding]:
    """What the author should look at before submitting, in the order of the rules."""
    text = "\n".join([proposal.title, proposal.facts, proposal.cause, proposal.request])
    found = []
    for rule in RULES:
        words = _words(rule.words.finditer(text))
        if len(words) >= rule.least:
            found.append(Finding(rule.code, rule.title, rule.advice, words))
    return [*found, *_empty(proposal), *_level(proposal), *_several(proposal)]


def _empty(proposal: Proposal) -> list[Finding]:
    said = "".join(filter(str.isalnum, proposal.request))
    vague = _words(VAGUE.finditer(proposal.request))
    is_vague = len(said) < SHORT_REQUEST and vague and not CONCRETE.search(proposal.request)
    if proposal.request and (len(said) < LEAST_REQUEST or is_vague):
        advice = _("请写清楚请谁、做什么、做到什么程度。只写“高度重视”一类的话，承办单位无从办起。")
        return [Finding(Code.EMPTY, _("具体建议可能不够具体"), advice, vague or (proposal.request[:30],))]
    return []


def _level(proposal: Proposal) -> list[Finding]:
    level = proposal.term.congress.level
    pattern = NATIONAL + ("" if level == CongressLevel.PROVINCE else "|" + PROVINCIAL)
    words = _words(re.finditer(pattern, proposal.request))
    if not words:
        return []
    advice = _("上级职权范围内的事，本级单位办不了。请改写成本级能办的，或者请上级人大代表提出。")
    return [Finding(Code.LEVEL, _("可能不属于本级职权"), advice, words)]


def _several(proposal: Proposal) -> list[Finding]:
    words = _words(SEVERAL.finditer(f"{proposal.facts}\n{proposal.request}"))
    joined = tuple(filter(None, re.split(r"、|以及", proposal.title)))
    if len(joined) >= 3:
        words = (proposal.title, *words)
    if not words:
        return []
    advice = _("一件建议只写一件事。几件事分别由不同单位办的，请分开提出，每件都能得到答复。")
    return [Finding(Code.SEVERAL, _("可能一件建议写了几件事"), advice, words)]


def _words(matches: Iterable[re.Match[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match[0] for match in matches))[:MOST_WORDS]
