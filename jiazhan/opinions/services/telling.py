"""Who is told of an act on a case, each by the way that reaches them. Queued in the act's transaction, told once a key.

Texts name the matter and what to do next; they never carry contact data or the words of a matter.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from jiazhan.notifications import outbox
from jiazhan.people import selectors as people
from jiazhan.people.models import Account, Post, Unit
from jiazhan.people.permissions import Permission
from jiazhan.people.roles import ROLES, Role

from .. import access
from ..choices import Visibility
from ..models import Opinion

_in_post: ContextVar[dict[str, list[Post]] | None] = ContextVar("telling.in_post", default=None)


@contextmanager
def posts_read_once() -> Iterator[None]:
    """For many matters in a row: within the block, who is in post is read once."""
    by_role: dict[str, list[Post]] = defaultdict(list)
    for post in _in_force():
        by_role[post.role].append(post)
    token = _in_post.set(by_role)
    try:
        yield
    finally:
        _in_post.reset(token)


def named(opinion: Opinion) -> str:
    """The matter as a notice names it."""
    return f"“{opinion.title[:30]}”（{opinion.number}）"


def tell_authors(opinion: Opinion, kind: str, *, text: str, at: datetime, once: str = "") -> None:
    """Tell the author, those who joined, and the authors of merged matters with those who joined them.

    Whoever gave neither an account nor a phone finds the same on the follow-up page. `once` makes the key: the same
    kind and `once` is told a single time; without it every call tells again.
    """
    told: set[str] = set()
    by_account: dict[UUID, str] = {}
    by_phone: list[tuple[bytes, str]] = []
    for each in [opinion, *_merged(opinion)]:
        for ident, account_id, phone, digest in _voices(each):
            if account_id is None and not phone:
                continue
            voice = str(account_id or digest or ident)
            if voice in told:
                continue
            told.add(voice)
            key = _key(kind, opinion, ident, once or _moment(at))
            if account_id is not None:
                by_account[account_id] = key
            else:
                by_phone.append((phone, key))
    accounts = Account.objects.in_bulk(by_account) if by_account else {}
    outbox.notify_all(accounts.values(), kind, opinion, text=text, at=at, key=lambda account: by_account[account.pk])
    outbox.notify_phones(by_phone, kind, opinion, text=text, at=at)


def message_key(opinion: Opinion, kind: str, *, at: datetime) -> str:
    """The key of the text message that `tell_authors` sends the author at this moment; empty where none leaves."""
    key = _key(kind, opinion, opinion.pk, _moment(at))
    if not outbox.is_sending():
        return ""
    if opinion.author is not None:
        return outbox.message_key(key) if opinion.author.phone_encrypted else ""
    return key if opinion.author_phone_sealed else ""


def tell(accounts: Iterable[Account], kind: str, opinion: Opinion, *, text: str, at: datetime, once: str = "") -> int:
    """Tell accounts, each once; returns how many. Of a locked matter only those hear who may read it."""
    heard = may_hear(accounts, opinion)
    outbox.notify_all(
        heard, kind, opinion, text=text, at=at, key=lambda account: _key(kind, opinion, account.pk, once or _moment(at))
    )
    return len(heard)


def may_hear(accounts: Iterable[Account], opinion: Opinion) -> list[Account]:
    """Each account once; of a locked matter only those who may read it."""
    each_once = list(dict.fromkeys(accounts))
    if opinion.visibility != Visibility.LOCKED:
        return each_once
    return [account for account in each_once if _may_read(account, opinion)]


def tell_deputy(opinion: Opinion, kind: str, *, text: str, at: datetime, once: str = "") -> int:
    return tell(deputy_of(opinion), kind, opinion, text=text, at=at, once=once)


def deputy_of(opinion: Opinion) -> list[Account]:
    """The account of the receiving deputy, where there is one in use."""
    if opinion.deputy is None or opinion.deputy.account is None or not opinion.deputy.account.is_active:
        return []
    return [opinion.deputy.account]


def holders(permission: Permission, opinion: Opinion) -> list[Account]:
    """The people in post today whose permission takes in the matter."""
    return holders_of_any({permission}, opinion)


def holders_of_any(permissions: set[Permission], opinion: Opinion) -> list[Account]:
    """The people in post today with one of the permissions, whose place takes in the matter; each once."""
    roles = [role for role, rule in ROLES.items() if permissions & rule.permissions and role != Role.DEPUTY]
    return in_roles(roles, opinion)


def in_roles(roles: Iterable[Role], opinion: Opinion) -> list[Account]:
    """The people in post today in any of the roles, whose place takes in the matter."""
    return list(dict.fromkeys(post.account for post in posts_near(roles, opinion)))


def staff_of(unit: Unit, *permissions: Permission) -> list[Account]:
    """The people in post in a unit who hold all of the permissions."""
    known = _in_post.get()
    if known is None:
        return people.staff_of(unit, *permissions)
    roles = [role for role, rule in ROLES.items() if rule.permissions.issuperset(permissions)]
    posts = [post for role in roles for post in known.get(role, ()) if post.unit_id == unit.pk]
    return list(dict.fromkeys(post.account for post in posts))


def posts_near(roles: Iterable[Role], opinion: Opinion) -> list[Post]:
    """The posts in force today in any of the roles, whose place takes in the matter."""
    known = _in_post.get()
    if known is None:
        posts: Iterable[Post] = _near(list(roles), opinion)
    else:
        posts = [post for role in roles for post in known.get(role, ())]
    return [post for post in posts if access.covers(post, opinion)]


def _near(roles: list[Role], opinion: Opinion) -> QuerySet[Post]:
    # `access.covers` decides; this only keeps those out of the query who sit elsewhere.
    placed = {
        access.AT_STATION: Q(station__in=[opinion.station_id, opinion.station.parent_id]),
        access.ON_STREET: Q(area__in=[opinion.street[:length] for length in (2, 4, 6, 9)]),
        access.IN_UNIT: Q(unit=opinion.unit_id),
    }
    above = Q(area__in=[opinion.jurisdiction[:length] for length in (2, 4)])
    near = Q(role__in=set(roles).difference(*placed)) & (above | Q(area__startswith=opinion.jurisdiction))
    for group, place in placed.items():
        if here := group.intersection(roles):
            near |= Q(role__in=here) & place
    return _in_force().filter(near)


def _in_force() -> QuerySet[Post]:
    return people.posts_in_force().select_related("account").order_by("starts_on", "id")


def _merged(opinion: Opinion) -> Iterable[Opinion]:
    return opinion.merged.prefetch_related("supporters") if opinion.supporters_count else ()


def _voices(opinion: Opinion) -> Iterator[tuple[UUID, UUID | None, bytes, str]]:
    yield opinion.pk, opinion.author_id, bytes(opinion.author_phone_sealed), opinion.author_phone_digest
    # Those who joined and those merged here are counted: nobody is looked for where there is none.
    for joined in opinion.supporters.all() if opinion.supporters_count else ():
        yield joined.pk, joined.author_id, bytes(joined.phone_sealed), joined.phone_digest


def _may_read(account: Account, opinion: Opinion) -> bool:
    return access.visible_to(account).filter(jurisdiction=opinion.jurisdiction, pk=opinion.pk).exists()


def _key(kind: str, opinion: Opinion, recipient: UUID, once: str) -> str:
    return f"{kind}:{opinion.pk.hex}:{recipient.hex}:{once}"[:115]


def _moment(at: datetime) -> str:
    return f"{at.timestamp():.0f}"
