"""Congresses and their terms, entered before deputies can be: the county's own and those above it and of its townships."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from jiazhan.people.permissions import Permission as P
from jiazhan.places.models import Congress, CongressLevel, Region
from jiazhan.places.services import congresses as services
from jiazhan.web.office.frame import page
from jiazhan.web.office.refusals import sentence_of
from jiazhan.web.ui.guards import needs

LONGEST_NUMBER = 99


class TermForm(forms.Form):
    """A term of a congress; the congress is entered with its first one."""

    level = forms.ChoiceField(label=gettext_lazy("层级"), choices=CongressLevel.choices, initial=CongressLevel.COUNTY)
    town = forms.ChoiceField(label=gettext_lazy("乡镇"), required=False, help_text=gettext_lazy("只有乡镇级才选。"))
    name = forms.CharField(
        label=gettext_lazy("大会名称"),
        max_length=80,
        help_text=gettext_lazy("如：云溪区人民代表大会。已登记过的写同样的名称。"),
    )
    number = forms.IntegerField(
        label=gettext_lazy("第几届"), min_value=1, max_value=LONGEST_NUMBER, help_text=gettext_lazy("数字，如 9。")
    )
    starts_on = forms.DateField(label=gettext_lazy("本届开始"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=gettext_lazy("本届届满"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, jurisdiction: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._jurisdiction = jurisdiction
        towns = Region.objects.filter(parent_id=jurisdiction, ends_on=None).order_by("code").values_list("code", "name")
        self.fields["town"].choices = [("", _("不选")), *towns]

    def region(self) -> Region | None:
        """The area whose congress it is; None for the national one, and where a town's was not said."""
        level = self.cleaned_data["level"]
        code = {
            CongressLevel.NATIONAL: "",
            CongressLevel.PROVINCE: self._jurisdiction[:2],
            CongressLevel.CITY: self._jurisdiction[:4],
            CongressLevel.COUNTY: self._jurisdiction,
            CongressLevel.TOWNSHIP: self.cleaned_data["town"],
        }[level]
        return Region.objects.filter(pk=code).first()


@needs(P.PEOPLE_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def congresses(request: HttpRequest, jurisdiction: str) -> HttpResponse:
    """The congresses whose deputies may be attached here, with their terms; enter another term."""
    form = TermForm(request.POST or None, jurisdiction=jurisdiction)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        by_whom = {"jurisdiction": jurisdiction, "by": request.user, "at": timezone.now()}
        try:
            with transaction.atomic():
                congress = services.establish(said["name"], level=said["level"], region=form.region(), **by_whom)
                days = {"starts_on": said["starts_on"], "ends_on": said["ends_on"]}
                term = services.begin_term(congress, number=said["number"], **days, **by_whom)
        except Exception as error:
            form.add_error(None, sentence_of(error))
        else:
            messages.success(request, _("%(term)s已登记，可以导入这一届的代表了。") % {"term": term})
            return redirect("office:congresses", jurisdiction=jurisdiction)
    context = {
        "form": form,
        "jurisdiction": jurisdiction,
        "found": [(congress, list(congress.terms.order_by("-number"))) for congress in _around(jurisdiction)],
        "today": timezone.localdate(),
    }
    return page(
        request, "office/places/congresses.html", context, current="office:tables", status=422 if form.errors else 200
    )


def _around(jurisdiction: str) -> QuerySet[Congress]:
    above = [jurisdiction[:length] for length in (2, 4, 6)]
    mine = Q(region=None) | Q(region__in=above) | Q(region__parent=jurisdiction)
    return Congress.objects.filter(mine).order_by("region_id", "name").prefetch_related("terms")
