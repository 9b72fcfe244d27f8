"""The pack for a meeting that supervises: a chosen set of proposals, the questions proposed and edited, as PDF or DOCX.

It is a working paper, made anew each time: it has no number, nothing is issued, nobody is told.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiazhan.documents.letters import pdf, word
from jiazhan.documents.letters.content import MeetingPack, PackRow
from jiazhan.kernel import deadlines
from jiazhan.people.permissions import Permission as P
from jiazhan.suggestions import access
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.selectors import pack as reading
from jiazhan.suggestions.selectors.pack import Line
from jiazhan.suggestions.services import desks
from jiazhan.web.office.frame import desk_name, page
from jiazhan.web.ui.guards import needs

from .forms import PackForm

MOST = 60
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@needs(P.PROPOSAL_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def pack(request: HttpRequest) -> HttpResponse:
    """GET: the chosen proposals (`p`) with proposed questions to edit. POST: the file, as `as` says."""
    today = timezone.localdate()
    given = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(request, given.getlist("p"))
    if not chosen:
        messages.warning(request, _("请先在列表里勾选要放进材料的建议。"))
        return redirect("office:supervision")
    ids = [each.pk for each in chosen]
    lines = reading.lines_of(chosen, today=today)
    if request.method == "POST":
        form = PackForm(request.POST, ids=ids)
        if form.is_valid():
            return _file(request, form, lines)
        status = 422
    else:
        form = PackForm(ids=ids)
        form.initial = {"title": _("督办代表建议情况材料"), "held_on": today}
        form.initial |= {f"q-{each.proposal.pk.hex}": "\n".join(each.questions) for each in lines}
        status = 200
    context = {
        "form": form,
        "entries": [{"line": each, "field": form[f"q-{each.proposal.pk.hex}"]} for each in lines],
        "most": MOST,
        "is_full": len(chosen) == MOST,
    }
    return page(request, "office/supervision/pack.html", context, current="office:supervision", status=status)


def _chosen(request: HttpRequest, asked: list[str]) -> list[Proposal]:
    """Those of the asked that the person may read, in the order of the list."""
    ids: list[UUID] = []
    for each in asked:
        try:
            ids.append(UUID(each))
        except ValueError:
            continue
    rows = access.visible_to(request.user).filter(pk__in=ids[: MOST * 2]).select_related("lead", "host", "repeats")
    found = {each.pk: each for each in rows}
    return [found[each] for each in dict.fromkeys(ids) if each in found][:MOST]


def _file(request: HttpRequest, form: PackForm, lines: list[Line]) -> HttpResponse:
    today, said = timezone.localdate(), form.cleaned_data
    content = MeetingPack(
        issuer=_issuer(request, lines[0].proposal),
        title=said["title"],
        paragraphs=(
            _("本次会议督办代表建议 %(n)s 件，清单、办理进展和询问事项如下（数据截至 %(on)s）。")
            % {"n": len(lines), "on": today},
        ),
        rows=tuple(
            PackRow(
                number=each.proposal.number,
                title=each.proposal.title,
                lead=each.proposal.lead.name,
                units=each.units or _("还没有交办"),
                due=deadlines.words(each.proposal.due_on, today) if each.proposal.due_on else each.proposal.get_state_display(),
                progress=tuple(each.progress),
                questions=form.questions(each.proposal.pk),
            )
            for each in lines
        ),
        signed_on=said["held_on"],
    )  # fmt: skip
    is_word = request.POST.get("as") == "docx"
    body = word.render(content) if is_word else pdf.render(content).pdf
    headers: dict[str, Any] = {
        "Content-Disposition": f'{"attachment" if is_word else "inline"}; filename="pack-{today}.{"docx" if is_word else "pdf"}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }  # fmt: skip
    return HttpResponse(body, content_type=WORD if is_word else "application/pdf", headers=headers)


def _issuer(request: HttpRequest, proposal: Proposal) -> str:
    """The committee of whoever makes it, else the congress's desk."""
    post = next((each for each in request.user.posts_with(P.PROPOSAL_SUPERVISE) if each.unit), None)
    return post.unit.name if post and post.unit else desks.congress_desk(proposal).name or desk_name(request.user)
