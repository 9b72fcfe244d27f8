"""The working-day calendar: the years that are loaded, loading one from the official notice, changing a single day."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiazhan.kernel import spreadsheets
from jiazhan.kernel.calendar import ONE_DAY
from jiazhan.kernel.models import CalendarYear, DayKind, Holiday
from jiazhan.kernel.spreadsheets import Column, Kind
from jiazhan.opinions.services import deadlines
from jiazhan.people.permissions import Permission as P
from jiazhan.places import holiday_notices
from jiazhan.places.selectors import jurisdictions_served
from jiazhan.places.services import settings as services
from jiazhan.suggestions.services import deadlines as of_proposals
from jiazhan.web.office.frame import page
from jiazhan.web.office.refusals import sentence_of
from jiazhan.web.ui.guards import needs

from .tabs import SETTINGS, tabs

COLUMNS = (
    Column("on", "日期", Kind.DATE, required=True),
    Column(
        "kind",
        "类别",
        Kind.CHOICE,
        required=True,
        choices={"放假": DayKind.OFF, "上班": DayKind.WORK, "调休上班": DayKind.WORK},
    ),
)


@needs(P.PARAMETER_MANAGE)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """A year's holidays and make-up days, and which years are known."""
    years = list(CalendarYear.objects.order_by("-year"))
    this_year = timezone.localdate().year
    chosen = request.GET.get("year", "")
    year = int(chosen) if chosen.isdecimal() and len(chosen) == 4 else this_year
    return _calendar_page(request, year, years)


@needs(P.PARAMETER_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def load_year(request: HttpRequest) -> HttpResponse:
    """Load a year: days pasted from the notice, or a spreadsheet of days."""
    following = (
        CalendarYear.objects.order_by("-year").values_list("year", flat=True).first() or timezone.localdate().year - 1
    ) + 1
    typed: dict[str, Any] = {"year": request.GET.get("year", str(following)), "off": "", "work": "", "source": ""}
    refusal = ""
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip() for name in typed}
        try:
            year = int(typed["year"]) if typed["year"].isdecimal() else 0
            off, work = _days(request, typed, year)
            _reach_all(request)
            by_whom = {"by": request.user, "at": timezone.now()}
            with transaction.atomic():
                services.load_calendar_year(year, off=off, work=work, source=typed["source"], **by_whom)
                moved = deadlines.recompute(**by_whom) + of_proposals.recompute(**by_whom)
        except Exception as error:
            refusal = sentence_of(error)
        else:
            messages.success(request, _said(_("%(year)s 年的日历已导入。") % {"year": year}, moved))
            return redirect(f"{_address()}?year={year}")
    context = {
        "tabs": tabs(request, SETTINGS, "office:calendar"),
        "typed": typed,
        "refusal": refusal,
        "may_change": _reaches_all(request),
    }
    return page(
        request,
        "office/places/calendar_year.html",
        context,
        current="office:parameters",
        status=422 if refusal else 200,
    )


@needs(P.PARAMETER_MANAGE)
@require_POST
def change_day(request: HttpRequest) -> HttpResponse:
    """Make one day off, a make-up day, or ordinary again."""
    typed = {name: request.POST.get(name, "").strip() for name in ("on", "kind", "source")}
    try:
        on = date.fromisoformat(typed["on"])
    except ValueError:
        return _calendar_page(request, timezone.localdate().year, refusal=_("请选择日期。"), typed=typed)
    try:
        _reach_all(request)
        kind = DayKind(typed["kind"]) if typed["kind"] in DayKind.values else None
        by_whom = {"by": request.user, "at": timezone.now()}
        with transaction.atomic():
            services.set_day(on, kind, source=typed["source"], **by_whom)
            moved = deadlines.recompute(**by_whom) + of_proposals.recompute(**by_whom)
    except Exception as error:
        return _calendar_page(request, on.year, refusal=sentence_of(error), typed=typed)
    messages.success(request, _said(_("已修改。"), moved))
    return redirect(f"{_address()}?year={on.year}")


