"""The closed sets of words that an opinion's fields take."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.outcomes import Grade as Grade
from jiazhan.kernel.outcomes import OutcomeClass as OutcomeClass
from jiazhan.kernel.outcomes import PromiseState as PromiseState
from jiazhan.kernel.outcomes import PublicationState as PublicationState


class Channel(models.TextChoices):
    QR = "qr", _("扫码")
    WEB = "web", _("网页")
    DESK = "desk", _("到站反映")
    PHONE = "phone", _("电话")
    RECEPTION = "reception", _("接待日")
    VISIT = "visit", _("走访")
    IMPORTED = "imported", _("导入")


class Urgency(models.TextChoices):
    NORMAL = "normal", _("一般")
    URGENT = "urgent", _("紧急")
    CRITICAL = "critical", _("重大紧急")


class Diversion(models.TextChoices):
    """Where a matter goes that is not handled here (handbook §3.3)."""

    HOTLINE = "hotline", _("12345 热线")
    PETITION = "petition", _("信访部门")
    LAW = "law", _("政法机关（诉讼、仲裁、复议）")
    DISCIPLINE = "discipline", _("纪检监察机关")


class Visibility(models.TextChoices):
    """Who may read the words. An accusation is locked: only the few who carry it to the right organ (§14 rule 6)."""

    NORMAL = "normal", _("正常")
    LOCKED = "locked", _("检举控告，已锁定")


class PlaceKind(models.TextChoices):
    COMMUNITY = "community", _("社区（村）")
    STATION = "station", _("站点附近")


class DueFor(models.TextChoices):
    """What the current deadline of a case is for."""

    ACCEPT = "accept", _("受理")
    OPINE = "opine", _("代表提出意见")
    STREET = "street", _("街道提出意见")
    REVIEW = "review", _("审核转办")
    ASSIGN = "assign", _("交办")
    SIGN = "sign", _("签收")
    RULE = "rule", _("裁定异议")
    REPLY = "reply", _("答复")
    RATE = "rate", _("评价")
    CLOSE = "close", _("办结")
    SETTLE = "settle", _("面商")


class Recipient(models.TextChoices):
    AUTHOR = "author", _("反映人")
    DEPUTY = "deputy", _("代表")
    OFFICE = "office", _("人大常委会办公室")
