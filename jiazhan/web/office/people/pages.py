"""Pages on people: who is there, one person with posts and logins, what each role may do, terms of congresses."""

import uuid
from contextlib import suppress
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jiazhan.people import access, crypto, phones, selectors
from jiazhan.people.models import Account, Post
from jiazhan.people.permissions import WORDS, Permission
from jiazhan.people.roles import ROLES, Role
from jiazhan.people.services import posts as appointing
from jiazhan.people.services import sessions
from jiazhan.people.states import MANDATE
from jiazhan.places.models import Region, Term
from jiazhan.web.office.frame import page
from jiazhan.web.office.people.forms import AppointForm, SearchForm
from jiazhan.web.ui.browsers import device_words
from jiazhan.web.ui.guards import needs

PER_PAGE = 50

ACTIONS = {
    "account.created": gettext_lazy("开立账号"),
    "account.deactivated": gettext_lazy("停用账号"),
    "account.reactivated": gettext_lazy("恢复账号"),
    "account.password-reset": gettext_lazy("重置密码"),
    "account.second-factor-set": gettext_lazy("设好第二步验证"),
    "account.second-factor-reset": gettext_lazy("重置第二步验证"),
    "account.sessions-revoked": gettext_lazy("结束登录"),
    "account.filter-saved": gettext_lazy("存下筛选"),
    "account.filter-renamed": gettext_lazy("筛选改名"),
    "account.filter-deleted": gettext_lazy("删除筛选"),
    "post.appointed": gettext_lazy("任职"),
    "post.ended": gettext_lazy("离任"),
    "post.cancelled": gettext_lazy("撤销任职"),
    "mandate.suspended": gettext_lazy("暂停执行代表职务"),
    "mandate.reinstated": gettext_lazy("恢复执行代表职务"),
    "mandate.terminated": gettext_lazy("终止代表资格"),
    "mandate.expired": gettext_lazy("代表任期届满"),
}


@needs(Permission.PEOPLE_MANAGE, Permission.SESSION_MANAGE, Permission.PEOPLE_IMPORT)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The accounts of the own area, searched by name, user name or whole phone number."""
    form = SearchForm(request.GET)
    form.is_valid()
    asked = {name: form.cleaned_data.get(name) for name in form.fields}
    rows = _searched(access.visible_to(request.user), asked)
    number = asked["page"] or 1
    start = (number - 1) * PER_PAGE
    with_posts = Prefetch("posts", Post.objects.select_related("unit", "station"))
    found = list(rows.order_by("name", "id").prefetch_related(with_posts)[start : start + PER_PAGE + 1])
    today = timezone.localdate()
    context = {
        "asked": asked,
        "people": [(account, _posts_in_words(account, today)) for account in found[:PER_PAGE]],
        "kinds": [("staff", _("工作人员")), ("deputy", _("代表"))],
        "roles": [(role.value, role.label) for role in Role if role != Role.DEPUTY],
        "is_filtered": any(asked.get(name) for name in ("q", "kind", "role")),
        "next_url": _at_page(asked, number + 1) if len(found) > PER_PAGE else None,
        "previous_url": _at_page(asked, number - 1) if number > 1 else None,
        "may_create": Permission.PEOPLE_MANAGE in request.user.permissions,
    }
    return page(request, "office/people/list.html", context, current="office:people")


@needs(Permission.PEOPLE_MANAGE, Permission.SESSION_MANAGE, Permission.PEOPLE_IMPORT)
@require_safe
def person(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    return person_page(request, access.get_for(request.user, account_id))


def person_page(
    request: HttpRequest,
    account: Account,
    *,
    appoint_form: AppointForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """One person; `refusal` is why an act on this page was not done."""
    user, at = request.user, timezone.now()
    may_manage = access.may_manage(user, account, Permission.PEOPLE_MANAGE)
    may_end = access.may_manage(user, account, Permission.SESSION_MANAGE)
    deputy = selectors.deputy_by_account(account)
    mandates = deputy.mandates.select_related("term__congress", "constituency").order_by("-starts_on") if deputy else []
    all_posts = list(account.posts.select_related("unit", "station").order_by("-starts_on"))
    today = timezone.localdate()
    context: dict[str, Any] = {
        "account": account,
        "deputy": deputy,
        "mandates": [
            (
                mandate,
                MANDATE.for_staff(mandate.status),
                _steps(mandate.status) if _holds(user, Permission.PEOPLE_MANAGE) else {},
            )
            for mandate in mandates
        ],
        "posts": [
            (post, _may_end(user, account, post)) for post in all_posts if post.ends_on is None or post.ends_on > today
        ],
        "past_posts": [post for post in all_posts if post.ends_on is not None and post.ends_on <= today],
        "area_names": dict(Region.objects.filter(pk__in={post.area for post in all_posts}).values_list("pk", "name")),
        "factors": Authenticator.objects.filter(user_id=account.pk).exclude(type="recovery_codes").count(),
        "sessions": [(row, device_words(row.user_agent)) for row in sessions.open_sessions(account, at=at)]
        if may_end
        else [],
        "entries": [
            {
                "title": ACTIONS.get(entry.action, entry.action),
                "at": entry.at,
                "by": entry.actor_name,
                "body": _said(entry.detail),
            }
            for entry in selectors.record_of(account)
        ],
        "may_manage": may_manage,
        "may_end": may_end,
        "is_own": account.pk == user.pk,
        "appoint_form": appoint_form or (AppointForm(by=user) if _may_appoint(user, account) else None),
        "refusal": refusal,
        "today": today,
    }
    return page(request, "office/people/person.html", context, current="office:people", status=status)


@needs(Permission.PEOPLE_MANAGE, Permission.SESSION_MANAGE, Permission.PEOPLE_IMPORT)
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Every role: who may hold it, what it may do (handbook §14)."""
    rows = [
        (Role(role).label, rule, [WORDS[each] for each in Permission if each in rule.permissions])
        for role, rule in ROLES.items()
    ]
    return page(request, "office/people/roles.html", {"roles": rows}, current="office:people")


