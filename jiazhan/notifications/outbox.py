"""Telling people: rows in the transaction of the act, sent by a job once it has committed.

Staff find a notice in their inbox; residents and deputies, who log in by phone, get a text message as well. A key is told
once: the same act or reminder run again stays silent.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app

from jiazhan.kernel.jurisdiction import JurisdictionModel
from jiazhan.people import crypto
from jiazhan.people.models import Account

from .models import Notice, SendState, Way

SEND = "notifications.send"
TEXT_LIMIT = 300
_FIELDS = [field for field in Notice._meta.concrete_fields if not field.generated]
# One statement for however many rows: made by the ORM anew for each act, it costs several times its execution.
_INSERT = """
    INSERT INTO {table} ({columns}) SELECT * FROM unnest({values}) ON CONFLICT DO NOTHING
""".format(
    table=Notice._meta.db_table,
    columns=", ".join(str(field.column) for field in _FIELDS),
    values=", ".join(f"%s::{(field.cast_db_type(connection) or '').split('(')[0]}[]" for field in _FIELDS),
)
_read_before: ContextVar[datetime | None] = ContextVar("notifications.read_before", default=None)


@contextmanager
def quietly(*, read_before: datetime) -> Iterator[None]:
    """For a past that is taken in: within the block no text message is queued, and what an inbox is told of before
    `read_before` counts as read."""
    token = _read_before.set(read_before)
    try:
        yield
    finally:
        _read_before.reset(token)


def is_sending() -> bool:
    """Whether text messages leave; not within `quietly`."""
    return _read_before.get() is None


def message_key(key: str) -> str:
    """The key of the text message that goes beside an account's notice in the inbox."""
    return f"{key}/sms"


def notify(
    account: Account, kind: str, subject: JurisdictionModel, *, text: str, at: datetime, url: str = "", key: str
) -> None:
    """Tell one account about a subject, in the subject's jurisdiction. Outside a transaction that holds it: refused by
    the database."""
    notify_all([account], kind, subject, text=text, at=at, url=url, key=lambda _account: key)


def notify_all(
    accounts: Iterable[Account],
    kind: str,
    subject: JurisdictionModel,
    *,
    text: str,
    at: datetime,
    url: str = "",
    key: Callable[[Account], str],
) -> None:
    """Tell several accounts at once; `key(account)` makes each one's key."""
    queue(to_accounts(accounts, kind, subject, text=text, at=at, url=url, key=key))


def to_accounts(
    accounts: Iterable[Account],
    kind: str,
    subject: JurisdictionModel,
    *,
    text: str,
    at: datetime,
    url: str = "",
    key: Callable[[Account], str],
) -> list[Notice]:
    """What `notify_all` queues, not yet queued: for an act that tells several things in one go."""
    rows = []
    for account in accounts:
        rows.append(_inbox(account, kind, subject, text, at, url, key(account)))
        if account.kind != Account.Kind.STAFF and account.phone_encrypted:
            rows.append(_message(account, kind, subject, text, at, url, key(account)))
    return rows


def alert_all(
    accounts: Iterable[Account],
    kind: str,
    subject: JurisdictionModel,
    *,
    text: str,
    at: datetime,
    url: str = "",
    key: Callable[[Account], str],
) -> None:
    """Tell several accounts of what cannot wait: staff get a text message too, where their number is known."""
    rows = []
    for account in accounts:
        rows.append(_inbox(account, kind, subject, text, at, url, key(account)))
        if account.phone_encrypted:
            rows.append(_message(account, kind, subject, text, at, url, key(account)))
    queue(rows)


def notify_phone(
    phone_sealed: bytes, kind: str, subject: JurisdictionModel, *, text: str, at: datetime, url: str = "", key: str
) -> None:
    """Send a text message to a sealed number: to somebody without an account."""
    queue([_row(subject, Way.SMS, kind, text, at, url, key, phone_sealed=bytes(phone_sealed))])


def notify_phones(
    phones: Iterable[tuple[bytes, str]],
    kind: str,
    subject: JurisdictionModel,
    *,
    text: str,
    at: datetime,
    url: str = "",
) -> None:
    """Send a text message to several sealed numbers at once, each with its key."""
    queue([_row(subject, Way.SMS, kind, text, at, url, key, phone_sealed=bytes(phone)) for phone, key in phones])


def send_secret(
    phone_sealed: bytes, kind: str, subject: JurisdictionModel, *, text: str, label: str, at: datetime, key: str
) -> None:
    """Send a text that nobody else may read, such as a follow-up code; only `label` stays once it has left."""
    queue([secret(phone_sealed, kind, subject, text=text, label=label, at=at, key=key)])


def secret(
    phone_sealed: bytes, kind: str, subject: JurisdictionModel, *, text: str, label: str, at: datetime, key: str
) -> Notice:
    """What `send_secret` queues, not yet queued."""
    sealed = {"phone_sealed": bytes(phone_sealed), "text_sealed": crypto.encrypt(text)}
    return _row(subject, Way.SMS, kind, label, at, "", key, **sealed)


def _inbox(
    account: Account, kind: str, subject: JurisdictionModel, text: str, at: datetime, url: str, key: str
) -> Notice:
    return _row(subject, Way.INBOX, kind, text, at, url, key, recipient=account, state=SendState.SENT, sent_at=at)


def _message(
    account: Account, kind: str, subject: JurisdictionModel, text: str, at: datetime, url: str, key: str
) -> Notice:
    sealed = bytes(account.phone_encrypted)
    return _row(subject, Way.SMS, kind, text, at, url, message_key(key), recipient=account, phone_sealed=sealed)


def _row(
    subject: JurisdictionModel, way: Way, kind: str, text: str, at: datetime, url: str, key: str, **rest: object
) -> Notice:
    return Notice(
        jurisdiction=subject.jurisdiction, way=way, kind=kind, text=text[:TEXT_LIMIT], url=url, key=key, created_at=at,
        subject_label=subject._meta.label_lower, subject_id=str(subject.pk), **rest,
    )  # fmt: skip


def queue(rows: list[Notice]) -> None:
    """Write rows of one jurisdiction, those whose keys are new, with a job for each that must leave the house."""
    rows = _heard(rows)
    if not rows:
        return
    with connection.prepared() as cursor:  # type: ignore[attr-defined]
        cursor.execute(_INSERT, [[getattr(row, field.attname) for row in rows] for field in _FIELDS])
    # A row whose key was told before is not written; its job then finds nothing to send.
    defer(rows[0].jurisdiction, [str(row.pk) for row in rows if row.state == SendState.QUEUED])


def defer(jurisdiction: str, notices: list[str]) -> None:
    """Queue the sending of notices. Sending is idempotent, so one job too many does no harm."""
    jobs: list[dict[str, Any]] = [{"jurisdiction": jurisdiction, "notice": each} for each in notices]
    if jobs:
        app.configure_task(SEND).batch_defer(*jobs)


def _heard(rows: list[Notice]) -> list[Notice]:
    read_before = _read_before.get()
    if read_before is None:
        return rows
    inbox = [row for row in rows if row.way == Way.INBOX]
    for row in inbox:
        row.read_at = row.created_at if row.created_at < read_before else None
    return inbox
