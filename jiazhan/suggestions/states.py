"""The life of a proposal and of each unit's part in it (handbook §2.2).

The handbook has one machine; here a unit's receipt, objection and answer are a second one, because an assisting unit may
object while the host is at work, and several units may each reply. The proposal moves when the parts that reply have moved.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.workflow import Step, Workflow
from jiazhan.people.permissions import Permission as P


class State(models.TextChoices):
    DRAFT = "draft", _("起草中")
    COSIGNING = "cosigning", _("联名中")
    SUBMITTED = "submitted", _("待审查")
    CHECKING = "checking", _("审查中")
    RETURNED = "returned", _("退回修改")
    NOT_ACCEPTED = "not_accepted", _("不予立案")
    ACCEPTED = "accepted", _("待交办")
    AT_GOVERNMENT = "at_government", _("待政府办交办")
    ASSIGNED = "assigned", _("待签收")
    IN_PROGRESS = "in_progress", _("办理中")
    REPLIED = "replied", _("待代表评价")
    REORDERING = "reordering", _("不满意，待重新交办")
    REHANDLING = "rehandling", _("重新办理")
    ESCALATED = "escalated", _("再次不满意，面商中")
    TRACKING = "tracking", _("承诺跟踪")
    CLOSED = "closed", _("已办结")
    MERGED = "merged", _("已并案")
    WITHDRAWN = "withdrawn", _("已撤回")
    ON_AGENDA = "on_agenda", _("已列入大会议程")
    CONVERTED = "converted", _("已转为建议")


S = State

WRITING = frozenset({S.DRAFT, S.COSIGNING, S.RETURNED})
BEFORE_ASSIGNING = frozenset({S.SUBMITTED, S.CHECKING, S.ACCEPTED, S.AT_GOVERNMENT})
WITH_UNITS = frozenset({S.ASSIGNED, S.IN_PROGRESS, S.REPLIED, S.REORDERING, S.REHANDLING, S.ESCALATED, S.TRACKING})
# A reply may be evaluated while its round is open, and after another deputy moved the case on.
EVALUABLE = frozenset({S.REPLIED, S.REORDERING, S.REHANDLING, S.ESCALATED})
FINAL = frozenset({S.NOT_ACCEPTED, S.CLOSED, S.MERGED, S.WITHDRAWN, S.ON_AGENDA, S.CONVERTED})
OPEN = frozenset(set(S) - FINAL)
# What the other deputies of the congress, and its organs, may read.
ACCEPTED_EVER = frozenset({S.ACCEPTED, S.AT_GOVERNMENT, S.CLOSED, S.MERGED, S.ON_AGENDA, S.CONVERTED}) | WITH_UNITS

# A number is given when it is accepted.
UNNUMBERED = [
    S.DRAFT, S.COSIGNING, S.SUBMITTED, S.CHECKING, S.RETURNED, S.NOT_ACCEPTED, S.WITHDRAWN, S.MERGED, S.ON_AGENDA, S.CONVERTED,
]  # fmt: skip

WORKFLOW = Workflow(
    start=S.DRAFT,
    final=FINAL,
    steps={
        "invite": Step({S.DRAFT, S.RETURNED}, S.COSIGNING, P.PROPOSAL_WRITE, label=_("邀请联名"), hint=_("受邀代表看过全文后自己确认。")),
        "submit": Step(WRITING, S.SUBMITTED, P.PROPOSAL_WRITE, label=_("提交"), hint=_("提交后由人大代表工作机构审查，交办前可以撤回。")),
        "withdraw": Step(WRITING | BEFORE_ASSIGNING, S.WITHDRAWN, P.PROPOSAL_WRITE, label=_("撤回"), hint=_("交办前可以撤回，联名代表会收到通知。")),
        "begin_check": Step({S.SUBMITTED}, S.CHECKING, P.PROPOSAL_CHECK, label=_("开始审查"), hint=_("由您审查，其他同事会看到。")),
        "return_to_author": Step({S.SUBMITTED, S.CHECKING}, S.RETURNED, P.PROPOSAL_CHECK, label=_("退回修改"), hint=_("须写明修改意见，领衔代表改好后再提交。")),
        "decline": Step({S.SUBMITTED, S.CHECKING}, S.NOT_ACCEPTED, P.PROPOSAL_CHECK, label=_("不予立案"), hint=_("须写明理由，告知每位代表。")),
        "accept": Step({S.SUBMITTED, S.CHECKING}, S.ACCEPTED, P.PROPOSAL_CHECK, label=_("立案"), hint=_("编号，等待交办。")),
        "merge": Step({S.SUBMITTED, S.CHECKING, S.ACCEPTED}, S.MERGED, P.PROPOSAL_CHECK, label=_("并案"), hint=_("与同类建议合并办理，每位代表仍分别收到答复。")),
        "unmerge": Step({S.MERGED}, S.CHECKING, P.PROPOSAL_CHECK, label=_("撤销并案"), hint=_("恢复为单独一件，重新审查。")),
        "put_on_agenda": Step({S.SUBMITTED, S.CHECKING}, S.ON_AGENDA, P.PROPOSAL_CHECK, label=_("列入议程"), hint=_("登记主席团决定，议案由大会审议。")),
        "convert": Step({S.SUBMITTED, S.CHECKING}, S.CONVERTED, P.PROPOSAL_CHECK, label=_("转为建议"), hint=_("登记主席团决定，按建议交办，保留来源。")),
        "forward_to_government": Step({S.ACCEPTED}, S.AT_GOVERNMENT, P.PROPOSAL_ASSIGN, label=_("转政府办公室交办"), hint=_("政府办公室收到通知。")),
        "return_from_government": Step({S.AT_GOVERNMENT}, S.ACCEPTED, P.PROPOSAL_GOV_ASSIGN, label=_("退回人大"), hint=_("不属政府职权时使用，须写明理由。")),
        "assign": Step({S.ACCEPTED}, S.ASSIGNED, P.PROPOSAL_ASSIGN, label=_("交办"), hint=_("生成交办函，承办单位收到通知，从今天起计算答复期限。")),
        "assign_by_government": Step({S.AT_GOVERNMENT}, S.ASSIGNED, P.PROPOSAL_GOV_ASSIGN, label=_("交办"), hint=_("生成交办函，承办单位收到通知，从今天起计算答复期限。")),
        "begin": Step({S.ASSIGNED}, S.IN_PROGRESS, None, label=_("开始办理"), hint=_("答复单位都已签收。")),
        "reply": Step({S.IN_PROGRESS, S.REHANDLING}, S.REPLIED, None, label=_("答复齐备"), hint=_("请每位代表评价。")),
        "dissatisfy": Step({S.REPLIED}, S.REORDERING, None, label=_("评价为不满意"), hint=_("五个工作日内重新交办。")),
        "reorder": Step({S.REORDERING}, S.REHANDLING, P.PROPOSAL_ASSIGN, label=_("重新交办"), hint=_("一个月内重新答复，第一次答复保留。")),
        "escalate": Step({S.REPLIED}, S.ESCALATED, None, label=_("再次不满意"), hint=_("由人大组织面商或提请主任会议。")),
        "settle": Step({S.ESCALATED}, S.TRACKING, P.PROPOSAL_SUPERVISE, label=_("记录面商结果"), hint=_("告知每位代表和承办单位。")),
        "conclude": Step({S.REPLIED}, S.TRACKING, None, label=_("评价结束"), hint=_("有承诺的继续跟踪。")),
        "close": Step({S.TRACKING}, S.CLOSED, None, label=_("办结"), hint=_("没有未了的承诺。")),
    },
    labels={state: (state.label, state.label) for state in State},
)  # fmt: skip


class PartState(models.TextChoices):
    ASSIGNED = "assigned", _("待签收")
    SIGNED = "signed", _("办理中")
    OBJECTED = "objected", _("异议待裁定")
    ANSWERED = "answered", _("已答复")
    REORDERED = "reordered", _("重新办理")
    RELEASED = "released", _("不再承办")


H = PartState
HOLDING = frozenset({H.ASSIGNED, H.SIGNED, H.OBJECTED, H.ANSWERED, H.REORDERED})
AT_WORK = frozenset({H.SIGNED, H.REORDERED})

HANDLING = Workflow(
    start=H.ASSIGNED,
    final=frozenset({H.ANSWERED, H.RELEASED}),
    steps={
        "sign": Step({H.ASSIGNED}, H.SIGNED, P.PROPOSAL_HANDLE, label=_("签收"), hint=_("确认由本单位办理。")),
        "object": Step({H.ASSIGNED, H.SIGNED}, H.OBJECTED, P.PROPOSAL_HANDLE, label=_("提出异议"), hint=_("不属本单位职责时使用，须在期限内写明理由。")),
        "uphold": Step({H.OBJECTED}, H.SIGNED, P.PROPOSAL_ASSIGN, label=_("异议不成立"), hint=_("仍由原单位办理，须说明理由。")),
        "release": Step({H.ASSIGNED, H.SIGNED, H.OBJECTED}, H.RELEASED, P.PROPOSAL_ASSIGN, label=_("改派"), hint=_("换一个单位办理，须说明理由。")),
        "answer": Step({H.SIGNED, H.REORDERED}, H.ANSWERED, P.PROPOSAL_SIGN_REPLY, label=_("签发"), hint=_("主办、分办单位签发答复，协办单位签发协办意见。")),
        "reorder": Step({H.ANSWERED}, H.REORDERED, P.PROPOSAL_ASSIGN, label=_("重新交办"), hint=_("代表不满意，重新办理。")),
    },
    labels={state: (state.label, state.label) for state in PartState},
)  # fmt: skip


class MeetingState(models.TextChoices):
    """The life of a meeting with the head of a state organ (约见, handbook §9)."""

    REQUESTED = "requested", _("待审核")
    ACCEPTED = "accepted", _("待安排")
    SCHEDULED = "scheduled", _("已安排")
    HELD = "held", _("已约见，答复落实中")
    CLOSED = "closed", _("全部落实")
    DECLINED = "declined", _("不予安排")
    WITHDRAWN = "withdrawn", _("已撤回")


M = MeetingState

MEETING = Workflow(
    start=M.REQUESTED,
    final=frozenset({M.CLOSED, M.DECLINED, M.WITHDRAWN}),
    steps={
        "accept": Step({M.REQUESTED}, M.ACCEPTED, P.MEETING_ARRANGE, label=_("同意约见"), hint=_("通知被约见单位和申请代表。")),
        "decline": Step({M.REQUESTED, M.ACCEPTED}, M.DECLINED, P.MEETING_ARRANGE, label=_("不予安排"), hint=_("须写明理由，告知申请代表。")),
        "withdraw": Step({M.REQUESTED, M.ACCEPTED}, M.WITHDRAWN, P.PROPOSAL_WRITE, label=_("撤回申请"), hint=_("安排前可以撤回。")),
        "schedule": Step({M.ACCEPTED}, M.SCHEDULED, P.MEETING_ARRANGE, label=_("安排时间地点"), hint=_("通知被约见单位和参加代表。")),
        "postpone": Step({M.SCHEDULED}, M.SCHEDULED, P.MEETING_ARRANGE, label=_("改期"), hint=_("须写明理由，最长延期一个月。")),
        "hold": Step({M.SCHEDULED}, M.HELD, P.MEETING_ARRANGE, label=_("登记约见情况"), hint=_("登记到场的负责人、每个问题的答复和承诺。")),
        "close": Step({M.HELD}, M.CLOSED, None, label=_("办结"), hint=_("每个问题都有了结果。")),
    },
    labels={state: (state.label, state.label) for state in MeetingState},
)  # fmt: skip
