"""The life of a deputy's mandate as a table (代表法第61、62条; handbook §1.2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.workflow import Step, Workflow


class MandateStatus(models.TextChoices):
    """In any but the first nothing new can be begun (§14 rule 17); what was done stays readable."""

    ACTIVE = "active", _("履职中")
    SUSPENDED = "suspended", _("暂停执行职务")
    TERMINATED = "terminated", _("资格终止")
    EXPIRED = "expired", _("任期届满")


_S = MandateStatus

MANDATE = Workflow(
    start=_S.ACTIVE,
    final=frozenset({_S.TERMINATED, _S.EXPIRED}),
    steps={
        "suspend": Step(
            {_S.ACTIVE}, _S.SUSPENDED, "people:manage",
            label=_("暂停执行职务"), hint=_("因刑事案件被羁押受侦查、起诉、审判等情形；以前的记录保留，不能再办新事项。"),
        ),
        "reinstate": Step(
            {_S.SUSPENDED}, _S.ACTIVE, "people:manage",
            label=_("恢复执行职务"), hint=_("暂停的情形消失后恢复；资格已终止的不能恢复。"),
        ),
        "terminate": Step(
            {_S.ACTIVE, _S.SUSPENDED}, _S.TERMINATED, "people:manage",
            label=_("终止代表资格"), hint=_("迁出、辞职、两次无故不出席大会、罢免等；以前的记录只读保留，不能撤销。"),
        ),
        "expire": Step(
            {_S.ACTIVE, _S.SUSPENDED}, _S.EXPIRED, "people:manage",
            label=_("任期届满"), hint=_("换届时整届一起办理；以前的记录只读保留。"),
        ),
    },
    labels={
        _S.ACTIVE: (_("履职中"), _("履职中")),
        _S.SUSPENDED: (_("暂停履职"), _("暂停执行职务")),
        _S.TERMINATED: (_("不再担任代表"), _("资格终止")),
        _S.EXPIRED: (_("任期已满"), _("任期届满")),
    },
)  # fmt: skip
