"""The only way to an opinion on somebody's behalf: who sees it, and who may take which step.

A permission says what, a post says where: a station's officer the station's matters, a street's office the street's, the
county's organs the county's, a unit what it holds, a deputy what they were asked about. Strangers get 404. An accusation
is seen only by those who carry it to the right organ, and never by the accused or those above them (§14 rule 6).
"""

import uuid
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from jiazhan.audit import Acting
from jiazhan.kernel import scope
from jiazhan.kernel.prepared import prepared
from jiazhan.kernel.refusals import NotVisible as NotVisible
from jiazhan.kernel.refusals import NotYours as NotYours
from jiazhan.people import crypto
from jiazhan.people.models import Account, Post, UnitKind
from jiazhan.people.permissions import Permission
from jiazhan.people.roles import ROLES, Role
from jiazhan.places.models import Station

from .choices import Visibility
from .models import Opinion, Supporter, TransferLetter
from .states import WORKFLOW, Track

AT_STATION = frozenset({Role.LIAISON_OFFICER, Role.STATION_HEAD})
ON_STREET = frozenset({Role.STREET_VICE_DIRECTOR, Role.STREET_DIRECTOR})
IN_UNIT = frozenset({Role.HANDLER, Role.UNIT_HEAD})


def visible_to(user: Account) -> QuerySet[Opinion]:
    """The opinions that the person may read, accusations left out unless they carry them."""
    return Opinion.objects.filter(_visible(user))


def among(user: Account, jurisdictions: Iterable[str], ids: Sequence[uuid.UUID]) -> QuerySet[Opinion]:
    """Those of the named opinions that the person may read: as `visible_to`, but found by their ids.

    Left to itself the planner reads all that a street has, to keep fifty: hence the ids as rows, which it looks up one by
    one, and the condition in a CASE, which it cannot turn into an index scan.
    """
    named = RawSQL("SELECT unnest(%s::uuid[])", [list(ids)])
    seen = Case(When(_visible(user), then=Value(True)), default=Value(False), output_field=BooleanField())
    return Opinion.objects.filter(jurisdiction__in=set(jurisdictions), pk__in=named).filter(seen)


def _visible(user: Account) -> Q:
    mine = Q(pk__in=[])
    for post in user.current_posts:
        mine |= _seen_from(post)
    if user.kind == user.Kind.RESIDENT:
        mine |= Q(author=user) | Q(Exists(Supporter.objects.filter(_same_opinion(), author=user)))
    elif hasattr(user, "deputy"):
        mine |= Q(deputy=user.deputy)
    return mine & _unlocked_for(user)


def get_for(user: Account, jurisdiction: str, opinion_id: uuid.UUID | str) -> Opinion:
    """The opinion, if this person may read it. Raises NotVisible (a 404) otherwise."""
    try:
        found = _with_names(jurisdiction, uuid.UUID(str(opinion_id)))
    except ValueError:
        found = []
    if not found or not sees(user, found[0]):
        raise NotVisible(_("没有找到这件事。"))
    return found[0]


@prepared
def _with_names(jurisdiction: str, opinion_id: uuid.UUID) -> QuerySet[Opinion]:
    rows = Opinion.objects.filter(jurisdiction=jurisdiction, pk=opinion_id)
    return rows.select_related("station", "category", "deputy", "unit", "handler", "entered_by")


def sees(user: Account, opinion: Opinion) -> bool:
    """Whether `visible_to` holds this one: the same rule said over a row, because a page of one matter should not have
    PostgreSQL plan who may see what. A test holds the two together over every role and place."""
    if user.kind == user.Kind.RESIDENT:
        is_mine = opinion.author_id == user.pk or opinion.supporters.filter(author=user).exists()
    else:
        is_mine = hasattr(user, "deputy") and opinion.deputy_id == user.deputy.pk
    is_reached = is_mine or any(_is_seen_from(post, opinion) for post in user.current_posts)
    return is_reached and _is_unlocked_for(user, opinion)


