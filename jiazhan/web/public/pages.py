"""Pages that explain: who runs this and what is kept of whom, and how to complain."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiazhan.web.ui.guards import anyone

from .frame import page


@anyone
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """The notice of 个人信息保护法第17条."""
    return page(request, "public/about.html")


@anyone
@require_safe
def complain(request: HttpRequest) -> HttpResponse:
    return page(request, "public/complain.html")
