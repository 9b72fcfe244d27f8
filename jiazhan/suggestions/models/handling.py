"""What the units do: receive or object, talk with the deputies, assist, ask for more time, reply."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiazhan.documents.models import Document
from jiazhan.kernel.jurisdiction import JurisdictionForeignKey, JurisdictionModel
from jiazhan.kernel.outcomes import Decision, OutcomeClass, ReplyState, Ruling
from jiazhan.people.models import Account, Deputy, Unit

from ..choices import ContactMode, DueFor, Part, Phase
from ..states import HOLDING, PartState
from .proposal import Proposal


class Batch(JurisdictionModel):
    """One act of assigning: a meeting after the session (交办会) for several hundred, or a single one."""

    name = models.CharField(_("批次"), max_length=120)
    assigned_at = models.DateTimeField(_("交办"))
    assigned_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    count = models.PositiveIntegerField(_("件数"))

    class Meta:
        verbose_name = _("交办批次")

    def __str__(self) -> str:
        return self.name


class AssignmentLetter(JurisdictionModel):
    """The letter of one batch to one unit, with the list of what it got."""

    batch = JurisdictionForeignKey(Batch, models.CASCADE, related_name="letters")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    document = JurisdictionForeignKey(Document, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("交办函")
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "batch", "unit"], name="suggestions_letter_once")
        ]

    def __str__(self) -> str:
        return f"{self.batch} → {self.unit}"


class Handling(JurisdictionModel):
    """A unit's part in a proposal, from the assignment until it answered or was released; former ones stay readable."""

    proposal = JurisdictionForeignKey(Proposal, models.CASCADE, related_name="handlings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("承办单位"))
    part = models.CharField(_("分工"), max_length=10, choices=Part)
    state = models.CharField(_("状态"), max_length=10, choices=PartState, default=PartState.ASSIGNED)
    round = models.PositiveSmallIntegerField(default=1)
    batch = JurisdictionForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="handlings")
    assigned_at = models.DateTimeField(_("交办"))
    assigned_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    # Why this unit, in the words shown when it was proposed or chosen.
    reason = models.CharField(_("交办理由"), max_length=300, blank=True)
    objection_until = models.DateField(_("签收和异议截止"))
    signed_at = models.DateTimeField(_("签收"), null=True, blank=True)
    signed_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    handler = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经办人")
    )
    answered_at = models.DateTimeField(_("签发"), null=True, blank=True)
    ended_at = models.DateTimeField(_("改派"), null=True, blank=True)
    ended_reason = models.TextField(_("改派理由"), blank=True)

    due_for = models.CharField(max_length=10, choices=DueFor, blank=True)
    due_on = models.DateField(_("到期日"), null=True, blank=True)
    due_rule = models.JSONField(null=True, blank=True)
    is_due_estimated = models.BooleanField(_("推算"), default=False)

    class Meta:
        verbose_name = _("承办")
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "proposal", "unit"],
                condition=Q(state__in=sorted(HOLDING)),
                name="suggestions_handling_unit_once",
            ),
            models.UniqueConstraint(
                fields=["jurisdiction", "proposal"],
                condition=Q(state__in=sorted(HOLDING), part=Part.HOST),
                name="suggestions_handling_one_host",
            ),
            models.CheckConstraint(
                name="suggestions_handling_released",
                condition=Q(state=PartState.RELEASED, ended_at__isnull=False) & ~Q(ended_reason="")
                | ~Q(state=PartState.RELEASED) & Q(ended_at=None, ended_reason=""),
            ),
            models.CheckConstraint(
                name="suggestions_handling_signed",
                condition=Q(signed_at=None, signed_by=None) | Q(signed_at__isnull=False, signed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="suggestions_handling_answered",
                condition=~Q(state=PartState.ANSWERED) | Q(answered_at__isnull=False, signed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="suggestions_handling_due",
                condition=Q(due_on=None, due_rule=None, due_for="")
                | Q(due_on__isnull=False, due_rule__isnull=False) & ~Q(due_for=""),
            ),
        ]
        indexes = [
            models.Index(fields=["jurisdiction", "unit", "state", "due_on"], name="suggestions_handling_inbox"),
            models.Index(fields=["jurisdiction", "proposal"], name="suggestions_handling_of"),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.unit}"


class Objection(JurisdictionModel):
    """A unit says that the proposal is not its own, with a reason; ruled on by whoever assigned it (退单)."""

    proposal = JurisdictionForeignKey(Proposal, models.CASCADE, related_name="objections")
    handling = JurisdictionForeignKey(Handling, models.CASCADE, related_name="objections")
    reason = models.TextField(_("异议理由"))
    proposed_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("建议承办单位")
    )
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    rule_by = models.DateField(_("裁定期限"))
    ruling = models.CharField(_("裁定"), max_length=12, choices=Ruling, default=Ruling.PENDING)
    ruling_reason = models.TextField(_("裁定说明"), blank=True)
    ruled_at = models.DateTimeField(null=True, blank=True)
    ruled_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("异议")
        constraints = [
            models.CheckConstraint(name="suggestions_objection_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="suggestions_objection_ruled",
                condition=Q(ruling=Ruling.PENDING, ruled_at=None, ruled_by=None)
                | ~Q(ruling=Ruling.PENDING) & Q(ruled_at__isnull=False, ruled_by__isnull=False) & ~Q(ruling_reason=""),
            ),
            models.UniqueConstraint(
                fields=["jurisdiction", "handling"],
                condition=Q(ruling=Ruling.PENDING),
                name="suggestions_objection_one",
            ),
        ]

    def __str__(self) -> str:
        return self.reason[:40]


