"""群众: what the deputy was asked about, and what became of it."""

import uuid
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jiazhan.documents import selectors as documents
from jiazhan.kernel import deadlines
from jiazhan.kernel.text import mask_contacts
from jiazhan.notifications import selectors as notices
from jiazhan.notifications import services as notifying
from jiazhan.opinions import access, selectors
from jiazhan.opinions.choices import Grade, OutcomeClass, Urgency, Visibility
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.models.handling import ReplyState
from jiazhan.opinions.selectors.lists import cursor_of, moment_of, read_cursor
from jiazhan.opinions.selectors.pressing import is_pressing, on_top
from jiazhan.opinions.selectors.search import with_relations
from jiazhan.opinions.services import ending, letters
from jiazhan.opinions.states import OPEN, WORKFLOW, State
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission
from jiazhan.places.models import Region
from jiazhan.web.ui.guards import needs

from .forms import AnswerForm, HandForm, OpinionForm
from .frame import page

SIZE = 20
ASKED = frozenset({State.REGISTERED, State.ACCEPTED})
ANSWERED = frozenset({State.REPLIED, State.RATED})
TABS: dict[str, tuple[Any, frozenset[State]]] = {
    "asked": (gettext_lazy("待我提意见"), ASKED),
    "under-way": (gettext_lazy("办理中"), OPEN - ASKED - ANSWERED),
    "results": (gettext_lazy("已有结果"), frozenset(State) - (OPEN - ANSWERED)),
}
EMPTY: dict[str, tuple[Any, Any]] = {
    "asked": (
        gettext_lazy("没有等您提意见的事"),
        gettext_lazy("站点受理群众意见并请您看的，会出现在这里。群众扫您的码反映的，也在这里。"),
    ),
    "under-way": (gettext_lazy("没有正在办理的事"), gettext_lazy("您提出意见以后，街道和部门办理到哪一步，在这里看。")),
    "results": (
        gettext_lazy("还没有办出结果的事"),
        gettext_lazy("有了答复，或转到其他途径的，在这里看结果和群众的评价。"),
    ),
}
_GRADE_TONES = {Grade.SATISFIED: "ok", Grade.BASICALLY_SATISFIED: "info", Grade.DISSATISFIED: "late"}
# The desk's own bookkeeping is no news to a deputy.
_INSIDE = ("opinion.save_draft", "opinion.send_back_reply", "opinion.classify", "opinion.see_reply", "attachment.")


@needs(Permission.DEPUTY_HOME)
@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "asked"
    rows, more = _listed(request.user, tab, request.GET.get("after", "")[:120])
    counts = _counts(request.user)
    today = timezone.localdate()
    context = {
        "tabs": [
            {"label": label, "url": f"?tab={name}", "count": counts.get(name), "current": name == tab}
            for name, (label, _states) in TABS.items()
        ],
        "rows": [_row(each, today) for each in rows],
        "empty": EMPTY[tab],
        "next_url": f"?{urlencode({'tab': tab, 'after': more})}" if more else None,
        "first_url": f"?tab={tab}" if request.GET.get("after") else None,
    }  # fmt: skip
    return page(request, "deputy/matters.html", context, place="matters")


