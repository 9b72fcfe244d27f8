"""Reads about people, for pages and other apps: who holds what, who sits where, in the words a page shows."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.audit.models import Entry
from jiazhan.places.models import CongressLevel, Station

from .models import HANDLING_KINDS, Account, Deputy, Mandate, Post, Unit, UnitKind
from .permissions import Permission
from .roles import ROLES, Role

_LEVELS: dict[str, tuple[int, str]] = {
    CongressLevel.NATIONAL: (0, "全国"),
    CongressLevel.PROVINCE: (1, "省"),
    CongressLevel.CITY: (2, "市"),
    CongressLevel.COUNTY: (3, "区"),
    CongressLevel.TOWNSHIP: (4, "乡镇"),
}


def posts_in_force(on: date | None = None) -> QuerySet[Post]:
    """The posts that count on a day (today unless given) and whose account may log in."""
    on = on or timezone.localdate()
    running = Q(ends_on=None) | Q(ends_on__gt=on)
    return Post.objects.filter(running, starts_on__lte=on, account__is_active=True)


def holders_of(
    role: Role, *, area: str = "", unit: Unit | None = None, station: Station | None = None, on: date | None = None
) -> QuerySet[Account]:
    """The accounts that hold a role in force: at a station, in a unit, or over an area that holds `area`.

    `holders_of(Role.STREET_DIRECTOR, area="990106001")` finds the post over that street, and one over the whole county
    if there is one; a post over another street is not found. Each account once, in a stable order.
    """
    posts = posts_in_force(on).filter(role=role)
    if area:
        posts = posts.filter(area__in=_areas_above(area))
    if unit is not None:
        posts = posts.filter(unit=unit)
    if station is not None:
        posts = posts.filter(station=station)
    return Account.objects.filter(pk__in=posts.values("account_id")).order_by("name", "id")


def staff_of(unit: Unit, *permissions: Permission) -> list[Account]:
    """The people in post in a unit who hold all of the permissions, the longest in post first."""
    roles = [role for role, rule in ROLES.items() if rule.permissions.issuperset(permissions)]
    posts = posts_in_force().select_related("account").filter(unit=unit, role__in=roles).order_by("starts_on", "id")
    return list(dict.fromkeys(post.account for post in posts))


def _areas_above(area: str) -> list[str]:
    return [area[:length] for length in (2, 4, 6, 9) if len(area) >= length]


def deputies_of(station: Station, *, on: date | None = None) -> QuerySet[Deputy]:
    """The deputies attached to a station who have a mandate in force at some level, by name (代表法第28条)."""
    on = on or timezone.localdate()
    attached = Q(attachments__ends_on=None) | Q(attachments__ends_on__gt=on)
    rows = Deputy.objects.filter(attached, attachments__station=station, attachments__starts_on__lte=on)
    return rows.filter(mandates__in=Mandate.objects.in_force()).distinct().order_by("pinyin", "name", "id")


def deputy_by_account(account: Account) -> Deputy | None:
    """The deputy who logs in with this account, whatever the state of the mandates."""
    return Deputy.objects.filter(account=account).first()


def mandate_words(mandates: Iterable[Mandate]) -> str:
    """「区、市两级人大代表」 for mandates (with term and congress at hand); lowest level first, empty for none."""
    levels = {mandate.term.congress.level for mandate in mandates}
    names = [_LEVELS[level][1] for level in sorted(levels, key=lambda level: -_LEVELS[level][0])]
    if not names:
        return ""
    if len(names) == 1:
        return _("%(level)s人大代表") % {"level": names[0]}
    counted = {2: "两", 3: "三", 4: "四", 5: "五"}[len(names)]
    return _("%(levels)s%(count)s级人大代表") % {"levels": "、".join(names), "count": counted}


def levels_in_words(deputy: Deputy) -> str:
    """The levels of a deputy's mandates in force, in words; empty where none is."""
    return mandate_words(deputy.mandates.in_force().select_related("term__congress"))


def units(*kinds: UnitKind | str, jurisdiction: str = "") -> QuerySet[Unit]:
    """The units in use, of some kinds (all unless given), of one county (all unless given), by name."""
    rows = Unit.objects.filter(is_active=True)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if jurisdiction:
        rows = rows.filter(jurisdiction=jurisdiction)
    return rows.order_by("kind", "code")


def handling_units(jurisdiction: str) -> QuerySet[Unit]:
    """The units that a matter can be assigned to."""
    return units(*HANDLING_KINDS, jurisdiction=jurisdiction)


def record_of(account: Account, *, most: int = 20) -> list[Entry]:
    """What was done lately to an account, its posts and its mandates, in the counties in scope; newest first."""
    ids = [account.pk, *account.posts.values_list("pk", flat=True)]
    if deputy := deputy_by_account(account):
        ids += deputy.mandates.values_list("pk", flat=True)
    return list(Entry.objects.filter(subject_id__in=[str(pk) for pk in ids]).order_by("-at", "-id")[:most])
