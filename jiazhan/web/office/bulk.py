"""The same act on several matters at once, each on its own: what was refused is named, and stays chosen."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from jiazhan.kernel import scope
from jiazhan.opinions import access
from jiazhan.opinions.choices import Urgency
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import letters, triage
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission as P
from jiazhan.web.ui.forms import Form
from jiazhan.web.ui.guards import needs

from .acts.triage import CategoryField
from .choices import category_choices
from .frame import page
from .refusals import sentence_of

MOST = 100


class AcceptTogetherForm(Form):
    """Deputies differ from station to station, so each matter gets the best choice of its own."""

    category = CategoryField(
        required=False, help_text=gettext_lazy("不选就各用各的；还没有分类的以后再分。"), label=gettext_lazy("统一归为")
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("紧急程度"), required=False, choices=[("", gettext_lazy("不改")), *Urgency.choices]
    )


class ClassifyTogetherForm(Form):
    category = CategoryField()


class DeclineTogetherForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("理由"), widget=forms.Textarea(attrs={"rows": 4}), max_length=1000,
        help_text=gettext_lazy("每位反映人都会看到这段话。"),
    )  # fmt: skip


@dataclass(frozen=True)
class Together:
    """An act on several: its words, its form, its service."""

    label: Any
    hint: Any
    form: type[Form]
    run: Callable[..., Any]


TOGETHER = {
    "accept": Together(
        gettext_lazy("受理"), gettext_lazy("每一件请本站最近接待、手上事少的代表提意见，反映人都会收到通知。"),
        AcceptTogetherForm, triage.accept,
    ),
    "classify": Together(gettext_lazy("改分类"), gettext_lazy("只改归类，不通知任何人。"), ClassifyTogetherForm, triage.classify),
    "decline": Together(
        gettext_lazy("不予受理"), gettext_lazy("这些事项都会结束，理由告知每位反映人。"), DeclineTogetherForm, triage.decline
    ),
}  # fmt: skip


@needs(P.OPINION_TRIAGE)
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """First asks what the act needs, then does it and says what became of each."""
    chosen = _chosen(request.user, request.POST.getlist("picked"))
    name = request.POST.get("act", "")
    if not chosen:
        return redirect("office:queue")
    if name == "print":
        return _print(request, chosen)
    if name not in TOGETHER:
        return redirect("office:queue")
    act = TOGETHER[name]
    is_sent = "sure" in request.POST
    form = act.form(request.POST if is_sent else None)
    if "category" in form.fields:
        form.fields["category"].choices = [("", _("请选择")), *category_choices()]
    context = {"act": act, "name": name, "form": form, "chosen": chosen, "picked": [_key(each) for each in chosen]}
    if not is_sent or not form.is_valid():
        return page(request, "office/bulk.html", context, current="office:queue", status=422 if is_sent else 200)
    given = {key: value for key, value in form.cleaned_data.items() if value not in (None, "")}
    results = triage.each(chosen, act.run, by=request.user, at=timezone.now(), **given)
    return page(request, "office/bulk_done.html", context | _sorted(results), current="office:queue")


def _sorted(results: list[triage.Result]) -> dict[str, Any]:
    refused = [(each.opinion, sentence_of(each.refusal)) for each in results if each.refusal]
    return {"done": [each.opinion for each in results if not each.refusal], "refused": refused,
            "left": [_key(each) for each, _sentence in refused]}  # fmt: skip


def _print(request: HttpRequest, chosen: list[Opinion]) -> HttpResponse:
    try:
        rendered = letters.printed_together(chosen)
    except Exception as error:
        refused = [(each, sentence_of(error)) for each in chosen]
        context = {"act": {"label": _("打印转办函")}, "name": "print", "done": [], "refused": refused, "left": []}
        return page(request, "office/bulk_done.html", context, current="office:queue", status=422)
    disposition = f'inline; filename="letters-{timezone.localdate():%Y%m%d}.pdf"'
    return HttpResponse(rendered.pdf, content_type="application/pdf", headers={"Content-Disposition": disposition})


def _chosen(user: Account, picked: list[str]) -> list[Opinion]:
    """The matters behind the boxes, in their order, as far as this person may see them."""
    ids = [found for each in picked[:MOST] if (found := _id(each))]
    rows = access.visible_to(user).filter(jurisdiction__in=scope.current(), pk__in=ids)
    by_id = {row.pk: row for row in rows.select_related("station", "category", "deputy", "unit")}
    return [by_id[each] for each in dict.fromkeys(ids) if each in by_id]


def _key(matter: Opinion) -> str:
    return f"{matter.jurisdiction}:{matter.pk}"


def _id(key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(key.rpartition(":")[2])
    except ValueError:
        return None
