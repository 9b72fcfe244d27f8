"""The figures of a choice as a spreadsheet, and as the report to the standing committee."""

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jiazhan.people.permissions import Permission as P
from jiazhan.suggestions.services import report as reports
from jiazhan.suggestions.services import report_table
from jiazhan.web.ui.guards import needs

from .asking import asked, words_of
from .pages import area_of

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@needs(P.PROPOSAL_READ)
@require_safe
@never_cache
def xlsx(request: HttpRequest) -> HttpResponse:
    area = area_of(request)
    choice = asked(request.GET, this_year=timezone.localdate().year)
    said = words_of(choice, area=area)
    content = report_table.as_xlsx(request.user, choice, area=area)
    return _download(content, "xlsx", _("代表建议办理统计（%(said)s）") % {"said": said})


@needs(P.PROPOSAL_READ)
@require_safe
@never_cache
def report(request: HttpRequest, kind: str) -> HttpResponse:
    """As DOCX to be worked on, or as PDF."""
    if kind not in {"docx", "pdf"}:
        raise Http404
    area, today = area_of(request), timezone.localdate()
    choice = asked(request.GET, this_year=today.year)
    said = words_of(choice, area=area)
    written = reports.write(request.user, choice, area=area, said=said, on=today)
    return _download(written.as_pdf() if kind == "pdf" else written.as_docx(), kind, written.content.title)


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=TYPES[kind])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name.replace('/', '／'))}.{kind}"
    return answer
