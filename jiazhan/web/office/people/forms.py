"""What is asked for when managing people. They check shape; services say no."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiazhan.kernel import scope
from jiazhan.people import selectors
from jiazhan.people.models import Account, AccountKind, Unit
from jiazhan.people.roles import Role
from jiazhan.people.services import posts
from jiazhan.places.models import Region, RegionLevel, Station
from jiazhan.web.ui.forms import Form


class SearchForm(forms.Form):
    q = forms.CharField(required=False, max_length=40)
    kind = forms.ChoiceField(required=False, choices=[("", ""), *AccountKind.choices])
    role = forms.ChoiceField(required=False, choices=[("", ""), *Role.choices])
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)


class AccountForm(Form):
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    username = forms.CharField(
        label=gettext_lazy("用户名"),
        max_length=40,
        help_text=gettext_lazy("登录时用，例如姓名的全拼。不分大小写，以后不能改。"),
    )
    phone = forms.CharField(
        label=gettext_lazy("手机号"), max_length=40, required=False, help_text=gettext_lazy("用来收办理提醒。")
    )


class AppointForm(Form):
    """`where` is one list of all that a role can be tied to, so that the form needs no script."""

    role = forms.ChoiceField(label=gettext_lazy("角色"))
    where = forms.ChoiceField(
        label=gettext_lazy("在哪里"), help_text=gettext_lazy("站点的角色选站点，承办的角色选单位，其余选区划。")
    )
    starts_on = forms.DateField(label=gettext_lazy("从哪天起"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, by: Account, **kwargs: Any) -> None:
        super().__init__(*args, initial={"starts_on": timezone.localdate()}, **kwargs)
        self.fields["role"].choices = [
            ("", _("请选择")),
            *((role.value, role.label) for role in posts.roles_to_give(by)),
        ]
        self.fields["where"].choices = [("", _("请选择")), *_places(by)]

    def place(self) -> dict[str, Any]:
        """The area, unit or station as services.posts.appoint takes it."""
        kind, _colon, key = self.cleaned_data["where"].partition(":")
        if kind == "station":
            return {"station": Station.objects.get(pk=key)}
        if kind == "unit":
            return {"unit": Unit.objects.get(pk=key)}
        return {"area": key}


class ReasonForm(Form):
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)


class EndPostForm(Form):
    on = forms.DateField(label=gettext_lazy("从哪天起不再担任"), widget=forms.DateInput(attrs={"type": "date"}))


class MandateForm(ReasonForm):
    on = forms.DateField(label=gettext_lazy("从哪天起"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


def _places(by: Account) -> list[tuple[str, list[tuple[str, str]]]]:
    counties = sorted(scope.current())
    areas = {post.area for post in by.current_posts}
    regions = [
        region
        for region in Region.objects.filter(ends_on=None, level__lte=RegionLevel.TOWNSHIP).filter(
            pk__in={*areas, *counties, *_streets_below(areas)}
        )
        if any(region.pk.startswith(area) for area in areas)
    ]
    stations = Station.objects.filter(jurisdiction__in=counties).exclude(status="closed").order_by("code")
    units = [unit for county in counties for unit in selectors.units(jurisdiction=county)]
    return [
        (_("区划"), [(f"area:{region.pk}", region.name) for region in sorted(regions, key=lambda each: each.pk)]),
        (_("站点"), [(f"station:{station.pk}", station.name) for station in stations]),
        (_("单位"), [(f"unit:{unit.pk}", unit.name) for unit in units]),
    ]


def _streets_below(areas: set[str]) -> set[str]:
    streets: set[str] = set()
    for area in areas:
        below = Region.objects.filter(pk__startswith=area, level=RegionLevel.TOWNSHIP, ends_on=None)
        streets.update(below.values_list("pk", flat=True))
    return streets
