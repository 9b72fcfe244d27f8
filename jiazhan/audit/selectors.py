"""Reading the record."""

from django.db.models import QuerySet

from jiazhan.kernel.jurisdiction import JurisdictionModel

from .models import Entry


def entries_of(subject: JurisdictionModel) -> QuerySet[Entry]:
    """What was done to a subject, oldest first."""
    rows = Entry.objects.filter(jurisdiction=subject.jurisdiction, subject_id=str(subject.pk))
    return rows.order_by("at", "id")