class Contact(JurisdictionModel):
    """A talk of a unit with a deputy (沟通联系登记). The deputy can say that it did not take place."""

    proposal = JurisdictionForeignKey(Proposal, models.CASCADE, related_name="contacts")
    handling = JurisdictionForeignKey(Handling, models.CASCADE, related_name="contacts")
    deputy = models.ForeignKey(Deputy, models.PROTECT, related_name="+", verbose_name=_("代表"))
    round = models.PositiveSmallIntegerField()
    phase = models.CharField(_("阶段"), max_length=10, choices=Phase)
    mode = models.CharField(_("方式"), max_length=10, choices=ContactMode)
    held_at = models.DateTimeField(_("时间"))
    people = models.CharField(_("参加人员"), max_length=200)
    summary = models.TextField(_("沟通情况"))
    logged_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    logged_at = models.DateTimeField()
    # None: the deputy has said nothing about it.
    is_confirmed = models.BooleanField(_("代表确认"), null=True)
    deputy_words = models.CharField(_("代表说明"), max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("沟通记录")
        constraints = [
            models.CheckConstraint(name="suggestions_contact_summary", condition=~Q(summary="") & ~Q(people="")),
            models.CheckConstraint(
                name="suggestions_contact_answered",
                condition=Q(is_confirmed=None, answered_at=None)
                | Q(is_confirmed__isnull=False, answered_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["jurisdiction", "proposal", "held_at"], name="suggestions_contact_at")]

    def __str__(self) -> str:
        return self.summary[:40]


class Extension(JurisdictionModel):
    """A unit asks to reply within six months instead of three, with a reason (代表法第51条); the deputies are told."""

    handling = JurisdictionForeignKey(Handling, models.CASCADE, related_name="extensions")
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
            models.CheckConstraint(name="suggestions_extension_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="suggestions_extension_later", condition=Q(due_after__gt=F("due_before"))),
            models.CheckConstraint(
                name="suggestions_extension_decided",
                condition=Q(decision=Decision.PENDING, decided_at=None, decided_by=None)
                | ~Q(decision=Decision.PENDING) & Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["jurisdiction", "handling"],
                condition=Q(decision=Decision.PENDING),
                name="suggestions_extension_one",
            ),
        ]

    def __str__(self) -> str:
        return self.reason[:40]


class AssistOpinion(JurisdictionModel):
    """What an assisting unit tells the host; the host sees it once the assisting unit's head has signed it."""

    handling = JurisdictionForeignKey(Handling, models.CASCADE, related_name="assist_opinions")
    round = models.PositiveSmallIntegerField(default=1)
    body = models.TextField(_("协办意见"), blank=True)
    state = models.CharField(max_length=10, choices=ReplyState, default=ReplyState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    returned_reason = models.TextField(_("退回修改意见"), blank=True)
    signed_at = models.DateTimeField(_("签发"), null=True, blank=True)
    signed_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("协办意见")
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "handling", "round"], name="suggestions_assist_round"),
            models.CheckConstraint(
                name="suggestions_assist_signed",
                condition=~Q(state=ReplyState.SIGNED) & Q(signed_at=None, signed_by=None)
                | Q(state=ReplyState.SIGNED, signed_at__isnull=False, signed_by__isnull=False) & ~Q(body=""),
            ),
        ]

    def __str__(self) -> str:
        return self.body[:40]


