"""Meetings of deputies with the heads of state organs (约见, handbook §9): asked for, held, every question followed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.jurisdiction import JurisdictionForeignKey, JurisdictionModel
from jiazhan.kernel.outcomes import PromiseState
from jiazhan.people.models import Account, Deputy, Unit
from jiazhan.places.models import Term

from ..states import MeetingState


class OfficialMeeting(JurisdictionModel):
    """A meeting that deputies asked for with the head of an organ, or whom that head sends."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    congress_area = models.CharField(max_length=9)
    number = models.CharField(_("编号"), max_length=60, blank=True)
    subject = models.CharField(_("约见事由"), max_length=120)
    background = models.TextField(_("有关情况"), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("被约见单位"))
    official = models.CharField(_("被约见负责人"), max_length=60)
    lead = models.ForeignKey(Deputy, models.PROTECT, related_name="+", verbose_name=_("申请代表"))
    state = models.CharField(_("状态"), max_length=10, choices=MeetingState, default=MeetingState.REQUESTED)
    reason = models.TextField(_("理由"), blank=True)
    requested_at = models.DateTimeField(_("申请时间"))
    # The unit learns of it on this day: a meeting is put off at most a month from here.
    notified_on = models.DateField(_("通知日期"), null=True, blank=True)
    starts_at = models.DateTimeField(_("时间"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    host = models.CharField(_("主持人"), max_length=60, blank=True)
    # Whom the unit means to send, before the day.
    coming = models.CharField(_("拟到场负责人"), max_length=120, blank=True)
    held_at = models.DateTimeField(_("约见时间"), null=True, blank=True)
    attended_by = models.CharField(_("到场负责人"), max_length=120, blank=True)
    summary = models.TextField(_("约见情况"), blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    is_public = models.BooleanField(_("公开"), default=False)

    class Meta:
        verbose_name = _("约见")
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "term", "number"], condition=~Q(number=""), name="suggestions_meeting_number"
            ),
            models.CheckConstraint(
                name="suggestions_meeting_scheduled",
                condition=~Q(state__in=[MeetingState.SCHEDULED, MeetingState.HELD, MeetingState.CLOSED])
                | Q(starts_at__isnull=False, notified_on__isnull=False) & ~Q(place=""),
            ),
            models.CheckConstraint(
                name="suggestions_meeting_held",
                condition=~Q(state__in=[MeetingState.HELD, MeetingState.CLOSED])
                | Q(held_at__isnull=False) & ~Q(attended_by=""),
            ),
            models.CheckConstraint(
                name="suggestions_meeting_refused", condition=~Q(state=MeetingState.DECLINED) | ~Q(reason="")
            ),
        ]
        indexes = [
            models.Index(fields=["jurisdiction", "state", "starts_at"], name="suggestions_meeting_state"),
            models.Index(fields=["jurisdiction", "unit", "state"], name="suggestions_meeting_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}".strip()


class MeetingDeputy(JurisdictionModel):
    """A deputy who takes part; the lead is one of them."""

    meeting = JurisdictionForeignKey(OfficialMeeting, models.CASCADE, related_name="deputies")
    deputy = models.ForeignKey(Deputy, models.PROTECT, related_name="+")
    is_present = models.BooleanField(_("到场"), null=True)

    class Meta:
        verbose_name = _("参加约见的代表")
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "meeting", "deputy"], name="suggestions_meeting_deputy")
        ]

    def __str__(self) -> str:
        return f"{self.deputy}"


class MeetingQuestion(JurisdictionModel):
    """One question, under one of the meeting's topics, with its answer and what the answer promised."""

    meeting = JurisdictionForeignKey(OfficialMeeting, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("序号"))
    topic = models.CharField(_("方面"), max_length=80)
    text = models.TextField(_("问题"))
    asked_by = models.ForeignKey(
        Deputy, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("提问代表")
    )
    # The unit's own, until the day; then the desk starts from it when it enters the answer.
    prepared = models.TextField(_("准备的答复"), blank=True)
    answer = models.TextField(_("答复"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    promise_text = models.CharField(_("承诺事项"), max_length=300, blank=True)
    promise_on = models.DateField(_("承诺完成日期"), null=True, blank=True)
    # Of the promise; without one a question is settled by its answer.
    state = models.CharField(_("落实"), max_length=8, choices=PromiseState, default=PromiseState.OPEN)
    unit_words = models.TextField(_("落实情况"), blank=True)
    deputy_words = models.TextField(_("代表说明"), blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("约见问题")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "meeting", "position"], name="suggestions_question_position"
            ),
            models.CheckConstraint(name="suggestions_question_text", condition=~Q(text="") & ~Q(topic="")),
            models.CheckConstraint(
                name="suggestions_question_promise",
                condition=Q(promise_text="", promise_on=None) | ~Q(promise_text="") & Q(promise_on__isnull=False),
            ),
            models.CheckConstraint(
                name="suggestions_question_settled",
                condition=~Q(state__in=[PromiseState.KEPT, PromiseState.BROKEN]) | Q(settled_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["jurisdiction", "state", "promise_on"], name="suggestions_question_due")]

    def __str__(self) -> str:
        return self.text[:40]
