"""Django's sessions in the database, read by a prepared statement: every page of whoever is logged in begins with it."""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from jiazhan.kernel.prepared import prepared


class SessionStore(db.SessionStore):
    def _get_session_from_db(self):
        found = _alive(self.session_key, timezone.now())
        if not found:
            self._session_key = None
        return found[0] if found else None


@prepared
def _alive(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
