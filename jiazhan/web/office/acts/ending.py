"""How it ends at the office: deliveries stamped by hand, the file closed, the talk recorded, promises followed."""

from datetime import date, datetime

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiazhan.opinions.access import holds
from jiazhan.opinions.choices import PromiseState, Recipient
from jiazhan.opinions.models import Delivery, Opinion, Promise
from jiazhan.opinions.services import ending, promises
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission as P

from .base import TEXT, Act, ActForm, ReasonForm, Situation, step

CLOSING = frozenset({P.OPINION_CLOSE})


class DeliverForm(ActForm):
    recipient = forms.ChoiceField(label=_("送达谁"))
    how = forms.CharField(
        label=_("怎么送达的"), max_length=40, help_text=_("例如：电话告知、当面送达、邮寄签收。"),
        widget=forms.TextInput(attrs={"list": "ways-of-delivery"}),
    )  # fmt: skip

    def prepare(self) -> None:
        stamped = set(_stamped(self.opinion).values_list("recipient", flat=True))
        self.fields["recipient"].choices = [
            each for each in Recipient.choices if each[0] not in stamped
        ] or Recipient.choices


class CloseForm(ActForm):
    """Nothing to fill in; says beforehand what the file still lacks."""

    @property
    def missing(self) -> list[str]:
        return ending.missing_to_close(self.opinion)


class SettleForm(ActForm):
    held_on = forms.DateField(label=_("面商日期"), widget=forms.DateInput(attrs={"type": "date"}))
    people = forms.CharField(label=_("参加人员"), max_length=300)
    result = forms.CharField(label=_("面商结果"), widget=forms.Textarea(attrs=TEXT), max_length=5000)
    way_on = forms.CharField(
        label=_("后续去向"), max_length=200, required=False, help_text=_("例如：转为代表建议、列入监督议题。")
    )

    def prepare(self) -> None:
        self.initial["held_on"] = timezone.localdate(self.situation.at)


class PromiseField(forms.ModelChoiceField):
    def __init__(self) -> None:
        super().__init__(Promise.objects.none(), label=_("哪一项承诺"), empty_label=None)

    def label_from_instance(self, promise: Promise) -> str:
        return f"{promise.text}({promise.due_on.isoformat()})"


class PromiseForm(ActForm):
    promise = PromiseField()

    def prepare(self) -> None:
        self.fields["promise"].queryset = _ripe(self.opinion).order_by("due_on")


class BrokenForm(PromiseForm, ReasonForm):
    field_order = ["promise", "reason"]

    def prepare(self) -> None:
        super().prepare()
        self.fields["promise"].queryset = _late(self.opinion, self.situation.today).order_by("due_on")
        self.fields["reason"].label = _("认定未兑现的理由")


def keep_promise(opinion: Opinion, *, promise: Promise, by: Account, at: datetime) -> Promise:
    return promises.keep_promise(promise, by=by, at=at)


def break_promise(opinion: Opinion, *, promise: Promise, reason: str, by: Account, at: datetime) -> Promise:
    return promises.break_promise(promise, reason=reason, by=by, at=at)


def _delivers(situation: Situation) -> bool:
    opinion = situation.opinion
    if opinion.state not in ending.DELIVERABLE or not holds(situation.user, P.OPINION_CLOSE, opinion):
        return False
    return _stamped(opinion).count() < len(Recipient)


def _stamped(opinion: Opinion) -> QuerySet[Delivery]:
    """Who has this round's reply; a message that did not arrive leaves its recipient to be told otherwise."""
    return opinion.deliveries.filter(round=opinion.round, delivered_at__isnull=False)


def _ripe(opinion: Opinion) -> QuerySet[Promise]:
    """The promises on which the office can decide: the unit was asked, or has said something."""
    followed = opinion.promises.filter(state__in=promises.FOLLOWED)
    return followed.filter(Q(state=PromiseState.ASKED) | ~Q(unit_words=""))


def _late(opinion: Opinion, today: date) -> QuerySet[Promise]:
    return _ripe(opinion).filter(due_on__lt=today)


def _decides(situation: Situation) -> bool:
    opinion = situation.opinion
    return "promises" in situation.parts and holds(situation.user, P.OPINION_CLOSE, opinion)


def _may_keep(situation: Situation) -> bool:
    return _decides(situation) and _ripe(situation.opinion).exists()


def _may_break(situation: Situation) -> bool:
    return _decides(situation) and _late(situation.opinion, situation.today).exists()


ACTS = (
    step("close", ending.close, form=CloseForm, icon="done", done=_("已办结归档，反映人会收到通知。")),
    step("settle", ending.settle, form=SettleForm, icon="people", done=_("面商结果已记录，各方会收到通知。")),
    Act(
        name="deliver", run=ending.deliver, permissions=CLOSING, form=DeliverForm, icon="phone",
        label=_("登记送达"), hint=_("打了电话或当面送了答复，在这里盖上时间；三方送达齐备才能办结。"),
        offered=_delivers, done=_("送达已登记。"),
    ),
    Act(
        name="keep_promise", run=keep_promise, permissions=CLOSING, form=PromiseForm, icon="promise",
        label=_("认定承诺已兑现"), hint=_("反映人会收到通知。"), offered=_may_keep, done=_("已认定兑现，反映人会收到通知。"),
    ),
    Act(
        name="break_promise", run=break_promise, permissions=CLOSING, form=BrokenForm, icon="error",
        label=_("认定承诺未兑现"), hint=_("反映人、代表、承办单位和常委会办公室会收到通知。"),
        offered=_may_break, done=_("已认定未兑现，各方会收到通知。"),
    ),
)  # fmt: skip
