"""Files are seen through what they belong to: whoever may see the matter may see its files, nobody else."""

from uuid import UUID

from django.http import Http404

from jiazhan.kernel.jurisdiction import JurisdictionModel

from .models import Attachment, Document


class NotVisible(Http404):
    """There is no such file at this subject, or it was removed."""

    code = "not-visible"


def attachment_of(subject: JurisdictionModel, attachment_id: UUID) -> Attachment:
    """A file of a subject that the caller was already given by the subject's own access. Raises NotVisible."""
    rows = Attachment.objects.filter(
        jurisdiction=subject.jurisdiction, subject_id=str(subject.pk), subject_label=subject._meta.label_lower
    )
    found = rows.filter(pk=attachment_id, is_removed=False).first()
    if found is None:
        raise NotVisible(attachment_id)
    return found


def document_of(subject: JurisdictionModel, document_id: UUID) -> Document:
    """An issued letter of a subject that the caller was given by the subject's own access. Raises NotVisible."""
    rows = Document.objects.filter(
        jurisdiction=subject.jurisdiction, subject_id=str(subject.pk), subject_label=subject._meta.label_lower
    )
    found = rows.filter(pk=document_id).first()
    if found is None:
        raise NotVisible(document_id)
    return found
