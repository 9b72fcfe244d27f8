"""What can be allowed: `scope:action`. A permission says what; a post says where."""

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    DEPUTY_HOME = "deputy:home"
    RESIDENT_HOME = "resident:home"
    OPINION_READ = "opinion:read"
    OPINION_ENTER = "opinion:enter"
    OPINION_TRIAGE = "opinion:triage"
    OPINION_OPINE = "opinion:opine"
    OPINION_VICE_DIRECTOR = "opinion:vice-director"
    OPINION_DIRECTOR = "opinion:director"
    OPINION_REVIEW = "opinion:review"
    OPINION_FORWARD = "opinion:forward"
    OPINION_GOV_ASSIGN = "opinion:gov-assign"
    OPINION_HANDLE = "opinion:handle"
    OPINION_SIGN_REPLY = "opinion:sign-reply"
    OPINION_CLOSE = "opinion:close"
    OPINION_ESCALATE = "opinion:escalate"
    OPINION_ACCUSATION = "opinion:accusation"
    OPINION_PROPOSE_PUBLIC = "opinion:propose-public"
    OPINION_APPROVE_PUBLIC = "opinion:approve-public"
    PROPOSAL_WRITE = "proposal:write"
    PROPOSAL_READ = "proposal:read"
    PROPOSAL_CHECK = "proposal:check"
    PROPOSAL_ASSIGN = "proposal:assign"
    PROPOSAL_GOV_ASSIGN = "proposal:gov-assign"
    PROPOSAL_HANDLE = "proposal:handle"
    PROPOSAL_SIGN_REPLY = "proposal:sign-reply"
    PROPOSAL_SUPERVISE = "proposal:supervise"
    PROPOSAL_DECIDE_KEY = "proposal:decide-key"
    PROPOSAL_PROPOSE_PUBLIC = "proposal:propose-public"
    PROPOSAL_APPROVE_PUBLIC = "proposal:approve-public"
    PROPOSAL_IMPORT = "proposal:import"
    CONGRESS_MANAGE = "congress:manage"
    MEETING_ARRANGE = "meeting:arrange"
    CONTACT_REVEAL = "contact:reveal"
    STATION_MANAGE = "station:manage"
    CODE_MANAGE = "code:manage"
    PEOPLE_MANAGE = "people:manage"
    PEOPLE_IMPORT = "people:import"
    PARAMETER_MANAGE = "parameter:manage"
    RECORD_READ = "record:read"
    SESSION_MANAGE = "session:manage"


# What each allows, in the words of the page on roles.
WORDS: dict[Permission, Any] = {
    Permission.DEPUTY_HOME: _("看自己作为代表的事项"),
    Permission.RESIDENT_HOME: _("看自己提过的意见"),
    Permission.OPINION_READ: _("查看辖区内的意见"),
    Permission.OPINION_ENTER: _("代群众登记意见"),
    Permission.OPINION_TRIAGE: _("受理、分类、合并、分流"),
    Permission.OPINION_OPINE: _("作为代表提出意见"),
    Permission.OPINION_VICE_DIRECTOR: _("签署专职副主任意见"),
    Permission.OPINION_DIRECTOR: _("签署主任意见、交街道办理或报区"),
    Permission.OPINION_REVIEW: _("审核街道上报的转办件"),
    Permission.OPINION_FORWARD: _("转政府办理"),
    Permission.OPINION_GOV_ASSIGN: _("代表政府接收并交办"),
    Permission.OPINION_HANDLE: _("签收、沟通、起草答复"),
    Permission.OPINION_SIGN_REPLY: _("审签答复、申请延期"),
    Permission.OPINION_CLOSE: _("送达答复、回访、办结"),
    Permission.OPINION_ESCALATE: _("组织面商、督办"),
    Permission.OPINION_ACCUSATION: _("查看检举控告件"),
    Permission.OPINION_PROPOSE_PUBLIC: _("提出公开"),
    Permission.OPINION_APPROVE_PUBLIC: _("复核公开"),
    Permission.PROPOSAL_WRITE: _("提出和联名建议、议案，评价办理，申请约见"),
    Permission.PROPOSAL_READ: _("查看本级建议、议案和统计"),
    Permission.PROPOSAL_CHECK: _("审查、退回、并案、立案"),
    Permission.PROPOSAL_ASSIGN: _("交办、裁定异议、批准延期、重新交办"),
    Permission.PROPOSAL_GOV_ASSIGN: _("代表政府交办建议"),
    Permission.PROPOSAL_HANDLE: _("签收建议、与代表沟通、起草答复"),
    Permission.PROPOSAL_SIGN_REPLY: _("审签建议答复、申请延期"),
    Permission.PROPOSAL_SUPERVISE: _("督办、催办、组织面商"),
    Permission.PROPOSAL_DECIDE_KEY: _("登记主任会议确定的重点督办建议"),
    Permission.PROPOSAL_PROPOSE_PUBLIC: _("提出公开建议和复文"),
    Permission.PROPOSAL_APPROVE_PUBLIC: _("复核公开建议和复文"),
    Permission.PROPOSAL_IMPORT: _("导入历年建议"),
    Permission.CONGRESS_MANAGE: _("维护届次、会议、代表团"),
    Permission.MEETING_ARRANGE: _("安排代表约见国家机关负责人"),
    Permission.CONTACT_REVEAL: _("写明原因后查看联系方式"),
    Permission.STATION_MANAGE: _("维护站点信息"),
    Permission.CODE_MANAGE: _("发放和停用联络码"),
    Permission.PEOPLE_MANAGE: _("管理账号和任职"),
    Permission.PEOPLE_IMPORT: _("从表格导入人员和站点"),
    Permission.PARAMETER_MANAGE: _("调整时限等参数"),
    Permission.RECORD_READ: _("查看操作记录"),
    Permission.SESSION_MANAGE: _("管理登录、重置第二步验证"),
}
