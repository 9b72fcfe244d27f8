"""The life of an opinion: two tracks, diversions, one reopening (handbook §3.1, §3.3).

The handbook's `registered` is two states here, so that its author sees the difference between waiting and taken up; its
review is two steps (the committee's word, then the office's forwarding), because two organs sign.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.workflow import Step, Workflow
from jiazhan.people.permissions import Permission as P


class State(models.TextChoices):
    REGISTERED = "registered", _("待受理")
    ACCEPTED = "accepted", _("待代表意见")
    DEPUTY_OPINED = "deputy_opined", _("待街道提出意见")
    VICE_DIRECTOR_OPINED = "vice_director_opined", _("待主任意见")
    DIRECTOR_OPINED = "director_opined", _("待交办街道")
    STREET_ASSIGNED = "street_assigned", _("待街道办签收")
    STREET_FORWARDED = "street_forwarded", _("待区人大审核")
    CONGRESS_REVIEWING = "congress_reviewing", _("区人大审核中")
    REVIEW_APPROVED = "review_approved", _("待常委会办公室转出")
    REVIEW_REJECTED = "review_rejected", _("审核不转")
    OFFICE_FORWARDED = "office_forwarded", _("待政府办收文")
    GOV_OFFICE_RECEIVED = "gov_office_received", _("待政府办交办")
    DEPT_ASSIGNED = "dept_assigned", _("待承办单位签收")
    DEPT_RECEIVED = "dept_received", _("待确定经办人")
    OBJECTED = "objected", _("承办单位提出异议")
    HANDLING = "handling", _("办理中")
    REPLIED = "replied", _("待评价")
    RATED = "rated", _("待办结")
    REOPENED = "reopened", _("重新办理")
    ESCALATED = "escalated", _("面商督办")
    CLOSED = "closed", _("已办结")
    DIVERTED = "diverted", _("已分流")
    NOT_ACCEPTED = "not_accepted", _("不予受理")
    MERGED = "merged", _("已并案")
    WITHDRAWN = "withdrawn", _("已撤回")


class Track(models.TextChoices):
    STREET = "street", _("街道办理")
    DISTRICT = "district", _("区级办理")


S = State

# Steps that end the case before it is handled are open as long as nobody was asked to handle it.
BEFORE_HANDLING = {
    S.REGISTERED, S.ACCEPTED, S.DEPUTY_OPINED, S.VICE_DIRECTOR_OPINED, S.DIRECTOR_OPINED,
}  # fmt: skip
AT_UNIT = {S.STREET_ASSIGNED, S.DEPT_ASSIGNED, S.DEPT_RECEIVED, S.HANDLING}
OPEN = frozenset(set(S) - {S.CLOSED, S.DIVERTED, S.NOT_ACCEPTED, S.MERGED, S.WITHDRAWN, S.REVIEW_REJECTED})

WORKFLOW = Workflow(
    start=S.REGISTERED,
    final=frozenset({S.CLOSED, S.DIVERTED, S.NOT_ACCEPTED, S.MERGED, S.WITHDRAWN, S.REVIEW_REJECTED}),
    steps={
        "accept": Step({S.REGISTERED}, S.ACCEPTED, P.OPINION_TRIAGE, label=_("受理"), hint=_("请接待代表加具意见，并告知反映人。")),
        "take_up": Step({S.REGISTERED}, S.ACCEPTED, P.OPINION_OPINE, label=_("接下这件事"), hint=_("由您提出意见，站点和反映人会知道。")),
        "decline": Step({S.REGISTERED, S.ACCEPTED}, S.NOT_ACCEPTED, P.OPINION_TRIAGE, label=_("不予受理"), hint=_("须写明理由，反映人会看到。")),
        "divert": Step(BEFORE_HANDLING, S.DIVERTED, P.OPINION_TRIAGE, label=_("分流"), hint=_("转到 12345、信访或司法途径，并告知反映人。")),
        "merge": Step(BEFORE_HANDLING, S.MERGED, P.OPINION_TRIAGE, label=_("并案"), hint=_("并入同一件事，每位反映人都会收到答复。")),
        "unmerge": Step({S.MERGED}, S.REGISTERED, P.OPINION_TRIAGE, label=_("撤销并案"), hint=_("恢复为单独的一件，重新受理。")),
        "withdraw": Step(BEFORE_HANDLING, S.WITHDRAWN, None, label=_("撤回"), hint=_("反映人自己撤回。")),
        "answer_on_spot": Step({S.REGISTERED, S.ACCEPTED}, S.REPLIED, P.OPINION_OPINE, label=_("当场答复"), hint=_("您的答复直接送达反映人，由反映人评价。")),
        "opine": Step({S.ACCEPTED}, S.DEPUTY_OPINED, P.OPINION_OPINE, label=_("加具意见并签名"), hint=_("送街道人大工委提出办理意见。")),
        "pass_without_opinion": Step({S.ACCEPTED}, S.DEPUTY_OPINED, P.OPINION_TRIAGE, label=_("代表逾期未提意见，先行办理"), hint=_("期限过后才可使用，须写明情况，代表会收到通知。")),
        "opine_vice_director": Step({S.DEPUTY_OPINED}, S.VICE_DIRECTOR_OPINED, P.OPINION_VICE_DIRECTOR, label=_("加具副主任意见"), hint=_("送主任提出意见。")),
        "opine_director": Step({S.VICE_DIRECTOR_OPINED}, S.DIRECTOR_OPINED, P.OPINION_DIRECTOR, label=_("加具主任意见"), hint=_("意见齐备后即可交街道办事处办理。")),
        "assign_street": Step({S.DIRECTOR_OPINED}, S.STREET_ASSIGNED, P.OPINION_DIRECTOR, label=_("交街道办事处办理"), hint=_("生成转办函，街道办事处收到通知。")),
        "forward_district": Step({S.DEPUTY_OPINED, S.VICE_DIRECTOR_OPINED, S.DIRECTOR_OPINED}, S.STREET_FORWARDED, P.OPINION_DIRECTOR, label=_("转区人大"), hint=_("超出街道职权或街道直办有困难时使用，生成转办函。")),
        "begin_review": Step({S.STREET_FORWARDED}, S.CONGRESS_REVIEWING, P.OPINION_REVIEW, label=_("开始审核"), hint=_("由您所在的工作机构审核。")),
        "approve_review": Step({S.CONGRESS_REVIEWING}, S.REVIEW_APPROVED, P.OPINION_REVIEW, label=_("同意转办"), hint=_("送常委会办公室转出。")),
        "reject_review": Step({S.CONGRESS_REVIEWING}, S.REVIEW_REJECTED, P.OPINION_REVIEW, label=_("不予转办"), hint=_("须写明理由和去向，反映人、代表和街道会收到通知。")),
        "return_to_street": Step({S.REVIEW_REJECTED}, S.DEPUTY_OPINED, P.OPINION_DIRECTOR, label=_("改由街道办理"), hint=_("回到街道人大工委，重新提出意见。")),
        "forward_to_government": Step({S.REVIEW_APPROVED}, S.OFFICE_FORWARDED, P.OPINION_FORWARD, label=_("转区政府办公室"), hint=_("编文号、出函，政府办收到通知。")),
        "receive_at_government": Step({S.OFFICE_FORWARDED}, S.GOV_OFFICE_RECEIVED, P.OPINION_GOV_ASSIGN, label=_("收文"), hint=_("登记收文日期。")),
        "assign_department": Step({S.GOV_OFFICE_RECEIVED}, S.DEPT_ASSIGNED, P.OPINION_GOV_ASSIGN, label=_("交承办单位"), hint=_("承办单位收到通知，签收后开始计时。")),
        "sign_street": Step({S.STREET_ASSIGNED}, S.HANDLING, P.OPINION_HANDLE, label=_("签收"), hint=_("签收之日起计算办理期限。")),
        "sign_department": Step({S.DEPT_ASSIGNED}, S.DEPT_RECEIVED, P.OPINION_HANDLE, label=_("签收"), hint=_("签收之日起三个月内书面答复。")),
        "assign_handler": Step({S.DEPT_RECEIVED}, S.HANDLING, P.OPINION_HANDLE, label=_("确定经办人"), hint=_("经办人收到通知。")),
        "object": Step(AT_UNIT, S.OBJECTED, P.OPINION_HANDLE, label=_("提出异议"), hint=_("不属本单位职责时使用，须写明理由并建议承办单位。")),
        "reassign_street": Step({S.OBJECTED}, S.STREET_ASSIGNED, P.OPINION_DIRECTOR, label=_("改派"), hint=_("新的承办单位收到通知。")),
        "reassign_department": Step({S.OBJECTED}, S.DEPT_ASSIGNED, P.OPINION_GOV_ASSIGN, label=_("改派"), hint=_("新的承办单位收到通知。")),
        "uphold_street": Step({S.OBJECTED}, S.HANDLING, P.OPINION_DIRECTOR, label=_("异议不成立"), hint=_("仍由原单位办理，说明理由。")),
        "uphold_department": Step({S.OBJECTED}, S.HANDLING, P.OPINION_GOV_ASSIGN, label=_("异议不成立"), hint=_("仍由原单位办理，说明理由。")),
        "reply": Step({S.HANDLING, S.REOPENED}, S.REPLIED, P.OPINION_SIGN_REPLY, label=_("签发答复"), hint=_("送达反映人和代表，抄送人大常委会办公室。")),
        "rate": Step({S.REPLIED}, S.RATED, None, label=_("评价"), hint=_("只有反映人可以评价。")),
        "reopen": Step({S.RATED}, S.REOPENED, None, label=_("重新办理"), hint=_("第一次评价不满意时，交原承办单位重新办理。")),
        "take_up_after_all": Step({S.RATED}, S.ACCEPTED, None, label=_("转入办理"), hint=_("当场答复后第一次评价不满意时，转入正常办理。")),
        "escalate": Step({S.RATED}, S.ESCALATED, None, label=_("面商督办"), hint=_("第二次不满意时，由人大组织面商。")),
        "settle": Step({S.ESCALATED}, S.CLOSED, P.OPINION_ESCALATE, label=_("面商办结"), hint=_("记录面商结果和后续去向，告知各方。")),
        "close": Step({S.RATED}, S.CLOSED, P.OPINION_CLOSE, label=_("办结"), hint=_("答复、三方送达齐备后归档。")),
        "close_unrated": Step({S.REPLIED}, S.CLOSED, None, label=_("到期办结"), hint=_("评价期满未评价，记为“未评价”。")),
    },
    labels={
        S.REGISTERED: (_("已收到，等待受理"), S.REGISTERED.label),
        S.ACCEPTED: (_("已受理，正请代表提出意见"), S.ACCEPTED.label),
        S.DEPUTY_OPINED: (_("代表已提出意见，街道正在研究"), S.DEPUTY_OPINED.label),
        S.VICE_DIRECTOR_OPINED: (_("街道正在研究"), S.VICE_DIRECTOR_OPINED.label),
        S.DIRECTOR_OPINED: (_("街道正在研究"), S.DIRECTOR_OPINED.label),
        S.STREET_ASSIGNED: (_("已交街道办事处"), S.STREET_ASSIGNED.label),
        S.STREET_FORWARDED: (_("已转区人大"), S.STREET_FORWARDED.label),
        S.CONGRESS_REVIEWING: (_("区人大正在审核"), S.CONGRESS_REVIEWING.label),
        S.REVIEW_APPROVED: (_("区人大同意转办"), S.REVIEW_APPROVED.label),
        S.REVIEW_REJECTED: (_("未予转办，理由见下"), S.REVIEW_REJECTED.label),
        S.OFFICE_FORWARDED: (_("已转区政府办公室"), S.OFFICE_FORWARDED.label),
        S.GOV_OFFICE_RECEIVED: (_("区政府办公室正在交办"), S.GOV_OFFICE_RECEIVED.label),
        S.DEPT_ASSIGNED: (_("已交承办单位，等待签收"), S.DEPT_ASSIGNED.label),
        S.DEPT_RECEIVED: (_("承办单位已签收"), S.DEPT_RECEIVED.label),
        S.OBJECTED: (_("正在确定由哪个单位办理"), S.OBJECTED.label),
        S.HANDLING: (_("正在办理"), S.HANDLING.label),
        S.REPLIED: (_("已有答复，请您评价"), S.REPLIED.label),
        S.RATED: (_("您已评价"), S.RATED.label),
        S.REOPENED: (_("您不满意，正在重新办理"), S.REOPENED.label),
        S.ESCALATED: (_("人大正在组织当面商量"), S.ESCALATED.label),
        S.CLOSED: (_("已办结"), S.CLOSED.label),
        S.DIVERTED: (_("已转到其他途径，去处见下"), S.DIVERTED.label),
        S.NOT_ACCEPTED: (_("未予受理，理由见下"), S.NOT_ACCEPTED.label),
        S.MERGED: (_("已并入同一件事，一起办理"), S.MERGED.label),
        S.WITHDRAWN: (_("您已撤回"), S.WITHDRAWN.label),
    },
)  # fmt: skip
