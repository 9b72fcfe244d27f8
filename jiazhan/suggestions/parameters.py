"""The windows and thresholds of proposals; every one can differ from area to area (handbook §1.1, §2.3)."""

from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.outcomes import OutcomeClass
from jiazhan.kernel.parameters import declare, get

MOTION_SIGNERS = declare("proposal.motion_signers", 10, label=_("议案最少联名人数"), unit=_("人"), source="L2 22条")
MOTION_SIGNERS_TOWNSHIP = declare(
    "proposal.motion_signers_township", 5, label=_("乡镇议案最少联名人数"), unit=_("人"), source="L2 22条"
)
CHECK = declare("proposal.check_workdays", 5, label=_("建议审查期限"), unit=_("工作日"), source="设计")
ASSIGN_IN_SESSION = declare(
    "proposal.assign_in_session_days", 30, label=_("大会建议交办期限（闭会后）"), unit=_("日"), source="R4"
)
ASSIGN_BETWEEN = declare(
    "proposal.assign_between_workdays", 5, label=_("闭会建议交办期限"), unit=_("工作日"), source="R2"
)
OBJECTION = declare("proposal.objection_workdays", 7, label=_("承办单位签收和异议期限"), unit=_("工作日"), source="R5")
RULE = declare("proposal.ruling_workdays", 5, label=_("异议裁定期限"), unit=_("工作日"), source="设计")
ASSIST = declare("proposal.assist_months", 1, label=_("协办意见期限"), unit=_("个月"), source="R7")
REPLY = declare("proposal.reply_months", 3, label=_("建议答复期限"), unit=_("个月"), source="L1 51条")
REPLY_EXTENDED = declare(
    "proposal.reply_extended_months", 6, label=_("建议延期后的答复期限"), unit=_("个月"), source="L1 51条"
)
EVALUATE = declare("proposal.evaluate_workdays", 15, label=_("代表评价期限"), unit=_("工作日"), source="R1")
REORDER = declare("proposal.reorder_workdays", 5, label=_("不满意后重新交办期限"), unit=_("工作日"), source="R1")
REHANDLE = declare("proposal.rehandle_months", 1, label=_("重新办理答复期限"), unit=_("个月"), source="R1")
SETTLE = declare("proposal.settle_workdays", 20, label=_("面商期限"), unit=_("工作日"), source="设计")
REMIND = declare(
    "proposal.reminder_days", [15, 7, 3, 1], label=_("建议办理提前提醒"), unit=_("日"), source="handbook §11"
)
ESCALATE = declare(
    "proposal.escalation_workdays",
    [1, 3, 5, 10],
    label=_("建议办理超期逐级提醒"),
    unit=_("工作日"),
    source="handbook §11",
)
THROUGH_GOVERNMENT = declare(
    "proposal.through_government", False, label=_("政府承办的建议先转政府办公室交办"), source="handbook §2.2"
)
# Places write letters on the cover, one for each class in the order of OutcomeClass; what is stored is the class (§2.4).
LETTERS = declare(
    "proposal.outcome_letters",
    "ABCCD",
    label=_("办理结果的字母（已经解决、正在解决、列入规划、条件所限、留作参考）"),
    source="R12",
    pattern="[A-Z]{5}",
)
MEETING_POSTPONE = declare("meeting.postpone_months", 1, label=_("约见最长延期"), unit=_("个月"), source="R36")


def letter_of(outcome: str, area: str) -> str:
    """The letter that an area writes for a class of outcome: A for what is solved; empty for no outcome."""
    letters: str = get(LETTERS, area)
    return letters[list(OutcomeClass).index(OutcomeClass(outcome))] if outcome else ""
