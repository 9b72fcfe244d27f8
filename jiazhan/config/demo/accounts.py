"""How a visitor logs in to the demo: a handful of accounts by role, one password, one second step for all."""

import time
from collections import Counter
from pathlib import Path

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import encrypt
from django.conf import settings

from jiazhan.kernel import scope
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.states import AT_UNIT, State
from jiazhan.people import crypto
from jiazhan.people.models import Account, Post, Unit, UnitKind
from jiazhan.people.roles import ROLES

from .names import COUNTY
from .people import PASSWORD, People
from .places import Places

FILE = "demo-accounts.txt"
# Public on purpose: it opens the fictional county and nothing else.
SECRET = "YUNXIDEMOYUNXIDEMOYUNXIDEMOYUNXI"
STEP_SECONDS = 30


def give_second_steps() -> None:
    """One authenticator, known to everybody, for each account whose role needs one."""
    roles = [role for role, rule in ROLES.items() if rule.needs_second_factor]
    holders = Account.objects.filter(pk__in=Post.objects.filter(role__in=roles).values("account_id"))
    Authenticator.objects.bulk_create(
        [Authenticator(user=each, type=Authenticator.Type.TOTP, data={"secret": encrypt(SECRET)}) for each in holders]
    )


def code_now() -> str:
    """The six digits that hold for the running half minute."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // STEP_SECONDS))


def write(here: Places, everybody: People) -> Path:
    """Write the list that `serve` shows at its start."""
    first, busy = here.stations[1], _busiest(here)
    code = busy.code.lower()
    deputy = everybody.deputies[first.code][1]
    phone = crypto.decrypt(deputy.account.phone_encrypted)
    lines = [
        f"  站联络员        zhan1          {first.name}",
        "  街道人大工委    fuzhuren1（副主任）、gongwei1（主任）",
        "  区人大          daigong（代表工委）、renda-ban（常委会办公室）、zhuren（主任会议）",
        "  区政府办        zhengfu-ban",
        f"  承办单位        {code}-jingban、{code}-fuze（{busy.name}经办人、负责人），jieban1、jiedao1（街道办事处）",
        "  管理            xitong、anquan、shenji",
        f"  密码都是 {PASSWORD}；要第二步验证时，另开一个终端运行 .venv/bin/jiazhan demo code",
        f"  人大代表        手机号 {phone}（{deputy.name}），验证码显示在本窗口",
        "  群众            不用登录，从首页选一个站点，点“我要反映”",
    ]
    path = Path(settings.HOME) / FILE
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _busiest(here: Places) -> Unit:
    """The department with the most to do today: a visitor should find something on its desk."""
    with scope.within([COUNTY]):
        held = Opinion.objects.filter(unit__kind=UnitKind.DEPARTMENT, state__in=AT_UNIT | {State.REOPENED})
        counts = Counter(held.values_list("unit__code", flat=True))
    return here.units[max(counts, key=lambda code: (counts[code], code), default="SW")]
