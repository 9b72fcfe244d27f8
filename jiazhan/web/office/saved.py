"""Filters of the list that a person keeps under a name: links above the list, and the page that renames and deletes them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiazhan.kernel.prepared import prepared
from jiazhan.people.models import Account, SavedFilter
from jiazhan.people.services import saved_filters as services
from jiazhan.web.ui.guards import needs

from . import filters
from .frame import DESK, page
from .refusals import sentence_of, status_of


def links(user: Account, current: str) -> list[dict[str, Any]]:
    """What the person keeps, as links; `current` is the list's own address in its canonical form."""
    address = reverse("office:queue")
    rows = _kept_by(user.pk)
    return [{"label": name, "url": f"{address}?{query}", "current": query == current} for name, query in rows]


@prepared
def _kept_by(account: UUID) -> QuerySet[SavedFilter, tuple[str, str]]:
    return SavedFilter.objects.filter(account=account).order_by("saved_at", "pk").values_list("name", "query")


@needs(*DESK)
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    return _listed(request)


@needs(*DESK)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the list that the form stands on, and go back to it."""
    name, query = request.POST.get("name", ""), filters.canonical(QueryDict(request.POST.get("query", "")[:4000]))
    try:
        kept = services.save_filter(request.user, name=name, query=query, at=timezone.now())
    except Exception as error:
        return _listed(
            request, refusal=sentence_of(error), status=status_of(error), tried={"name": name, "query": query}
        )
    messages.success(request, _("已存为“%(name)s”，点列表上方的名称就能打开。") % {"name": kept.name})
    return redirect(f"{reverse('office:queue')}?{kept.query}")


@needs(*DESK)
@require_POST
def rename(request: HttpRequest, filter_id: UUID) -> HttpResponse:
    own = _own(request, filter_id)
    try:
        services.rename_filter(own, name=request.POST.get("name", ""), at=timezone.now())
    except Exception as error:
        return _listed(request, refusal=sentence_of(error), status=status_of(error))
    messages.success(request, _("名称已改。"))
    return redirect("office:saved-filters")


@needs(*DESK)
@require_POST
def delete(request: HttpRequest, filter_id: UUID) -> HttpResponse:
    own = _own(request, filter_id)
    services.delete_filter(own, at=timezone.now())
    messages.success(request, _("已删除“%(name)s”。列表里的事项不受影响。") % {"name": own.name})
    return redirect("office:saved-filters")


def _own(request: HttpRequest, filter_id: UUID) -> SavedFilter:
    """One of the person's own. Raises Http404 for anybody else's."""
    found = SavedFilter.objects.filter(account=request.user, pk=filter_id).select_related("account").first()
    if found is None:
        raise Http404
    return found


def _listed(
    request: HttpRequest, *, refusal: str = "", status: int = 200, tried: dict[str, str] | None = None
) -> HttpResponse:
    """The page of what is kept; `tried` is what could not be saved, still there to be given another name."""
    rows = SavedFilter.objects.filter(account=request.user).order_by("saved_at", "pk")
    today = timezone.localdate()
    context = {
        "saved": [(each, filters.in_words(QueryDict(each.query), today=today)) for each in rows],
        "refusal": refusal,
        "tried": tried,
        "most": services.MOST,
        "longest": services.LONGEST_NAME,
    }
    return page(request, "office/saved_filters.html", context, current="office:queue", status=status)
