"""The record: who did what to what. Append-only, hash-chained by jurisdiction, without foreign keys out."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.jurisdiction import JurisdictionModel


class Entry(JurisdictionModel):
    """One act. Actor and subject stand as text with their ids, so that the record outlives what it describes."""

    action = models.CharField(_("行为"), max_length=80)
    subject_label = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=40, blank=True)
    actor_name = models.CharField(max_length=80)
    at = models.DateTimeField(_("时间"))
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("记录")
        indexes = [
            models.Index(fields=["jurisdiction", "subject_id", "at"], name="audit_entry_subject"),
            models.Index(fields=["jurisdiction", "actor_id", "at"], name="audit_entry_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


class Seal(JurisdictionModel):
    """The place of an entry in its jurisdiction's chain. Written by the database at commit, never by the application."""

    number = models.BigIntegerField()
    entry_id = models.UUIDField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("记录链")
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "number"], name="audit_seal_number"),
            models.UniqueConstraint(fields=["jurisdiction", "entry_id"], name="audit_seal_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction}#{self.number}"


class Head(JurisdictionModel):
    """The end of a jurisdiction's chain; its row is the lock that puts commits in order."""

    number = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("记录链末端")
        constraints = [models.UniqueConstraint(fields=["jurisdiction"], name="audit_head_once")]

    def __str__(self) -> str:
        return f"{self.jurisdiction}@{self.number}"
