"""A spreadsheet that is being taken in: how far it is, and what was not taken."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.jurisdiction import JurisdictionModel
from jiazhan.people.models import Account
from jiazhan.places.models import Station


class ImportState(models.TextChoices):
    WAITING = "waiting", _("排队中")
    RUNNING = "running", _("正在收")
    DONE = "done", _("收完了")
    FAILED = "failed", _("没有收完")


class ImportRun(JurisdictionModel):
    """One confirmed file. A worker that dies leaves `done`, and the next one goes on from there."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="+", verbose_name=_("站点"))
    begun_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    name = models.CharField(_("文件名"), max_length=120)
    # Where the file lies, sealed, until it is taken in; the same file confirmed twice is one run.
    staged_key = models.CharField(max_length=80)
    mapping = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.WAITING)
    rows = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    # [[line, reason], …], the first so many.
    errors = models.JSONField(default=list, blank=True)
    failure = models.CharField(max_length=200, blank=True)
    begun_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("批量导入")
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "staged_key"], name="opinions_importrun_file"),
            models.CheckConstraint(name="opinions_importrun_done", condition=Q(done__lte=F("rows"))),
            models.CheckConstraint(
                name="opinions_importrun_ended",
                condition=Q(state__in=["done", "failed"], ended_at__isnull=False)
                | Q(state__in=["waiting", "running"], ended_at=None),
            ),
        ]
        indexes = [models.Index(fields=["jurisdiction", "begun_by", "-begun_at"], name="opinions_importrun_own")]

    def __str__(self) -> str:
        return self.name
