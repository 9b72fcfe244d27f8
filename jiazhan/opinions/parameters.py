"""The windows and limits of the main job; every one can differ from area to area (handbook §2.3, §3)."""

from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.parameters import declare

ACCEPT = declare("opinion.accept_workdays", 2, label=_("受理期限"), unit=_("工作日"), source="设计")
OPINE = declare("opinion.opine_workdays", 5, label=_("代表提出意见期限"), unit=_("工作日"), source="设计")
STREET = declare("opinion.street_workdays", 3, label=_("街道每一步意见期限"), unit=_("工作日"), source="设计")
REVIEW = declare("opinion.review_workdays", 5, label=_("区人大审核转出期限"), unit=_("工作日"), source="设计")
ASSIGN = declare("opinion.assign_workdays", 5, label=_("政府办交办期限"), unit=_("工作日"), source="R2")
SIGN = declare("opinion.sign_workdays", 3, label=_("签收期限"), unit=_("工作日"), source="设计")
OBJECTION = declare("opinion.objection_workdays", 7, label=_("承办单位异议期限"), unit=_("工作日"), source="R5")
RULE = declare("opinion.ruling_workdays", 5, label=_("异议裁定期限"), unit=_("工作日"), source="设计")
REPLY_STREET = declare("opinion.reply_street_workdays", 15, label=_("街道办理期限"), unit=_("工作日"), source="设计")
REPLY_DISTRICT = declare("opinion.reply_district_months", 3, label=_("区级办理期限"), unit=_("个月"), source="材料001")
EXTEND_STREET = declare(
    "opinion.extend_street_workdays", 30, label=_("街道办理延期后的期限"), unit=_("工作日"), source="设计"
)
EXTEND_DISTRICT = declare(
    "opinion.extend_district_months", 6, label=_("区级办理延期后的期限"), unit=_("个月"), source="L1 51条"
)
REHANDLE = declare("opinion.rehandle_months", 1, label=_("重新办理期限"), unit=_("个月"), source="R1")
RATE = declare("opinion.rate_workdays", 15, label=_("评价期限"), unit=_("工作日"), source="R1")
CLOSE = declare("opinion.close_workdays", 5, label=_("办结归档期限"), unit=_("工作日"), source="设计")
SETTLE = declare("opinion.settle_workdays", 20, label=_("面商期限"), unit=_("工作日"), source="设计")
REMIND = declare("opinion.reminder_days", [15, 7, 3, 1], label=_("提前提醒"), unit=_("日"), source="handbook §11")
ESCALATE = declare(
    "opinion.escalation_workdays", [1, 3, 5, 10], label=_("超期后逐级提醒"), unit=_("工作日"), source="handbook §11"
)
AMBER = declare("opinion.amber_workdays", 5, label=_("将到期提示"), unit=_("工作日"), source="设计")
GATHER = declare("opinion.gather_count", 5, label=_("同类事项提示建议的件数"), unit=_("件"), source="设计")
