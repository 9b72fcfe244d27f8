"""What the congress's desk decides on what was submitted (handbook §2.1, §2.2)."""

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiazhan.opinions.models import Category
from jiazhan.opinions.selectors import suggest_category
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission as P
from jiazhan.suggestions.access import holds, visible_to
from jiazhan.suggestions.choices import Kind
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.services import checking
from jiazhan.suggestions.states import ACCEPTED_EVER, FINAL, State
from jiazhan.web.office.choices import category_choices

from .base import Act, ActForm, ReasonForm, Situation, step

CHECK = frozenset({P.PROPOSAL_CHECK})
# A proposal that may be said to be repeated: accepted, and not what is handled together with this one.
FORMER = ACCEPTED_EVER - {State.MERGED, State.ON_AGENDA, State.CONVERTED}


class CategoryField(forms.TypedChoiceField):
    """One of the second-level categories, grouped by the first."""

    def __init__(self, **options: Any) -> None:
        options = {"label": _("分类"), "coerce": self._found, "empty_value": None} | options
        super().__init__(**options)

    @staticmethod
    def _found(code: str) -> Category:
        return Category.objects.get(pk=code)


class ClassifyForm(ActForm):
    category = CategoryField()

    def prepare(self) -> None:
        proposal, shown = self.proposal, self.fields["category"]
        shown.choices = [("", _("请选择")), *category_choices()]
        if proposal.category_id:
            self.initial["category"] = proposal.category_id
            return
        suggestion = suggest_category(f"{proposal.facts}{proposal.cause}{proposal.request}", title=proposal.title)
        if suggestion is None:
            shown.help_text = _("文中没有能判断分类的词，请您来选。")
            return
        self.initial["category"] = suggestion.category.pk
        words = "、".join(f"“{word}”" for word in suggestion.words[:3])
        shown.help_text = _("按文中的%(words)s推荐“%(name)s”，可以改。") % {
            "words": words,
            "name": suggestion.category.name,
        }


class AcceptForm(ClassifyForm):
    repeats = forms.ChoiceField(
        label=_("是否重复以前的建议"), required=False,
        help_text=_("同一问题往年提过的，选出那一件，统计“多年重复提出”。"),
    )  # fmt: skip
    repeats_number = forms.CharField(
        label=_("上面没有列出的，填编号"), required=False, max_length=60, help_text=_("例如：九届三次第12号建议。")
    )

    def prepare(self) -> None:
        super().prepare()
        former = [each for each in self.situation.similar if each.proposal.state in FORMER and each.proposal.number]
        self.fields["repeats"].choices = [
            ("", _("不是重复提出")),
            *((str(each.proposal.pk), f"{each.proposal.number} {each.proposal.title}") for each in former),
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        number, chosen = found.pop("repeats_number", "").strip(), found.get("repeats")
        found["repeats"] = None
        if number or chosen:
            rows = visible_to(self.situation.user).filter(jurisdiction=self.proposal.jurisdiction)
            found["repeats"] = (rows.filter(number=number) if number else rows.filter(pk=chosen)).first()
        if number and found["repeats"] is None:
            self.add_error("repeats_number", _("没有找到编号“%(said)s”的建议，请核对后再填。") % {"said": number})
        return found


class ReturnForm(ReasonForm):
    called = _("修改意见")
    told = _("领衔和联名代表都会看到。请写明哪里要改、怎么改。")


class DeclineForm(ReasonForm):
    called = _("不予立案的理由")
    told = _("每位代表都会看到。请写明依据，以及可以通过什么途径反映。")


class MergeForm(ActForm):
    into = forms.CharField(
        label=_("并入哪一件"),
        max_length=60,
        help_text=_("填那一件的编号；还没有编号的，在“相近的建议”里直接点“并入这一件”。"),
    )

    def clean_into(self) -> Proposal:
        """A number, or the id that the list of similar ones gives. Only what this person may see is found."""
        said = self.cleaned_data["into"].strip()
        rows = visible_to(self.situation.user).filter(jurisdiction=self.proposal.jurisdiction)
        found = (rows.filter(pk=said) if _is_id(said) else rows.filter(number=said)).first()
        if found is None:
            raise forms.ValidationError(_("没有找到编号“%(said)s”的建议，请核对后再填。") % {"said": said})
        return found


class DecidedForm(ActForm):
    decided = forms.CharField(
        label=_("主席团决定"),
        max_length=200,
        help_text=_("会次、日期和文号，例如：大会主席团第三次会议，2026年1月14日。"),
    )


def accept(proposal: Proposal, *, category: Category, repeats: Proposal | None, by: Account, at: datetime) -> Proposal:
    return checking.accept(proposal, category=category, repeats=repeats, by=by, at=at)


def _is_id(said: str) -> bool:
    try:
        return bool(uuid.UUID(said))
    except ValueError:
        return False


def _of_kind(name: str, kind: Kind) -> Any:
    return lambda situation: name in situation.steps and situation.proposal.kind == kind


def _may_classify(situation: Situation) -> bool:
    proposal = situation.proposal
    return proposal.state not in FINAL and holds(situation.user, P.PROPOSAL_CHECK, proposal)


ACTS = (
    step("begin_check", checking.begin_check, icon="eye", done=_("由您审查，同事会看到。")),
    step(
        "accept", accept, form=AcceptForm, icon="check", done=_("已立案编号，代表会收到通知。"),
        offered=_of_kind("accept", Kind.PROPOSAL),
    ),
    step(
        "put_on_agenda", checking.put_on_agenda, form=DecidedForm, icon="congress", done=_("已登记列入议程，代表会收到通知。"),
        offered=_of_kind("put_on_agenda", Kind.MOTION),
    ),
    step(
        "convert", checking.convert, form=DecidedForm, icon="divert", done=_("已转为建议并立案，请交办。"),
        offered=_of_kind("convert", Kind.MOTION),
    ),
    step("return_to_author", checking.return_to_author, form=ReturnForm, icon="edit", done=_("已退回修改，代表会收到通知。")),
    step("merge", checking.merge, form=MergeForm, icon="merge", done=_("已并案。每位代表仍分别收到答复、分别评价。")),
    step("unmerge", checking.unmerge, icon="retry", done=_("已恢复为单独一件，请重新审查。")),
    step("decline", checking.decline, form=DeclineForm, icon="close", done=_("已登记不予立案，理由已告知每位代表。")),
    Act(
        name="classify", run=checking.classify, permissions=CHECK, form=ClassifyForm, icon="category", group="tidy",
        label=_("改分类"), hint=_("只改归类，不通知任何人。"), offered=_may_classify, done=_("分类已改。"),
    ),
)  # fmt: skip
