"""Keeping files and issuing letters: the only writers."""

import dataclasses
import io
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jiazhan.audit import services as audit
from jiazhan.kernel import parameters, scope
from jiazhan.kernel.jurisdiction import JurisdictionModel
from jiazhan.kernel.text import clean_line
from jiazhan.people.models import Account
from jiazhan.places.models import Station

from .files import storage
from .files.checking import Checked
from .letters import pdf
from .letters.content import Letter, as_data
from .models import Attachment, Document
from .numbers import grouped_code, new_code, verify_url
from .parameters import ERASE_AFTER
from .selectors import station_photos, station_subject


class AlreadyRemoved(Exception):
    """The file was taken out of view before."""

    code = "attachment-already-removed"

    def __str__(self) -> str:
        return _("这个附件已经撤下，无需重复操作。")


class PhotoRefused(Exception):
    """It is no picture, or nobody said what it shows."""

    code = "station-photo-refused"


@transaction.atomic
def attach(
    subject: JurisdictionModel | audit.Subject,
    checked: Checked,
    *,
    by: audit.Acting,
    at: datetime,
    description: str = "",
) -> Attachment:
    """Keep a file that passed `files.checking.check` with its subject. Raises NotStored where the disk is full."""
    place = {"jurisdiction": subject.jurisdiction, "name": checked.name}
    _hold(storage.sha256(checked.content), jurisdiction=subject.jurisdiction)
    digest = storage.put(checked.content, **place)
    thumbnail = storage.put(io.BytesIO(checked.thumbnail), **place) if checked.thumbnail else ""
    attachment = Attachment.objects.create(
        jurisdiction=subject.jurisdiction,
        subject_label=subject.label if isinstance(subject, audit.Subject) else subject._meta.label_lower,
        subject_id=str(subject.pk),
        name=checked.name,
        description=description,
        media_type=checked.media_type,
        sha256=digest,
        size=checked.size,
        width=checked.width,
        height=checked.height,
        thumbnail_sha256=thumbnail,
        uploaded_by=by if isinstance(by, Account) else None,
        uploaded_at=at,
    )
    # Without the name: people put telephone numbers into it, and the record is for ever.
    detail = {"attachment": str(attachment.pk), "media_type": checked.media_type, "sha256": digest}
    audit.record("attachment.added", subject, by=by, at=at, detail=detail)
    return attachment


@transaction.atomic
def remove(attachment: Attachment, *, reason: str, by: audit.Acting, at: datetime) -> Attachment:
    """Take a file out of view; some weeks later `erase_removed` deletes its content. Raises AlreadyRemoved."""
    rows = Attachment.objects.select_for_update()
    attachment = rows.get(jurisdiction=attachment.jurisdiction, pk=attachment.pk)
    if attachment.is_removed:
        raise AlreadyRemoved
    attachment.is_removed, attachment.removed_at = True, at
    attachment.save(update_fields=["is_removed", "removed_at"])
    audit.record("attachment.removed", attachment, by=by, at=at, detail={"reason": reason})
    return attachment


def erase_removed(*, at: datetime) -> int:
    """Delete the contents of the files that were taken out of view long enough ago, in the open scope (个保法第47条).

    A content that another file or a letter still holds stays; the row loses its name and its description. Returns how
    many files were erased.
    """
    erased = 0
    for jurisdiction in sorted(scope.current()):
        until = at - timedelta(days=parameters.get(ERASE_AFTER, jurisdiction))
        rows = Attachment.objects.filter(jurisdiction=jurisdiction, is_removed=True, erased_at=None)
        # One that was removed before the time was kept counts from its upload.
        due = rows.filter(Q(removed_at__lte=until) | Q(removed_at=None, uploaded_at__lte=until))
        for pk in list(due.order_by("removed_at").values_list("pk", flat=True)):
            erased += _erase(jurisdiction, pk, at=at)
    return erased


