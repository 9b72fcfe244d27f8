"""Which jurisdictions an account may look into (what it sees there is each app's own `visible_to`), and which other
accounts it may see and manage."""

import uuid

from django.db.models import Q, QuerySet
from django.http import Http404

from jiazhan.places.models import Region, RegionLevel, Station
from jiazhan.places.selectors import congresses_above_counties, jurisdictions_served

from .models import Account, AccountKind
from .permissions import Permission
from .roles import APART, Role

_MANAGING = (Permission.PEOPLE_MANAGE, Permission.SESSION_MANAGE, Permission.PEOPLE_IMPORT)


def jurisdictions_of(account: Account) -> frozenset[str]:
    """The jurisdictions that lie under, or hold, the areas of the posts in force; for a deputy also those of the
    stations it is attached to; for a resident all that are served, because their matters may lie anywhere.

    The county of a post counts before its first station opens, so that an empty instance can be set up. A city's or a
    province's own business (the proposals of its congress) lies in its own code: for those who hold a post over it, and
    for the deputies of a congress that meets here.
    """
    served = jurisdictions_served()
    if account.kind == account.Kind.RESIDENT:
        return frozenset(served)
    areas, own = set(account.areas), set[str]()
    if hasattr(account, "deputy"):
        attachments = account.deputy.attachments.filter(ends_on=None)
        areas |= set(attachments.values_list("station__jurisdiction", flat=True))
        above = congresses_above_counties()
        mandates = account.deputy.mandates.filter(term__congress__region__in=above)
        own = set(mandates.values_list("term__congress__region", flat=True)) if above else set()
    own |= {area[:6] for area in account.areas if area}
    return frozenset(own | {code for code in served for area in areas if code.startswith(area[:6])})


def visible_to(user: Account) -> QuerySet[Account]:
    """The accounts that an administrator sees: staff with a post in the own areas or with none ever, and the deputies of
    the own counties. Residents' never."""
    areas = {post.area for permission in _MANAGING for post in user.posts_with(permission)}
    if not areas:
        return Account.objects.none()
    posts, stations = Q(), Q()
    for area in areas:
        posts |= Q(posts__area__startswith=area)
        stations |= Q(deputy__attachments__station__jurisdiction__startswith=area[:6])
    deputies = Q(kind=AccountKind.DEPUTY) & stations
    seen = posts | deputies | Q(kind=AccountKind.STAFF, posts=None)
    return Account.objects.exclude(kind=AccountKind.RESIDENT).filter(seen).distinct()


def get_for(user: Account, account_id: uuid.UUID) -> Account:
    """An account that the user sees; for any other a 404, as if it were not there."""
    account = visible_to(user).filter(pk=account_id).first()
    if account is None:
        raise Http404
    return account


def may_manage(user: Account, account: Account, permission: Permission) -> bool:
    """Whether an administrator's word counts for an account: never for the own one, only where all its posts lie in the
    areas over which the permission is held, and for the 三员 only between themselves."""
    mine = user.posts_with(permission)
    if account.pk == user.pk or not mine:
        return False
    is_apart = any(post.role in APART for post in account.current_posts)
    if is_apart and not any(Role(post.role) in APART for post in mine):
        return False
    if account.current_posts:
        return all(any(post.area.startswith(own.area) for own in mine) for post in account.current_posts)
    return visible_to(user).filter(pk=account.pk).exists()


def stations_of(account: Account, *permissions: Permission) -> QuerySet[Station]:
    """The stations that an account may act on by any of the permissions: a station's post reaches that one, any other post
    the stations of its area."""
    reach = Q(pk__in=[])
    for permission in permissions:
        for post in account.posts_with(permission):
            reach |= Q(pk=post.station_id) if post.station_id else Q(street__code__startswith=post.area)
    return Station.objects.filter(reach)


def streets_of(account: Account, *permissions: Permission) -> QuerySet[Region]:
    """The open streets and townships over which an account holds any of the permissions; a station's post holds none."""
    reach = Q(pk__in=[])
    for permission in permissions:
        for post in account.posts_with(permission):
            if not post.station_id:
                reach |= Q(code__startswith=post.area)
    counties = Q(parent_id__in=jurisdictions_of(account))
    return Region.objects.filter(reach, counties, level=RegionLevel.TOWNSHIP, ends_on=None).order_by("code")
