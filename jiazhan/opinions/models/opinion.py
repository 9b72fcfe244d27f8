"""The matter and the people behind it."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.jurisdiction import JurisdictionForeignKey, JurisdictionModel, JurisdictionQuerySet
from jiazhan.people.models import Account, Deputy, Unit
from jiazhan.places.models import Station

from ..choices import Channel, Diversion, DueFor, Grade, OutcomeClass, PlaceKind, Urgency, Visibility
from ..states import State, Track


class Category(models.Model):
    """Two-level classification (handbook §10); four digits, the first two name the upper level. Reference table."""

    code = models.CharField(_("编码"), max_length=4, primary_key=True)
    name = models.CharField(_("名称"), max_length=40)
    keywords = models.TextField(_("关键词"), blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("分类")

    def __str__(self) -> str:
        return self.name


class OpinionManager(models.Manager.from_queryset(JurisdictionQuerySet)):  # type: ignore[misc]
    """Leaves out what only the search index reads: 5 KB a row that no page shows and no save should write back."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().defer("terms", "marks")


class Marks(models.Func):
    """What a row can be found by besides its words, as lexemes: see the function in the migration."""

    function = "opinions_marks"
    output_field = SearchVectorField()

    def __init__(self) -> None:
        super().__init__(
            "jurisdiction", "street", "community", "station", "category", "unit", "deputy", "state", "track", "urgency",
            "visibility", "raised_at",
        )  # fmt: skip

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        return f"{type(self).__module__}.{type(self).__name__}", (), {}


class NumberField(models.CharField):
    """A number that the database gives as the row goes in, by `services.intake`, and that comes back with it."""

    db_returning = True


