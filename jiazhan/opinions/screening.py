"""What words alone can tell before a person reads: graded, and never a refusal for rude words about a real matter (§11).

Only advertising that has nothing to do with a matter is blocked. Everything else is taken: flagged for the person who
triages, with a word to the author where they should hold something back.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Grade(StrEnum):
    """How far a flag goes. The third grade, to block, is `is_advert`: what it names is not taken, so it is never stored."""

    HAND_TO_PERSON = "hand_to_person"
    MARK = "mark"


class Flag(StrEnum):
    """Stored in `Opinion.flags`."""

    RUDE = "rude"
    SECRET = "secret"
    ACCUSATION = "accusation"
    INTERFERENCE = "interference"
    CONTACT = "contact"
    DANGER = "danger"


@dataclass(frozen=True)
class Rule:
    """Words that raise a flag, how far it goes, what staff are shown and, where it helps, what the author is told."""

    flag: Flag
    grade: Grade
    words: re.Pattern[str]
    for_staff: Any
    for_author: Any = ""


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


_ADVERTS = _any(
    r"代开.{0,4}发票", r"(?:真人|线上|澳门)?(?:百家乐|博彩|时时彩|赌场)", r"(?:加|➕).{0,3}(?:微信|vx|v信|qq).{0,6}(?:返利|贷款|刷单|兼职|办证)",
    r"(?:刻章|办证).{0,4}(?:联系|电话|微信)", r"无抵押.{0,6}(?:秒批|放款)", r"(?:上门|同城).{0,4}(?:按摩|特殊服务)",
)  # fmt: skip

RULES = (
    Rule(
        Flag.SECRET, Grade.HAND_TO_PERSON, _any("绝密", "机密(?:文件|资料|★|级)", "秘密★", "国家秘密", "涉密(?:文件|资料|人员|项目)", "军事(?:基地|禁区|部署)"),
        _("含涉密字样：先核对，不要转发附件"), _("您的文字里有涉密字样。国家秘密不能在互联网上填写，请不要上传涉密文件；需要反映的请到站当面说。"),
    ),
    Rule(
        Flag.ACCUSATION, Grade.HAND_TO_PERSON,
        _any("(?:实名|匿名)?举报(?!电话)", "检举", "控告", "受贿", "行贿", "贪污", "贪腐", "回扣",
             "吃拿卡要", "侵占(?:集体|公款)", "挪用", "以权谋私", "保护伞", "买官"),
        _("可能是检举控告：确认后锁定，交有权机关"),
    ),
    Rule(
        Flag.INTERFERENCE, Grade.HAND_TO_PERSON,
        _any("(?:法院|法官|检察院|公安|派出所).{0,12}(?:改判|撤案|放人|别判|不要判|从轻|打个?招呼)",
             "(?:请|让|求|找)代表.{0,12}(?:打招呼|说情|施压|出面.{0,6}(?:案|判))",
             "(?:招标|投标|中标|评标|工程款?).{0,12}(?:打招呼|内定|照顾|帮忙中标|指定给)", "(?:帮|请|让).{0,10}(?:中标|拿到工程|承包到)"),
        _("可能要求代表介入具体案件或招投标：只能引导到法定途径（代表法第59条）"),
    ),
    Rule(
        Flag.DANGER, Grade.HAND_TO_PERSON,
        _any("燃气泄漏", "煤气泄漏", "漏电.{0,6}(?:伤|死)", "塌方", "坍塌", "溃坝", "跳楼", "自杀", "活不下去",
             "正在(?:漏气|着火|起火)", "井盖.{0,4}(?:没了|丢失|缺失)", "食物中毒", "堵.{0,3}(?:路|门).{0,4}抗议"),
        _("可能有危险：先看是否重大紧急"), _("如果正有危险，请马上拨打 110、119 或 120,不要等平台回复。"),
    ),
    Rule(
        Flag.RUDE, Grade.MARK,
        _any("他妈", "妈的", "操你", "草泥马", "傻[逼比屄]", "王八蛋", "狗官", "去死", "垃圾(?:政府|单位|领导|物业)", "放屁"),
        _("措辞激烈，但可能在说事：请读完再定"),
    ),
    Rule(
        Flag.CONTACT, Grade.MARK, re.compile(r"(?<![0-9])(?:1[3-9][0-9]{9}|[1-9][0-9]{16}[0-9Xx])(?![0-9])"), _("正文里有电话或证件号：转出前会遮住"),
        _("正文里有电话或证件号码。留联系方式请填在最后一步，那里只有办理人员在需要时才能看到。"),
    ),
)  # fmt: skip
_BY_FLAG = {rule.flag: rule for rule in RULES}
# Longer texts that mention such a thing once are about it: somebody reports the advertiser.
_ADVERT_LENGTH = 120


def is_advert(text: str) -> bool:
    """Whether the text is nothing but advertising: short, and the words of it. Such a text is not taken."""
    return len(text) <= _ADVERT_LENGTH and len(_ADVERTS.findall(text)) > 0 and not _ABOUT.search(text)


_ABOUT = _any("投诉", "举报", "反映", "取缔", "整治", "查处", "小广告", "骚扰", "建议", "清理")


def flags(text: str) -> list[Flag]:
    """What a person should look at, gravest first."""
    return [rule.flag for rule in RULES if rule.words.search(text)]


def is_for_a_person(raised: list[str]) -> bool:
    """Whether somebody must look before anything is done with the matter in bulk."""
    return any(_BY_FLAG[Flag(flag)].grade is Grade.HAND_TO_PERSON for flag in raised)


def words_for_staff(raised: list[str]) -> list[str]:
    return _words(raised, lambda rule: rule.for_staff)


def words_for_author(raised: list[str]) -> list[str]:
    """What the author should know at once; shown before and after sending."""
    return _words(raised, lambda rule: rule.for_author)


def _words(raised: list[str], which: Callable[[Rule], Any]) -> list[str]:
    return [str(which(_BY_FLAG[Flag(flag)])) for flag in raised if flag in _BY_FLAG and which(_BY_FLAG[Flag(flag)])]
