"""What the handling unit does: receive or object, talk, ask for more time, reply."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiazhan.documents.models import Document
from jiazhan.kernel.jurisdiction import JurisdictionForeignKey, JurisdictionModel
from jiazhan.kernel.outcomes import Decision as Decision
from jiazhan.kernel.outcomes import ReplyState as ReplyState
from jiazhan.kernel.outcomes import Ruling as Ruling
from jiazhan.people.models import Account, Unit

from ..choices import OutcomeClass
from .opinion import Opinion


class Assignment(JurisdictionModel):
    """A unit holds the matter from `assigned_at` until `ended_at`; one at a time, the earlier ones stay readable."""

    opinion = JurisdictionForeignKey(Opinion, models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("承办单位"))
    assigned_at = models.DateTimeField(_("交办"))
    assigned_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    # The last day on which the unit may object (§2.3 objection_window).
    objection_until = models.DateField(_("异议截止"))
    received_at = models.DateTimeField(_("签收"), null=True, blank=True)
    received_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    handler = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("交办")
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "opinion"], condition=Q(ended_at=None), name="opinions_assignment_one"
            ),
            models.CheckConstraint(
                name="opinions_assignment_received",
                condition=Q(received_at=None, received_by=None)
                | Q(received_at__isnull=False, received_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["jurisdiction", "unit", "ended_at"], name="opinions_assignment_unit")]

    def __str__(self) -> str:
        return f"{self.opinion_id} → {self.unit}"


class Objection(JurisdictionModel):
    """A unit says that the matter is not its own, with a reason; ruled on by whoever assigned it."""

    opinion = JurisdictionForeignKey(Opinion, models.CASCADE, related_name="objections")
    assignment = JurisdictionForeignKey(Assignment, models.CASCADE, related_name="objections")
    reason = models.TextField(_("异议理由"))
    proposed_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("建议承办单位")
    )
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    ruling = models.CharField(_("裁定"), max_length=12, choices=Ruling, default=Ruling.PENDING)
    ruling_reason = models.TextField(_("裁定说明"), blank=True)
    ruled_at = models.DateTimeField(null=True, blank=True)
    ruled_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("异议")
        constraints = [
            models.CheckConstraint(name="opinions_objection_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="opinions_objection_ruled",
                condition=Q(ruling=Ruling.PENDING, ruled_at=None, ruled_by=None)
                | ~Q(ruling=Ruling.PENDING) & Q(ruled_at__isnull=False, ruled_by__isnull=False) & ~Q(ruling_reason=""),
            ),
            models.UniqueConstraint(
                fields=["jurisdiction", "opinion"], condition=Q(ruling=Ruling.PENDING), name="opinions_objection_one"
            ),
        ]

    def __str__(self) -> str:
        return self.reason[:40]


class Extension(JurisdictionModel):
    """A unit asks for more time with a reason; granted or refused by whoever assigned the matter, told to the author."""

    opinion = JurisdictionForeignKey(Opinion, models.CASCADE, related_name="extensions")
    reason = models.TextField(_("延期理由"))
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    due_before = models.DateField(_("原到期日"))
    due_after = models.DateField(_("申请延至"))
    rule_after = models.JSONField()
    decision = models.CharField(_("审批"), max_length=10, choices=Decision, default=Decision.PENDING)
    decision_reason = models.TextField(_("审批说明"), blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("延期")
        constraints = [
            models.CheckConstraint(name="opinions_extension_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="opinions_extension_later", condition=Q(due_after__gt=F("due_before"))),
            models.CheckConstraint(
                name="opinions_extension_decided",
                condition=Q(decision=Decision.PENDING, decided_at=None, decided_by=None)
                | ~Q(decision=Decision.PENDING) & Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["jurisdiction", "opinion"],
                condition=Q(decision=Decision.PENDING),
                name="opinions_extension_one",
            ),
        ]

    def __str__(self) -> str:
        return self.reason[:40]


class Speaker(models.TextChoices):
    UNIT = "unit", _("承办单位")
    AUTHOR = "author", _("反映人")


class Message(JurisdictionModel):
    """A word between the handling unit and the author, without either seeing the other's number."""

    opinion = JurisdictionForeignKey(Opinion, models.CASCADE, related_name="messages")
    speaker = models.CharField(max_length=10, choices=Speaker)
    spoken_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(_("留言"))
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("留言")
        indexes = [models.Index(fields=["jurisdiction", "opinion", "at"], name="opinions_message_at")]
        constraints = [models.CheckConstraint(name="opinions_message_text", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text[:40]


class Reply(JurisdictionModel):
    """A reply of one round. A second round never overwrites the first (§14 rule 3). `version` guards against two writers."""

    opinion = JurisdictionForeignKey(Opinion, models.CASCADE, related_name="replies")
    round = models.PositiveSmallIntegerField()
    # Empty unit: the deputy answered on the spot.
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=ReplyState, default=ReplyState.DRAFT)
    body = models.TextField(_("答复内容"), blank=True)
    outcome = models.CharField(_("办理结果"), max_length=20, choices=OutcomeClass, blank=True)
    promise_text = models.CharField(_("承诺事项"), max_length=300, blank=True)
    promise_on = models.DateField(_("承诺完成日期"), null=True, blank=True)
    contact = models.CharField(_("联系人及电话"), max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    returned_reason = models.TextField(_("退回修改意见"), blank=True)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    document = JurisdictionForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(_("签发"), null=True, blank=True)
    signed_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("答复")
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "opinion", "round"], name="opinions_reply_round"),
            models.CheckConstraint(
                name="opinions_reply_signed",
                condition=~Q(state=ReplyState.SIGNED) & Q(signed_at=None, signed_by=None)
                | Q(state=ReplyState.SIGNED, signed_at__isnull=False, signed_by__isnull=False)
                & ~Q(body="")
                & ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="opinions_reply_promise",
                condition=Q(promise_text="", promise_on=None) | ~Q(promise_text="") & Q(promise_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} #{self.round}"
