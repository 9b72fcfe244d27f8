"""Writing down what a person says at the desk or on the telephone, and the slip that they take home."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiazhan.documents.files import checking, staging
from jiazhan.documents.files.staging import Staged
from jiazhan.opinions import access
from jiazhan.opinions.access import AT_STATION, ON_STREET
from jiazhan.opinions.choices import Channel, PlaceKind
from jiazhan.opinions.services import authors, intake, receipts
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission as P
from jiazhan.places.models import Region, RegionLevel, Station
from jiazhan.places.selectors import communities_of
from jiazhan.web.ui.forms import Form
from jiazhan.web.ui.guards import needs

from .frame import page
from .refusals import sentence_of, status_of

SALT = "office.enter.files"
CHANNELS = [(each.value, each.label) for each in (Channel.DESK, Channel.PHONE, Channel.RECEPTION, Channel.VISIT)]


class EnterForm(Form):
    """One page for what a person says while the clerk types."""

    channel = forms.ChoiceField(label=gettext_lazy("怎么来的"), choices=CHANNELS, initial=Channel.DESK)
    station = forms.ModelChoiceField(Station.objects.none(), label=gettext_lazy("站点"), empty_label=None)
    body = forms.CharField(
        label=gettext_lazy("反映的事"), widget=forms.Textarea(attrs={"rows": 7, "autofocus": True}),
        help_text=gettext_lazy("何时、何地、什么情况，按他的原话记。"),
    )  # fmt: skip
    appeal = forms.CharField(label=gettext_lazy("希望怎么办"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    title = forms.CharField(
        label=gettext_lazy("标题"), max_length=120, required=False, help_text=gettext_lazy("不填就用第一句话。")
    )
    community = forms.ChoiceField(label=gettext_lazy("社区（村）"), required=False)
    place_note = forms.CharField(label=gettext_lazy("具体位置"), max_length=100, required=False)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40, required=False)
    phone = forms.CharField(label=gettext_lazy("手机号"), max_length=20, required=False)
    headcount = forms.IntegerField(label=gettext_lazy("几个人一起反映"), min_value=1, max_value=99999, initial=1)
    is_anonymous = forms.BooleanField(
        label=gettext_lazy("匿名"), required=False, help_text=gettext_lazy("不保存姓名和电话，只凭查询码查看答复。")
    )
    is_hidden_from_units = forms.BooleanField(
        label=gettext_lazy("对承办单位隐去姓名电话"), required=False, initial=True,
        help_text=gettext_lazy("承办单位通过留言联系他，看不到号码。"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, user: Account) -> None:
        super().__init__(data)
        stations = stations_of(user)
        self.fields["station"].queryset = stations
        self.initial["station"] = getattr(stations.first(), "pk", None)
        streets = Region.objects.filter(pk__in=stations.values("street"), level=RegionLevel.TOWNSHIP).order_by("code")
        self.fields["community"].choices = [
            ("", _("就在站点附近")), *((each.name, _communities(each.code)) for each in streets)
        ]  # fmt: skip


def stations_of(user: Account) -> QuerySet[Station]:
    """The stations at which this person may write something down: their own and those under it, or the street's."""
    found = Q(pk__in=[])
    for post in user.posts_with(P.OPINION_ENTER):
        if post.role in AT_STATION:
            found |= Q(pk__in=access.stations_of(post))
        elif post.role in ON_STREET:
            found |= Q(street__code__startswith=post.area)
    return Station.objects.filter(found).exclude(status="closed").order_by("code")


