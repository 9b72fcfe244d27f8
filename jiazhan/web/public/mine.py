"""What a resident who is logged in raised or joined."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jiazhan.opinions import selectors
from jiazhan.people.permissions import Permission
from jiazhan.web.ui.guards import needs

from . import standing
from .frame import page


@needs(Permission.RESIDENT_HOME)
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    found = selectors.my_matters(request.user, cursor=request.GET.get("after", ""))
    rows = [(opinion, standing.of(opinion, at=at)) for opinion in found.rows]
    return page(request, "public/mine.html", {"rows": rows, "next_cursor": found.next_cursor, "resident": request.user})
