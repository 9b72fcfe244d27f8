"""What is kept of files: attachments that people send, and documents that an organ issues."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.jurisdiction import JurisdictionModel
from jiazhan.people.models import Account


class Attachment(JurisdictionModel):
    """A file somebody sent, kept under its content's hash. Its subject, of an upper app, stands as label and id."""

    subject_label = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    name = models.CharField(_("文件名"), max_length=120)
    # What a picture shows, for those who do not see it.
    description = models.CharField(_("说明"), max_length=100, blank=True)
    media_type = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    thumbnail_sha256 = models.CharField(max_length=64, blank=True)
    uploaded_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    uploaded_at = models.DateTimeField()
    is_removed = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True, blank=True)
    # The content is gone; the row stays, so that the record still has what it speaks of.
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("附件")
        indexes = [
            models.Index(fields=["jurisdiction", "subject_id"], name="documents_attachment_subject"),
            models.Index(
                fields=["jurisdiction", "removed_at"],
                condition=Q(is_removed=True, erased_at=None),
                name="documents_attachment_to_erase",
            ),
            # Whether another file has the same content, before it is erased.
            models.Index(fields=["jurisdiction", "sha256"], name="documents_attachment_content"),
        ]
        constraints = [
            models.CheckConstraint(
                name="documents_attachment_erased", condition=Q(erased_at=None) | Q(is_removed=True)
            ),
            models.CheckConstraint(
                name="documents_attachment_dimensions",
                condition=Q(width=None, height=None) | Q(width__isnull=False, height__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Document(JurisdictionModel):
    """An issued letter: its inputs, the hash of its PDF, and the short code by which anyone can check it."""

    kind = models.CharField(_("种类"), max_length=40)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    # A letter to several goes to each by name under one number.
    copy = models.PositiveSmallIntegerField(_("份"), default=1, db_default=1)
    title = models.CharField(_("标题"), max_length=200)
    subject_label = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    inputs = models.JSONField()
    pdf_sha256 = models.CharField(max_length=64)
    verify_code = models.CharField(_("验证码"), max_length=16)
    issued_at = models.DateTimeField(_("发出"))
    issued_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("公文")
        indexes = [models.Index(fields=["jurisdiction", "subject_id"], name="documents_document_subject")]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "verify_code"], name="documents_document_code"),
            models.UniqueConstraint(
                fields=["jurisdiction", "kind", "number", "copy"],
                condition=~Q(number=""),
                name="documents_document_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()
