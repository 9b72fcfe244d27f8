"""The closed sets of words by which matters of every kind are handled, answered, rated and kept to."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutcomeClass(models.TextChoices):
    """How far a reply goes (handbook §2.4). Places show letters of their own instead; what is stored stays."""

    RESOLVED = "resolved", _("已经解决")
    IN_PROGRESS = "in_progress", _("正在解决")
    PLANNED = "planned", _("列入规划")
    DEFERRED = "deferred", _("条件所限，以后解决")
    FOR_REFERENCE = "for_reference", _("留作参考")


class Grade(models.TextChoices):
    SATISFIED = "satisfied", _("满意")
    BASICALLY_SATISFIED = "basically_satisfied", _("基本满意")
    DISSATISFIED = "dissatisfied", _("不满意")


class Ruling(models.TextChoices):
    """What became of an objection."""

    PENDING = "pending", _("待裁定")
    REASSIGNED = "reassigned", _("已改派")
    UPHELD = "upheld", _("异议不成立")


class Decision(models.TextChoices):
    """What became of a request for more time."""

    PENDING = "pending", _("待批准")
    GRANTED = "granted", _("已批准")
    REFUSED = "refused", _("未批准")


class ReplyState(models.TextChoices):
    DRAFT = "draft", _("起草中")
    SUBMITTED = "submitted", _("待负责人签发")
    SIGNED = "signed", _("已签发")


class PromiseState(models.TextChoices):
    OPEN = "open", _("未到期")
    ASKED = "asked", _("已到期，等承办单位说明")
    KEPT = "kept", _("已兑现")
    BROKEN = "broken", _("未兑现")


class PublicationState(models.TextChoices):
    PROPOSED = "proposed", _("待第二人复核")
    PUBLISHED = "published", _("已公开")
    REFUSED = "refused", _("不公开")
    WITHDRAWN = "withdrawn", _("已撤下")