class Reply(JurisdictionModel):
    """A unit's reply of one round to all deputies of a proposal. A second round never overwrites the first (§14 rule 3)."""

    proposal = JurisdictionForeignKey(Proposal, models.CASCADE, related_name="replies")
    handling = JurisdictionForeignKey(Handling, models.CASCADE, related_name="replies")
    round = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=ReplyState, default=ReplyState.DRAFT)
    body = models.TextField(_("答复内容"), blank=True)
    outcome = models.CharField(_("办理结果"), max_length=20, choices=OutcomeClass, blank=True)
    promise_text = models.CharField(_("承诺事项"), max_length=300, blank=True)
    promise_on = models.DateField(_("承诺完成日期"), null=True, blank=True)
    contact = models.CharField(_("联系人及电话"), max_length=80, blank=True)
    publicity = models.CharField(_("复文公开意见"), max_length=10, blank=True)
    publicity_reason = models.CharField(_("不全文公开的理由"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    returned_reason = models.TextField(_("退回修改意见"), blank=True)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    signed_at = models.DateTimeField(_("签发"), null=True, blank=True)
    signed_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("答复")
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "handling", "round"], name="suggestions_reply_round"),
            models.CheckConstraint(
                name="suggestions_reply_signed",
                condition=~Q(state=ReplyState.SIGNED) & Q(signed_at=None, signed_by=None)
                | Q(state=ReplyState.SIGNED, signed_at__isnull=False, signed_by__isnull=False)
                & ~Q(body="")
                & ~Q(outcome="")
                & ~Q(number=""),
            ),
            models.CheckConstraint(
                name="suggestions_reply_promise",
                condition=Q(promise_text="", promise_on=None) | ~Q(promise_text="") & Q(promise_on__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["jurisdiction", "proposal", "round"], name="suggestions_reply_of")]

    def __str__(self) -> str:
        return f"{self.proposal_id} #{self.round}"


class ReplyCopy(JurisdictionModel):
    """One deputy's own copy of a reply, with the stamp of its delivery (§14 rule 4). `proposal` is the one the deputy
    signed: the replied one, or one merged into it."""

    reply = JurisdictionForeignKey(Reply, models.CASCADE, related_name="copies")
    proposal = JurisdictionForeignKey(Proposal, models.CASCADE, related_name="reply_copies")
    deputy = models.ForeignKey(Deputy, models.PROTECT, related_name="+")
    document = JurisdictionForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    how = models.CharField(_("方式"), max_length=40)
    delivered_at = models.DateTimeField(_("送达时间"))
    seen_at = models.DateTimeField(_("已阅"), null=True, blank=True)

    class Meta:
        verbose_name = _("答复送达")
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "reply", "deputy"], name="suggestions_copy_once")
        ]
        indexes = [models.Index(fields=["jurisdiction", "deputy", "delivered_at"], name="suggestions_copy_deputy")]

    def __str__(self) -> str:
        return f"{self.reply_id} → {self.deputy}"
