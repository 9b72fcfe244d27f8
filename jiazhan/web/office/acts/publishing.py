"""The public page of a matter: proposed by one, read again by another, taken down on request (handbook §11)."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from jiazhan.opinions.access import holds
from jiazhan.opinions.choices import PublicationState, Visibility
from jiazhan.opinions.models import Opinion, Publication
from jiazhan.opinions.services import publishing
from jiazhan.opinions.services.ending import signed_reply
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission as P

from .base import Act, ActForm, ReasonForm, Situation

STANDING = (PublicationState.PROPOSED, PublicationState.PUBLISHED)


class ProposeForm(ActForm):
    title = forms.CharField(label=_("公开标题"), max_length=120)
    body = forms.CharField(
        label=_("公开内容"), widget=forms.Textarea(attrs={"rows": 5}), max_length=5000,
        help_text=_("电话、证件号、门牌和反映人姓名会自动遮住，请再看一遍有没有别的个人信息。"),
    )  # fmt: skip
    reply = forms.CharField(
        label=_("公开答复"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5000, required=False
    )

    def prepare(self) -> None:
        opinion, reply = self.opinion, signed_reply(self.opinion)
        self.initial |= {
            "title": publishing.masked(opinion, opinion.title),
            "body": publishing.masked(opinion, opinion.body),
            "reply": publishing.masked(opinion, reply.body) if reply else "",
        }


class PublicationForm(ActForm):
    """Stands for the very page that was read, so that nobody approves another one."""

    publication = forms.ModelChoiceField(Publication.objects.none(), widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.fields["publication"].queryset = self.opinion.publications.all()
        standing = standing_publication(self.opinion)
        self.initial["publication"] = standing.pk if standing else None


class PublicationReasonForm(PublicationForm, ReasonForm):
    pass


def standing_publication(opinion: Opinion) -> Publication | None:
    """The page that is proposed or public now."""
    return opinion.publications.filter(state__in=STANDING).first()


def approve(opinion: Opinion, *, publication: Publication, by: Account, at: datetime) -> Publication:
    return publishing.approve(publication, by=by, at=at)


def refuse(opinion: Opinion, *, publication: Publication, reason: str, by: Account, at: datetime) -> Publication:
    return publishing.refuse(publication, reason=reason, by=by, at=at)


def withdraw(opinion: Opinion, *, publication: Publication, reason: str, by: Account, at: datetime) -> Publication:
    return publishing.withdraw_from_view(publication, reason=reason, by=by, at=at)


def _may_propose(situation: Situation) -> bool:
    opinion = situation.opinion
    return (
        opinion.visibility == Visibility.NORMAL
        and opinion.replied_at is not None
        and opinion.state not in publishing.NEVER_PUBLIC
        and holds(situation.user, P.OPINION_PROPOSE_PUBLIC, opinion)
        and ("publications" not in situation.parts or standing_publication(opinion) is None)
    )


def _may_review(situation: Situation) -> bool:
    opinion = situation.opinion
    if "publications" not in situation.parts or not holds(situation.user, P.OPINION_APPROVE_PUBLIC, opinion):
        return False
    standing = standing_publication(opinion)
    return (
        standing is not None
        and standing.state == PublicationState.PROPOSED
        and standing.proposed_by_id != situation.user.pk
    )


def _may_withdraw(situation: Situation) -> bool:
    opinion = situation.opinion
    if "publications" not in situation.parts or not holds(situation.user, P.OPINION_APPROVE_PUBLIC, opinion):
        return False
    standing = standing_publication(opinion)
    return standing is not None and standing.state == PublicationState.PUBLISHED


APPROVING = frozenset({P.OPINION_APPROVE_PUBLIC})

ACTS = (
    Act(
        name="propose_public", run=publishing.propose, permissions=frozenset({P.OPINION_PROPOSE_PUBLIC}), form=ProposeForm,
        icon="megaphone", group="tidy", label=_("提出公开"), hint=_("由另一位同事复核后才会公开；个人信息自动遮住。"),
        offered=_may_propose, done=_("已提出公开，请另一位同事复核。"),
    ),
    Act(
        name="approve_public", run=approve, permissions=APPROVING, form=PublicationForm, icon="eye",
        label=_("同意公开"), hint=_("这件事和答复会出现在站点的公开页上。"), offered=_may_review, done=_("已公开。"),
    ),
    Act(
        name="refuse_public", run=refuse, permissions=APPROVING, form=PublicationReasonForm, icon="eye-off",
        label=_("不公开"), hint=_("须写明原因，提出的同事会看到。"), offered=_may_review, done=_("已记为不公开。"),
    ),
    Act(
        name="withdraw_public", run=withdraw, permissions=APPROVING, form=PublicationReasonForm, icon="eye-off", group="tidy",
        label=_("撤下公开页"), hint=_("公开页上只留一句已撤下的说明。"), offered=_may_withdraw, done=_("公开页已撤下。"),
    ),
)  # fmt: skip