def by_follow_code(code: str) -> Opinion | Supporter:
    """The opinion, or the support of one, that a follow-up code stands for. Raises NotVisible for an unknown code.

    Looks in the jurisdictions of the open scope.
    """
    digest = crypto.digest(normal_code(code))
    for model in (Opinion, Supporter):
        found = model.objects.filter(jurisdiction__in=scope.current(), follow_code_digest=digest).first()
        if found:
            return found
    raise NotVisible(_("没有查到这个查询码。请核对后再输入，字母不分大小写。"))


def normal_code(code: str) -> str:
    """A follow-up code as it is digested: capitals and digits only."""
    return "".join(filter(str.isalnum, code.upper()))


def may(user: Acting, step: str, opinion: Opinion) -> bool:
    """Whether the step is this person's to take on this matter; its state is the workflow's to judge."""
    permission = WORKFLOW.steps[step].permission
    if permission is None:
        # Not a person's button: services that take such a step check the author or run for the system.
        return True
    if not isinstance(user, Account) or permission not in user.permissions:
        return False
    if opinion.visibility == Visibility.LOCKED and not _carries(user, opinion):
        return False
    if permission == Permission.OPINION_OPINE:
        return hasattr(user, "deputy") and opinion.deputy_id == user.deputy.pk
    return any(covers(post, opinion) for post in user.posts_with(Permission(permission)))


def require(user: Acting, step: str, opinion: Opinion) -> None:
    """Raises NotYours unless the step is this person's to take."""
    if not may(user, step, opinion):
        raise NotYours


def holds(user: Account, permission: Permission, opinion: Opinion) -> bool:
    """Whether the person holds a permission over this very matter, for acts that are no step of the workflow."""
    if opinion.visibility == Visibility.LOCKED and not _carries(user, opinion):
        return False
    return any(covers(post, opinion) for post in user.posts_with(permission))


def reach(user: Account) -> str | None:
    """Where staff and deputies look, in the marks of the search index; never less than `visible_to`, which decides.

    None for somebody who sees nothing by a post or a mandate.
    """
    parts = [part for post in user.current_posts if (part := _marks(post))]
    if hasattr(user, "deputy"):
        parts.append(f"'d{user.deputy.pk}'")
    return f"({'|'.join(parts)})" if parts else None


def stations_of(post: Post) -> list[uuid.UUID]:
    """A station post's station and those under it."""
    if not hasattr(post, "_stations"):
        post._stations = [row[0] for row in _with_those_under(post.station_id)]  # type: ignore[attr-defined,arg-type]
    return post._stations  # type: ignore[attr-defined,no-any-return]


@prepared
def _with_those_under(station: uuid.UUID) -> QuerySet[Station, tuple[uuid.UUID]]:
    return Station.objects.filter(Q(pk=station) | Q(parent=station)).values_list("pk")


def key_of(user: Account) -> Hashable:
    """All that `visible_to` goes by, as it is in this request: the same key, the same condition."""
    posts = tuple(
        (post.role, post.area, post.unit_id, tuple(stations_of(post)) if post.role in AT_STATION else ())
        for post in user.current_posts
    )
    deputy = user.deputy.pk if hasattr(user, "deputy") else None
    return user.pk, user.kind, deputy, user.permissions, posts, scope.current()


def covers(post: Post, opinion: Opinion) -> bool:
    """Whether a post's place takes in the opinion."""
    if post.role in AT_STATION:
        return post.station_id == opinion.station_id or opinion.station.parent_id == post.station_id
    if post.role in ON_STREET:
        return opinion.street.startswith(post.area)
    if post.role in IN_UNIT:
        return post.unit_id == opinion.unit_id
    if post.role == Role.GOV_DISPATCHER:
        return opinion.track == Track.DISTRICT and opinion.jurisdiction.startswith(post.area[:6])
    return opinion.jurisdiction.startswith(post.area[:6])