@needs(P.OPINION_ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The form; sent twice it makes one matter. Whatever is refused, the words and the files stay."""
    if request.method != "POST":
        return _form_page(request, EnterForm(user=request.user), nonce=secrets.token_urlsafe(18))
    form = EnterForm(request.POST, user=request.user)
    nonce = request.POST.get("nonce", "")
    kept, refusals = _files(request)
    if not form.is_valid() or refusals:
        return _form_page(request, form, nonce=nonce, kept=kept, refusals=refusals, status=422)
    try:
        raised = intake.raise_opinion(
            **_said(form.cleaned_data), nonce=nonce, by=request.user, entered_by=request.user, at=timezone.now(),
            files=[staging.checked(each) for each in kept],
        )  # fmt: skip
    except Exception as error:
        refusals = [sentence_of(error)]
        return _form_page(request, form, nonce=nonce, kept=kept, refusals=refusals, status=status_of(error))
    return redirect("office:receipt", jurisdiction=raised.opinion.jurisdiction, opinion_id=raised.opinion.pk)


@needs(P.OPINION_ENTER)
@require_safe
def receipt(request: HttpRequest, jurisdiction: str, opinion_id: str) -> HttpResponse:
    """After entering: the number and the code in large digits, the slip to print, and the way on."""
    matter = access.get_for(request.user, jurisdiction, opinion_id)
    try:
        code, refusal = receipts.code_to_hand_over(matter, by=request.user, at=timezone.now()), ""
    except receipts.ReceiptClosed as closed:
        code, refusal = "", str(closed)
    context = {"opinion": matter, "code": code, "refusal": refusal}
    return page(request, "office/receipt.html", context, current="office:enter", status=403 if refusal else 200)


@needs(P.OPINION_ENTER)
@require_POST
def receipt_pdf(request: HttpRequest, jurisdiction: str, opinion_id: str) -> HttpResponse:
    """The slip as a PDF; printing it is recorded."""
    matter = access.get_for(request.user, jurisdiction, opinion_id)
    follow_url = f"{settings.ORIGIN}{reverse('public:follow')}"
    try:
        rendered = receipts.print_receipt(matter, follow_url=follow_url, by=request.user, at=timezone.now())
    except receipts.ReceiptClosed as closed:
        context = {"opinion": matter, "code": "", "refusal": str(closed)}
        return page(request, "office/receipt.html", context, current="office:enter", status=403)
    disposition = f'inline; filename="receipt-{matter.number}.pdf"'
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return HttpResponse(rendered.pdf, content_type="application/pdf", headers=headers)


def _said(given: dict[str, Any]) -> dict[str, Any]:
    """The service's arguments from what the form holds."""
    kind = PlaceKind.COMMUNITY if given["community"] else PlaceKind.STATION
    return {
        "station": given["station"],
        "channel": Channel(given["channel"]),
        "words": intake.Words(body=given["body"], title=given["title"], appeal=given["appeal"]),
        "place": intake.Place(community=given["community"], kind=kind, note=given["place_note"]),
        "author": authors.Author(
            name=given["name"], phone=given["phone"], is_anonymous=given["is_anonymous"], headcount=given["headcount"],
            is_hidden_from_units=given["is_hidden_from_units"],
        ),
    }  # fmt: skip


def _files(request: HttpRequest) -> tuple[list[Staged], list[str]]:
    """The files that came before and now, and a sentence for each that was not taken."""
    try:
        kept = [Staged(**each) for each in signing.loads(request.POST.get("kept", ""), salt=SALT, max_age=24 * 3600)]
    except (signing.BadSignature, TypeError):
        kept = []
    gone = set(request.POST.getlist("remove"))
    kept, refusals = [each for each in kept if each.key not in gone], []
    for sent in request.FILES.getlist("files"):
        try:
            kept.append(staging.put(checking.check(sent, name=sent.name or ""), on=timezone.localdate()))
        except Exception as error:
            refusals.append(sentence_of(error))
    return kept, list(dict.fromkeys(refusals))


def _form_page(
    request: HttpRequest,
    form: EnterForm,
    *,
    nonce: str,
    kept: Sequence[Staged] = (),
    refusals: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "nonce": nonce,
        "kept": kept,
        "kept_sealed": signing.dumps([asdict(each) for each in kept], salt=SALT) if kept else "",
        "refusals": refusals,
    }
    return page(request, "office/enter.html", context, current="office:enter", status=status)


def _communities(street: str) -> list[tuple[str, str]]:
    return [(each.code, each.name) for each in communities_of(street)]
