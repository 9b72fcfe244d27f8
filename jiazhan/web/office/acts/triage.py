"""What the station and the street decide first: take up, classify, merge, divert, lock (handbook §3.3)."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiazhan.opinions import selectors
from jiazhan.opinions.access import holds, visible_to
from jiazhan.opinions.choices import Diversion, Urgency, Visibility
from jiazhan.opinions.models import Category, Opinion
from jiazhan.opinions.services import deputies, triage
from jiazhan.opinions.states import OPEN, State
from jiazhan.people.models import Deputy
from jiazhan.people.permissions import Permission as P
from jiazhan.people.selectors import units

from ..choices import accusable_choices, category_choices
from .base import Act, ActForm, ReasonForm, Situation, UnitField, step

TRIAGE = frozenset({P.OPINION_TRIAGE})


class CategoryField(forms.TypedChoiceField):
    """One of the second-level categories, grouped by the first."""

    def __init__(self, **options: Any) -> None:
        options = {"label": _("分类"), "coerce": self._found, "empty_value": None} | options
        super().__init__(**options)

    @staticmethod
    def _found(code: str) -> Category:
        return Category.objects.get(pk=code)


class DeputyField(forms.ModelChoiceField):
    """The station's deputies, the best choice first, each with the reason."""

    def __init__(self) -> None:
        super().__init__(Deputy.objects.none(), label=_("接待代表"), empty_label=None)

    def offer(self, choices: list[Any], *, chosen: Any = None) -> None:
        self.queryset = Deputy.objects.filter(pk__in=[each.deputy.pk for each in choices])
        self.choices = [(each.deputy.pk, f"{each.deputy.name} · {each.why}") for each in choices]
        if choices:
            self.initial = chosen or choices[0].deputy.pk


class AcceptForm(ActForm):
    deputy = DeputyField()
    category = CategoryField()
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=Urgency.choices)

    def prepare(self) -> None:
        choices = selectors.deputies_for(self.opinion.station, at=self.situation.at)
        self.fields["deputy"].offer(choices, chosen=self.opinion.deputy_id)
        self.fields["deputy"].help_text = (
            _("默认选反映人指名的代表；没有指名的，选最近来站接待、手上事少的一位。") if choices
            else _("本站还没有编入在任代表，请先在站点里编入代表。")
        )  # fmt: skip
        _suggest(self)
        self.initial["urgency"] = self.opinion.urgency


class ClassifyForm(ActForm):
    category = CategoryField()

    def prepare(self) -> None:
        _suggest(self)


class UrgencyForm(ActForm):
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=Urgency.choices, widget=forms.RadioSelect)

    def prepare(self) -> None:
        self.initial["urgency"] = self.opinion.urgency


class DivertForm(ReasonForm):
    to = forms.ChoiceField(label=_("转到"), choices=Diversion.choices)
    field_order = ["to", "reason"]

    def prepare(self) -> None:
        self.fields["reason"].help_text = _("反映人会看到：说明为什么，以及到那里怎么办。")


class DeclineForm(ReasonForm):
    def prepare(self) -> None:
        self.fields["reason"].help_text = _("反映人会看到。请写明为什么不受理、可以去哪里反映。")


class MergeForm(ActForm):
    into = forms.CharField(
        label=_("并入哪一件"),
        max_length=60,
        help_text=_("填那一件的编号，例如 A01-2026-000123；也可以在“类似事项”里直接点并案。"),
    )

    def clean_into(self) -> Opinion:
        """A number, or the id that the list of similar matters gives. Only what this person may see is found."""
        said = self.cleaned_data["into"].strip()
        rows = visible_to(self.situation.user).filter(jurisdiction=self.opinion.jurisdiction)
        found = (rows.filter(pk=said) if _is_id(said) else rows.filter(number=said.upper())).first()
        if found is None:
            raise forms.ValidationError(_("没有找到编号“%(said)s”的事项，请核对后再填。") % {"said": said})
        return found


class LockForm(ActForm):
    accused_unit = UnitField(
        label=_("被反映的单位"), required=False, empty_label=_("不在名单里，或没有写明"),
        help_text=_("锁定后，这个单位及其上级的账号都看不到这件事。"),
    )  # fmt: skip

    def prepare(self) -> None:
        offered = units(jurisdiction=self.opinion.jurisdiction)
        self.fields["accused_unit"].offer(offered, shown=accusable_choices())


class HotlineForm(ActForm):
    ticket_no = forms.CharField(label=_("12345 工单号"), max_length=40)

    def prepare(self) -> None:
        self.initial["ticket_no"] = self.opinion.hotline_ticket_no


class HandOverForm(ActForm):
    deputy = DeputyField()

    def prepare(self) -> None:
        choices = selectors.deputies_for(self.opinion.station, at=self.situation.at)
        self.fields["deputy"].offer([each for each in choices if each.deputy.pk != self.opinion.deputy_id])


