"""Roles of handbook §14: what each may do, who may hold it, and whether a second factor is needed."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .permissions import Permission as P


class Role(models.TextChoices):
    DEPUTY = "deputy", _("人大代表")
    LIAISON_OFFICER = "liaison_officer", _("站联络员")
    STATION_HEAD = "station_head", _("站长")
    STREET_VICE_DIRECTOR = "street_vice_director", _("街道人大工委专职副主任")
    STREET_DIRECTOR = "street_director", _("街道人大工委主任（乡镇人大主席）")
    DEPUTY_AFFAIRS = "deputy_affairs", _("代表工作委员会")
    STANDING_COMMITTEE_OFFICE = "standing_committee_office", _("常委会办公室")
    COMMITTEE = "committee", _("专门委员会、工作委员会")
    CHAIRPERSONS_MEETING = "chairpersons_meeting", _("主任会议成员")
    GOV_DISPATCHER = "gov_dispatcher", _("政府办交办员")
    HANDLER = "handler", _("承办单位经办人")
    UNIT_HEAD = "unit_head", _("承办单位负责人")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDITOR = "auditor", _("审计员")


@dataclass(frozen=True)
class RoleRule:
    """What holders of a role may do. `who` is the one sentence on who may hold it."""

    who: Any
    permissions: frozenset[P]
    needs_second_factor: bool = False


_CONGRESS_DESK = {
    P.PROPOSAL_READ, P.PROPOSAL_CHECK, P.PROPOSAL_ASSIGN, P.PROPOSAL_SUPERVISE, P.PROPOSAL_PROPOSE_PUBLIC,
    P.PROPOSAL_APPROVE_PUBLIC, P.PROPOSAL_IMPORT, P.CONGRESS_MANAGE, P.MEETING_ARRANGE,
}  # fmt: skip
_TRIAGE = {P.OPINION_READ, P.OPINION_ENTER, P.OPINION_TRIAGE, P.OPINION_PROPOSE_PUBLIC}

ROLES: dict[Role, RoleRule] = {
    Role.DEPUTY: RoleRule(
        _("经选举产生、资格有效的各级人大代表本人。"), frozenset({P.OPINION_OPINE, P.PROPOSAL_WRITE}),
    ),
    Role.LIAISON_OFFICER: RoleRule(
        _("由街道人大工委指定的站点专职或兼职工作人员。"),
        frozenset(_TRIAGE | {P.CONTACT_REVEAL, P.OPINION_CLOSE}), needs_second_factor=True,
    ),
    Role.STATION_HEAD: RoleRule(
        _("本站代表推选或街道人大工委指定的一名代表，兼任站长。"),
        frozenset(_TRIAGE | {P.OPINION_CLOSE, P.STATION_MANAGE, P.CONTACT_REVEAL, P.OPINION_APPROVE_PUBLIC}),
        needs_second_factor=True,
    ),
    Role.STREET_VICE_DIRECTOR: RoleRule(
        _("街道人大工委专职副主任，或乡镇人大专职副主席。"),
        frozenset(_TRIAGE | {
            P.OPINION_VICE_DIRECTOR, P.OPINION_CLOSE, P.OPINION_APPROVE_PUBLIC, P.STATION_MANAGE, P.CODE_MANAGE,
            P.CONTACT_REVEAL, P.OPINION_ACCUSATION, P.PEOPLE_IMPORT,
        }), needs_second_factor=True,
    ),
    Role.STREET_DIRECTOR: RoleRule(
        _("街道人大工委主任，或乡镇人大主席。"),
        frozenset(_TRIAGE | {
            P.OPINION_DIRECTOR, P.OPINION_CLOSE, P.OPINION_APPROVE_PUBLIC, P.STATION_MANAGE, P.CODE_MANAGE,
            P.CONTACT_REVEAL, P.OPINION_ACCUSATION, P.PROPOSAL_DECIDE_KEY,
        } | _CONGRESS_DESK), needs_second_factor=True,
    ),
    Role.DEPUTY_AFFAIRS: RoleRule(
        _("县级人大常委会代表工作委员会的工作人员。"),
        frozenset({
            P.OPINION_READ, P.OPINION_REVIEW, P.OPINION_ESCALATE, P.STATION_MANAGE, P.CODE_MANAGE, P.PEOPLE_MANAGE,
            P.PEOPLE_IMPORT, P.OPINION_APPROVE_PUBLIC, P.PARAMETER_MANAGE,
        } | _CONGRESS_DESK), needs_second_factor=True,
    ),
    Role.STANDING_COMMITTEE_OFFICE: RoleRule(
        _("县级人大常委会办公室的工作人员。"),
        frozenset({
            P.OPINION_READ, P.OPINION_FORWARD, P.OPINION_ESCALATE, P.OPINION_ACCUSATION,
            P.OPINION_APPROVE_PUBLIC, P.PARAMETER_MANAGE, P.PROPOSAL_DECIDE_KEY,
        } | _CONGRESS_DESK), needs_second_factor=True,
    ),
    Role.COMMITTEE: RoleRule(
        _("人大专门委员会或常委会工作机构的工作人员。"),
        frozenset({P.OPINION_READ, P.OPINION_REVIEW, P.PROPOSAL_READ, P.PROPOSAL_SUPERVISE}),
    ),
    Role.CHAIRPERSONS_MEETING: RoleRule(
        _("常委会主任、副主任等主任会议组成人员。"),
        frozenset({P.OPINION_READ, P.OPINION_ESCALATE, P.PROPOSAL_READ, P.PROPOSAL_DECIDE_KEY}),
    ),
    Role.GOV_DISPATCHER: RoleRule(
        _("政府办公室负责交办人大转办事项的工作人员。"), frozenset({P.OPINION_GOV_ASSIGN, P.PROPOSAL_GOV_ASSIGN}),
    ),
    Role.HANDLER: RoleRule(
        _("承办单位指定的具体经办人。"), frozenset({P.OPINION_HANDLE, P.PROPOSAL_HANDLE}),
    ),
    Role.UNIT_HEAD: RoleRule(
        _("承办单位主要负责人或受其委托审签答复的负责人。"),
        frozenset({P.OPINION_HANDLE, P.OPINION_SIGN_REPLY, P.PROPOSAL_HANDLE, P.PROPOSAL_SIGN_REPLY}),
    ),
    Role.SYSTEM_ADMIN: RoleRule(
        _("负责系统运行、不经手业务内容的技术人员。"),
        frozenset({P.PEOPLE_MANAGE, P.PEOPLE_IMPORT, P.PARAMETER_MANAGE}), needs_second_factor=True,
    ),
    Role.SECURITY_ADMIN: RoleRule(
        _("负责账号安全、不兼任系统管理员和审计员的人员。"), frozenset({P.SESSION_MANAGE}), needs_second_factor=True,
    ),
    Role.AUDITOR: RoleRule(
        _("负责查看审计记录、不兼任系统管理员和安全管理员的人员。"),
        frozenset({P.RECORD_READ}), needs_second_factor=True,
    ),
}  # fmt: skip

# 三员分设: no two of these may be held by one person (等保 2.0, handbook §11).
APART = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})

_AT_STATION = frozenset({Role.LIAISON_OFFICER, Role.STATION_HEAD})
_OVER_STREET = frozenset({Role.STREET_VICE_DIRECTOR, Role.STREET_DIRECTOR})
_IN_UNIT = {
    Role.HANDLER: frozenset({"department", "street_office", "other"}),
    Role.UNIT_HEAD: frozenset({"department", "street_office", "other"}),
    Role.GOV_DISPATCHER: frozenset({"gov_office"}),
}


def misfit(role: Role, *, area: str, unit_kind: str, has_station: bool) -> str:
    """What a post of this role lacks, as a sentence for who fills the form; empty where all fits."""
    if role == Role.DEPUTY:
        return gettext("代表由选举产生，不能任命。请在代表名册里登记当选。")
    if role in _AT_STATION:
        return "" if has_station else gettext("这个角色属于一个站点，请选择站点。")
    if has_station:
        return gettext("这个角色不属于站点，请不要选择站点。")
    if role in _IN_UNIT:
        fits = unit_kind in _IN_UNIT[role]
        return "" if fits else gettext("请选择合适的单位：经办人、负责人属于承办单位，交办员属于政府办公室。")
    if role in _OVER_STREET:
        return "" if len(area) == 9 else gettext("这个角色管一个街道（乡镇），请选择到街道（乡镇）。")
    return "" if len(area) in {2, 4, 6} else gettext("这个角色管区县或以上，请选择区县、市或省。")
