"""What people are told: the inbox, and the messages that leave the house."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.jurisdiction import JurisdictionModel
from jiazhan.people.models import Account


class Way(models.TextChoices):
    INBOX = "inbox", _("站内")
    SMS = "sms", _("短信")


class SendState(models.TextChoices):
    QUEUED = "queued", _("待发送")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("发送失败")


class Notice(JurisdictionModel):
    """One word to one recipient: an account's inbox, or a sealed phone number. Written in the transaction of the act."""

    recipient = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="notices")
    phone_sealed = models.BinaryField(default=bytes, blank=True)
    way = models.CharField(max_length=6, choices=Way)
    kind = models.CharField(_("种类"), max_length=40)
    text = models.CharField(_("内容"), max_length=300)
    # A message that holds a code is kept sealed, and forgotten once it is sent; `text` then says what it was.
    text_sealed = models.BinaryField(default=bytes, blank=True)
    url = models.CharField(max_length=200, blank=True)
    subject_label = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    # The same key is told once: reminders that run twice stay silent the second time.
    key = models.CharField(max_length=160)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=6, choices=SendState, default=SendState.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(_("已读"), null=True, blank=True)

    class Meta:
        verbose_name = _("通知")
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "key"], name="notifications_notice_key"),
            models.CheckConstraint(
                name="notifications_notice_recipient", condition=Q(recipient__isnull=False) | ~Q(phone_sealed=b"")
            ),
        ]
        indexes = [
            models.Index(fields=["jurisdiction", "recipient", "-created_at"], name="notifications_notice_inbox"),
            # For the badge, and for what is unread about the matter that is looked at.
            models.Index(
                fields=["jurisdiction", "recipient", "subject_id"],
                condition=Q(read_at=None, way="inbox"),
                name="notifications_notice_unread",
            ),
            models.Index(
                fields=["jurisdiction", "state", "created_at"],
                condition=Q(state__in=["queued", "failed"]),
                name="notifications_notice_queue",
            ),
        ]

    def __str__(self) -> str:
        return self.text
