"""Joining an open matter instead of writing it again, and taking one's own matter back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.audit import Acting
from jiazhan.documents import selectors as files
from jiazhan.documents import services as documents
from jiazhan.kernel import text as texts
from jiazhan.notifications import outbox
from jiazhan.people import crypto
from jiazhan.people.models import Account

from .. import access
from ..choices import Visibility
from ..models import Opinion, Supporter
from ..states import OPEN, WORKFLOW
from . import steps
from .authors import VISITOR, Author, acting, require_nonce
from .codes import follow_code

NOTE_LIMIT = 500


class NotOpen(Exception):
    """The matter has ended, or is not one to join."""

    code = "opinion-not-open"

    def __init__(self) -> None:
        super().__init__(_("这件事已经办结或不能附议。请直接写下您的意见。"))


class NoteTooLong(Exception):
    code = "note-too-long"

    def __init__(self, count: int) -> None:
        super().__init__(
            _("补充说明最多 %(limit)s 字，现在有 %(count)s 字。内容较多时，请单独写一件意见。")
            % {"limit": NOTE_LIMIT, "count": count}
        )


class AlreadyJoined(Exception):
    """The same person joined before, or is the author."""

    code = "already-joined"

    def __init__(self) -> None:
        super().__init__(_("您已经反映或附议过这件事，有答复时会告诉您。"))


class NotTheAuthor(Exception):
    code = "not-the-author"

    def __init__(self) -> None:
        super().__init__(_("只有反映人自己可以撤回。"))


@dataclass(frozen=True)
class Joined:
    supporter: Supporter
    follow_code: str
    is_new: bool = True


@transaction.atomic
def join(opinion: Opinion, *, author: Author, note: str, nonce: str, at: datetime) -> Joined:
    """Stand behind an open matter; whoever joins gets every answer that its author gets. The same nonce joins once.

    Of a merged matter the one that goes on is joined. Raises NotOpen, NoteTooLong, AlreadyJoined, NotAPhone, FormExpired.
    """
    require_nonce(nonce)
    code = follow_code("support", opinion.jurisdiction, nonce)
    if earlier := _earlier(opinion, nonce):
        return Joined(earlier, code, is_new=False)
    note = texts.clean(note)
    if len(note) > NOTE_LIMIT:
        raise NoteTooLong(len(note))
    held = steps.lock(opinion)
    if held.merged_into is not None:
        held = steps.lock(held.merged_into)
    if held.state not in OPEN or held.visibility == Visibility.LOCKED:
        raise NotOpen
    phone = author.known_phone()
    digest = crypto.digest(phone)
    account = None if author.is_anonymous else author.account
    if _stands_already(held, digest, account):
        raise AlreadyJoined
    try:
        with transaction.atomic():
            supporter = Supporter.objects.create(
                jurisdiction=held.jurisdiction,
                opinion=held,
                author=account,
                phone_sealed=crypto.encrypt(phone),
                phone_digest=digest,
                follow_code_digest=crypto.digest(access.normal_code(code)),
                note=note,
                nonce=nonce,
                joined_at=at,
            )
    except IntegrityError:
        if earlier := _earlier(opinion, nonce):
            return Joined(earlier, code, is_new=False)
        raise
    held.supporters_count += 1
    held.save(update_fields=["supporters_count"])
    audit.record("opinion.join", held, by=VISITOR, at=at)
    if phone:
        _send_code(held, supporter, code, at=at)
    return Joined(supporter, code)


@transaction.atomic
def withdraw(opinion: Opinion, *, by: Acting, at: datetime) -> Opinion:
    """Take one's own matter back, as long as nobody was asked to handle it. Raises NotTheAuthor, StepRefused.

    Where others stand behind it too, it goes on for them: its author leaves, and what was known of them goes. The files
    go with the matter, the author's voice in either case.
    """
    if not access.is_author(by, opinion):
        raise NotTheAuthor
    held = steps.lock(opinion)
    target = WORKFLOW.target("withdraw", held.state)
    goes_on = held.supporters.exists() or held.merged.exists()
    for file in files.attachments_of(held):
        if not goes_on or file.media_type.startswith("audio/"):
            documents.remove(file, reason=_("反映人撤回"), by=acting(by), at=at)
    if not goes_on:
        return steps.take_held(held, "withdraw", by=acting(by), at=at)
    for name, value in Author(is_anonymous=True).as_fields().items():
        setattr(held, name, value)
    held.author, held.author_name_sealed, held.author_phone_sealed, held.author_phone_digest = None, b"", b"", ""
    held.is_phone_verified = False
    held.save()
    audit.record("opinion.leave", held, by=acting(by), at=at, detail={"instead_of": target})
    return held


def _earlier(opinion: Opinion, nonce: str) -> Supporter | None:
    rows = Supporter.objects.filter(jurisdiction=opinion.jurisdiction, nonce=nonce)
    return rows.select_related("opinion").defer("opinion__terms", "opinion__marks").first()


def _stands_already(opinion: Opinion, digest: str, account: Account | None) -> bool:
    if digest and (opinion.author_phone_digest == digest or opinion.supporters.filter(phone_digest=digest).exists()):
        return True
    return account is not None and (opinion.author == account or opinion.supporters.filter(author=account).exists())


def _send_code(opinion: Opinion, supporter: Supporter, code: str, *, at: datetime) -> None:
    outbox.send_secret(
        bytes(supporter.phone_sealed), "opinion-follow-code", opinion, at=at, key=f"opinion-follow-code:{supporter.pk.hex}",
        label=_("附议查询码短信（%(number)s）") % {"number": opinion.number},
        text=_("【家站】您已附议编号 %(number)s 的意见，查询码 %(code)s。有答复时会告诉您，请勿把查询码告诉他人。")
        % {"number": opinion.number, "code": code},
    )  # fmt: skip