@needs(Permission.PEOPLE_MANAGE)
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """The terms of congresses in the own areas, with how many mandates still run."""
    rows = [(term, term.mandates.filter(status__in=["active", "suspended"]).count()) for term in terms_of(request.user)]
    return page(
        request, "office/people/terms.html", {"terms": rows, "today": timezone.localdate()}, current="office:people"
    )


def terms_of(user: Account) -> list[Term]:
    areas = tuple(post.area for post in user.posts_with(Permission.PEOPLE_MANAGE))
    rows = Term.objects.select_related("congress").exclude(congress__region=None).order_by("-ends_on")
    return [term for term in rows if term.congress.region_id.startswith(areas)]


def _searched(rows: Any, asked: dict[str, Any]) -> Any:
    if words := (asked.get("q") or "").strip():
        matches = Q(name__icontains=words) | Q(username__icontains=words.lower())
        with suppress(phones.NotAPhone):
            matches |= Q(phone_digest=crypto.digest(phones.normalise(words)))
        rows = rows.filter(matches)
    if asked.get("kind"):
        rows = rows.filter(kind=asked["kind"])
    if asked.get("role"):
        rows = rows.filter(pk__in=selectors.posts_in_force().filter(role=asked["role"]).values("account_id"))
    return rows


def _posts_in_words(account: Account, today: Any) -> str:
    current = [
        post
        for post in account.posts.all()
        if post.starts_on <= today and (post.ends_on is None or post.ends_on > today)
    ]
    return "、".join(
        " ".join(str(part) for part in (post.station or post.unit, Role(post.role).label) if part) for post in current
    )


def _at_page(asked: dict[str, Any], number: int) -> str:
    kept = {name: value for name, value in asked.items() if value and name != "page"}
    return f"?{urlencode(kept | {'page': number})}"


def _steps(status: str) -> dict[str, Any]:
    return {name: step for name, step in MANDATE.steps_from(status).items() if name != "expire"}


def _holds(user: Account, permission: Permission) -> bool:
    return permission in user.permissions


def _may_end(user: Account, account: Account, post: Post) -> bool:
    return account.pk != user.pk and appointing.may_give(user, role=Role(post.role), area=post.area)


def _may_appoint(user: Account, account: Account) -> bool:
    return account.pk != user.pk and account.is_active and _holds(user, Permission.PEOPLE_MANAGE)


def _said(detail: dict[str, Any]) -> str:
    words = [detail[name] for name in ("place", "term", "reason") if detail.get(name)]
    if detail.get("role") in set(Role):
        words.insert(0, str(Role(detail["role"]).label))
    return " · ".join(words)
