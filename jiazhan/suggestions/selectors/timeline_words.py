"""What each recorded act on a proposal is called. One table, so nothing goes unsaid.

Names in brackets come from the entry's detail; one that is missing leaves a blank, never an error.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

# Before it is handed in: the affair of its lead and co-signers.
WRITING: dict[str, Any] = {
    "proposal.begin": _("开始起草。"),
    "proposal.invite": _("邀请联名。"),
    "proposal.ask_cosigners": _("邀请%(names)s联名。"),
    "proposal.cosigned": _("确认联名。"),
    "proposal.not_cosigned": _("没有参加联名。"),
    "proposal.remind_cosigners": _("提醒联名代表确认。"),
    "proposal.remove_cosigner": _("取消邀请%(names)s联名。"),
}
# What happens inside one unit before it signs.
WITHIN_UNIT: dict[str, Any] = {
    "proposal.handler": _("%(unit)s确定经办人：%(handler)s。"),
    "proposal.save_draft": _("%(unit)s保存答复草稿。"),
    "proposal.submit_reply": _("%(unit)s答复送审。"),
    "proposal.send_back_reply": _("%(unit)s退回修改答复。"),
    "proposal.save_assist": _("%(unit)s保存协办意见草稿。"),
    "proposal.submit_assist": _("%(unit)s协办意见送审。"),
    "proposal.send_back_assist": _("%(unit)s退回修改协办意见。"),
}
OPEN: dict[str, Any] = {
    "proposal.submit": _("提交。"),
    "proposal.withdraw": _("撤回。"),
    "proposal.begin_check": _("开始审查。"),
    "proposal.return_to_author": _("退回修改。"),
    "proposal.decline": _("不予立案。"),
    "proposal.accept": _("立案，编号，等待交办。"),
    "proposal.classified": _("调整分类。"),
    "proposal.merge": _("并入 %(into)s。"),
    "proposal.absorbed": _("并入了“%(title)s”。"),
    "proposal.unmerge": _("撤销并案。"),
    "proposal.put_on_agenda": _("由主席团决定列入会议议程。"),
    "proposal.convert": _("由主席团决定转为建议。"),
    "proposal.forward_to_government": _("转政府办公室交办。"),
    "proposal.return_from_government": _("政府办公室退回。"),
    "proposal.assign": _("交%(replying)s办理。%(with_assisting)s"),
    "proposal.assign_by_government": _("由政府办公室交%(replying)s办理。%(with_assisting)s"),
    "proposal.begin": _("承办单位都已签收，开始办理。"),
    "proposal.part_sign": _("%(unit)s签收（%(part)s）。"),
    "proposal.part_object": _("%(unit)s提出异议（%(part)s）。"),
    "proposal.part_uphold": _("%(unit)s的异议不成立，继续办理。"),
    "proposal.part_release": _("由%(unit)s改派%(to)s（%(part)s）。"),
    "proposal.part_answer": _("%(unit)s%(signed)s。"),
    "proposal.part_reorder": _("交%(unit)s重新办理。"),
    "proposal.contact": _("%(unit)s与%(deputy)s代表沟通（%(phase)s，%(mode)s）。"),
    "proposal.contact_answered": _("代表%(confirmed)s%(unit)s的沟通记录。"),
    "proposal.extension_requested": _("%(unit)s申请从 %(from)s 延期到 %(to)s。"),
    "proposal.extension_granted": _("批准%(unit)s延期到 %(to)s。"),
    "proposal.extension_refused": _("未批准%(unit)s延期。"),
    "proposal.reply": _("答复齐备，请每位代表评价。"),
    "proposal.reply_seen": _("代表已阅答复。"),
    "proposal.followed": _("代表开始跟踪。"),
    "proposal.unfollowed": _("代表不再跟踪。"),
    "proposal.follow_noted": _("代表记录了跟踪情况。"),
    "proposal.evaluated": _("代表评价：结果%(result)s，态度%(manner)s。"),
    "proposal.dissatisfy": _("代表不满意，五个工作日内重新交办。"),
    "proposal.reorder": _("重新交办，第一次答复保留。"),
    "proposal.escalate": _("代表再次不满意，转面商或主任会议。"),
    "proposal.settle": _("面商结束。"),
    "proposal.conclude": _("评价结束，跟踪承诺。"),
    "proposal.close": _("办结。"),
    "proposal.promise_asked": _("承诺到期，请承办单位说明。"),
    "proposal.promise_explained": _("承办单位说明承诺落实情况。"),
    "proposal.promise_kept": _("承诺已兑现。"),
    "proposal.promise_broken": _("承诺未兑现。"),
    "proposal.urged": _("向%(unit)s发催办函，请在 %(by)s 前回复。"),
    "proposal.urging_answered": _("%(unit)s回复了催办函。"),
    "proposal.key_chosen": _("%(meeting)s列为重点督办，由%(lead)s领办、%(committee)s督办。"),
    "proposal.key_ended": _("解除重点督办：%(reason)s。"),
    "proposal.visited": _("督办走访（%(place)s）。"),
    "proposal.promise_words_added": _("对承诺的认定补充意见。"),
    "proposal.promise_answered": _("承诺兑现后再次答复。"),
    "proposal.move_deadline": _("工作日历调整，%(unit)s%(for)s期限由 %(from)s 改为 %(to)s。"),
    "attachment.added": _("添加附件。"),
    "attachment.removed": _("撤下附件。"),
}
