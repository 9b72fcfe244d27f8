"""What was released to the public by two people: a list with filters, and a page each; what was taken down leaves a marker."""

import uuid
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from jiazhan.kernel import scope
from jiazhan.opinions.choices import OutcomeClass, PublicationState
from jiazhan.opinions.models import Category, Opinion, Publication
from jiazhan.places.models import Region
from jiazhan.web.ui.guards import anyone

from .frame import page

PAGE = 20


@anyone
@require_safe
def published_list(request: HttpRequest) -> HttpResponse:
    """Filters stay in the address; the page number too, because the list is short and changes at its head."""
    given = {name: request.GET.get(name, "").strip()[:40] for name in ("q", "street", "category", "outcome")}
    number = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    rows = _matching(in_view(), given)
    start = max(0, number - 1) * PAGE
    found = list(rows[start : start + PAGE + 1])
    context = {
        "given": given,
        "rows": [as_row(each) for each in found[:PAGE]],
        "previous": number - 1 if number > 1 else None,
        "next": number + 1 if len(found) > PAGE else None,
        "streets": [(each.code, each.name) for each in _streets()],
        "categories": list(Category.objects.filter(is_active=True).order_by("code").values_list("code", "name")),
        "outcomes": OutcomeClass.choices,
        "is_filtered": any(given.values()),
    }
    return page(request, "public/published_list.html", context)


@anyone
@require_safe
def published(request: HttpRequest, jurisdiction: str, publication_id: uuid.UUID) -> HttpResponse:
    rows = Publication.objects.filter(jurisdiction=jurisdiction, pk=publication_id)
    rows = rows.select_related("opinion__station__street", "opinion__category", "opinion__unit")
    found = rows.filter(state__in=[PublicationState.PUBLISHED, PublicationState.WITHDRAWN]).first()
    if found is None:
        raise Http404
    if found.state == PublicationState.WITHDRAWN:
        # The marker says when and why, nothing of what stood here.
        return page(request, "public/taken_down.html", {"publication": found}, jurisdiction=jurisdiction, status=410)
    promises = found.opinion.promises.order_by("due_on")
    context = {"publication": found, "opinion": found.opinion, "took": took(found.opinion), "promises": list(promises)}
    return page(request, "public/published.html", context, jurisdiction=jurisdiction)


def in_view() -> QuerySet[Publication]:
    """The pages in view within the open scope, the newest first."""
    rows = Publication.objects.filter(jurisdiction__in=scope.current(), state=PublicationState.PUBLISHED)
    rows = rows.select_related("opinion__station__street", "opinion__category")
    return rows.defer("opinion__terms", "opinion__marks", "opinion__body").order_by("-reviewed_at", "-id")


def as_row(publication: Publication) -> dict[str, Any]:
    opinion = publication.opinion
    facts = [
        opinion.station.name,
        opinion.category.name if opinion.category else "",
        opinion.get_outcome_display(),
        took(opinion),
    ]
    shown = [fact for fact in facts if fact]
    return {"publication": publication, "title": publication.title, "facts": shown, "took": took(opinion)}


def took(opinion: Opinion) -> str:
    """ "用时 6 天", from being raised to the reply; empty before it."""
    if opinion.replied_at is None:
        return ""
    days = max(1, (timezone.localdate(opinion.replied_at) - timezone.localdate(opinion.raised_at)).days)
    return ngettext("用时 %(n)s 天", "用时 %(n)s 天", days) % {"n": days}


def _matching(rows: QuerySet[Publication], given: dict[str, str]) -> QuerySet[Publication]:
    if given["q"]:
        rows = rows.filter(Q(title__contains=given["q"]) | Q(body__contains=given["q"]))
    if given["street"]:
        rows = rows.filter(opinion__street=given["street"])
    if given["category"]:
        rows = rows.filter(opinion__category__code__startswith=given["category"])
    if given["outcome"] in OutcomeClass.values:
        rows = rows.filter(opinion__outcome=given["outcome"])
    return rows


def _streets() -> QuerySet[Region]:
    return Region.objects.filter(stations__jurisdiction__in=scope.current()).distinct().order_by("code")
