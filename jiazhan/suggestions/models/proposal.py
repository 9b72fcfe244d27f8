"""The text, who stands behind it, and where it stands."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.jurisdiction import JurisdictionForeignKey, JurisdictionModel, JurisdictionQuerySet
from jiazhan.kernel.outcomes import Grade, OutcomeClass
from jiazhan.opinions.models import Category
from jiazhan.people.models import Account, Deputy, Mandate, Unit
from jiazhan.places.models import Session, Term

from ..choices import Consent, DueFor, Kind, Manner, Origin, Publicity
from ..states import UNNUMBERED, State


class ProposalManager(models.Manager.from_queryset(JurisdictionQuerySet)):  # type: ignore[misc]
    """Leaves out what only the search indexes read: no page shows it, and no save should write it back."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().defer("terms", "headline")


class Proposal(JurisdictionModel):
    """A deputy's proposal (建议、批评和意见) or motion (议案), from the draft to the promise that it brought.

    `facts`, `cause` and `request` are 核实与调研情况、问题成因、具体建议; in a motion 案由、案据、方案.
    """

    kind = models.CharField(_("类别"), max_length=10, choices=Kind, default=Kind.PROPOSAL)
    term = models.ForeignKey(Term, models.PROTECT, related_name="+", verbose_name=_("届"))
    # The session it was filed in, or after which it was filed.
    session = models.ForeignKey(
        Session, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("会议")
    )
    is_in_session = models.BooleanField(_("大会期间"), default=False)
    # The region of its congress: a township's congress lies in its county's jurisdiction.
    congress_area = models.CharField(max_length=9)
    number = models.CharField(_("编号"), max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(_("年度"))
    lead = models.ForeignKey(Deputy, models.PROTECT, related_name="+", verbose_name=_("领衔代表"))
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, blank=True, related_name="+")
    origin = models.CharField(_("来源"), max_length=10, choices=Origin, default=Origin.OWN)
    # The research report it came from, named; the report itself is attached.
    research = models.CharField(_("调研报告"), max_length=200, blank=True)
    converted_from = JurisdictionForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="converted_into"
    )

    title = models.CharField(_("标题"), max_length=120, blank=True)
    facts = models.TextField(_("核实与调研情况"), blank=True)
    cause = models.TextField(_("问题成因"), blank=True)
    request = models.TextField(_("具体建议"), blank=True)
    # Of the text: a co-signer confirms one version; of the row's draft too, so that two devices don't overwrite each other.
    version = models.PositiveIntegerField(default=1)
    # The bigrams of title, text and lead's name, for search, and those of the title alone, for what is alike. Filled as it
    # is submitted (`terms.of`): nobody looks for drafts.
    terms = SearchVectorField(null=True, editable=False)
    headline = SearchVectorField(null=True, editable=False)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("分类")
    )
    publicity = models.CharField(_("公开方式"), max_length=10, choices=Publicity, default=Publicity.FULL)
    publicity_reason = models.CharField(_("不全文公开的理由"), max_length=300, blank=True)

    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.DRAFT)
    checker = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审查人")
    )
    # Why it was returned, declined or sent back.
    reason = models.TextField(_("理由"), blank=True)
    # The decision of the presidium on a motion: number and day, in words.
    decided = models.CharField(_("主席团决定"), max_length=200, blank=True)
    merged_into = JurisdictionForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    # An accepted proposal of an earlier year that asked for the same.
    repeats = JurisdictionForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeated_by")
    manner = models.CharField(_("办理方式"), max_length=10, choices=Manner, default=Manner.HOST)
    through_government = models.BooleanField(_("由政府办交办"), default=False)
    # The host, or the first of those who reply each for itself: what lists and statistics group by.
    host = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主办单位"))
    returns_count = models.PositiveSmallIntegerField(_("退单次数"), default=0)
    round = models.PositiveSmallIntegerField(default=1)
    is_key = models.BooleanField(_("重点督办"), default=False)

    # How it came out: of the last reply, the worst grade of the first round, and what the deputies themselves confirmed.
    outcome = models.CharField(_("办理结果"), max_length=20, choices=OutcomeClass, blank=True)
    first_grade = models.CharField(_("首次评价"), max_length=24, choices=Grade, blank=True)
    grade = models.CharField(_("评价"), max_length=24, choices=Grade, blank=True)
    is_resolved = models.BooleanField(_("代表确认解决"), null=True)
    is_on_time = models.BooleanField(_("按期答复"), null=True)
    was_contacted = models.BooleanField(_("与代表沟通"), default=False)

    due_for = models.CharField(max_length=10, choices=DueFor, blank=True)
    due_on = models.DateField(_("到期日"), null=True, blank=True)
    due_rule = models.JSONField(null=True, blank=True)
    is_due_estimated = models.BooleanField(_("推算"), default=False)

    created_at = models.DateTimeField(_("起草时间"))
    saved_at = models.DateTimeField(_("保存时间"))
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("立案时间"), null=True, blank=True)
    assigned_at = models.DateTimeField(_("交办时间"), null=True, blank=True)
    replied_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    source_key = models.CharField(_("来源编号"), max_length=80, blank=True)

    objects = ProposalManager()

    class Meta:
        verbose_name = _("建议、议案")
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "term", "number"], condition=~Q(number=""), name="suggestions_proposal_number"
            ),
            models.UniqueConstraint(
                fields=["jurisdiction", "source_key"], condition=~Q(source_key=""), name="suggestions_proposal_source"
            ),
            models.CheckConstraint(
                name="suggestions_proposal_numbered",
                condition=Q(state__in=UNNUMBERED) | ~Q(number=""),
            ),
            models.CheckConstraint(
                name="suggestions_proposal_merged",
                condition=Q(state=State.MERGED, merged_into__isnull=False)
                | ~Q(state=State.MERGED) & Q(merged_into=None),
            ),
            models.CheckConstraint(
                name="suggestions_proposal_refused",
                condition=~Q(state__in=[State.RETURNED, State.NOT_ACCEPTED]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="suggestions_proposal_decided",
                condition=~Q(state__in=[State.ON_AGENDA, State.CONVERTED]) | Q(kind=Kind.MOTION) & ~Q(decided=""),
            ),
            models.CheckConstraint(
                name="suggestions_proposal_motion_in_session", condition=~Q(kind=Kind.MOTION) | Q(is_in_session=True)
            ),
            models.CheckConstraint(
                name="suggestions_proposal_session", condition=Q(is_in_session=False) | Q(session__isnull=False)
            ),
            models.CheckConstraint(
                name="suggestions_proposal_complete",
                condition=Q(state__in=[State.DRAFT, State.COSIGNING, State.RETURNED, State.WITHDRAWN])
                | ~Q(title="") & ~Q(request="") & Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="suggestions_proposal_publicity", condition=Q(publicity=Publicity.FULL) | ~Q(publicity_reason="")
            ),
            models.CheckConstraint(
                name="suggestions_proposal_closed",
                condition=~Q(state=State.CLOSED) | Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="suggestions_proposal_due",
                condition=Q(due_on=None, due_rule=None, due_for="")
                | Q(due_on__isnull=False, due_rule__isnull=False) & ~Q(due_for=""),
            ),
        ]
        indexes = [
            models.Index(fields=["jurisdiction", "state", "due_on", "-id"], name="suggestions_by_state"),
            models.Index(fields=["jurisdiction", "year", "session", "state"], name="suggestions_by_year"),
            models.Index(fields=["jurisdiction", "lead", "-id"], name="suggestions_by_lead"),
            models.Index(fields=["jurisdiction", "host", "state", "due_on"], name="suggestions_by_host"),
            models.Index(fields=["jurisdiction", "category", "-id"], name="suggestions_by_category"),
            models.Index(
                fields=["jurisdiction", "due_on"], condition=Q(due_on__isnull=False), name="suggestions_by_due"
            ),
            models.Index(fields=["jurisdiction", "-id"], condition=Q(is_key=True), name="suggestions_key"),
            models.Index(fields=["jurisdiction", "congress_area", "-year", "-id"], name="suggestions_by_congress"),
            # All that the statistics read, so that counting five years never touches the texts beside it.
            models.Index(
                fields=["jurisdiction", "congress_area", "kind", "year"],
                include=[
                    "id",
                    "state",
                    "session",
                    "is_in_session",
                    "host",
                    "category",
                    "assigned_at",
                    "replied_at",
                    "first_grade",
                    "is_on_time",
                    "was_contacted",
                    "is_resolved",
                    "outcome",
                    "round",
                    "returns_count",
                    "repeats",
                ],
                name="suggestions_figures",
            ),
            GinIndex(fields=["terms"], name="suggestions_search"),
            GinIndex(fields=["headline"], name="suggestions_headline"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


class Cosigner(JurisdictionModel):
    """A deputy asked to sign with the lead; counts only while confirmed on the text as it stands."""

    proposal = JurisdictionForeignKey(Proposal, models.CASCADE, related_name="cosigners")
    deputy = models.ForeignKey(Deputy, models.PROTECT, related_name="+", verbose_name=_("联名代表"))
    consent = models.CharField(_("联名"), max_length=10, choices=Consent, default=Consent.INVITED)
    confirmed_version = models.PositiveIntegerField(null=True, blank=True)
    words = models.CharField(_("附言"), max_length=300, blank=True)
    invited_at = models.DateTimeField(_("邀请"))
    decided_at = models.DateTimeField(_("确认"), null=True, blank=True)

    class Meta:
        verbose_name = _("联名")
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "proposal", "deputy"], name="suggestions_cosigner_once"),
            models.CheckConstraint(
                name="suggestions_cosigner_confirmed",
                condition=~Q(consent=Consent.CONFIRMED) | Q(confirmed_version__isnull=False, decided_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["jurisdiction", "deputy", "consent"], name="suggestions_cosigner_deputy")]

    def __str__(self) -> str:
        return f"{self.deputy} {self.get_consent_display()}"


