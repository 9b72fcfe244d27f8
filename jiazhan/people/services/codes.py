"""Scan codes of stations and deputies (三码): issued, revoked, issued anew; an old one explains itself."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import text
from jiazhan.people.models import Account, Deputy, ScanCode
from jiazhan.places.models import Station, StationStatus

from .reasons import required

# Without characters that look alike on paper or sound alike on the phone: 30 of them, so 8 make 6.5 × 10¹¹ codes.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXY"
LENGTH = 8
Target = Mapping[str, Station | Deputy | None]
_SIMILAR = str.maketrans({"O": "Q", "0": "Q", "1": "7", "I": "J", "L": "J", "Z": "2"})


class CodeRefused(Exception):
    """The code cannot be issued or changed as asked; the message says why."""

    code = "scan-code-refused"


class AlreadyRevoked(CodeRefused):
    """The code was revoked before."""

    code = "scan-code-already-revoked"


class CodeState(Enum):
    """What a scan meets."""

    VALID = "valid"
    PAUSED = "paused"
    REPLACED = "replaced"
    REVOKED = "revoked"
    CLOSED = "closed"


@dataclass(frozen=True)
class Resolved:
    """A code that exists, what it is worth now, one sentence for the person who scanned it, and the code in its place."""

    code: ScanCode
    state: CodeState
    said: str = ""
    current: ScanCode | None = None

    @property
    def is_open(self) -> bool:
        """Whether something can be said through it."""
        return self.state is CodeState.VALID


@transaction.atomic
def issue(subject: Station | Deputy, *, by: audit.Acting, at: datetime, jurisdiction: str = "") -> ScanCode:
    """The subject's code in force, made where there is none. A deputy's belongs to the county given, else to that of the
    first station in service that the deputy is attached to.

    Raises CodeRefused for a closed station, and for a deputy whose county cannot be told.
    """
    # The lock keeps two issuers from making two codes for one subject.
    subject = type(subject).objects.select_for_update().get(pk=subject.pk)
    if isinstance(subject, Station):
        if subject.status == StationStatus.CLOSED:
            raise CodeRefused(_("%(station)s已撤并，不能再发码。") % {"station": subject.name})
        target: Target = {"station": subject}
        jurisdiction = subject.jurisdiction
    else:
        target = {"deputy": subject}
        jurisdiction = jurisdiction or _county_of(subject)
    live = ScanCode.objects.filter(**target, jurisdiction=jurisdiction, revoked_at=None)
    return live.order_by("issued_at").first() or _make(target, jurisdiction, by=by, at=at)


@transaction.atomic
def revoke(code: ScanCode, *, reason: str, by: audit.Acting, at: datetime) -> ScanCode:
    """Stop a code; whoever scans it reads the reason. Raises AlreadyRevoked, reasons.ReasonMissing."""
    code = _locked(code)
    code.revoked_at, code.revoked_reason = at, text.clean_line(required(reason))[:100]
    code.save(update_fields=["revoked_at", "revoked_reason"])
    audit.record(
        "code.revoked", _subject(code), by=by, at=at, detail={"of": _name(code), "reason": code.revoked_reason}
    )
    return code


@transaction.atomic
def reissue(code: ScanCode, *, reason: str, by: audit.Acting, at: datetime) -> ScanCode:
    """Put a new code in the place of one; the old one explains itself and leads to the new. Returns the new one.

    Raises AlreadyRevoked, reasons.ReasonMissing, and CodeRefused for a closed station.
    """
    code = _locked(code)
    if code.station and code.station.status == StationStatus.CLOSED:
        raise CodeRefused(_("%(station)s已撤并，不能再发码。") % {"station": code.station.name})
    reason = text.clean_line(required(reason))[:100]
    target: Target = {"station": code.station} if code.station else {"deputy": code.deputy}
    fresh = _make(target, code.jurisdiction, by=by, at=at)
    code.revoked_at, code.revoked_reason, code.replaced_by = at, reason, fresh
    code.save(update_fields=["revoked_at", "revoked_reason", "replaced_by"])
    audit.record(
        "code.replaced",
        _subject(code),
        by=by,
        at=at,
        detail={"of": _name(code), "reason": reason, "fresh": fresh.token},
    )
    return fresh


def resolve(token: str) -> Resolved | None:
    """What a token means, however it was typed (lower case, spaces, characters that look alike); None for an unknown one."""
    written = re.sub(r"[\s-]", "", token).upper()
    rows = ScanCode.objects.select_related("station__street", "deputy")
    code = rows.filter(pk=written).first() or rows.filter(pk=written.translate(_SIMILAR)).first()
    if code is None:
        return None
    current = _current(code)
    if code.revoked_at and current:
        said = _("这张码已于 %(on)s 换成新的，原因：%(reason)s。") % _why(code)
        return Resolved(code, CodeState.REPLACED, said, current)
    if code.revoked_at:
        return Resolved(code, CodeState.REVOKED, _("这张码已于 %(on)s 停用，原因：%(reason)s。") % _why(code))
    if code.station and code.station.status == StationStatus.CLOSED:
        return Resolved(
            code, CodeState.CLOSED, _("%(station)s已撤并，请到附近的站点反映。") % {"station": code.station.name}
        )
    if code.station and code.station.status == StationStatus.PAUSED:
        return Resolved(
            code, CodeState.PAUSED, _("%(station)s暂停开放，请到附近的站点反映。") % {"station": code.station.name}
        )
    if code.deputy and not code.deputy.mandates.in_force().exists():
        return Resolved(
            code, CodeState.CLOSED, _("%(deputy)s现在不再担任代表，请到附近的站点反映。") % {"deputy": code.deputy.name}
        )
    return Resolved(code, CodeState.VALID, current=code)


def _current(code: ScanCode) -> ScanCode | None:
    """The code in force at the end of the chain of replacements."""
    while code.revoked_at:
        if code.replaced_by is None:
            return None
        code = code.replaced_by
    return code


def _why(code: ScanCode) -> dict[str, str]:
    on = timezone.localdate(code.revoked_at)
    return {"on": f"{on.year}年{on.month}月{on.day}日", "reason": code.revoked_reason}


def _make(target: Target, jurisdiction: str, *, by: audit.Acting, at: datetime) -> ScanCode:
    while True:
        code = ScanCode(
            token="".join(secrets.choice(ALPHABET) for _n in range(LENGTH)), jurisdiction=jurisdiction, issued_at=at,
            issued_by=by if isinstance(by, Account) else None, **target,
        )  # fmt: skip
        try:
            with transaction.atomic():
                code.save(force_insert=True)
            break
        except IntegrityError:
            if not ScanCode.objects.filter(pk=code.token).exists():
                raise
    audit.record("code.issued", _subject(code), by=by, at=at, detail={"of": _name(code)})
    return code


def _locked(code: ScanCode) -> ScanCode:
    code = ScanCode.objects.select_for_update(of=("self",)).select_related("station", "deputy").get(pk=code.pk)
    if code.revoked_at:
        raise AlreadyRevoked(_("这张码已经停用了。请刷新页面，看看现在用的是哪一张。"))
    return code


def _county_of(deputy: Deputy) -> str:
    attachments = deputy.attachments.filter(ends_on=None).exclude(station__status=StationStatus.CLOSED)
    if first := attachments.select_related("station").order_by("starts_on", "id").first():
        return first.station.jurisdiction
    raise CodeRefused(_("%(deputy)s还没有编入站点，请先编入一个站点再发码。") % {"deputy": deputy.name})


def _name(code: ScanCode) -> str:
    subject = code.station or code.deputy
    return subject.name if subject else ""


def _subject(code: ScanCode) -> audit.Subject:
    return audit.Subject(jurisdiction=code.jurisdiction, label=code._meta.label_lower, pk=code.pk)