def _seen_from(post: Post) -> Q:
    permissions = ROLES[Role(post.role)].permissions
    county = Q(jurisdiction__in=_counties(post))
    if post.role in AT_STATION:
        return Q(station__in=stations_of(post))
    if post.role in ON_STREET:
        street = Q(street=post.area) if len(post.area) == 9 else Q(street__gte=post.area, street__lt=post.area + ":")
        return county & street
    if post.role in IN_UNIT:
        return Q(unit=post.unit_id)
    if post.role == Role.GOV_DISPATCHER:
        forwarded = TransferLetter.objects.filter(_same_opinion(), forwarded_at__isnull=False)
        return county & Q(track=Track.DISTRICT) & Q(Exists(forwarded))
    if Permission.OPINION_READ in permissions:
        return county
    return Q(pk__in=[])


def _is_seen_from(post: Post, opinion: Opinion) -> bool:
    if post.role in AT_STATION:
        return post.station_id in (opinion.station_id, opinion.station.parent_id)
    if post.role in IN_UNIT:
        return post.unit_id == opinion.unit_id
    if opinion.jurisdiction not in _counties(post):
        return False
    if post.role in ON_STREET:
        return opinion.street.startswith(post.area)
    if post.role == Role.GOV_DISPATCHER:
        return opinion.track == Track.DISTRICT and opinion.letters.filter(forwarded_at__isnull=False).exists()
    return Permission.OPINION_READ in ROLES[Role(post.role)].permissions


def _marks(post: Post) -> str:
    counties = "|".join(f"'j{code}'" for code in _counties(post))
    if post.role in AT_STATION:
        return "|".join(f"'p{each}'" for each in stations_of(post))
    if post.role in ON_STREET and len(post.area) == 9:
        return f"'t{post.area}'"
    if post.role in IN_UNIT:
        return f"'u{post.unit_id}'"
    if not counties:
        return ""
    if post.role == Role.GOV_DISPATCHER:
        return f"({counties})&'w{Track.DISTRICT}'"
    reads = post.role in ON_STREET or Permission.OPINION_READ in ROLES[Role(post.role)].permissions
    return counties if reads else ""


def _counties(post: Post) -> list[str]:
    return sorted(code for code in scope.current() if code.startswith(post.area[:6]))


def _same_opinion() -> Q:
    return Q(jurisdiction=OuterRef("jurisdiction"), opinion=OuterRef("pk"))


def _unlocked_for(user: Account) -> Q:
    open_to_all = Q(visibility=Visibility.NORMAL)
    if Permission.OPINION_ACCUSATION not in user.permissions:
        return open_to_all
    own_units = [post.unit_id for post in user.current_posts if post.unit_id]
    own_streets = [post.area for post in user.current_posts if post.role in ON_STREET]
    if not own_units and not own_streets:
        return open_to_all | Q(visibility=Visibility.LOCKED)
    # Null accused_unit: the author named nobody whom the system knows.
    not_me = Q(accused_unit=None) | ~Q(accused_unit__in=own_units) & ~Q(accused_unit__area__in=own_streets)
    return open_to_all | Q(visibility=Visibility.LOCKED) & not_me


def _is_unlocked_for(user: Account, opinion: Opinion) -> bool:
    if opinion.visibility == Visibility.NORMAL:
        return True
    if Permission.OPINION_ACCUSATION not in user.permissions:
        return False
    accused = opinion.accused_unit
    return accused is None or not any(
        post.unit_id == accused.pk or (post.role in ON_STREET and post.area == accused.area)
        for post in user.current_posts
    )


def _carries(user: Account, opinion: Opinion) -> bool:
    """Whether a locked matter is among those that the person carries to the right organ."""
    if Permission.OPINION_ACCUSATION not in user.permissions:
        return False
    accused = opinion.accused_unit
    if accused is None:
        return True
    for post in user.current_posts:
        if post.unit_id == accused.pk or (post.role in ON_STREET and accused.area == post.area):
            return False
        # Above a street office stands the county's government office.
        if post.unit and post.unit.kind == UnitKind.GOV_OFFICE:
            return False
    return True


def is_author(actor: Any, opinion: Opinion) -> bool:
    """Whether the actor is the one who raised the matter: by account, or by the follow-up code they hold."""
    if isinstance(actor, Account):
        return opinion.author_id == actor.pk
    return getattr(actor, "kind", "") == "author" and getattr(actor, "id", "") == str(opinion.pk)