class PassForm(ReasonForm):
    def prepare(self) -> None:
        self.fields["reason"].label = _("情况说明")
        self.fields["reason"].help_text = _("写明怎么联系过代表、为什么先行办理，代表会收到。")


def _is_id(said: str) -> bool:
    try:
        return bool(uuid.UUID(said))
    except ValueError:
        return False


def _suggest(form: ActForm) -> None:
    """Offer the categories with the suggested one chosen, and say which words decided."""
    opinion, field = form.opinion, form.fields["category"]
    field.choices = [("", _("请选择")), *category_choices()]
    if opinion.category_id:
        form.initial["category"] = opinion.category_id
        return
    suggestion = selectors.suggest_category(opinion.body, title=opinion.title)
    if suggestion is None:
        field.help_text = _("这段话里没有能判断分类的词，请您来选。")
        return
    form.initial["category"] = suggestion.category.pk
    field.help_text = _("建议：%(name)s，因为写到了“%(words)s”。可以改。") % {
        "name": suggestion.category.name, "words": "、".join(suggestion.words[:4]),
    }  # fmt: skip


def _triages(situation: Situation) -> bool:
    return holds(situation.user, P.OPINION_TRIAGE, situation.opinion)


def _is_open(situation: Situation) -> bool:
    return situation.opinion.state in OPEN and _triages(situation)


def _may_lock(situation: Situation) -> bool:
    opinion = situation.opinion
    carries = holds(situation.user, P.OPINION_ACCUSATION, opinion)
    return opinion.visibility == Visibility.NORMAL and opinion.state in OPEN and (carries or _triages(situation))


def _may_unlock(situation: Situation) -> bool:
    opinion = situation.opinion
    return opinion.visibility == Visibility.LOCKED and holds(situation.user, P.OPINION_ACCUSATION, opinion)


def _may_hand_over(situation: Situation) -> bool:
    return situation.opinion.state == State.ACCEPTED and _is_open(situation)


ACTS = (
    step("accept", triage.accept, form=AcceptForm, icon="check", done=_("已受理。代表和反映人都会收到通知。")),
    step("pass_without_opinion", deputies.pass_without_opinion, form=PassForm, done=_("已送街道提出意见，代表会收到通知。")),
    step("decline", triage.decline, form=DeclineForm, icon="close", done=_("已记为不予受理，理由已告知反映人。")),
    step("divert", triage.divert, form=DivertForm, icon="divert", done=_("已分流，去向和理由已告知反映人。")),
    step("merge", triage.merge, form=MergeForm, icon="merge", done=_("已并案。每位反映人都会收到同一份答复。")),
    step("unmerge", triage.unmerge, icon="retry", done=_("已恢复为单独的一件，请重新受理。")),
    Act(
        name="hand_to_deputy", run=deputies.hand_to_deputy, permissions=TRIAGE, form=HandOverForm, icon="deputy",
        label=_("改请另一位代表"), hint=_("原代表不再提意见；新的代表收到通知，期限重新计算。"), offered=_may_hand_over,
        done=_("已改请另一位代表。"),
    ),
    Act(
        name="classify", run=triage.classify, permissions=TRIAGE, form=ClassifyForm, icon="category", group="tidy",
        label=_("改分类"), hint=_("只改归类，不通知任何人。"), offered=_is_open, done=_("分类已改。"),
    ),
    Act(
        name="set_urgency", run=triage.set_urgency, permissions=TRIAGE, form=UrgencyForm, icon="alert", group="tidy",
        label=_("改紧急程度"), hint=_("重大紧急的会立即通知各方，请同时打电话报告。"), offered=_is_open, done=_("紧急程度已改。"),
    ),
    Act(
        name="link_hotline", run=triage.link_hotline, permissions=TRIAGE, form=HotlineForm, icon="link", group="tidy",
        label=_("关联 12345 工单"), hint=_("记下工单号，两边可以互相查到。"), offered=_is_open, done=_("已关联工单。"),
    ),
    Act(
        name="lock_as_accusation", run=triage.lock_as_accusation, permissions=TRIAGE | {P.OPINION_ACCUSATION}, form=LockForm, icon="lock", group="tidy",
        label=_("按检举控告锁定"), hint=_("锁定后只有负责转交的人能看到，不能普通转办；被反映单位及其上级看不到。"),
        offered=_may_lock, done=_("已锁定，只有负责转交检举控告的人能看到。"),
    ),
    Act(
        name="unlock", run=triage.unlock, permissions=frozenset({P.OPINION_ACCUSATION}), form=ReasonForm, icon="key", group="tidy",
        label=_("解除锁定"), hint=_("经核实不属检举控告时使用，须写明理由。"), offered=_may_unlock, done=_("已解除锁定，按一般意见办理。"),
    ),
)  # fmt: skip