@transaction.atomic
def _erase(jurisdiction: str, pk: UUID, *, at: datetime) -> bool:
    rows = Attachment.objects.select_for_update().filter(jurisdiction=jurisdiction, pk=pk)
    attachment = rows.filter(is_removed=True, erased_at=None).first()
    if attachment is None:
        return False
    for digest in filter(None, {attachment.sha256, attachment.thumbnail_sha256}):
        _hold(digest, jurisdiction=jurisdiction)
        if not _is_needed(digest, jurisdiction=jurisdiction, but=attachment):
            storage.erase(digest, jurisdiction=jurisdiction)
    attachment.erased_at, attachment.name, attachment.description = at, "", ""
    attachment.save(update_fields=["erased_at", "name", "description"])
    detail = {"attachment": str(attachment.pk), "sha256": attachment.sha256}
    audit.record("attachment.erased", attachment, by=audit.SYSTEM, at=at, detail=detail)
    return True


def _is_needed(digest: str, *, jurisdiction: str, but: Attachment) -> bool:
    others = Attachment.objects.filter(jurisdiction=jurisdiction, erased_at=None).exclude(pk=but.pk)
    if others.filter(Q(sha256=digest) | Q(thumbnail_sha256=digest)).exists():
        return True
    return Document.objects.filter(jurisdiction=jurisdiction, pdf_sha256=digest).exists()


def _hold(digest: str, *, jurisdiction: str) -> None:
    """Until the transaction ends, nobody else keeps or erases this content: else what is kept anew could be erased."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{jurisdiction}/{digest}"])


@transaction.atomic
def show_station(station: Station, checked: Checked, *, description: str, by: audit.Acting, at: datetime) -> Attachment:
    """Make a picture the station's photo in place of the one before; the description is read to those who do not see it.

    Raises PhotoRefused, NotStored where the disk is full.
    """
    description = clean_line(description)
    if not checked.media_type.startswith("image/"):
        raise PhotoRefused(_("这不是照片，没有收下。请选 JPG、PNG 或手机拍的照片。"))
    if not 4 <= len(description) <= 100:
        raise PhotoRefused(_("请用一句话说明照片里是什么，4 到 100 个字；看不见照片的人靠它了解。"))
    # Two who upload at once end with one photo.
    Station.objects.select_for_update().get(pk=station.pk)
    for before in station_photos(station):
        remove(before, reason=_("换了新照片"), by=by, at=at)
    return attach(station_subject(station), checked, by=by, at=at, description=description)


@transaction.atomic
def issue(letter: Letter, *, subject: JurisdictionModel, by: audit.Acting, at: datetime, copy: int = 1) -> Document:
    """Fix a letter: give it a code to check it by, render and keep it as PDF, record its hash and its words.

    An issued letter is never altered; a correction is a new one with a number of its own. One that goes to several, each
    addressed by name, is issued once for each under the same number: `copy` counts them from 1. Raises NotStored where
    the disk is full, and the database's refusal where the kind already has this copy of the number in the jurisdiction.
    """
    code = new_code()
    url = verify_url(code, jurisdiction=subject.jurisdiction)
    letter = dataclasses.replace(letter, verify_code=grouped_code(code), verify_url=url)
    place = {"jurisdiction": subject.jurisdiction, "name": letter.title}
    rendered = pdf.render(letter)
    document = Document.objects.create(
        jurisdiction=subject.jurisdiction,
        kind=letter.kind,
        number=letter.number,
        copy=copy,
        title=letter.title[:200],
        subject_label=subject._meta.label_lower,
        subject_id=str(subject.pk),
        inputs=as_data(letter),
        pdf_sha256=storage.put(io.BytesIO(rendered.pdf), **place),
        verify_code=code,
        issued_at=at,
        issued_by=by if isinstance(by, Account) else None,
    )
    detail = {"number": letter.number, "kind": letter.kind, "pdf_sha256": document.pdf_sha256}
    if rendered.missing:
        detail["unprintable"] = " ".join(f"U+{ord(each):04X}" for each in rendered.missing)
    audit.record("document.issued", document, by=by, at=at, detail=detail)
    return document
