"""What the chairpersons' meeting follows itself (重点督办), and who watches with it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiazhan.documents.models import Document
from jiazhan.kernel.jurisdiction import JurisdictionForeignKey, JurisdictionModel
from jiazhan.people.models import Account, Deputy, Unit

from .proposal import Proposal


class KeyProposal(JurisdictionModel):
    """A proposal that the chairpersons' meeting chose, with the member who leads and the committee that does the work."""

    proposal = JurisdictionForeignKey(Proposal, models.CASCADE, related_name="key_decisions")
    decided_on = models.DateField(_("主任会议日期"))
    meeting = models.CharField(_("会次"), max_length=80)
    lead_member = models.CharField(_("领办的主任会议成员"), max_length=40)
    lead_account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    committee = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("督办委员会"))
    demands = models.TextField(_("督办要求"), blank=True)
    recorded_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(_("解除"), null=True, blank=True)
    ended_reason = models.CharField(_("解除理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("重点督办")
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "proposal"], condition=Q(ended_at=None), name="suggestions_key_one"
            ),
            models.CheckConstraint(
                name="suggestions_key_ended",
                condition=Q(ended_at=None, ended_reason="") | Q(ended_at__isnull=False) & ~Q(ended_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} {self.lead_member}"


class Visit(JurisdictionModel):
    """A visit on the spot to see how a proposal is handled, with what was found."""

    proposal = JurisdictionForeignKey(Proposal, models.CASCADE, related_name="visits")
    held_on = models.DateField(_("日期"))
    place = models.CharField(_("地点"), max_length=120)
    people = models.CharField(_("参加人员"), max_length=300)
    findings = models.TextField(_("了解的情况"))
    asks = models.TextField(_("提出的要求"), blank=True)
    recorded_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("督办走访")
        constraints = [models.CheckConstraint(name="suggestions_visit_findings", condition=~Q(findings=""))]

    def __str__(self) -> str:
        return self.findings[:40]


class Urging(JurisdictionModel):
    """A reminder letter to a unit (催办函)."""

    proposal = JurisdictionForeignKey(Proposal, models.CASCADE, related_name="urgings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    text = models.TextField(_("催办要求"))
    answer_by = models.DateField(_("回复期限"))
    document = JurisdictionForeignKey(Document, models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    answer = models.TextField(_("单位回复"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("催办函")
        constraints = [
            models.CheckConstraint(name="suggestions_urging_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="suggestions_urging_answered",
                condition=Q(answer="", answered_at=None, answered_by=None)
                | ~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Follow(JurisdictionModel):
    """A deputy follows a proposal through (五个一：跟踪督办一件建议)."""

    proposal = JurisdictionForeignKey(Proposal, models.CASCADE, related_name="follows")
    deputy = models.ForeignKey(Deputy, models.PROTECT, related_name="+")
    since = models.DateTimeField(_("开始跟踪"))
    note = models.TextField(_("跟踪情况"), blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("跟踪")
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "proposal", "deputy"], name="suggestions_follow_once")
        ]
        indexes = [models.Index(fields=["jurisdiction", "deputy"], name="suggestions_follow_deputy")]

    def __str__(self) -> str:
        return f"{self.deputy} → {self.proposal_id}"
