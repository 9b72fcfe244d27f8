"""Reading notices: a person's inbox, and what could not be sent."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from jiazhan.kernel import scope
from jiazhan.people.models import Account

from .models import Notice, SendState, Way

UNREAD_MOST = 99
LOST_AFTER = timedelta(minutes=10)


def inbox(account: Account) -> QuerySet[Notice]:
    """What the account was told, newest first."""
    mine = Notice.objects.filter(jurisdiction__in=scope.current(), recipient=account, way=Way.INBOX)
    return mine.order_by("-created_at", "-id")


def unread_count(account: Account) -> int:
    """How many notices the account has not read; counting stops at 100, for a badge that says 99+."""
    with connection.cursor() as cursor:
        # Every page of a desk asks this: in SQL, because making the statement costs three times its execution.
        cursor.execute(
            """
            SELECT count(*) FROM (
                SELECT FROM notifications_notice
                 WHERE jurisdiction = ANY (%s) AND recipient_id = %s AND way = 'inbox' AND read_at IS NULL LIMIT %s) found
            """,
            [sorted(scope.current()), account.pk, UNREAD_MOST + 1],
        )
        return int(cursor.fetchone()[0])


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
