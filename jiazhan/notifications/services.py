"""Sending what is queued, and what becomes of a notice afterwards."""

from datetime import datetime
from enum import Enum, auto

from django.db import transaction

from jiazhan import audit
from jiazhan.kernel import scope
from jiazhan.people import crypto, sms
from jiazhan.people.models import Account

from . import outbox
from .models import Notice, SendState, Way

MOST_TRIES = 6


class Sent(Enum):
    """What came of an attempt."""

    DONE = auto()
    NOTHING_TO_DO = auto()
    TRY_AGAIN = auto()
    GIVEN_UP = auto()


def send(jurisdiction: str, notice_id: str, *, at: datetime) -> Sent:
    """Send a queued notice; one that is sent already stays so, whoever asks again.

    The row is locked while the message leaves, so two workers never send it twice. A worker that dies in between leaves
    it queued: then the message may leave a second time, which is better than never.
    """
    with scope.within([jurisdiction]):
        rows = Notice.objects.select_for_update(skip_locked=True)
        notice = rows.filter(jurisdiction=jurisdiction, pk=notice_id, state=SendState.QUEUED).first()
        if notice is None:
            return Sent.NOTHING_TO_DO
        notice.tries += 1
        try:
            sms.send(crypto.decrypt(notice.phone_sealed), crypto.decrypt(notice.text_sealed) or notice.text)
        except sms.NotSent as refusal:
            notice.error = str(refusal)
            notice.state = SendState.FAILED if notice.tries >= MOST_TRIES else SendState.QUEUED
            notice.save(update_fields=["tries", "error", "state"])
            return Sent.GIVEN_UP if notice.state == SendState.FAILED else Sent.TRY_AGAIN
        notice.state, notice.sent_at, notice.error, notice.text_sealed = SendState.SENT, at, "", b""
        notice.save(update_fields=["tries", "error", "state", "sent_at", "text_sealed"])
        return Sent.DONE


@transaction.atomic
def send_again(notice: Notice, *, by: audit.Acting, at: datetime) -> None:
    """Queue a failed notice once more, by a person's decision. One that did not fail is left alone."""
    rows = Notice.objects.select_for_update()
    held = rows.get(jurisdiction=notice.jurisdiction, pk=notice.pk)
    if held.state != SendState.FAILED:
        return
    held.state, held.tries = SendState.QUEUED, 0
    held.save(update_fields=["state", "tries"])
    outbox.defer(held.jurisdiction, [str(held.pk)])
    audit.record("notice.queued-again", held, by=by, at=at)


def mark_read(account: Account, notices: list[str], *, at: datetime) -> int:
    """Mark the account's own notices as read; others' ids are passed over. Returns how many were unread."""
    if not notices:
        return 0
    mine = Notice.objects.filter(recipient=account, way=Way.INBOX, read_at=None, jurisdiction__in=scope.current())
    return mine.filter(pk__in=notices).update(read_at=at)


def mark_all_read(account: Account, *, at: datetime) -> int:
    mine = Notice.objects.filter(recipient=account, way=Way.INBOX, read_at=None, jurisdiction__in=scope.current())
    return mine.update(read_at=at)
