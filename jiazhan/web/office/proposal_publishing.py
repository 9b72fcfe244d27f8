"""Releasing proposals: what waits for whom, and the page on which one proposes and another decides (handbook §2.3)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from jiazhan.kernel.outcomes import PublicationState
from jiazhan.kernel.text import mask
from jiazhan.people.permissions import Permission as P
from jiazhan.suggestions import access
from jiazhan.suggestions.choices import Publicity
from jiazhan.suggestions.models import Proposal, Publication
from jiazhan.suggestions.selectors import released
from jiazhan.suggestions.services import publishing
from jiazhan.web.ui.forms import Form
from jiazhan.web.ui.guards import needs

from .frame import page
from .refusals import sentence_of, status_of

RELEASING = (P.PROPOSAL_PROPOSE_PUBLIC, P.PROPOSAL_APPROVE_PUBLIC)
PAGE = 30
TABS = {
    "review": gettext_lazy("待复核"),
    "propose": gettext_lazy("可以提出公开"),
    "public": gettext_lazy("已公开"),
    "kept": gettext_lazy("不公开"),
    "gone": gettext_lazy("已撤下"),
}
EMPTY = {
    "review": (gettext_lazy("没有等待复核的"), gettext_lazy("同事提出公开以后会出现在这里，请您看过再决定。")),
    "propose": (gettext_lazy("没有可以提出公开的"), gettext_lazy("答复以后、还没有提出公开的建议会出现在这里。")),
    "public": (gettext_lazy("还没有公开的建议"), gettext_lazy("两个人都同意公开的会出现在这里。")),
    "kept": (gettext_lazy("没有不公开的"), gettext_lazy("两个人都同意不公开的、没有通过复核的会出现在这里。")),
    "gone": (gettext_lazy("没有撤下的"), gettext_lazy("公开以后又撤下的会出现在这里。")),
}


class ProposeForm(Form):
    publicity = forms.ChoiceField(
        label=gettext_lazy("公开方式"), choices=Publicity.choices, widget=forms.RadioSelect, initial=Publicity.FULL
    )
    title = forms.CharField(label=gettext_lazy("公开标题"), max_length=120)
    body = forms.CharField(
        label=gettext_lazy("公开内容"), widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("电话、证件号、门牌会自动遮住。请再看一遍，有没有居民姓名、未成年人信息或者不宜公开的内容。"),
    )  # fmt: skip
    reply = forms.CharField(label=gettext_lazy("公开复文"), widget=forms.Textarea(attrs={"rows": 10}))
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=200, required=False,
        help_text=gettext_lazy("区分处理后公开、不公开的，须写明理由，例如涉密、商业秘密、个人隐私。全文公开不用填。"),
    )  # fmt: skip

    def __init__(self, *args: Any, proposal: Proposal, **options: Any) -> None:
        super().__init__(*args, **options)
        # What is kept back has no words, and one of former years may have no reply.
        is_kept_back = self.data.get("publicity") == Publicity.NONE
        for name in ("title", "body", "reply"):
            self.fields[name].required = not is_kept_back
        self.fields["reply"].required = not is_kept_back and proposal.replied_at is not None


@needs(*RELEASING)
@require_safe
def publications(request: HttpRequest) -> HttpResponse:
    """What waits for the second person, what could be released, and what was decided."""
    user, which = request.user, request.GET.get("tab", "review")
    which = which if which in TABS else "review"
    rows: dict[str, Callable[[], Any]] = {
        "review": lambda: released.to_review(user),
        "propose": lambda: released.to_propose(user),
        "public": lambda: released.decided(user, [PublicationState.PUBLISHED]).filter(publicity__in=released.SHOWN),
        "kept": lambda: (
            released.decided(user, [PublicationState.REFUSED])
            | released.decided(user, [PublicationState.PUBLISHED]).filter(publicity=Publicity.NONE)
        ),
        "gone": lambda: released.decided(user, [PublicationState.WITHDRAWN]),
    }
    found = Paginator(rows[which](), PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": [
            {"label": label, "url": f"?tab={name}", "current": name == which,
             "count": rows[name]().count() if name in {"review", "propose"} else None}
            for name, label in TABS.items()
        ],
        "rows": [_row(each, which) for each in found],
        "found": found,
        "empty": EMPTY[which],
    }  # fmt: skip
    return page(request, "office/proposal_publishing/list.html", context, current="office:proposals")


@needs(*RELEASING)
@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: HttpRequest, jurisdiction: str, proposal_id: UUID) -> HttpResponse:
    """Propose what is to be released, or read what another proposed and decide."""
    held = access.get_for(request.user, jurisdiction, proposal_id)
    if not any(access.holds(request.user, permission, held) for permission in RELEASING):
        raise Http404
    if request.method != "POST":
        return _publication_page(request, held)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    form = ProposeForm(request.POST, proposal=held) if act is _propose else None
    if form is not None and not form.is_valid():
        return _publication_page(request, held, form=form, status=422)
    try:
        said = act(request, held, form)
    except Exception as error:
        return _publication_page(request, held, form=form, refusal=sentence_of(error), status=status_of(error))
    messages.success(request, said)
    return redirect("office:proposal-publishing", jurisdiction=jurisdiction, proposal_id=proposal_id)


def _propose(request: HttpRequest, held: Proposal, form: ProposeForm | None) -> str:
    said = form.cleaned_data if form else {}
    publishing.propose(
        held,
        publicity=Publicity(said["publicity"]),
        title=said["title"],
        body=said["body"],
        reply=said["reply"],
        reason=said["reason"],
        by=request.user,
        at=timezone.now(),
    )
    return _("已提出，请另一位有复核权限的同事决定。")


def _approve(request: HttpRequest, held: Proposal, form: Any) -> str:
    decided = publishing.approve(_meant(request, held), by=request.user, at=timezone.now())
    return _("已确认不公开。") if decided.publicity == Publicity.NONE else _("已公开，代表和承办单位会收到通知。")


def _refuse(request: HttpRequest, held: Proposal, form: Any) -> str:
    publishing.refuse(_meant(request, held), reason=request.POST.get("why", ""), by=request.user, at=timezone.now())
    return _("没有通过，提出的同事会收到通知。")


def _withdraw(request: HttpRequest, held: Proposal, form: Any) -> str:
    gone = publishing.withdraw_from_view(
        _meant(request, held), reason=request.POST.get("why", ""), by=request.user, at=timezone.now()
    )
    return _("已取消，可以重新提出公开。") if gone.publicity == Publicity.NONE else _("已撤下，公开页上只留一句说明。")


ACTS: dict[str, Callable[[HttpRequest, Proposal, Any], str]] = {
    "propose": _propose,
    "approve": _approve,
    "refuse": _refuse,
    "withdraw": _withdraw,
}


def _meant(request: HttpRequest, held: Proposal) -> Publication:
    """The very page that the person read, so that nobody approves another one."""
    wanted = request.POST.get("publication", "")
    found = next((each for each in held.publications.select_related("proposal") if str(each.pk) == wanted), None)
    if found is None:
        raise publishing.NotProposed
    return found


def _publication_page(
    request: HttpRequest, held: Proposal, *, form: ProposeForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    user = request.user
    rows = list(held.publications.select_related("proposed_by", "reviewed_by").order_by("-proposed_at"))
    standing = next((each for each in rows if each.state in released.STANDING), None)
    may_propose = access.holds(user, P.PROPOSAL_PROPOSE_PUBLIC, held)
    may_review = access.holds(user, P.PROPOSAL_APPROVE_PUBLIC, held)
    can_propose = standing is None and may_propose and held.state in released.RELEASABLE
    replies = publishing.signed_replies(held)
    if can_propose and form is None:
        form = ProposeForm(proposal=held, initial={"publicity": held.publicity, **publishing.proposed_words(held)})
    context = {
        "proposal": held,
        "standing": standing,
        "former": [each for each in rows if each is not standing],
        "words_of": words_of,
        "form": form if can_propose else None,
        "is_answered": held.state in released.RELEASABLE,
        "replies": replies,
        "promises": [mask(each.text) for each in held.promises.order_by("due_on", "id")],
        "publicities": dict(Publicity.choices),
        "is_own": standing is not None and standing.proposed_by_id == user.pk,
        "may_review": may_review,
        "is_behind": standing is not None and any(_is_newer(each.signed_at, standing) for each in replies),
        "refusal": refusal,
    }
    return page(request, "office/proposal_publishing/page.html", context, current="office:proposals", status=status)


def words_of(publication: Publication) -> str:
    """Where a page stands, in words; keeping back is a decision of two as well."""
    if publication.publicity == Publicity.NONE:
        return {
            PublicationState.PROPOSED: _("提出不公开，待第二人复核"),
            PublicationState.PUBLISHED: _("经两人审核，不公开"),
            PublicationState.REFUSED: _("第二人未同意不公开"),
            PublicationState.WITHDRAWN: _("不公开的决定已取消"),
        }[PublicationState(publication.state)]
    if publication.state == PublicationState.REFUSED:
        return _("未通过复核")
    return str(publication.get_state_display())


def _is_newer(signed_at: Any, publication: Publication) -> bool:
    return publication.publicity != Publicity.NONE and signed_at is not None and signed_at > publication.proposed_at


def _row(each: Proposal | Publication, which: str) -> dict[str, Any]:
    if isinstance(each, Proposal):
        facts = [each.number, each.lead.name, each.host.name if each.host else "", each.get_publicity_display()]
        return {"proposal": each, "title": each.title, "facts": facts}
    held = each.proposal
    facts = [held.number, held.host.name if held.host else "", each.get_publicity_display(), words_of(each)]
    if which == "review":
        facts.append(_("%(name)s提出") % {"name": each.proposed_by.name})
    return {"proposal": held, "title": each.title or held.title, "facts": facts}


urlpatterns = [
    path("proposals/publishing/", publications, name="proposal-publications"),
    path("proposals/<slug:jurisdiction>/<uuid:proposal_id>/publishing/", publication, name="proposal-publishing"),
]