class Opinion(JurisdictionModel):
    """What somebody said at a station, and where it stands. Contact data is sealed; only the words are plain."""

    number = NumberField(_("编号"), max_length=40)
    station = models.ForeignKey(Station, models.PROTECT, related_name="+", verbose_name=_("站点"))
    street = models.CharField(_("街道"), max_length=9)
    community = models.CharField(_("社区"), max_length=12, blank=True)
    place_kind = models.CharField(_("地点"), max_length=10, choices=PlaceKind, default=PlaceKind.COMMUNITY)
    place_note = models.CharField(_("具体位置"), max_length=100, blank=True)
    channel = models.CharField(_("反映渠道"), max_length=10, choices=Channel)
    title = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("事由"))
    appeal = models.TextField(_("诉求"), blank=True)
    # The bigrams of the words, and the row's place, state and day: one index answers both together (search).
    terms = SearchVectorField(null=True, editable=False)
    marks = models.GeneratedField(expression=Marks(), output_field=SearchVectorField(), db_persist=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("分类")
    )
    # What a person should look at before anything else: opinions.screening names them.
    flags = models.JSONField(default=list, blank=True)
    urgency = models.CharField(_("紧急程度"), max_length=10, choices=Urgency, default=Urgency.NORMAL)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.NORMAL)
    accused_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("被反映单位")
    )
    hotline_ticket_no = models.CharField(_("12345 工单号"), max_length=40, blank=True)

    # Who said it. A named author may still hide the name and number from the handling unit.
    author = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    is_anonymous = models.BooleanField(_("匿名"), default=False)
    is_hidden_from_units = models.BooleanField(_("对承办单位隐名"), default=True)
    author_name_sealed = models.BinaryField(default=bytes, blank=True)
    author_phone_sealed = models.BinaryField(default=bytes, blank=True)
    author_phone_digest = models.CharField(max_length=43, blank=True)
    is_phone_verified = models.BooleanField(default=False)
    follow_code_digest = models.CharField(max_length=43)
    gender = models.CharField(_("性别"), max_length=1, blank=True)
    age_band = models.CharField(_("年龄段"), max_length=10, blank=True)
    headcount = models.PositiveIntegerField(_("反映人数"), default=1)
    supporters_count = models.PositiveIntegerField(_("附议人数"), default=0)
    entered_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("代录人")
    )
    nonce = models.CharField(max_length=64)
    source = models.CharField(_("来源文件"), max_length=40, blank=True)
    source_key = models.CharField(_("来源编号"), max_length=60, blank=True)

    # Where it stands.
    state = models.CharField(_("状态"), max_length=24, choices=State, default=State.REGISTERED)
    track = models.CharField(_("办理路径"), max_length=10, choices=Track, blank=True)
    deputy = models.ForeignKey(
        Deputy, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("接待代表")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承办单位"))
    handler = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经办人")
    )
    merged_into = JurisdictionForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    diverted_to = models.CharField(_("分流去向"), max_length=12, choices=Diversion, blank=True)
    refusal_reason = models.TextField(_("理由"), blank=True)
    # Which reply is due or given: 1, and 2 after a reopening.
    round = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(_("办理结果"), max_length=20, choices=OutcomeClass, blank=True)
    grade = models.CharField(_("评价"), max_length=24, choices=Grade, blank=True)

    # The deadline in force: its rule and its result.
    due_for = models.CharField(max_length=10, choices=DueFor, blank=True)
    due_on = models.DateField(_("到期日"), null=True, blank=True)
    due_rule = models.JSONField(null=True, blank=True)
    is_due_estimated = models.BooleanField(_("推算"), default=False)

    raised_at = models.DateTimeField(_("反映时间"))
    registered_at = models.DateTimeField(_("登记时间"))
    accepted_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    replied_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    objects = OpinionManager()

    class Meta:
        verbose_name = _("社情民意")
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "number"], name="opinions_opinion_number"),
            models.UniqueConstraint(fields=["jurisdiction", "nonce"], name="opinions_opinion_nonce"),
            models.UniqueConstraint(fields=["jurisdiction", "follow_code_digest"], name="opinions_opinion_follow_code"),
            models.UniqueConstraint(
                fields=["jurisdiction", "source", "source_key"], condition=~Q(source=""), name="opinions_opinion_source"
            ),
            models.CheckConstraint(
                name="opinions_opinion_anonymous",
                condition=Q(is_anonymous=False)
                | Q(author=None, author_name_sealed=b"", author_phone_sealed=b"", author_phone_digest=""),
            ),
            models.CheckConstraint(
                name="opinions_opinion_merged",
                condition=Q(state=State.MERGED, merged_into__isnull=False)
                | ~Q(state=State.MERGED) & Q(merged_into=None),
            ),
            models.CheckConstraint(
                name="opinions_opinion_refused",
                condition=~Q(state__in=[State.DIVERTED, State.NOT_ACCEPTED, State.REVIEW_REJECTED])
                | ~Q(refusal_reason=""),
            ),
            models.CheckConstraint(
                name="opinions_opinion_diverted",
                condition=Q(state=State.DIVERTED) & ~Q(diverted_to="") | ~Q(state=State.DIVERTED) & Q(diverted_to=""),
            ),
            models.CheckConstraint(
                name="opinions_opinion_closed",
                condition=Q(state=State.CLOSED, closed_at__isnull=False) | ~Q(state=State.CLOSED),
            ),
            models.CheckConstraint(
                name="opinions_opinion_due",
                condition=Q(due_on=None, due_rule=None, due_for="")
                | Q(due_on__isnull=False, due_rule__isnull=False) & ~Q(due_for=""),
            ),
            models.CheckConstraint(name="opinions_opinion_body", condition=~Q(body="")),
        ]
        indexes = [
            models.Index(fields=["jurisdiction", "state", "-raised_at", "-id"], name="opinions_by_state"),
            models.Index(fields=["jurisdiction", "street", "state", "-raised_at"], name="opinions_by_street"),
            models.Index(fields=["jurisdiction", "station", "state", "-raised_at"], name="opinions_by_station"),
            models.Index(fields=["jurisdiction", "community", "state", "-raised_at"], name="opinions_by_community"),
            models.Index(fields=["jurisdiction", "unit", "state", "due_on"], name="opinions_by_unit"),
            models.Index(fields=["jurisdiction", "deputy", "state", "-raised_at"], name="opinions_by_deputy"),
            models.Index(fields=["jurisdiction", "author", "-raised_at"], name="opinions_by_author"),
            models.Index(fields=["jurisdiction", "due_on"], condition=Q(due_on__isnull=False), name="opinions_by_due"),
            # The tabs' counts, without looking at the rows.
            models.Index(
                fields=["jurisdiction", "state", "due_on"],
                include=["visibility", "accused_unit", "id"],
                name="opinions_counts",
            ),
            # The few that stand on top of lists.
            models.Index(
                fields=["jurisdiction", "state", "-raised_at"],
                condition=Q(urgency="critical"),
                name="opinions_pressing",
            ),
            # A short pending list: every search reads it from end to end.
            GinIndex(fields=["terms", "marks"], name="opinions_search", fastupdate=True, gin_pending_list_limit=512),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Supporter(JurisdictionModel):
    """Somebody who joined an open matter instead of writing again; gets every answer that the author gets."""

    opinion = JurisdictionForeignKey(Opinion, models.CASCADE, related_name="supporters")
    author = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    phone_sealed = models.BinaryField(default=bytes, blank=True)
    phone_digest = models.CharField(max_length=43, blank=True)
    follow_code_digest = models.CharField(max_length=43)
    note = models.CharField(_("补充"), max_length=500, blank=True)
    nonce = models.CharField(max_length=64)
    joined_at = models.DateTimeField(_("附议时间"))

    class Meta:
        verbose_name = _("附议人")
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "nonce"], name="opinions_supporter_nonce"),
            models.UniqueConstraint(fields=["jurisdiction", "follow_code_digest"], name="opinions_supporter_code"),
            models.UniqueConstraint(
                fields=["jurisdiction", "opinion", "phone_digest"],
                condition=~Q(phone_digest=""),
                name="opinions_supporter_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id}+"


class DeputyOpinion(JurisdictionModel):
    """What the receiving deputy says about the matter, signed; on-the-spot answers are replies instead."""

    opinion = JurisdictionForeignKey(Opinion, models.CASCADE, related_name="deputy_opinions")
    deputy = models.ForeignKey(Deputy, models.PROTECT, null=True, related_name="+")
    # Empty deputy: passed on without one after the deadline, with the station's word why.
    text = models.TextField(_("意见"))
    suggested_track = models.CharField(_("建议路径"), max_length=10, choices=Track, blank=True)
    signed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("签名时间"))

    class Meta:
        verbose_name = _("代表意见")
        constraints = [models.CheckConstraint(name="opinions_deputy_opinion_text", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text[:40]
