"""Whether a letter is ours, by the code on it: what it is, when it went out, and whether a file is the same."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jiazhan.documents import numbers, selectors
from jiazhan.documents.files import storage
from jiazhan.people.adapters import client_address
from jiazhan.people.services import pace
from jiazhan.web.ui.forms import Form
from jiazhan.web.ui.guards import anyone

from .forms import Line
from .frame import page

GUESSING = pace.Pace("verify a letter", burst=60, every=timedelta(seconds=30))


class CodeForm(Form):
    code = Line(label=gettext_lazy("验证码"), longest=40)


@anyone
@never_cache
@require_safe
def enter(request: HttpRequest) -> HttpResponse:
    """Type the code from a letter."""
    if "code" not in request.GET:
        return page(request, "public/verify.html", {"form": CodeForm()})
    form = CodeForm(request.GET)
    if form.is_valid():
        try:
            pace.spend(GUESSING, client_address(request), at=timezone.now())
            if document := selectors.by_verify_code(form.cleaned_data["code"]):
                return redirect("public:verified", jurisdiction=document.jurisdiction, code=document.verify_code)
            form.add_error("code", _("没有查到这个验证码。请核对函件末尾的 12 位字母和数字。"))
        except pace.TooFast as refusal:
            form.add_error("code", str(refusal))
    return page(request, "public/verify.html", {"form": form}, status=422)


@anyone
@never_cache
def verify(request: HttpRequest, jurisdiction: str, code: str) -> HttpResponse:
    """What the house knows of the letter, and by POST whether a PDF is the very one that went out.

    Its words and its title are for those it was sent to: only number and day are shown.
    """
    context = {"document": None, "code": numbers.grouped_code(numbers.bare_code(code)), "refusal": "", "is_same": None}
    try:
        pace.spend(GUESSING, client_address(request), at=timezone.now())
    except pace.TooFast as refusal:
        context["refusal"] = str(refusal)
        return page(request, "public/verified.html", context, jurisdiction=jurisdiction, status=429)
    document = context["document"] = selectors.by_verify_code(code)
    if document and request.method == "POST":
        if sent := request.FILES.get("letter"):
            context["is_same"] = selectors.is_same_pdf(document, storage.sha256(sent))
        else:
            context["refusal"] = _("请先选一份 PDF 文件，再点「核对」。")
    return page(request, "public/verified.html", context, jurisdiction=jurisdiction, status=200 if document else 404)
