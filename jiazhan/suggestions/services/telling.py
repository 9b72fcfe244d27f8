"""Who is told of an act on a proposal. Queued in the act's transaction, told once a key; texts never carry the words of it."""

from collections.abc import Iterable
from datetime import datetime

from jiazhan.kernel.jurisdiction import JurisdictionModel
from jiazhan.notifications import outbox
from jiazhan.notifications.models import Notice
from jiazhan.people.models import Account, Deputy, Unit
from jiazhan.people.permissions import Permission
from jiazhan.people.roles import ROLES, Role
from jiazhan.people.selectors import posts_in_force
from jiazhan.people.selectors import staff_of as staff_of

from .. import access
from ..models import Proposal


def named(proposal: Proposal) -> str:
    """The proposal as a notice names it."""
    title = f"“{proposal.title[:30]}”"
    return f"{title}（{proposal.number}）" if proposal.number else title


def tell(
    accounts: Iterable[Account], kind: str, subject: JurisdictionModel, *, text: str, at: datetime, once: str = ""
) -> int:
    """Tell accounts, each once; returns how many. With `once` the same is told a single time, else at every call."""
    heard = list(dict.fromkeys(accounts))
    outbox.queue(notices(heard, kind, subject, text=text, at=at, once=once))
    return len(heard)


def notices(
    accounts: Iterable[Account], kind: str, subject: JurisdictionModel, *, text: str, at: datetime, once: str = ""
) -> list[Notice]:
    """As `tell`, not yet queued: for an act that tells of hundreds of things in one go."""
    mark = once or f"{at.timestamp():.0f}"
    return outbox.to_accounts(
        dict.fromkeys(accounts),
        kind,
        subject,
        text=text,
        at=at,
        key=lambda account: f"{kind}:{subject.pk.hex}:{account.pk.hex}:{mark}"[:115],
    )


def accounts_of(deputies: Iterable[Deputy]) -> list[Account]:
    """The accounts in use of deputies."""
    return [each.account for each in deputies if each.account is not None and each.account.is_active]


def tell_deputies(
    deputies: Iterable[Deputy], kind: str, subject: JurisdictionModel, *, text: str, at: datetime, once: str = ""
) -> int:
    return tell(accounts_of(deputies), kind, subject, text=text, at=at, once=once)


def tell_signers(proposal: Proposal, kind: str, *, text: str, at: datetime, once: str = "") -> int:
    """Tell the lead and every co-signer who confirmed."""
    return tell_deputies(access.signers(proposal), kind, proposal, text=text, at=at, once=once)


def tell_unit(unit: Unit, kind: str, subject: JurisdictionModel, *, text: str, at: datetime, once: str = "") -> int:
    """Tell everyone in the unit who handles proposals."""
    return tell(staff_of(unit, Permission.PROPOSAL_HANDLE), kind, subject, text=text, at=at, once=once)


def holders(permission: Permission, proposal: Proposal) -> list[Account]:
    """The people in post today whose permission takes in the proposal."""
    roles = [role for role, rule in ROLES.items() if permission in rule.permissions and role != Role.DEPUTY]
    areas = {proposal.congress_area, proposal.jurisdiction}
    posts = (
        posts_in_force().filter(area__in=areas, role__in=roles).select_related("account").order_by("starts_on", "id")
    )
    return list(dict.fromkeys(post.account for post in posts if access.covers(post, proposal)))


def in_role(role: Role, proposal: Proposal) -> list[Account]:
    """The people in post today in a role at the proposal's congress."""
    posts = posts_in_force().filter(area=proposal.congress_area, role=role).select_related("account")
    return list(dict.fromkeys(post.account for post in posts.order_by("starts_on", "id")))


def assigners(proposal: Proposal) -> list[Account]:
    """Who assigned it and rules on it: the government's dispatcher, or the congress's own desk."""
    permission = Permission.PROPOSAL_GOV_ASSIGN if proposal.through_government else Permission.PROPOSAL_ASSIGN
    return holders(permission, proposal)
