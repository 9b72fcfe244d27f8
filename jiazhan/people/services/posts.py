"""Who holds which role where: appointing and ending posts."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.people.models import Account, Post, Unit
from jiazhan.people.permissions import Permission
from jiazhan.people.roles import APART, ROLES, Role, misfit
from jiazhan.places.models import Station

from .recording import record_about


class RolesApart(Exception):
    """System, security and audit administrator must be three different people (等保 2.0 三员分设)."""

    code = "roles-apart"

    def __init__(self) -> None:
        super().__init__(_("系统管理员、安全管理员、审计员要由三个人分别担任。请另选一位，或先结束他现任的那个岗位。"))


class PostUnfit(Exception):
    """The role does not fit the area, unit or station; carries the sentence that says what it needs."""

    code = "post-unfit"


class PostTaken(Exception):
    """The account holds this very post already."""

    code = "post-held"

    def __init__(self) -> None:
        super().__init__(_("他已经在任这个岗位，不用再任命一次。"))


class NotYoursToGive(Exception):
    """The one who appoints has no say over this area or role, or appoints themself."""

    code = "not-yours-to-give"

    def __init__(self) -> None:
        super().__init__(_("您不能任命这个岗位：只能任命自己管辖区划内的岗位，不能任命自己；三员只由系统管理员任命。"))


class AlreadyEnded(Exception):
    """The post has an end, or would end before it began."""

    code = "post-ended"

    def __init__(self) -> None:
        super().__init__(_("这个任职已经结束，或者离任日早于任职日。请核对日期。"))


@transaction.atomic
def appoint(
    account: Account,
    role: Role | str,
    *,
    area: str = "",
    unit: Unit | None = None,
    station: Station | None = None,
    starts_on: date,
    by: audit.Acting,
    at: datetime,
) -> Post:
    """Give an account a role somewhere, from a day on. The area of a station's or unit's post is theirs.

    Raises PostUnfit (a deputy is elected, not appointed; a station's role needs a station, and so on), RolesApart,
    PostTaken, and NotYoursToGive where an account appoints outside its own area, itself, or one of the 三员 without
    being system administrator.
    """
    role = Role(role)
    if station is not None:
        area = station.street_id[:9]
    elif unit is not None:
        area = unit.area
    if problem := misfit(role, area=area, unit_kind=unit.kind if unit else "", has_station=station is not None):
        raise PostUnfit(problem)
    _require_say(by, account=account, role=role, area=area)
    account = Account.objects.select_for_update().get(pk=account.pk)
    held = account.posts.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on))
    if role in APART and held.filter(role__in=APART - {role}).exists():
        raise RolesApart
    if held.filter(role=role, area=area, unit=unit, station=station).exists():
        raise PostTaken
    post = Post.objects.create(account=account, role=role, area=area, unit=unit, station=station, starts_on=starts_on)
    detail = {"role": str(role), "area": area, "name": account.name, "place": str(station or unit or "")}
    record_about(post, "post.appointed", area=area, by=by, at=at, detail=detail)
    return post


@transaction.atomic
def end_post(post: Post, *, on: date, by: audit.Acting, at: datetime) -> Post:
    """End a post with a day (exclusive); nothing that was done in it changes. Raises AlreadyEnded, NotYoursToGive."""
    post = Post.objects.select_for_update(of=("self",)).select_related("account").get(pk=post.pk)
    _require_say(by, account=post.account, role=Role(post.role), area=post.area)
    if (post.ends_on is not None and post.ends_on <= on) or on < post.starts_on:
        raise AlreadyEnded
    if on == post.starts_on:
        # A post of no day at all was a slip: the record keeps that it was given and taken back.
        record_about(post, "post.cancelled", area=post.area, by=by, at=at, detail={"role": post.role})
        post.delete()
        return post
    post.ends_on = on
    post.save(update_fields=["ends_on"])
    detail = {"role": post.role, "on": on.isoformat(), "name": post.account.name}
    record_about(post, "post.ended", area=post.area, by=by, at=at, detail=detail)
    return post


def may_give(by: Account, *, role: Role, area: str) -> bool:
    """Whether an account may appoint to, or end, such a post of somebody else."""
    if role in APART and not any(post.role == Role.SYSTEM_ADMIN for post in by.current_posts):
        return False
    return any(area.startswith(post.area) for post in by.posts_with(Permission.PEOPLE_MANAGE))


def _require_say(by: audit.Acting, *, account: Account, role: Role, area: str) -> None:
    if isinstance(by, Account) and (by.pk == account.pk or not may_give(by, role=role, area=area)):
        raise NotYoursToGive


def roles_to_give(by: Account) -> list[Role]:
    """The roles that an account may appoint somebody to, in the order of the table."""
    is_system = any(post.role == Role.SYSTEM_ADMIN for post in by.current_posts)
    return [role for role in ROLES if role != Role.DEPUTY and (is_system or role not in APART)]
