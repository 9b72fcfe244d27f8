"""What a matter has, read for the page that shows all of it: by jurisdiction and id, each a prepared statement."""

from uuid import UUID

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from jiazhan.documents.models import Attachment, Document
from jiazhan.kernel.prepared import prepared

from ..models import (
    Delivery,
    DeputyOpinion,
    Extension,
    Message,
    Objection,
    OfficialOpinion,
    Opinion,
    Promise,
    Publication,
    Rating,
    Reply,
    Review,
    Settlement,
    Supporter,
)  # fmt: skip

MOST_NOTES = 20


@prepared
def files(jurisdiction: str, subject: str) -> QuerySet[Attachment]:
    """What was sent along with the matter, oldest first."""
    rows = Attachment.objects.filter(jurisdiction=jurisdiction, subject_id=subject, is_removed=False)
    return rows.filter(subject_label=Opinion._meta.label_lower).order_by("uploaded_at", "id")


@prepared
def reply_files(jurisdiction: str, opinion: UUID) -> QuerySet[Attachment]:
    """The files of all its replies, oldest first."""
    replies = Reply.objects.filter(jurisdiction=jurisdiction, opinion=opinion)
    rows = Attachment.objects.filter(
        jurisdiction=jurisdiction, subject_id__in=replies.annotate(text=Cast("pk", CharField())).values("text")
    )
    return rows.filter(subject_label=Reply._meta.label_lower, is_removed=False).order_by("uploaded_at", "id")


@prepared
def letters(jurisdiction: str, subject: str) -> QuerySet[Document]:
    """What was issued about it, oldest first, without the words that a letter was made from."""
    rows = Document.objects.filter(jurisdiction=jurisdiction, subject_id=subject)
    return rows.filter(subject_label=Opinion._meta.label_lower).defer("inputs").order_by("issued_at", "id")


@prepared
def notes(jurisdiction: str, opinion: UUID) -> QuerySet[Supporter]:
    """What supporters added, the first twenty."""
    rows = Supporter.objects.filter(jurisdiction=jurisdiction, opinion=opinion).exclude(note="")
    return rows.order_by("joined_at")[:MOST_NOTES]


@prepared
def merged(jurisdiction: str, opinion: UUID) -> QuerySet[Opinion]:
    return Opinion.objects.filter(jurisdiction=jurisdiction, merged_into=opinion).order_by("raised_at")


@prepared
def deputy_opinions(jurisdiction: str, opinion: UUID) -> QuerySet[DeputyOpinion]:
    return DeputyOpinion.objects.filter(jurisdiction=jurisdiction, opinion=opinion).select_related("deputy")


@prepared
def official_opinions(jurisdiction: str, opinion: UUID) -> QuerySet[OfficialOpinion]:
    return OfficialOpinion.objects.filter(jurisdiction=jurisdiction, opinion=opinion).select_related("signed_by")


@prepared
def reviews(jurisdiction: str, opinion: UUID) -> QuerySet[Review]:
    return Review.objects.filter(jurisdiction=jurisdiction, opinion=opinion).select_related("reviewed_by", "unit")


@prepared
def replies(jurisdiction: str, opinion: UUID) -> QuerySet[Reply]:
    """Signed and not, by round."""
    rows = Reply.objects.filter(jurisdiction=jurisdiction, opinion=opinion)
    return rows.select_related("unit", "signed_by").order_by("round", "version")


@prepared
def messages(jurisdiction: str, opinion: UUID) -> QuerySet[Message]:
    return Message.objects.filter(jurisdiction=jurisdiction, opinion=opinion).order_by("at", "id")


@prepared
def deliveries(jurisdiction: str, opinion: UUID) -> QuerySet[Delivery]:
    return Delivery.objects.filter(jurisdiction=jurisdiction, opinion=opinion).order_by("round", "delivered_at")


@prepared
def ratings(jurisdiction: str, opinion: UUID) -> QuerySet[Rating]:
    rows = Rating.objects.filter(jurisdiction=jurisdiction, opinion=opinion)
    return rows.select_related("reply").order_by("rated_at")


@prepared
def promises(jurisdiction: str, opinion: UUID) -> QuerySet[Promise]:
    return Promise.objects.filter(jurisdiction=jurisdiction, opinion=opinion).order_by("due_on")


@prepared
def settlements(jurisdiction: str, opinion: UUID) -> QuerySet[Settlement]:
    return Settlement.objects.filter(jurisdiction=jurisdiction, opinion=opinion).order_by("pk")[:1]


@prepared
def objections(jurisdiction: str, opinion: UUID) -> QuerySet[Objection]:
    """The last one."""
    rows = Objection.objects.filter(jurisdiction=jurisdiction, opinion=opinion)
    return rows.select_related("proposed_unit").order_by("-raised_at")[:1]


@prepared
def extensions(jurisdiction: str, opinion: UUID) -> QuerySet[Extension]:
    """The last one."""
    return Extension.objects.filter(jurisdiction=jurisdiction, opinion=opinion).order_by("-requested_at")[:1]


@prepared
def publications(jurisdiction: str, opinion: UUID) -> QuerySet[Publication]:
    """The newest first."""
    return Publication.objects.filter(jurisdiction=jurisdiction, opinion=opinion).order_by("-proposed_at")