class ProposalText(JurisdictionModel):
    """The text of one version that somebody confirmed, so that a co-signer sees what has changed since."""

    proposal = JurisdictionForeignKey(Proposal, models.CASCADE, related_name="texts")
    version = models.PositiveIntegerField()
    title = models.CharField(_("标题"), max_length=120, blank=True)
    facts = models.TextField(_("核实与调研情况"), blank=True)
    cause = models.TextField(_("问题成因"), blank=True)
    request = models.TextField(_("具体建议"), blank=True)
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = _("联名时的文本")
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "proposal", "version"], name="suggestions_text_version")
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} v{self.version}"


class Source(JurisdictionModel):
    """An opinion that a proposal grew from. It may lie in another jurisdiction than a city's proposal, hence no key: the
    opinion is read through its own access, by whoever may."""

    proposal = JurisdictionForeignKey(Proposal, models.CASCADE, related_name="sources")
    opinion_jurisdiction = models.CharField(max_length=9)
    opinion_id = models.UUIDField()
    number = models.CharField(_("意见编号"), max_length=40)
    title = models.CharField(_("意见标题"), max_length=120)
    headcount = models.PositiveIntegerField(_("反映人数"), default=1)

    class Meta:
        verbose_name = _("来源意见")
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "proposal", "opinion_id"], name="suggestions_source_once")
        ]
        indexes = [models.Index(fields=["opinion_id"], name="suggestions_source_opinion")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
