"""Who acts: accounts and their posts, units, deputies and their mandates, scan codes. Reference tables."""

from datetime import date
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel import ids
from jiazhan.kernel.prepared import prepared
from jiazhan.places.models import Constituency, Station, Term

from . import crypto
from .permissions import Permission
from .roles import ROLES, Role
from .states import MandateStatus


class AccountKind(models.TextChoices):
    STAFF = "staff", _("工作人员")
    DEPUTY = "deputy", _("代表")
    RESIDENT = "resident", _("群众")


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


class Account(AbstractBaseUser):
    """Somebody who can log in: staff by user name and password, deputies and residents by a code to their phone."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    kind = models.CharField(_("类别"), max_length=10, choices=AccountKind)
    username = models.CharField(_("用户名"), max_length=40, unique=True, null=True, blank=True)
    name = models.CharField(_("姓名"), max_length=40)
    phone_encrypted = models.BinaryField(default=bytes, blank=True)
    phone_digest = models.CharField(max_length=43, unique=True, null=True, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    # Handed out by somebody else: must be changed before anything else.
    is_password_temporary = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    Kind = AccountKind
    USERNAME_FIELD = "username"
    objects = AccountManager()

    class Meta:
        verbose_name = _("账号")
        constraints = [
            models.CheckConstraint(
                name="people_account_reachable", condition=Q(username__isnull=False) | Q(phone_digest__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def phone_masked(self) -> str:
        return crypto.mask_phone(crypto.decrypt(self.phone_encrypted))

    @cached_property
    def current_posts(self) -> list["Post"]:
        """The posts in force today, with their units and stations."""
        return _posts_in_force(self.pk, timezone.localdate())

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        if not self.is_active:
            return frozenset()
        own: frozenset[Permission] = frozenset()
        if self.kind == AccountKind.RESIDENT:
            own = frozenset({Permission.RESIDENT_HOME})
        if hasattr(self, "deputy"):
            # Reading one's own stays when a mandate is suspended or over; beginning anew does not (§14 rule 17).
            own = frozenset({Permission.DEPUTY_HOME})
            if self.deputy.mandates.in_force().exists():
                own |= ROLES[Role.DEPUTY].permissions
        return own.union(*(ROLES[Role(post.role)].permissions for post in self.current_posts))

    @property
    def needs_second_factor(self) -> bool:
        return any(ROLES[Role(post.role)].needs_second_factor for post in self.current_posts)

    @cached_property
    def areas(self) -> tuple[str, ...]:
        """The area prefixes of the posts in force."""
        return tuple(sorted({post.area for post in self.current_posts}))

    def posts_with(self, permission: Permission) -> list["Post"]:
        """The posts in force that give a permission; where it holds is theirs to say."""
        return [post for post in self.current_posts if permission in ROLES[Role(post.role)].permissions]


class UnitKind(models.TextChoices):
    DEPARTMENT = "department", _("政府部门")
    STREET_OFFICE = "street_office", _("街道办事处（乡镇政府）")
    GOV_OFFICE = "gov_office", _("政府办公室")
    STREET_CONGRESS = "street_congress", _("街道人大工委（乡镇人大）")
    COMMITTEE = "committee", _("人大专门（工作）委员会")
    STANDING_COMMITTEE_OFFICE = "standing_committee_office", _("人大常委会办公室")
    OTHER = "other", _("其他承办单位")


HANDLING_KINDS = (UnitKind.DEPARTMENT, UnitKind.STREET_OFFICE, UnitKind.OTHER)


class Unit(models.Model):
    """An organ that holds matters: a department, a street office, an office of the congress or of the government."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    jurisdiction = models.CharField(_("所属区县"), max_length=9)
    code = models.CharField(_("单位编码"), max_length=20)
    name = models.CharField(_("名称"), max_length=60)
    short_name = models.CharField(_("简称"), max_length=20, blank=True)
    # 文号 begins with it: 云水务〔2026〕3号
    letter_prefix = models.CharField(_("发文代字"), max_length=20, blank=True)
    kind = models.CharField(_("类别"), max_length=30, choices=UnitKind)
    area = models.CharField(_("区划代码"), max_length=9)
    phone = models.CharField(_("电话"), max_length=20, blank=True)
    duties = models.TextField(_("职责"), blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("单位")
        constraints = [models.UniqueConstraint(fields=["jurisdiction", "code"], name="people_unit_code")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A role held somewhere for a time: at a station, in a unit, over an area. Only the posts in force count."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="posts")
    role = models.CharField(_("角色"), max_length=30, choices=Role)
    area = models.CharField(_("区划代码"), max_length=9)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="posts")
    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True, related_name="posts")
    starts_on = models.DateField(_("任职"))
    ends_on = models.DateField(_("离任"), null=True, blank=True)

    class Meta:
        verbose_name = _("任职")
        indexes = [
            models.Index(fields=["account", "starts_on"], name="people_post_account"),
            models.Index(fields=["role", "area"], name="people_post_role"),
        ]
        constraints = [
            models.CheckConstraint(
                name="people_post_period", condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on"))
            ),
            models.CheckConstraint(
                name="people_post_station",
                condition=~Q(role__in=[Role.LIAISON_OFFICER, Role.STATION_HEAD]) | Q(station__isnull=False),
            ),
            models.CheckConstraint(
                name="people_post_unit",
                condition=~Q(role__in=[Role.HANDLER, Role.UNIT_HEAD, Role.GOV_DISPATCHER]) | Q(unit__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.get_role_display()}"


@prepared
def _posts_in_force(account_id: UUID, today: date) -> models.QuerySet[Post]:
    rows = Post.objects.filter(Q(ends_on=None) | Q(ends_on__gt=today), account=account_id, starts_on__lte=today)
    return rows.select_related("unit", "station")


class Deputy(models.Model):
    """A person who is or was a deputy, whatever the level; the mandates say where and when."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.OneToOneField(Account, models.PROTECT, null=True, blank=True, related_name="deputy")
    name = models.CharField(_("姓名"), max_length=40)
    pinyin = models.CharField(max_length=120, blank=True)
    gender = models.CharField(_("性别"), max_length=1, blank=True, choices=[("m", _("男")), ("f", _("女"))])
    employer = models.CharField(_("工作单位及职务"), max_length=120, blank=True)
    specialities = models.CharField(_("专长"), max_length=200, blank=True)
    introduction = models.TextField(_("公开简介"), blank=True)
    photo = models.CharField(_("照片"), max_length=100, blank=True)
    is_public = models.BooleanField(_("公开主页"), default=True)

    class Meta:
        verbose_name = _("代表")
        indexes = [models.Index(fields=["name"], name="people_deputy_name")]

    def __str__(self) -> str:
        return self.name


class Delegation(models.Model):
    """A delegation (代表团) of a term: how deputies sit and sign together while the congress meets."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="delegations")
    number = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("代表团"), max_length=60)

    class Meta:
        verbose_name = _("代表团")
        constraints = [
            models.UniqueConstraint(fields=["term", "number"], name="people_delegation_once"),
            models.UniqueConstraint(fields=["term", "name"], name="people_delegation_name"),
        ]

    def __str__(self) -> str:
        return self.name


class MandateQuerySet(models.QuerySet["Mandate"]):
    def in_force(self) -> "MandateQuerySet":
        today = timezone.localdate()
        running = Q(ends_on=None) | Q(ends_on__gt=today)
        return self.filter(running, status=MandateStatus.ACTIVE, starts_on__lte=today)


class Mandate(models.Model):
    """A deputy's seat in one term of one congress."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    deputy = models.ForeignKey(Deputy, models.PROTECT, related_name="mandates")
    term = models.ForeignKey(Term, models.PROTECT, related_name="mandates")
    constituency = models.ForeignKey(Constituency, models.PROTECT, null=True, blank=True, related_name="mandates")
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, null=True, blank=True, related_name="mandates", verbose_name=_("代表团")
    )
    status = models.CharField(_("状态"), max_length=12, choices=MandateStatus, default=MandateStatus.ACTIVE)
    starts_on = models.DateField(_("当选"))
    ends_on = models.DateField(_("终止"), null=True, blank=True)
    reason = models.CharField(_("暂停或终止原因"), max_length=200, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("代表资格")
        constraints = [
            models.UniqueConstraint(fields=["deputy", "term"], name="people_mandate_once"),
            models.CheckConstraint(
                name="people_mandate_ended",
                condition=~Q(status__in=[MandateStatus.TERMINATED, MandateStatus.EXPIRED]) | Q(ends_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} {self.term}"


class StationAttachment(models.Model):
    """A deputy placed at a station, whatever the level of the mandate (代表法第28条)."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    deputy = models.ForeignKey(Deputy, models.PROTECT, related_name="attachments")
    station = models.ForeignKey(Station, models.PROTECT, related_name="attachments")
    starts_on = models.DateField(_("编入"))
    ends_on = models.DateField(_("调出"), null=True, blank=True)

    class Meta:
        verbose_name = _("编站")
        constraints = [
            models.UniqueConstraint(
                fields=["deputy", "station"], condition=Q(ends_on=None), name="people_attachment_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.deputy}@{self.station}"


class ReceptionDay(models.Model):
    """When a deputy receives people at a station; shown on the station's page."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    station = models.ForeignKey(Station, models.PROTECT, related_name="reception_days")
    deputy = models.ForeignKey(Deputy, models.PROTECT, related_name="reception_days")
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))

    class Meta:
        verbose_name = _("接待日")
        indexes = [models.Index(fields=["station", "starts_at"], name="people_reception_station")]
        constraints = [models.CheckConstraint(name="people_reception_period", condition=Q(ends_at__gt=F("starts_at")))]

    def __str__(self) -> str:
        return f"{self.station} {self.starts_at:%Y-%m-%d}"


class ScanCode(models.Model):
    """What a QR code says: it leads to a station or to a deputy, can be revoked, and then explains itself."""

    token = models.CharField(_("码"), max_length=12, primary_key=True)
    jurisdiction = models.CharField(_("所属区县"), max_length=9)
    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True, related_name="scan_codes")
    deputy = models.ForeignKey(Deputy, models.PROTECT, null=True, blank=True, related_name="scan_codes")
    issued_at = models.DateTimeField(_("发放"))
    issued_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(_("停用"), null=True, blank=True)
    revoked_reason = models.CharField(_("停用原因"), max_length=100, blank=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("联络码")
        constraints = [
            models.CheckConstraint(
                name="people_code_target",
                condition=Q(station__isnull=False, deputy=None) | Q(station=None, deputy__isnull=False),
            ),
            models.CheckConstraint(
                name="people_code_revoked",
                condition=Q(revoked_at=None, revoked_reason="") | Q(revoked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.token


class PhoneCode(models.Model):
    """A one-time code sent to a phone. Only who asked for it holds the ticket, so nobody else can use up its tries."""

    ticket = models.CharField(max_length=43, primary_key=True)
    phone_encrypted = models.BinaryField()
    phone_digest = models.CharField(max_length=43)
    address_digest = models.CharField(max_length=43)
    code_digest = models.CharField(max_length=43)
    # Asked for on a device that has logged in with this phone before: counted apart from what strangers ask for.
    is_known_device = models.BooleanField(default=False)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("短信验证码")
        indexes = [
            models.Index(fields=["phone_digest", "sent_at"], name="people_phonecode_phone"),
            models.Index(fields=["address_digest", "sent_at"], name="people_phonecode_address"),
        ]

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d %H:%M}"


class Throttle(models.Model):
    """How often something failed lately and until when it must wait. A row exists only while there are failures."""

    key = models.CharField(max_length=43, primary_key=True)
    failures = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("登录限速")
        indexes = [models.Index(fields=["last_at"], name="people_throttle_last")]

    def __str__(self) -> str:
        return f"{self.failures}"


class SavedFilter(models.Model):
    """Filters of a list that somebody keeps under a name of their own; `query` is the address's part after the "?"."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("名称"), max_length=20)
    query = models.CharField(max_length=1000)
    saved_at = models.DateTimeField(_("存下时间"))

    class Meta:
        verbose_name = _("存下的筛选")
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="people_saved_filter_name"),
            models.UniqueConstraint(fields=["account", "query"], name="people_saved_filter_query"),
        ]

    def __str__(self) -> str:
        return self.name
