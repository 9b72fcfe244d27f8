"""Shapes of what the pages about places take; whether it may be so, the services say."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiazhan.people.access import stations_of, streets_of
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission as P
from jiazhan.places import hours
from jiazhan.places.models import Region, Setting, Station, StationKind
from jiazhan.places.services.stations import Details

_NONE = gettext_lazy("不选")


class StationForm(forms.Form):
    """A station's details; opening hours as a person writes them."""

    name = forms.CharField(label=gettext_lazy("站点名称"), max_length=60)
    code = forms.CharField(
        label=gettext_lazy("站码"), max_length=20, help_text=gettext_lazy("2 到 20 个字母、数字或短横，全区县不重复。")
    )
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=StationKind.choices)
    street = forms.ChoiceField(label=gettext_lazy("街道（乡镇）"))
    community = forms.ChoiceField(label=gettext_lazy("社区（村）"), required=False)
    parent = forms.ChoiceField(
        label=gettext_lazy("上级站点"),
        required=False,
        help_text=gettext_lazy("联络点挂在联络站下，联络站挂在代表之家下。"),
    )
    setting = forms.ChoiceField(label=gettext_lazy("设在"), choices=Setting.choices, initial=Setting.COMMUNITY)
    address = forms.CharField(label=gettext_lazy("地址"), max_length=120, required=False)
    floor = forms.CharField(label=gettext_lazy("楼层与指引"), max_length=60, required=False)
    accessibility = forms.CharField(
        label=gettext_lazy("无障碍"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("如：门口有坡道，一楼有无障碍卫生间。"),
    )
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=20, required=False)
    opening_hours = forms.CharField(
        label=gettext_lazy("开放时间"), required=False, widget=forms.Textarea,
        help_text=gettext_lazy("如：周一至周五 9:00-12:00、14:00-17:30；周六 9:00-12:00"),
    )  # fmt: skip
    latitude = forms.DecimalField(label=gettext_lazy("纬度"), required=False, max_digits=9, decimal_places=6)
    longitude = forms.DecimalField(label=gettext_lazy("经度"), required=False, max_digits=9, decimal_places=6)
    established_on = forms.DateField(
        label=gettext_lazy("挂牌日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, user: Account, station: Station | None = None, **kwargs: Any) -> None:
        if station:
            kwargs.setdefault("initial", _as_typed(station))
        super().__init__(*args, **kwargs)
        reach = streets_of(user, P.STATION_MANAGE)
        streets = list(reach | Region.objects.filter(pk=station.street_id) if station else reach)
        parents = stations_of(user, P.STATION_MANAGE).exclude(kind=StationKind.LIAISON_POINT).exclude(status="closed")
        if station:
            parents = (parents | Station.objects.filter(pk=station.parent_id)).exclude(pk=station.pk)
        self._streets = {street.code: street for street in streets}
        self._parents = {str(each.pk): each for each in parents.order_by("code")}
        self._communities = {
            each.code: each
            for each in Region.objects.filter(parent__in=streets, ends_on=None).order_by("parent_id", "pinyin")
        }
        self.fields["street"].choices = [
            ("", _("请选择")),
            *((code, street.name) for code, street in self._streets.items()),
        ]
        groups: dict[str, list[tuple[str, str]]] = {}
        for code, each in self._communities.items():
            groups.setdefault(self._streets[each.parent_id].name, []).append((code, each.name))
        self.fields["community"].choices = [("", _NONE), *groups.items()]
        self.fields["parent"].choices = [
            ("", _NONE),
            *((pk, f"{each.code} {each.name}") for pk, each in self._parents.items()),
        ]

    def clean_opening_hours(self) -> list[dict[str, Any]]:
        try:
            return hours.from_words(self.cleaned_data["opening_hours"])
        except hours.HoursRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def details(self) -> Details:
        given = dict(self.cleaned_data)
        given["street"] = self._streets[given["street"]]
        given["community"] = self._communities.get(given["community"])
        given["parent"] = self._parents.get(given["parent"])
        return Details(**given)


def _as_typed(station: Station) -> dict[str, Any]:
    plain = (
        "name",
        "code",
        "kind",
        "setting",
        "address",
        "floor",
        "accessibility",
        "phone",
        "latitude",
        "longitude",
        "established_on",
    )
    return {name: getattr(station, name) for name in plain} | {
        "street": station.street_id, "community": station.community_id or "", "parent": str(station.parent_id or ""),
        "opening_hours": hours.in_words(station.opening_hours).replace("；", "\n"),
    }  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=100)
