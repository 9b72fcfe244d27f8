"""Where things are: regions, congresses and their terms, constituencies, stations. Reference tables, the same everywhere."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel import ids

from .states import StationStatus


class RegionLevel(models.IntegerChoices):
    PROVINCE = 1, _("省")
    CITY = 2, _("市")
    COUNTY = 3, _("县（区）")
    TOWNSHIP = 4, _("乡镇（街道）")
    COMMUNITY = 5, _("村（社区）")


class Region(models.Model):
    """An administrative area (GB/T 2260 and the statistics codes). Codes are strings whose prefixes are the areas above.

    An area that vanished or was renamed is closed with a date, never deleted; its name of that time stays readable.
    """

    code = models.CharField(_("代码"), max_length=12, primary_key=True)
    name = models.CharField(_("名称"), max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    level = models.PositiveSmallIntegerField(_("级别"), choices=RegionLevel)
    pinyin = models.CharField(max_length=200, blank=True)
    initials = models.CharField(max_length=60, blank=True)
    # The bigrams of the name, so that a part of it is found among all areas of the country (kernel.text).
    terms = SearchVectorField(null=True, editable=False)
    starts_on = models.DateField(_("启用"), null=True, blank=True)
    ends_on = models.DateField(_("停用"), null=True, blank=True)

    class Meta:
        verbose_name = _("区划")
        indexes = [
            models.Index(fields=["name"], opclasses=["varchar_pattern_ops"], name="places_region_name"),
            models.Index(fields=["initials"], opclasses=["varchar_pattern_ops"], name="places_region_initials"),
            models.Index(fields=["pinyin"], opclasses=["varchar_pattern_ops"], name="places_region_pinyin"),
            GinIndex(fields=["terms"], name="places_region_terms"),
        ]
        constraints = [
            models.CheckConstraint(name="places_region_code", condition=Q(code__regex=r"^[0-9]{2}([0-9]{2}([0-9]{2}([0-9]{3}([0-9]{3})?)?)?)?$")),
            models.CheckConstraint(name="places_region_period", condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gt=F("starts_on"))),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class FormerName(models.Model):
    """What an area was called until a day."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="former_names")
    name = models.CharField(_("曾用名"), max_length=60)
    until = models.DateField(_("使用至"))

    class Meta:
        verbose_name = _("曾用名")

    def __str__(self) -> str:
        return self.name


class CongressLevel(models.TextChoices):
    NATIONAL = "national", _("全国")
    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县级")
    TOWNSHIP = "township", _("乡镇级")


class Congress(models.Model):
    """A people's congress of one of the five levels. A subdistrict (街道) has none."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    name = models.CharField(_("名称"), max_length=80, unique=True)
    level = models.CharField(_("层级"), max_length=10, choices=CongressLevel)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="congresses")

    class Meta:
        verbose_name = _("人民代表大会")
        constraints = [
            models.CheckConstraint(
                name="places_congress_region",
                condition=Q(level=CongressLevel.NATIONAL, region=None) | ~Q(level=CongressLevel.NATIONAL) & Q(region__isnull=False),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """A term (届) of a congress, five years as a rule."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    congress = models.ForeignKey(Congress, models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField(_("届"))
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("届满"))

    class Meta:
        verbose_name = _("届")
        constraints = [
            models.UniqueConstraint(fields=["congress", "number"], name="places_term_once"),
            models.CheckConstraint(name="places_term_period", condition=Q(ends_on__gt=F("starts_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.congress}第{self.number}届"


class Session(models.Model):
    """A session (会议) of a congress: the first, second … of its term. `ends_on` is its last day."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="sessions", verbose_name=_("届"))
    number = models.PositiveSmallIntegerField(_("次"))
    starts_on = models.DateField(_("开幕"))
    ends_on = models.DateField(_("闭幕"))
    place = models.CharField(_("地点"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("会议")
        constraints = [
            models.UniqueConstraint(fields=["term", "number"], name="places_session_once"),
            models.CheckConstraint(name="places_session_period", condition=Q(ends_on__gte=F("starts_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.term}第{self.number}次会议"


class Constituency(models.Model):
    """A constituency (选区), or the electing unit (选举单位) of a congress above the county."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="constituencies")
    number = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("名称"), max_length=80)
    seats = models.PositiveSmallIntegerField(_("应选名额"), default=1)

    class Meta:
        verbose_name = _("选区")
        constraints = [models.UniqueConstraint(fields=["term", "number"], name="places_constituency_once")]

    def __str__(self) -> str:
        return self.name


class StationKind(models.TextChoices):
    DEPUTY_HOME = "deputy_home", _("代表之家")
    LIAISON_STATION = "liaison_station", _("代表联络站")
    LIAISON_POINT = "liaison_point", _("代表联络点")


class Setting(models.TextChoices):
    """Where a station sits."""

    STREET_OFFICE = "street_office", _("街道（乡镇）机关")
    COMMUNITY = "community", _("社区（村）")
    OFFICE_TOWER = "office_tower", _("商务楼宇")
    PARK = "park", _("产业园区")
    UNIVERSITY = "university", _("高校")
    OTHER = "other", _("其他")


class Station(models.Model):
    """A deputies' home, liaison station or liaison point; a tree of 1+11+N (handbook §4.4 站点)."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    jurisdiction = models.CharField(_("所属区县"), max_length=9)
    code = models.CharField(_("站码"), max_length=20)
    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("类型"), max_length=20, choices=StationKind)
    setting = models.CharField(_("设在"), max_length=20, choices=Setting, default=Setting.COMMUNITY)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    street = models.ForeignKey(Region, models.PROTECT, related_name="stations", verbose_name=_("街道（乡镇）"))
    community = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="community_stations", verbose_name=_("社区（村）")
    )
    address = models.CharField(_("地址"), max_length=120, blank=True)
    floor = models.CharField(_("楼层与指引"), max_length=60, blank=True)
    accessibility = models.CharField(_("无障碍"), max_length=120, blank=True)
    phone = models.CharField(_("电话"), max_length=20, blank=True)
    latitude = models.DecimalField(_("纬度"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    # [{"weekday": 1–7, "from": "09:00", "to": "17:30"}, …]
    opening_hours = models.JSONField(_("开放时间"), default=list, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=StationStatus, default=StationStatus.OPEN)
    established_on = models.DateField(_("挂牌日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("站点")
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "code"], name="places_station_code"),
            models.CheckConstraint(
                name="places_station_point",
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
