"""What a station shows: its figures, and what was solved lately."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet

from jiazhan.places.models import Station

from ..choices import OutcomeClass, PublicationState
from ..models import Opinion, Publication
from ..states import OPEN


@dataclass(frozen=True)
class Numbers:
    """Unrated matters count as unrated, never as satisfied (§14 rule 5)."""

    raised: int
    open: int
    replied: int
    resolved: int
    satisfied: int
    dissatisfied: int
    unrated: int
    days_to_reply: int | None


def station_numbers(station: Station) -> Numbers:
    """The figures of one station, all its years; accusations left out."""
    rows = Opinion.objects.filter(jurisdiction=station.jurisdiction, station=station, visibility="normal")
    replied = Q(replied_at__isnull=False)
    took = ExpressionWrapper(F("replied_at") - F("raised_at"), output_field=DurationField())
    found = rows.aggregate(
        raised=Count("pk"),
        open=Count("pk", filter=Q(state__in=sorted(OPEN))),
        replied=Count("pk", filter=replied),
        resolved=Count("pk", filter=Q(outcome=OutcomeClass.RESOLVED)),
        satisfied=Count("pk", filter=Q(grade__in=["satisfied", "basically_satisfied"])),
        dissatisfied=Count("pk", filter=Q(grade="dissatisfied")),
        unrated=Count("pk", filter=replied & Q(grade="")),
        took=Avg(took, filter=replied),
    )
    mean: timedelta | None = found.pop("took")
    return Numbers(**found, days_to_reply=None if mean is None else max(1, round(mean / timedelta(days=1))))


def solved_lately(station: Station, *, most: int = 3) -> QuerySet[Publication]:
    """The latest matters of the station that two people released to the public and that were solved."""
    rows = Publication.objects.filter(
        jurisdiction=station.jurisdiction,
        station=station,
        opinion__outcome=OutcomeClass.RESOLVED,
        state=PublicationState.PUBLISHED,
    )
    return (
        rows.select_related("opinion")
        .defer("opinion__terms", "opinion__marks", "opinion__body")
        .order_by("-reviewed_at")[:most]
    )
