"""Reading the record."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from jiazhan.kernel.jurisdiction import JurisdictionModel
from jiazhan.kernel.prepared import prepared

from .models import Entry, Head


def entries_of(subject: JurisdictionModel) -> QuerySet[Entry]:
    """What was done to a subject, oldest first."""
    rows = Entry.objects.filter(jurisdiction=subject.jurisdiction, subject_id=str(subject.pk))
    return rows.order_by("at", "id")


def record_of(subject: JurisdictionModel) -> list[Entry]:
    """As `entries_of`, by a prepared statement: for the pages that are opened most."""
    return _record(subject.jurisdiction, str(subject.pk))


@prepared
def _record(jurisdiction: str, subject_id: str) -> QuerySet[Entry]:
    return Entry.objects.filter(jurisdiction=jurisdiction, subject_id=subject_id).order_by("at", "id")


def entries(
    jurisdiction: str,
    *,
    action: str = "",
    actor: str = "",
    subject: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Entry]:
    """One jurisdiction's record, newest first, narrowed by the beginning of the act's name, the actor's name, the subject's
    id, and days (both included)."""
    rows = Entry.objects.filter(jurisdiction=jurisdiction)
    if action:
        rows = rows.filter(action__startswith=action)
    if actor:
        rows = rows.filter(actor_name__contains=actor)
    if subject:
        rows = rows.filter(subject_id=subject)
    if since:
        rows = rows.filter(at__date__gte=since)
    if until:
        rows = rows.filter(at__date__lte=until)
    return rows.order_by("-at", "-id")


def ends_of(jurisdictions: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """How far the chains of these jurisdictions go: unchanged as long as nothing that is recorded happened there."""
    rows = Head.objects.filter(jurisdiction__in=set(jurisdictions)).order_by("jurisdiction")
    return tuple(rows.values_list("jurisdiction", "number"))
