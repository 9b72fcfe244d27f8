"""The life of a station as a table (handbook §4.4 站点)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.workflow import Step, Workflow


class StationStatus(models.TextChoices):
    OPEN = "open", _("正常开放")
    PAUSED = "paused", _("暂停开放")
    CLOSED = "closed", _("已撤并")


_S = StationStatus

STATION = Workflow(
    start=_S.OPEN,
    final=frozenset({_S.CLOSED}),
    steps={
        "pause": Step(
            {_S.OPEN}, _S.PAUSED, "station:manage",
            label=_("暂停开放"), hint=_("装修、停电等；扫码的人会看到暂停的说明，已收到的意见照常办理。"),
        ),
        "resume": Step(
            {_S.PAUSED}, _S.OPEN, "station:manage", label=_("恢复开放"), hint=_("扫码的人又能提交意见。"),
        ),
        "close": Step(
            {_S.OPEN, _S.PAUSED}, _S.CLOSED, "station:manage",
            label=_("撤并"), hint=_("不再收意见，站码说明去向；以前的意见和记录保留。不能恢复。"),
        ),
    },
    labels={
        _S.OPEN: (_("正常开放"), _("正常开放")),
        _S.PAUSED: (_("暂停开放"), _("暂停开放")),
        _S.CLOSED: (_("已撤并"), _("已撤并")),
    },
)  # fmt: skip
