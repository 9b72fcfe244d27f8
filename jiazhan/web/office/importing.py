"""Messages that an office already has in a spreadsheet: choose the file, see every row, then take what is fit."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.core import signing
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiazhan.kernel import scope, spreadsheets
from jiazhan.kernel.spreadsheets import Table
from jiazhan.opinions.models import ImportRun
from jiazhan.opinions.services import import_runs, importing
from jiazhan.people.permissions import Permission as P
from jiazhan.places.models import Station
from jiazhan.web.ui.forms import Form
from jiazhan.web.ui.guards import needs

from .enter import stations_of
from .frame import page
from .refusals import sentence_of

SALT = "office.import"
KEPT_SECONDS = 24 * 3600
SHOWN = 200
LATEST = 5
# A run that moves takes a batch in seconds.
STUCK_AFTER = timedelta(minutes=15)


class FileGone(Exception):
    """The previewed file was left too long, or is somebody else's."""

    code = "file-gone"

    def __init__(self) -> None:
        super().__init__(_("预览放得太久了，请重新选择文件。没有收进任何内容。"))


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
        import_runs.check_size(len(table))
    except Exception as error:
        form.add_error("table", sentence_of(error))
        return _choose_page(request, form, status=422)
    staged = import_runs.put_by(content, name=upload.name, on=timezone.localdate())
    known = {"station": str(station.pk), "name": upload.name, "rows": len(table), "mapping": form.mapping()}
    sealed = signing.dumps({"key": staged.key, "by": str(request.user.pk), **known}, salt=SALT)
    context = _preview(table) | {"station": station, "name": upload.name, "sealed": sealed}
    return page(request, "office/import_preview.html", context, current="office:import")


@needs(P.OPINION_ENTER)
@require_POST
@never_cache
def commit(request: HttpRequest) -> HttpResponse:
    """Have the rows taken that are fit, by the worker: the person may leave. The same file again adds nothing."""
    try:
        kept = _kept(request)
        station = stations_of(request.user).filter(pk=kept["station"]).first()
        if station is None:
            raise FileGone
        run = import_runs.begin(
            station, key=kept["key"], name=kept["name"], rows=kept["rows"], mapping=kept["mapping"], by=request.user,
            at=timezone.now(),
        )  # fmt: skip
    except Exception as error:
        form = ImportForm(user=request.user)
        return _choose_page(request, form, refusal=sentence_of(error), status=422)
    return redirect("office:import-run", run_id=run.pk)


@needs(P.OPINION_ENTER)
@require_safe
@never_cache
def progress(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How far one's own run is, and at its end what was not taken, with line and reason."""
    run = _runs(request).filter(pk=run_id).first()
    if run is None:
        raise Http404
    is_over = run.ended_at is not None
    is_stuck = not is_over and timezone.now() - run.moved_at > STUCK_AFTER
    context = {"run": run, "is_over": is_over, "is_stuck": is_stuck, "kept_days": import_runs.KEPT_DAYS}
    return page(request, "office/import_run.html", context, current="office:import")


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
    context = {
        "form": form, "refusal": refusal, "columns": importing.COLUMNS, "most": import_runs.MOST_ROWS,
        "runs": _runs(request)[:LATEST],
    }  # fmt: skip
    return page(request, "office/import.html", context, current="office:import", status=status)


def _runs(request: HttpRequest) -> QuerySet[ImportRun]:
    rows = ImportRun.objects.filter(jurisdiction__in=scope.current(), begun_by=request.user)
    return rows.select_related("station").order_by("-begun_at")


def _kept(request: HttpRequest) -> dict[str, Any]:
    try:
        kept = signing.loads(request.POST.get("file", ""), salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature as gone:
        raise FileGone from gone
    if kept["by"] != str(request.user.pk):
        raise FileGone
    return kept