@needs(Permission.DEPUTY_HOME)
@require_safe
def opinion(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    """The matter; whoever opens it has read what they were told about it, and seen its reply."""
    matter = asked_of_me(request, jurisdiction, opinion_id)
    told = notices.inbox(request.user).filter(subject_id=str(matter.pk), read_at=None)
    if ids := [str(each) for each in told.values_list("pk", flat=True)]:
        notifying.mark_read(request.user, ids, at=timezone.now())
    if matter.replied_at:
        ending.see(matter, by=request.user, at=timezone.now())
    return matter_page(request, matter)


def asked_of_me(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> Opinion:
    """The matter, if this deputy is the one asked. A 404 otherwise, whatever else the person may read."""
    found = access.get_for(request.user, jurisdiction, opinion_id)
    if found.deputy_id != request.user.deputy.pk:
        raise access.NotVisible(_("没有找到这件事。"))
    return found


def matter_page(
    request: HttpRequest, opinion: Opinion, *, forms: dict[str, Any] | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The page; `forms` are those that were refused, by name, and `refusal` why."""
    refused = forms or {}
    at = timezone.now()
    today = timezone.localdate(at)
    context = {
        "opinion": opinion,
        "title": mask_contacts(opinion.title),
        "body": mask_contacts(opinion.body),
        "appeal": mask_contacts(opinion.appeal),
        "author": letters.masked_author(opinion),
        "place": _place(opinion),
        "state": WORKFLOW.for_staff(opinion.state),
        "light": deadlines.light(opinion.due_on, today).value if _is_counted(opinion) else None,
        "light_words": deadlines.words(opinion.due_on, today),
        **_sent_along(opinion),
        "letters": list(documents.documents_of(opinion).defer("inputs")),
        "said": list(opinion.deputy_opinions.filter(deputy=request.user.deputy).order_by("signed_at")),
        "replies": _replies(opinion),
        "timeline": [
            {"title": line.text, "at": line.at, "by": line.actor}
            for line in reversed(selectors.timeline_for_staff(opinion))
            if not line.action.startswith(_INSIDE)
        ],
        "acts": _acts(request, opinion, refused, at),
        "may_propose": Permission.PROPOSAL_WRITE in request.user.permissions and opinion.visibility != Visibility.LOCKED,
        "refused": refused,
        "refusal": refusal,
        "kept": [text for form in refused.values() if refusal for text in form.cleaned_data.values() if isinstance(text, str)],
    }  # fmt: skip
    return page(request, "deputy/opinion.html", context, place="matters", status=status)


def went_well(request: HttpRequest, said: str, *, opinion: Opinion | None = None) -> HttpResponse:
    """Back to the matter, or to the list where the matter is no longer the deputy's."""
    messages.success(request, said)
    return redirect("deputy:opinion", opinion.jurisdiction, opinion.pk) if opinion else redirect("deputy:matters")


def _acts(request: HttpRequest, opinion: Opinion, refused: dict[str, Any], at: datetime) -> dict[str, Any]:
    """What this deputy can do now, each with its form; nothing for one who may not act."""
    found: dict[str, Any] = {}
    if opinion.state not in ASKED or not access.may(request.user, "opine", opinion):
        return found
    if opinion.state == State.REGISTERED:
        found["take_up"] = WORKFLOW.steps["take_up"]
    else:
        found["opine"] = refused.get("opine") or OpinionForm()
        found["hand"] = refused.get("hand") or HandForm(opinion=opinion, me=request.user.deputy, at=at)
    found["answer"] = refused.get("answer") or AnswerForm(initial={"outcome": OutcomeClass.RESOLVED})
    return found


def _listed(account: Account, tab: str, after: str) -> tuple[list[Opinion], str]:
    """What waits for the deputy by what falls due; the rest newest first."""
    rows = with_relations(_mine(account)).filter(state__in=TABS[tab][1])
    if tab == "asked":
        # Few by nature: what one person was asked and has not answered.
        return list(on_top(lambda: rows, list(rows.order_by("due_on", "raised_at", "pk")[:100]))), ""
    if (marked := read_cursor(after)) and (at := moment_of(marked[0])):
        rows = rows.filter(Q(raised_at__lt=at) | Q(raised_at=at, pk__lt=marked[1]))
    found = list(rows.order_by("-raised_at", "-pk")[: SIZE + 1])
    last = found[SIZE - 1] if len(found) > SIZE else None
    shown = found[:SIZE] if after else list(on_top(lambda: rows, found[:SIZE]))
    return shown, cursor_of(last.raised_at, last.pk) if last else ""


def _counts(account: Account) -> dict[str, int]:
    return _mine(account).aggregate(
        **{name: Count("pk", filter=Q(state__in=TABS[name][1])) for name in ("asked", "under-way")}
    )


def _mine(account: Account) -> QuerySet[Opinion]:
    return access.visible_to(account).filter(deputy=account.deputy)


def _row(opinion: Opinion, today: date) -> dict[str, Any]:
    badges = []
    if opinion.urgency != Urgency.NORMAL:
        badges.append((_("重大紧急，置顶") if is_pressing(opinion) else opinion.get_urgency_display(), "late"))
    if opinion.grade:
        badges.append((opinion.get_grade_display(), _GRADE_TONES[Grade(opinion.grade)]))
    return {
        "title": mask_contacts(opinion.title),
        "url": reverse("deputy:opinion", args=[opinion.jurisdiction, opinion.pk]),
        "badges": badges,
        "meta": (opinion.station.name, WORKFLOW.for_staff(opinion.state), opinion.unit.name if opinion.unit else ""),
        "light": deadlines.light(opinion.due_on, today).value if _is_counted(opinion) else None,
        "words": deadlines.words(opinion.due_on, today),
    }


def _is_counted(opinion: Opinion) -> bool:
    """Whether somebody of the organs is on the clock; a rating is its author's free choice."""
    return opinion.due_on is not None and opinion.state not in ANSWERED


def _replies(opinion: Opinion) -> list[dict[str, Any]]:
    signed = opinion.replies.filter(state=ReplyState.SIGNED).select_related("unit", "signed_by").order_by("-round")
    ratings = {each.reply_id: each for each in opinion.ratings.filter(supporter=None)}
    return [
        {
            "reply": each,
            "rating": ratings.get(each.pk),
            "by": each.unit.name if each.unit else each.signed_by.name if each.signed_by else "",
            "promises": list(each.promises.order_by("due_on")),
        }
        for each in signed
    ]


def _sent_along(opinion: Opinion) -> dict[str, list[dict[str, Any]]]:
    """What the author sent: pictures to look at, everything else to download."""
    found: dict[str, list[dict[str, Any]]] = {"pictures": [], "files": []}
    for each in documents.attachments_of(opinion):
        where = [opinion.jurisdiction, opinion.pk, each.pk]
        if each.thumbnail_sha256:
            words = _("现场照片 %(n)s") % {"n": len(found["pictures"]) + 1}
            small = reverse("deputy:file-small", args=where)
            found["pictures"].append({"url": reverse("deputy:file", args=where), "thumbnail": small, "alt": words})
        else:
            found["files"].append({"url": reverse("deputy:file", args=where), "name": each.name, "size": each.size})
    return found


def _place(opinion: Opinion) -> str:
    codes = [code for code in (opinion.street, opinion.community) if code]
    names = dict(Region.objects.filter(pk__in=codes).values_list("code", "name"))
    return " ".join(filter(None, [*(names.get(code, "") for code in codes), opinion.place_note]))
