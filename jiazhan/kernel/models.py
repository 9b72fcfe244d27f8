"""Tables of the kernel: the holiday calendar, configurable parameters, and the counters behind numbers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .jurisdiction import JurisdictionModel


class DayKind(models.TextChoices):
    OFF = "off", _("放假")
    WORK = "work", _("调休上班")


class Holiday(models.Model):
    """A day that departs from Monday-to-Friday: off on a weekday, or work on a weekend (handbook §11)."""

    on = models.DateField(_("日期"), primary_key=True)
    kind = models.CharField(_("类别"), max_length=4, choices=DayKind)
    source = models.CharField(_("依据"), max_length=100)

    class Meta:
        verbose_name = _("节假日")
        constraints = [models.CheckConstraint(name="kernel_holiday_kind", condition=models.Q(kind__in=DayKind.values))]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"


class CalendarYear(models.Model):
    """A year whose official holiday notice is loaded; dates computed beyond the loaded years are estimates."""

    year = models.PositiveSmallIntegerField(_("年份"), primary_key=True)
    source = models.CharField(_("依据"), max_length=100)

    class Meta:
        verbose_name = _("已导入年份")

    def __str__(self) -> str:
        return str(self.year)


class Parameter(models.Model):
    """A local value of a declared parameter: the longest area prefix wins over the default in the code."""

    name = models.CharField(_("参数"), max_length=80)
    area = models.CharField(_("适用区域"), max_length=9, blank=True)
    value = models.JSONField(_("值"))
    source = models.CharField(_("依据文件"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("参数")
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="kernel_parameter_once")]

    def __str__(self) -> str:
        return f"{self.name}@{self.area or '-'}"


class Counter(JurisdictionModel):
    """The last number given in a series, such as the letters of one station in one year."""

    series = models.CharField(max_length=80)
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("编号计数")
        constraints = [models.UniqueConstraint(fields=["jurisdiction", "series"], name="kernel_counter_once")]

    def __str__(self) -> str:
        return f"{self.series}:{self.last}"
