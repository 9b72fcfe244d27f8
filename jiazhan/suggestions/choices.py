"""The closed sets of words that a proposal's fields take."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    PROPOSAL = "proposal", _("建议")
    MOTION = "motion", _("议案")


class Origin(models.TextChoices):
    """What a text grew out of. From opinions, a motion or research, it must still say the deputy's own (handbook §2.1)."""

    OWN = "own", _("自行撰写")
    RESEARCH = "research", _("调研报告")
    OPINIONS = "opinions", _("群众意见")
    MOTION = "motion", _("由议案转来")
    IMPORTED = "imported", _("历年导入")


class Consent(models.TextChoices):
    """A co-signer's own word on the text that they read."""

    INVITED = "invited", _("待确认")
    CONFIRMED = "confirmed", _("已确认联名")
    CHANGED = "changed", _("内容有修改，待重新确认")
    DECLINED = "declined", _("未参加联名")
    LAPSED = "lapsed", _("提交时未确认")


# Asked, and not yet or no longer behind the text as it stands.
UNCONFIRMED = (Consent.INVITED, Consent.CHANGED)


class Manner(models.TextChoices):
    """How the units work together: one replies for all, or each replies for itself."""

    HOST = "host", _("主办、协办")
    SPLIT = "split", _("分别办理")


class Part(models.TextChoices):
    """A unit's part in one proposal."""

    HOST = "host", _("主办")
    ASSIST = "assist", _("协办")
    SPLIT = "split", _("分办")


REPLYING = (Part.HOST, Part.SPLIT)


class DueFor(models.TextChoices):
    """What the current deadline is for."""

    CHECK = "check", _("审查")
    ASSIGN = "assign", _("交办")
    REPLY = "reply", _("答复")
    ASSIST = "assist", _("送协办意见")
    EVALUATE = "evaluate", _("代表评价")
    REORDER = "reorder", _("重新交办")
    SETTLE = "settle", _("面商")


class Phase(models.TextChoices):
    """When a unit spoke with the deputy (办前、办中、办后)."""

    BEFORE = "before", _("办理前")
    DURING = "during", _("办理中")
    AFTER = "after", _("答复后")


class ContactMode(models.TextChoices):
    FACE = "face", _("当面")
    VISIT = "visit", _("登门走访")
    SITE = "site", _("现场调研")
    FORUM = "forum", _("座谈会")
    PHONE = "phone", _("电话")
    WRITTEN = "written", _("书面、网络")


class Publicity(models.TextChoices):
    FULL = "full", _("全文公开")
    REDACTED = "redacted", _("区分处理后公开")
    NONE = "none", _("不公开")


class SettleManner(models.TextChoices):
    """How a second dissatisfaction is settled."""

    TALK = "talk", _("面商会")
    CHAIRPERSONS = "chairpersons", _("主任会议")
