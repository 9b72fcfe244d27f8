"""Reading notices: a person's inbox, and what could not be sent."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from jiazhan.kernel import scope
from jiazhan.people.models import Account

from .models import Notice, SendState, Way

UNREAD_MOST = 99
LOST_AFTER = timedelta(minutes=10)

# Every page of a desk asks this: in SQL, because making the statement costs three times its execution.
_MINE = (
    "FROM notifications_notice"
    " WHERE jurisdiction = ANY (%(scope)s) AND recipient_id = %(recipient)s AND way = 'inbox' AND read_at IS NULL"
)
_UNREAD = f"SELECT count(*) FROM (SELECT {_MINE} LIMIT {UNREAD_MOST + 1}) found"


def inbox(account: Account) -> QuerySet[Notice]:
    """What the account was told, newest first."""
    mine = Notice.objects.filter(jurisdiction__in=scope.current(), recipient=account, way=Way.INBOX)
    return mine.order_by("-created_at", "-id")


def unread_count(account: Account) -> int:
    """How many notices the account has not read; counting stops at 100, for a badge that says 99+."""
    with connection.prepared() as cursor:  # type: ignore[attr-defined]
        cursor.execute(_UNREAD, _values(account))
        return int(cursor.fetchone()[0])


def unread_and_about(account: Account, subject_id: str) -> tuple[int, list[str]]:
    """`unread_count`, and the unread notices about a subject, in one statement: what the page of a matter asks."""
    with connection.prepared() as cursor:  # type: ignore[attr-defined]
        cursor.execute(
            f"SELECT ({_UNREAD}), ARRAY(SELECT id::text {_MINE} AND subject_id = %(subject)s)",
            _values(account) | {"subject": subject_id},
        )
        count, about = cursor.fetchone()
    return int(count), about


def _values(account: Account) -> dict[str, object]:
    return {"scope": sorted(scope.current()), "recipient": account.pk}


def sending(jurisdiction: str, key: str) -> Notice | None:
    """What became of the message with this key; None where there is none."""
    rows = Notice.objects.filter(jurisdiction=jurisdiction, key=key, way=Way.SMS)
    return rows.only("jurisdiction", "id", "state", "sent_at").first()


def failed() -> QuerySet[Notice]:
    """The messages given up after several tries, for the security administrator. Their texts hold no contact data."""
    rows = Notice.objects.filter(jurisdiction__in=scope.current(), state=SendState.FAILED)
    return rows.order_by("-created_at", "-id")


def lost(*, at: datetime) -> dict[str, list[str]]:
    """By jurisdiction, the notices that wait for long and have no job that would send them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT n.jurisdiction, n.id::text FROM notifications_notice n
             WHERE n.state = 'queued' AND n.created_at < %s AND NOT EXISTS (
                   SELECT FROM procrastinate_jobs j
                    WHERE j.status IN ('todo', 'doing') AND j.task_name = 'notifications.send'
                      AND j.args ->> 'notice' = n.id::text)
             ORDER BY n.jurisdiction, n.created_at LIMIT 1000
            """,
            [at - LOST_AFTER],
        )
        found: dict[str, list[str]] = {}
        for jurisdiction, notice in cursor.fetchall():
            found.setdefault(jurisdiction, []).append(notice)
        return found