class NotYourCalendar(Exception):
    """The calendar is one for every county here; whoever changes it must look after all of them."""

    code = "not-your-calendar"

    def __init__(self) -> None:
        super().__init__(_("日历由所有区县共用，请由管理全部区县的账号来改。"))


def _reaches_all(request: HttpRequest) -> bool:
    areas = [post.area for post in request.user.posts_with(P.PARAMETER_MANAGE)]
    return all(any(code.startswith(area) for area in areas) for code in jurisdictions_served())


def _reach_all(request: HttpRequest) -> None:
    if not _reaches_all(request):
        raise NotYourCalendar


def _days(request: HttpRequest, typed: dict[str, str], year: int) -> tuple[set[date], set[date]]:
    off, work = (holiday_notices.days_in(typed[name], year=year) for name in ("off", "work"))
    if upload := request.FILES.get("table"):
        table = spreadsheets.read(upload.read(spreadsheets.LIMIT + 1), columns=COLUMNS)
        if table.problems:
            raise services.CalendarRefused(str(table.problems[0]))
        off |= {row["on"] for row in table if row["kind"] == DayKind.OFF}
        work |= {row["on"] for row in table if row["kind"] == DayKind.WORK}
    return off, work


def _said(done: str, moved: int) -> str:
    if not moved:
        return done + _("没有期限受影响。")
    return done + _("%(count)s 件在办事项的期限随之调整，已记入记录。") % {"count": moved}


def _calendar_page(
    request: HttpRequest,
    year: int,
    years: list[CalendarYear] | None = None,
    *,
    refusal: str = "",
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    years = list(CalendarYear.objects.order_by("-year")) if years is None else years
    rows = list(Holiday.objects.filter(on__year=year).order_by("on"))
    off, work = ([row for row in rows if row.kind == kind] for kind in (DayKind.OFF, DayKind.WORK))
    loaded = next((each for each in years if each.year == year), None)
    context = {
        "tabs": tabs(request, SETTINGS, "office:calendar"),
        "year": year,
        "years": years,
        "loaded": loaded,
        "off": off,
        "work": work,
        "holidays": _holidays(off, work),
        "source_said": _source_said(loaded.source) if loaded else "",
        "next_is_known": any(each.year == timezone.localdate().year + 1 for each in years),
        "next_year": timezone.localdate().year + 1,
        "year_choices": [(each, f"{each} 年") for each in sorted({year, *(row.year for row in years)}, reverse=True)],
        "kinds": [
            (DayKind.OFF.value, _("改为放假")),
            (DayKind.WORK.value, _("改为上班")),
            ("plain", _("撤回，照平常算")),
        ],
        "typed": typed or {"on": "", "kind": "off", "source": ""},
        "refusal": refusal,
        "may_change": _reaches_all(request),
    }
    return page(
        request, "office/places/calendar.html", context, current="office:parameters", status=422 if refusal else 200
    )


def _holidays(off: list[Holiday], work: list[Holiday]) -> list[tuple[date, date, str]]:
    """The days off as the notice says them: from a day to a day, with the weekends that belong to them."""
    worked, weekday_off = {row.on for row in work}, {row.on for row in off}

    def is_free(day: date) -> bool:
        return day in weekday_off or (day.weekday() >= 5 and day not in worked)

    spans: list[tuple[date, date, str]] = []
    for row in off:
        if spans and row.on <= spans[-1][1]:
            continue
        first = last = row.on
        while is_free(first - ONE_DAY):
            first -= ONE_DAY
        while is_free(last + ONE_DAY):
            last += ONE_DAY
        spans.append((first, last, row.source))
    return spans


def _source_said(source: str) -> str:
    return _("国务院办公厅历年放假通知（随系统带来）") if source == "chinesecalendar" else source


def _address() -> str:
    return reverse("office:calendar")
