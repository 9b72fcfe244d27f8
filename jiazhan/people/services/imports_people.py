"""Files of staff (accounts with their posts) and of deputies (with their mandates and stations)."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiazhan.kernel.spreadsheets import Column, Row
from jiazhan.kernel.spreadsheets import Kind as Cell
from jiazhan.people import crypto, phones
from jiazhan.people.models import Account, AccountKind, Deputy
from jiazhan.people.roles import Role
from jiazhan.places.models import Congress, CongressLevel, Constituency, Term
from jiazhan.places.services import congresses

from . import accounts, deputies, posts
from . import imports_lookups as lookups
from .imports import Desk, Effect, Kind, Login, RowRefused, Taken

_LABELS: dict[str, str] = {str(Role(value).label): value for value in Role.values if value != Role.DEPUTY}
_SHORT = {
    "联络员": Role.LIAISON_OFFICER, "人大工委副主任": Role.STREET_VICE_DIRECTOR, "人大工委主任": Role.STREET_DIRECTOR,
    "代表工委": Role.DEPUTY_AFFAIRS, "经办人": Role.HANDLER, "负责人": Role.UNIT_HEAD, "交办员": Role.GOV_DISPATCHER,
}  # fmt: skip
_LEVELS = {
    "区县": CongressLevel.COUNTY, "市": CongressLevel.CITY, "省": CongressLevel.PROVINCE, "全国": CongressLevel.NATIONAL,
    "乡镇": CongressLevel.TOWNSHIP, "区": CongressLevel.COUNTY, "县": CongressLevel.COUNTY, "县级": CongressLevel.COUNTY,
    "区级": CongressLevel.COUNTY, "市级": CongressLevel.CITY, "省级": CongressLevel.PROVINCE, "镇": CongressLevel.TOWNSHIP,
    "乡": CongressLevel.TOWNSHIP, "乡镇级": CongressLevel.TOWNSHIP,
}  # fmt: skip


def take_account(row: Row, desk: Desk) -> Taken:
    """Make the account of the row's user name, or find it, and give it the row's role."""
    unit = lookups.unit(row["unit"], desk.jurisdiction, "单位")
    station = lookups.station(row["station"], desk.jurisdiction, "站点")
    street = lookups.street(row["street"], desk.jurisdiction, "街道（乡镇）")
    area = station.street_id if station else unit.area if unit else street.code if street else desk.jurisdiction
    desk.within_reach("角色", area)
    username = row["username"].lower()
    account = Account.objects.filter(username=username).first()
    if account and account.name != row["name"]:
        raise RowRefused(
            "用户名", _("“%(username)s”已经是%(name)s的用户名，请换一个") % {"username": username, "name": account.name}
        )
    is_new = account is None
    if account is None:
        password = "" if desk.is_preview else accounts.new_password()
        account = accounts.create_account(
            AccountKind.STAFF, name=row["name"], username=username, phone=row["phone"] or "", password=password, area=area,
            by=desk.by, at=desk.at,
        )  # fmt: skip
        desk.logins.append(Login(account.name, username, password))
    said = f"{account.name} {_SAID[row['role']]}"
    try:
        posts.appoint(
            account, row["role"], area=area, unit=unit, station=station, starts_on=row["starts_on"] or timezone.localdate(desk.at),
            by=desk.by, at=desk.at,
        )  # fmt: skip
    except posts.PostTaken:
        return Taken(Effect.SAME, said)
    except (posts.PostUnfit, posts.RolesApart, posts.NotYoursToGive) as refusal:
        raise RowRefused("角色", str(refusal)) from refusal
    return Taken(Effect.NEW if is_new else Effect.CHANGED, said, () if is_new else (_("已有账号，增加这个角色"),))


def take_deputy(row: Row, desk: Desk) -> Taken:
    """Enter the deputy, or find the one of that name with the same phone or constituency; add the seat and the stations."""
    street = lookups.street(row["street"], desk.jurisdiction, "街道（乡镇）")
    stations = lookups.stations(row["stations"], desk.jurisdiction, "编入站点")
    area = street.code if street else desk.jurisdiction
    desk.within_reach("编入站点" if stations else "姓名", stations[0].street_id if stations else area)
    term = _term(row, desk, area)
    constituency, warnings = _constituency(row, term, desk)
    profile = deputies.Profile(
        gender=row["gender"] or "", employer=row["employer"] or "", specialities=row["specialities"] or "",
        introduction=row["introduction"] or "",
    )  # fmt: skip
    deputy = _known(row, constituency)
    if deputy is None:
        if namesakes := Deputy.objects.filter(name=row["name"]).count():
            warnings.append(_("已有 %(count)s 位同名代表，按手机号和选区都对不上，将另建一位") % {"count": namesakes})
        if not row["phone"]:
            warnings.append(_("没有手机号，这位代表还不能登录"))
        deputy = deputies.enrol(
            row["name"], phone=row["phone"] or "", profile=profile, area=area, by=desk.by, at=desk.at
        )
        effect = Effect.NEW
    else:
        changed = deputies.describe(deputy, profile, area=area, by=desk.by, at=desk.at)
        if row["phone"] and deputy.account_id is None:
            deputies.open_account(deputy, phone=row["phone"], area=area, by=desk.by, at=desk.at)
            changed.append("account")
        effect = Effect.CHANGED if changed else Effect.SAME
    if not deputy.mandates.filter(term=term).exists():
        starts_on = row["elected_on"] or term.starts_on
        deputies.seat(deputy, term, constituency=constituency, starts_on=starts_on, area=area, by=desk.by, at=desk.at)
        effect = Effect.NEW if effect is Effect.NEW else Effect.CHANGED
    for station in stations:
        if not deputy.attachments.filter(station=station, ends_on=None).exists():
            deputies.attach(deputy, station, starts_on=timezone.localdate(desk.at), by=desk.by, at=desk.at)
            effect = Effect.NEW if effect is Effect.NEW else Effect.CHANGED
    return Taken(effect, f"{deputy.name} {term}", tuple(warnings))


def _term(row: Row, desk: Desk, area: str) -> Term:
    """The term that the row names, or the running one of the congress of its level."""
    level = row["level"]
    region = {
        CongressLevel.NATIONAL: None, CongressLevel.PROVINCE: desk.jurisdiction[:2], CongressLevel.CITY: desk.jurisdiction[:4],
        CongressLevel.COUNTY: desk.jurisdiction, CongressLevel.TOWNSHIP: area,
    }[level]  # fmt: skip
    congress = Congress.objects.filter(level=level, region_id=region).first()
    if congress is None:
        raise RowRefused("层级", _("系统里还没有这一级的人民代表大会，请先登记大会和届次"))
    on = row["elected_on"] or timezone.localdate(desk.at)
    terms = (
        congress.terms.filter(number=row["term"])
        if row["term"]
        else congress.terms.filter(starts_on__lte=on, ends_on__gt=on)
    )
    if (term := terms.first()) is None:
        raise RowRefused("届", _("%(congress)s没有登记这一届") % {"congress": congress.name})
    return term


def _constituency(row: Row, term: Term, desk: Desk) -> tuple[Constituency | None, list[str]]:
    written = row["constituency"]
    if not written:
        return None, []
    number = int(written) if written.isdecimal() else None
    if found := term.constituencies.filter(Q(name=written) | Q(number=number)).first():
        return found, []
    last = term.constituencies.order_by("-number").values_list("number", flat=True).first() or 0
    # How many it elects is not in the file: the law's most, so that nobody is refused for it.
    constituency = congresses.draw_constituency(
        term, number=number or last + 1, name=written, seats=3, jurisdiction=desk.jurisdiction, by=desk.by, at=desk.at
    )
    return constituency, [_("新选区%(name)s，将一并登记") % {"name": constituency.name}]


def _known(row: Row, constituency: Constituency | None) -> Deputy | None:
    """The deputy of that name whose phone is the row's, else the one who was elected in the row's constituency."""
    namesakes = Deputy.objects.filter(name=row["name"])
    if row["phone"]:
        digest = crypto.digest(phones.normalise(row["phone"]))
        if known := namesakes.filter(account__phone_digest=digest).first():
            return known
        if other := Deputy.objects.filter(account__phone_digest=digest).first():
            raise RowRefused("手机号", _("已经登记在%(name)s代表名下") % {"name": other.name})
    if constituency is None:
        return None
    known = namesakes.filter(mandates__constituency=constituency).first()
    if known and row["phone"] and known.account_id:
        raise RowRefused("手机号", _("与系统里%(name)s代表的手机号不同，请核对") % {"name": known.name})
    return known


_SAID = {value: label for label, value in _LABELS.items()}

ACCOUNTS = Kind(
    "accounts",
    gettext_lazy("工作人员账号"),
    (
        Column("name", "姓名", required=True, most=40, example="陈站"),
        Column("username", "用户名", Cell.CODE, ("登录名", "账号"), required=True, most=40, note="登录用，字母、数字、点或短横。", example="chenzhan"),
        Column("phone", "手机号", Cell.MOBILE, ("手机", "电话", "联系电话"), example="13800138000"),
        Column("role", "角色", Cell.CHOICE, ("岗位", "职务"), required=True, choices=_LABELS | _SHORT, example="站联络员"),
        Column("unit", "单位", synonyms=("单位编码", "部门", "所在单位"), note="承办单位、政府办的人填；编码或名称。", example=""),
        Column("station", "站点", synonyms=("站码", "所在站点"), note="站长、联络员填；站码或名称。", example="A17"),
        Column("street", "街道（乡镇）", synonyms=("街道", "乡镇"), note="街道人大工委的人填。", example=""),
        Column("starts_on", "任职日期", Cell.DATE, ("任职",), note="不填就是今天。", example="2026-01-05"),
    ),
    (
        gettext_lazy("按用户名认出已有的账号。一个人有几个角色就写几行，用户名相同。"),
        gettext_lazy("新账号的初始密码在导入完成的页面上显示一次，请当场记下并交给本人。"),
    ),
    take_account,
)  # fmt: skip

DEPUTIES = Kind(
    "deputies",
    gettext_lazy("代表名册"),
    (
        Column("name", "姓名", synonyms=("代表姓名",), required=True, most=40, example="周海燕"),
        Column("phone", "手机号", Cell.MOBILE, ("手机", "电话", "联系电话"), note="代表用它登录；不填也能导入，但不能登录。", example="13800138001"),
        Column("gender", "性别", Cell.CHOICE, choices={"男": "m", "女": "f"}, example="女"),
        Column("level", "层级", Cell.CHOICE, ("代表层级", "级别"), required=True, choices=_LEVELS, example="区县"),
        Column("term", "届", Cell.INTEGER, ("届次", "届别"), note="数字；不填就是现在这一届。", example="9"),
        Column("constituency", "选区", synonyms=("选区（选举单位）", "选举单位"), most=80, note="名称或序号；新的选区会一并登记。", example="第三选区"),
        Column("elected_on", "当选日期", Cell.DATE, ("当选",), note="不填就是本届开始的日期。", example="2021-12-20"),
        Column("street", "街道（乡镇）", synonyms=("街道", "乡镇"), note="乡镇人大代表填所在乡镇。", example=""),
        Column("stations", "编入站点", Cell.TEXT, ("站点", "联络站", "站码"), note="站码或站名；几个站用顿号隔开。", example="A17、A18"),
        Column("employer", "工作单位及职务", synonyms=("单位职务", "工作单位"), most=120, example="区人民医院主任医师"),
        Column("specialities", "专长", most=200, example="医疗卫生"),
        Column("introduction", "公开简介", Cell.TEXT, ("简介",), most=2000, example=""),
    ),
    (
        gettext_lazy("按“姓名和手机号”或“姓名和选区”认出已有的代表；空着的格子不改动原来的内容。"),
        gettext_lazy("一个人担任几级代表就写几行，姓名和手机号相同。"),
    ),
    take_deputy,
)  # fmt: skip
