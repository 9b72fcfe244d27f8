"""Messages that an office already has in a spreadsheet: choose the file, see every row, then take what is fit."""

import base64
import io
from typing import Any
from urllib.parse import quote

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiazhan.documents.files import staging
from jiazhan.documents.files.checking import Checked
from jiazhan.kernel import spreadsheets
from jiazhan.kernel.spreadsheets import Table
from jiazhan.opinions.services import importing
from jiazhan.people import crypto
from jiazhan.people.permissions import Permission as P
from jiazhan.places.models import Station
from jiazhan.web.ui.forms import Form
from jiazhan.web.ui.guards import needs

from .enter import stations_of
from .frame import page
from .refusals import sentence_of

SALT = "office.import"
KEPT_SECONDS = 24 * 3600
# What one request takes; larger files are taken by the command line, which can be left alone.
MOST_ROWS = 2000
SHOWN = 200


class FileGone(Exception):
    """The previewed file was left too long, or is somebody else's."""

    code = "file-gone"

    def __init__(self) -> None:
        super().__init__(_("预览放得太久了，请重新选择文件。没有收进任何内容。"))


class TooManyRows(Exception):
    """More than one request should take."""

    code = "too-many-rows"

    def __init__(self, count: int) -> None:
        super().__init__(
            _("表里有 %(count)s 行，这里一次最多收 %(most)s 行。请分成几份，或请系统管理员用命令导入。")
            % {"count": count, "most": MOST_ROWS}
        )


class ImportForm(Form):
    """The station, the file, and the names of columns where they are called otherwise."""

    station = forms.ModelChoiceField(Station.objects.none(), label=gettext_lazy("收进哪个站"), empty_label=None)
    table = forms.FileField(
        label=gettext_lazy("表格文件"), help_text=gettext_lazy(".xlsx、.xls 或 .csv。列的先后不要紧，多出的列不读。")
    )

    def __init__(self, *given: Any, user: Any) -> None:
        super().__init__(*given)
        stations = stations_of(user)
        self.fields["station"].queryset = stations
        self.initial["station"] = getattr(stations.first(), "pk", None)
        for column in importing.COLUMNS:
            self.fields[f"column_{column.name}"] = forms.CharField(label=column.title, required=False, max_length=40)

    @property
    def mapping_fields(self) -> list[Any]:
        return [self[f"column_{column.name}"] for column in importing.COLUMNS]

    def mapping(self) -> dict[str, str]:
        named = {column.name: self.cleaned_data[f"column_{column.name}"].strip() for column in importing.COLUMNS}
        return {name: heading for name, heading in named.items() if heading}


@needs(P.OPINION_ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """Choose a file and see what each row would become; nothing is taken yet."""
    if request.method != "POST":
        return _choose_page(request, ImportForm(user=request.user))
    form = ImportForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return _choose_page(request, form, status=422)
    upload, station = form.cleaned_data["table"], form.cleaned_data["station"]
    content = upload.read(spreadsheets.LIMIT + 1)
    try:
        table = importing.preview(content, mapping=form.mapping())
        if len(table) > MOST_ROWS:
            raise TooManyRows(len(table))
    except Exception as error:
        form.add_error("table", sentence_of(error))
        return _choose_page(request, form, status=422)
    sealed = _keep(request, content, station=str(station.pk), name=upload.name, mapping=form.mapping())
    context = _preview(table) | {"station": station, "name": upload.name, "sealed": sealed}
    return page(request, "office/import_preview.html", context, current="office:import")


@needs(P.OPINION_ENTER)
@require_POST
@never_cache
def commit(request: HttpRequest) -> HttpResponse:
    """Take the rows that are fit; the others are named with line and reason. The same file again adds nothing."""
    try:
        content, kept = _kept(request)
        station = stations_of(request.user).filter(pk=kept["station"]).first()
        if station is None:
            raise FileGone
        result = importing.import_opinions(
            content, station=station, by=request.user, at=timezone.now(), mapping=kept["mapping"]
        )
    except Exception as error:
        form = ImportForm(user=request.user)
        return _choose_page(request, form, refusal=sentence_of(error), status=422)
    context = {"result": result, "station": station, "name": kept["name"]}
    return page(request, "office/import_done.html", context, current="office:import")


@needs(P.OPINION_ENTER)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The .xlsx to fill in."""
    title = _("意见登记表")
    content = spreadsheets.template(importing.COLUMNS, title=title)
    answer = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title)}.xlsx"
    return answer


def _preview(table: Table) -> dict[str, Any]:
    titles = {column.name: column.title for column in importing.COLUMNS}
    bad = [row for row in table if row.problems]
    good = [row for row in table if not row.problems]
    return {
        "rows": [*bad, *good][:SHOWN],
        "bad": len(bad),
        "good": len(good),
        "columns": [(name, title) for name, title in titles.items() if name not in table.absent],
        "absent": [title for name, title in titles.items() if name in table.absent],
        "ignored": table.ignored,
        "is_cut": len(table) > SHOWN,
    }


def _choose_page(request: HttpRequest, form: ImportForm, *, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {"form": form, "refusal": refusal, "columns": importing.COLUMNS}
    return page(request, "office/import.html", context, current="office:import", status=status)


def _keep(request: HttpRequest, content: bytes, **known: Any) -> str:
    """Put the file by until it is confirmed, encrypted: it holds names and numbers. Returns what the form hands back."""
    hidden = crypto.encrypt(base64.b85encode(content).decode())
    staged = staging.put(
        Checked(io.BytesIO(hidden), "application/octet-stream", known["name"], len(hidden)), on=timezone.localdate()
    )
    return signing.dumps({"key": staged.key, "by": str(request.user.pk), **known}, salt=SALT)


def _kept(request: HttpRequest) -> tuple[bytes, dict[str, Any]]:
    try:
        kept = signing.loads(request.POST.get("file", ""), salt=SALT, max_age=KEPT_SECONDS)
        if kept["by"] != str(request.user.pk):
            raise FileGone
        file = staging.checked(staging.Staged(kept["key"], kept["name"], "application/octet-stream", 0))
    except (signing.BadSignature, staging.StagedGone) as gone:
        raise FileGone from gone
    return base64.b85decode(crypto.decrypt(file.content.read())), kept
