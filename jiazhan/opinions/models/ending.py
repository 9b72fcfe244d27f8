"""How it ends: deliveries, ratings, promises, the talk face to face, the public page."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.jurisdiction import JurisdictionForeignKey, JurisdictionModel
from jiazhan.people.models import Account
from jiazhan.places.models import Station

from ..choices import Grade, PromiseState, PublicationState, Recipient
from .handling import Reply
from .opinion import Opinion, Supporter


class Delivery(JurisdictionModel):
    """The stamp that a reply reached one who must know; without all three a letter does not close (§14 rule 7)."""

    opinion = JurisdictionForeignKey(Opinion, models.CASCADE, related_name="deliveries")
    round = models.PositiveSmallIntegerField()
    recipient = models.CharField(_("送达对象"), max_length=10, choices=Recipient)
    # 短信、查询页、电话、当面、站内
    how = models.CharField(_("方式"), max_length=40)
    # Empty while a text message is on its way, and where it could not be sent; `notice_key` then names the message.
    delivered_at = models.DateTimeField(_("送达时间"), null=True, blank=True)
    failed_at = models.DateTimeField(_("短信未送达"), null=True, blank=True)
    notice_key = models.CharField(max_length=160, blank=True, default="", db_default="")
    seen_at = models.DateTimeField(_("已阅"), null=True, blank=True)

    class Meta:
        verbose_name = _("送达")
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "opinion", "round", "recipient"], name="opinions_delivery_once"
            ),
            models.CheckConstraint(
                name="opinions_delivery_way",
                condition=Q(delivered_at__isnull=False, failed_at=None) | Q(delivered_at=None) & ~Q(notice_key=""),
            ),
        ]
        indexes = [
            # What the worker asks every minute.
            models.Index(
                fields=["jurisdiction", "id"],
                condition=Q(delivered_at=None),
                name="opinions_delivery_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.recipient}"


class Rating(JurisdictionModel):
    """The author's grade of one round's reply. Nobody else rates, and nobody unrated counts as satisfied (§14 rule 5)."""

    opinion = JurisdictionForeignKey(Opinion, models.CASCADE, related_name="ratings")
    reply = JurisdictionForeignKey(Reply, models.PROTECT, related_name="ratings")
    # Empty: the author of `opinion`, which is the replied matter or one merged into it. Else one who joined. The grade
    # of the replied matter's author alone moves the case.
    supporter = JurisdictionForeignKey(Supporter, models.PROTECT, null=True, blank=True, related_name="ratings")
    grade = models.CharField(_("评价"), max_length=24, choices=Grade)
    words = models.TextField(_("意见"), blank=True)
    is_resolved = models.BooleanField(_("问题是否解决"), null=True)
    rated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("评价")
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "opinion", "reply"],
                condition=Q(supporter=None),
                name="opinions_rating_author_once",
            ),
            models.UniqueConstraint(
                fields=["jurisdiction", "reply", "supporter"],
                condition=Q(supporter__isnull=False),
                name="opinions_rating_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.grade}"


class Promise(JurisdictionModel):
    """What a reply promised and by when; followed until kept or broken, whatever became of the case."""

    opinion = JurisdictionForeignKey(Opinion, models.CASCADE, related_name="promises")
    reply = JurisdictionForeignKey(Reply, models.PROTECT, related_name="promises")
    text = models.CharField(_("承诺事项"), max_length=300)
    due_on = models.DateField(_("承诺完成日期"))
    state = models.CharField(_("状态"), max_length=8, choices=PromiseState, default=PromiseState.OPEN)
    unit_words = models.TextField(_("承办单位说明"), blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("承诺")
        indexes = [models.Index(fields=["jurisdiction", "state", "due_on"], name="opinions_promise_due")]
        constraints = [
            models.CheckConstraint(
                name="opinions_promise_settled",
                condition=~Q(state__in=[PromiseState.KEPT, PromiseState.BROKEN]) | Q(settled_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.text


class Settlement(JurisdictionModel):
    """The talk face to face after a second dissatisfaction (面商): who came, what was agreed, what follows."""

    opinion = JurisdictionForeignKey(Opinion, models.CASCADE, related_name="settlements")
    held_on = models.DateField(_("面商日期"))
    people = models.CharField(_("参加人员"), max_length=300)
    result = models.TextField(_("面商结果"))
    # Such as: 转为代表建议、列入监督议题
    way_on = models.CharField(_("后续去向"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("面商")
        constraints = [models.CheckConstraint(name="opinions_settlement_result", condition=~Q(result=""))]

    def __str__(self) -> str:
        return self.result[:40]


class Publication(JurisdictionModel):
    """The public page of a matter: masked words, proposed by one and approved by another (handbook §11, §14 rule 10)."""

    opinion = JurisdictionForeignKey(Opinion, models.CASCADE, related_name="publications")
    # The matter's, which never changes: a station's page reads its latest without looking through the matters.
    station = models.ForeignKey(Station, models.PROTECT, related_name="+", db_index=False)
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
            # The front page and the public list stop after a few: the newest of all counties.
            models.Index(
                models.F("reviewed_at").desc(),
                models.F("id").desc(),
                condition=Q(state=PublicationState.PUBLISHED),
                name="opinions_publication_in_view",
            ),
            models.Index(
                models.F("jurisdiction"),
                models.F("station"),
                models.F("reviewed_at").desc(),
                condition=Q(state=PublicationState.PUBLISHED),
                name="opinions_publication_station",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="opinions_publication_two_people",
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=models.F("proposed_by")),
            ),
            models.CheckConstraint(
                name="opinions_publication_reviewed",
                condition=Q(state=PublicationState.PROPOSED) | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["jurisdiction", "opinion"],
                condition=Q(state__in=[PublicationState.PROPOSED, PublicationState.PUBLISHED]),
                name="opinions_publication_one",
            ),
        ]

    def __str__(self) -> str:
        return self.title
