"""How it ends: each deputy's evaluation, what was promised, the talk after a second dissatisfaction, the public page."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.jurisdiction import JurisdictionForeignKey, JurisdictionModel
from jiazhan.kernel.outcomes import Grade, PromiseState, PublicationState
from jiazhan.people.models import Account, Deputy

from ..choices import Publicity, SettleManner
from .handling import Reply
from .proposal import Proposal


class Evaluation(JurisdictionModel):
    """One deputy's own word on one reply: on how the unit handled it, on what came out, and whether it is solved.

    Nobody else evaluates, and nobody unrated counts as satisfied (§14 rules 4 and 5)."""

    proposal = JurisdictionForeignKey(Proposal, models.CASCADE, related_name="evaluations")
    reply = JurisdictionForeignKey(Reply, models.PROTECT, related_name="evaluations")
    deputy = models.ForeignKey(Deputy, models.PROTECT, related_name="+")
    manner = models.CharField(_("对办理态度"), max_length=24, choices=Grade)
    result = models.CharField(_("对办理结果"), max_length=24, choices=Grade)
    is_resolved = models.BooleanField(_("问题是否解决"))
    words = models.TextField(_("意见"), blank=True)
    evaluated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("评价")
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "reply", "deputy"], name="suggestions_evaluation_once"),
            models.CheckConstraint(
                name="suggestions_evaluation_words",
                condition=~Q(result=Grade.DISSATISFIED) & ~Q(manner=Grade.DISSATISFIED) | ~Q(words=""),
            ),
        ]
        indexes = [models.Index(fields=["jurisdiction", "proposal"], name="suggestions_evaluation_of")]

    def __str__(self) -> str:
        return f"{self.deputy} {self.result}"


class Promise(JurisdictionModel):
    """What a reply promised and by when; the unit says what was done, a deputy whether it was kept, years later too."""

    proposal = JurisdictionForeignKey(Proposal, models.CASCADE, related_name="promises")
    reply = JurisdictionForeignKey(Reply, models.PROTECT, null=True, blank=True, related_name="promises")
    text = models.CharField(_("承诺事项"), max_length=300)
    due_on = models.DateField(_("承诺完成日期"))
    state = models.CharField(_("状态"), max_length=8, choices=PromiseState, default=PromiseState.OPEN)
    asked_at = models.DateTimeField(null=True, blank=True)
    unit_words = models.TextField(_("承办单位说明"), blank=True)
    explained_at = models.DateTimeField(null=True, blank=True)
    explained_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    deputy_words = models.TextField(_("代表说明"), blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("承诺")
        indexes = [
            models.Index(fields=["jurisdiction", "state", "due_on"], name="suggestions_promise_due"),
            models.Index(fields=["jurisdiction", "proposal"], include=["state"], name="suggestions_promise_figures"),
        ]
        constraints = [
            models.CheckConstraint(name="suggestions_promise_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="suggestions_promise_settled",
                condition=~Q(state__in=[PromiseState.KEPT, PromiseState.BROKEN])
                | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
            models.CheckConstraint(
                name="suggestions_promise_explained",
                condition=Q(unit_words="", explained_at=None) | ~Q(unit_words="") & Q(explained_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class PromiseSaid(models.TextChoices):
    """What somebody said about a promise."""

    EXPLAINED = "explained", _("承办单位说明")
    ADDED = "added", _("补充意见")
    ANSWERED = "answered", _("再次答复")


class PromiseWord(JurisdictionModel):
    """What was said about a promise, in order: each explanation, what others add to a deputy's finding, and the unit's answer
    again once it is kept (handbook §2.4). The finding itself stands on the promise."""

    promise = JurisdictionForeignKey(Promise, models.CASCADE, related_name="words")
    kind = models.CharField(max_length=10, choices=PromiseSaid)
    text = models.TextField(_("说明"))
    said_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        verbose_name = _("承诺的说明")
        indexes = [models.Index(fields=["jurisdiction", "promise", "said_at"], name="suggestions_promise_words")]
        constraints = [models.CheckConstraint(name="suggestions_promise_word", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text[:40]


class Settlement(JurisdictionModel):
    """The talk face to face, or the chairpersons' meeting, after a second dissatisfaction."""

    proposal = JurisdictionForeignKey(Proposal, models.CASCADE, related_name="settlements")
    manner = models.CharField(_("方式"), max_length=12, choices=SettleManner)
    held_on = models.DateField(_("日期"))
    people = models.CharField(_("参加人员"), max_length=300)
    result = models.TextField(_("结果"))
    way_on = models.CharField(_("后续去向"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("面商")
        constraints = [models.CheckConstraint(name="suggestions_settlement_result", condition=~Q(result=""))]

    def __str__(self) -> str:
        return self.result[:40]


class Publication(JurisdictionModel):
    """The public page: the words to show, proposed by one and approved by another (handbook §2.3, §14 rule 10)."""

    proposal = JurisdictionForeignKey(Proposal, models.CASCADE, related_name="publications")
    publicity = models.CharField(_("公开方式"), max_length=10, choices=Publicity)
    state = models.CharField(max_length=10, choices=PublicationState, default=PublicationState.PROPOSED)
    title = models.CharField(_("公开标题"), max_length=120)
    body = models.TextField(_("公开内容"))
    reply = models.TextField(_("公开答复"), blank=True)
    proposed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("不公开或撤下的原因"), max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("公开")
        indexes = [
            models.Index(
                models.F("reviewed_at").desc(),
                models.F("id").desc(),
                condition=Q(state=PublicationState.PUBLISHED),
                name="suggestions_publication_view",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="suggestions_publication_two",
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=models.F("proposed_by")),
            ),
            models.CheckConstraint(
                name="suggestions_publication_reviewed",
                condition=Q(state=PublicationState.PROPOSED) | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="suggestions_publication_refused",
                condition=~Q(state__in=[PublicationState.REFUSED, PublicationState.WITHDRAWN]) | ~Q(reason=""),
            ),
            models.UniqueConstraint(
                fields=["jurisdiction", "proposal"],
                condition=Q(state__in=[PublicationState.PROPOSED, PublicationState.PUBLISHED]),
                name="suggestions_publication_one",
            ),
        ]

    def __str__(self) -> str:
        return self.title
