"""What deputies proposed and what came of it, as two people released it: a list with search, and a page each.

Words are looked for in what was released alone, never in the text behind it (handbook §11).
"""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiazhan.kernel import scope
from jiazhan.kernel.keeping import for_a_minute
from jiazhan.kernel.outcomes import OutcomeClass, PublicationState
from jiazhan.kernel.text import mask
from jiazhan.opinions.models import Category
from jiazhan.people.models import Deputy, Unit
from jiazhan.places.models import Session
from jiazhan.suggestions.models import Proposal, Publication
from jiazhan.suggestions.parameters import letter_of
from jiazhan.suggestions.selectors import released
from jiazhan.web.ui.guards import anyone

from .frame import page

PAGE = 20
BETWEEN = "between"


@anyone
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """Filters and the page's number stay in the address."""
    given = _asked(request.GET)
    number = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    number = min(max(number, 1), 500)
    rows = released.matching(released.in_view(), given)
    found = list(rows[(number - 1) * PAGE : number * PAGE + 1])
    shown = {name: request.GET.get(name, "") for name in ("year", "session", "category", "host", "outcome")}
    context = {
        "given": given,
        "shown": shown,
        "rows": [as_row(each) for each in found[:PAGE]],
        "previous": number - 1 if number > 1 else None,
        "next": number + 1 if len(found) > PAGE else None,
        "is_filtered": given != released.Filters(),
        "outcomes": OutcomeClass.choices,
        **_offered(tuple(sorted(scope.current()))),
    }
    return page(request, "public/proposals.html", context)


@anyone
@require_safe
def proposal(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    """One released proposal; a marker, with when and why, where it was taken down."""
    found = released.page_of(jurisdiction, proposal_id)
    if found is None:
        raise Http404
    if found.state == PublicationState.WITHDRAWN:
        context: dict[str, Any] = {"publication": found}
        return page(request, "public/proposal_taken_down.html", context, jurisdiction=jurisdiction[:6], status=410)
    held = found.proposal
    context = {
        "publication": found,
        "proposal": held,
        "lead": name_of(held.lead),
        "cosigners": _cosigners(held),
        "letter": letter_of(held.outcome, held.congress_area),
        "confirmed": confirmed(held),
        "promises": [(mask(each.text), each) for each in held.promises.order_by("due_on", "id")],
    }
    return page(request, "public/proposal.html", context, jurisdiction=jurisdiction[:6])


def latest(count: int) -> list[dict[str, Any]]:
    """The last ones released, for the front page."""
    return [as_row(each) for each in released.in_view()[:count]]


def of_deputy(deputy: Deputy, count: int) -> list[dict[str, Any]]:
    """The last ones that a deputy filed as the lead, for the deputy's page."""
    return [as_row(each) for each in released.of_deputy(deputy.pk)[:count]]


def as_row(publication: Publication) -> dict[str, Any]:
    held = publication.proposal
    facts = [
        _("%(year)s 年") % {"year": held.year},
        name_of(held.lead),
        held.host.short_name or held.host.name if held.host else "",
        held.get_outcome_display(),
        confirmed(held) if held.replied_at else "",
    ]
    return {"publication": publication, "title": publication.title, "facts": [each for each in facts if each]}


def name_of(deputy: Deputy) -> str:
    """The lead by name, unless the deputy is not shown publicly."""
    return _("%(name)s代表") % {"name": deputy.name} if deputy.is_public else _("一位代表")


def confirmed(proposal: Proposal) -> str:
    """What the deputies themselves say of it: stands wherever satisfaction does."""
    if proposal.is_resolved is None:
        return _("代表没有确认是否解决")
    return _("代表确认已解决") if proposal.is_resolved else _("代表认为没有解决")


def _cosigners(proposal: Proposal) -> int:
    return int(proposal.cosigners.filter(consent="confirmed").count())


def _asked(query: QueryDict) -> released.Filters:
    """What means nothing is passed over, so that an old bookmark still opens."""
    year, session, category = (query.get(name, "").strip()[:40] for name in ("year", "session", "category"))
    outcome = query.get("outcome", "")
    return released.Filters(
        words=query.get("q", "").replace("\x00", "").strip()[:40],
        year=int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None,
        session=_id(session),
        is_between=session == BETWEEN,
        category=category if category.isascii() and category.isdecimal() and len(category) <= 4 else "",
        host=_id(query.get("host", "")),
        outcome=outcome if outcome in OutcomeClass.values else "",
    )


@for_a_minute
def _offered(jurisdictions: tuple[str, ...]) -> dict[str, Any]:
    """What the filters offer: years, sessions, units and categories of what is in view."""
    shown = Publication.objects.filter(
        jurisdiction__in=jurisdictions, state=PublicationState.PUBLISHED, publicity__in=released.SHOWN
    )
    years = sorted(set(shown.values_list("proposal__year", flat=True)), reverse=True)
    of_unit = shown.values("proposal__host")
    sessions = Session.objects.filter(pk__in=shown.values("proposal__session")).select_related("term")
    codes = {code[:2] for code in shown.values_list("proposal__category", flat=True).distinct() if code}
    return {
        "years": [(str(year), _("%(year)s 年") % {"year": year}) for year in years],
        "sessions": [
            *((str(each.pk), _("%(term)s届%(number)s次会议") % {"term": each.term.number, "number": each.number})
              for each in sessions.order_by("-starts_on")),
            (BETWEEN, _("闭会期间")),
        ],
        "units": [(str(each.pk), each.short_name or each.name) for each in Unit.objects.filter(pk__in=of_unit).order_by("code")],
        "categories": list(Category.objects.filter(code__in=codes).order_by("code").values_list("code", "name")),
    }  # fmt: skip


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
