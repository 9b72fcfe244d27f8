"""The calendar of promises and the page of one, as every portal shows them; whose promises they are, the portal says."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.documents import access as documents
from jiazhan.documents import selectors as files
from jiazhan.kernel import deadlines
from jiazhan.suggestions.models import Promise, PromiseSaid, Proposal
from jiazhan.suggestions.selectors import promises
from jiazhan.suggestions.selectors.promises import LABELS, OPEN, SIZE, Tab

from .forms import Form
from .sending import sent

YEARS = range(2000, 2100)
# By its name in the address: the form, the service, what is said when it is done.
Acts = dict[str, tuple[type[Form], Callable[..., Any], Any]]


def calendar(
    request: HttpRequest, rows: QuerySet[Promise], *, route: str, first: Tab, today: date, units: Iterable[Any] = ()
) -> dict[str, Any]:
    """Tabs with counts, the months of a year, and one page of the list; `route` shows one promise, `first` is the tab of a
    bare address, `units` the choices of a filter."""
    given = request.GET
    words, unit = given.get("q", "").strip()[:60], given.get("unit", "")
    month = given.get("month", "") if promises.read_month(given.get("month", "")) else ""
    units = list(units)
    unit = unit if unit in {str(key) for key, _label in units} else ""
    tab = Tab(given["tab"]) if given.get("tab") in set(Tab) else Tab.ALL if month else first
    year = _year(given.get("year", ""), month, today)
    page = int(given["page"]) if _is_number(given.get("page", "")) else 1
    keep = {"q": words, "unit": unit}
    narrowed = promises.narrowed(rows, words=words, unit=unit)
    inside = promises.narrowed(narrowed, month=month)
    counted = promises.counts(inside, today=today)
    start = (page - 1) * SIZE
    found = list(promises.in_tab(inside, tab, today=today)[start : start + SIZE + 1])
    state = {**keep, "month": month}
    return {
        "tabs": [
            {"label": LABELS[each], "url": _query(state, tab=each), "count": counted[each], "current": each is tab}
            for each in Tab
        ],
        "tab": tab.value,
        "months": [
            {
                "label": _("%(n)s 月") % {"n": each.month},
                "url": _query(keep, tab=Tab.ALL, month="" if each.key == month else each.key, year=year),
                "month": each,
                "is_chosen": each.key == month,
                "is_now": (each.year, each.month) == (today.year, today.month),
            }
            for each in promises.months(narrowed, year)
        ],
        "year": year,
        "before_url": _query({**keep, "tab": tab}, year=year - 1),
        "after_url": _query({**keep, "tab": tab}, year=year + 1),
        "rows": [_row(each, route, today) for each in found[:SIZE]],
        "words": words,
        "unit": unit,
        "units": units,
        "chosen_month": month,
        "clear_url": _query({}, tab=tab) if words or unit or month else None,
        "next_url": _query(state, tab=tab, page=page + 1) if len(found) > SIZE else None,
        "previous_url": _query(state, tab=tab, page=page - 1) if page > 1 else None,
    }


def one(promise: Promise, *, today: date) -> dict[str, Any]:
    """The promise, who must speak next, and everything said about it, newest first."""
    is_open = promise.state in OPEN
    said = list(promise.words.select_related("said_by").order_by("said_at", "id"))
    return {
        "promise": promise,
        "proposal": promise.proposal,
        "unit": promise.reply.handling.unit.name if promise.reply else "",
        "standing": promises.words_of(promise, today=today),
        "is_open": is_open,
        "is_due": promise.due_on <= today,
        "light": deadlines.light(promise.due_on, today).value if is_open else None,
        "left": deadlines.words(promise.due_on, today),
        "said": [each for each in said if each.kind in {PromiseSaid.ADDED, PromiseSaid.ANSWERED}],
        "is_answered": any(each.kind == PromiseSaid.ANSWERED for each in said),
        "history": _history(promise, said),
    }


def _history(promise: Promise, said: list[Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if promise.reply and promise.reply.signed_at:
        known = {"unit": promise.reply.handling.unit.name, "on": promise.due_on}
        found.append({"title": _("%(unit)s在答复中承诺，%(on)s 前完成") % known, "at": promise.reply.signed_at})
    if promise.asked_at:
        found.append({"title": _("到期，请承办单位说明"), "at": promise.asked_at})
    if promise.explained_at and not any(each.kind == PromiseSaid.EXPLAINED for each in said):
        found.append({"title": _("承办单位说明"), "at": promise.explained_at, "body": promise.unit_words})
    found += [
        {"title": each.get_kind_display(), "at": each.said_at, "by": each.said_by.name, "body": each.text}
        for each in said
    ]
    if promise.settled_at:
        title = _("认定：%(state)s") % {"state": promise.get_state_display()}
        by = promise.settled_by.name if promise.settled_by else ""
        found.append({"title": title, "at": promise.settled_at, "by": by, "body": promise.deputy_words})
    return sorted(found, key=lambda each: each["at"], reverse=True)


def _row(promise: Promise, route: str, today: date) -> dict[str, Any]:
    is_open = promise.state in OPEN
    tone = {"kept": "ok", "broken": "late"}.get(promise.state, "info")
    proposal = promise.proposal
    return {
        "title": promise.text,
        "url": reverse(route, kwargs={"jurisdiction": promise.jurisdiction, "promise_id": promise.pk}),
        "badges": [(promises.words_of(promise, today=today), tone)],
        "meta": [
            promise.reply.handling.unit.name if promise.reply else "",
            proposal.number,
            proposal.title[:40],
            proposal.lead.name,
            _("%(on)s 到期") % {"on": promise.due_on},
        ],
        "light": deadlines.light(promise.due_on, today).value if is_open else None,
        "words": deadlines.words(promise.due_on, today) if is_open else "",
    }


def _year(asked: str, month: str, today: date) -> int:
    if _is_number(asked) and int(asked) in YEARS:
        return int(asked)
    return int(month[:4]) if month and int(month[:4]) in YEARS else today.year


def _is_number(text: str) -> bool:
    return text.isdecimal() and text.isascii() and 0 < len(text) <= 4 and int(text) > 0


def _query(fields: dict[str, Any], **more: Any) -> str:
    pairs = {name: str(getattr(value, "value", value)) for name, value in {**fields, **more}.items() if value}
    return f"?{urlencode(pairs)}"


def acted(
    request: HttpRequest,
    promise: Promise,
    step: str,
    acts: Acts,
    *,
    refusals: tuple[type[Exception], ...],
) -> dict[str, Any] | None:
    """Take one of a portal's acts on a promise with what was typed. None once it is done, else what its page shows again:
    the form as it was filled in, the refusal, the status. A 404 for an act that the portal does not have."""
    if step not in acts:
        raise Http404
    kind, run, said = acts[step]
    form = kind(request.POST, prefix=step)
    if not form.is_valid():
        return {"refused": {step: form}, "status": 422}
    try:
        run(promise, by=request.user, at=timezone.now(), **form.cleaned_data)
    except refusals as refusal:
        return {"refused": {step: form}, "refusal": str(refusal), "status": 409}
    messages.success(request, str(said))
    return None


def visit_file(request: HttpRequest, proposal: Proposal, visit_id: UUID, file_id: UUID) -> HttpResponse:
    """A file of a visit of supervision, for whoever was given the proposal by its access."""
    visit = proposal.visits.filter(pk=visit_id).first()
    if visit is None:
        raise Http404
    return sent(request, files.attachment_download(documents.attachment_of(visit, file_id)))
