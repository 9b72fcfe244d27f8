"""The page of one proposal, for a deputy who reads it: where it stands, what is asked of them, what everybody did."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.documents import selectors as documents
from jiazhan.kernel import deadlines
from jiazhan.kernel.outcomes import Decision, PromiseState, ReplyState
from jiazhan.people.models import Deputy
from jiazhan.people.permissions import Permission
from jiazhan.suggestions import access, rules
from jiazhan.suggestions.choices import REPLYING, UNCONFIRMED, Consent
from jiazhan.suggestions.models import Cosigner, Handling, Proposal, Reply
from jiazhan.suggestions.selectors import deputy as reads
from jiazhan.suggestions.selectors import supervision, timeline
from jiazhan.suggestions.services import cosigning, promises, writing
from jiazhan.suggestions.services.checking import deputies_of
from jiazhan.suggestions.states import ACCEPTED_EVER, BEFORE_ASSIGNING, FINAL, HOLDING, WRITING, PartState, State

from .frame import page
from .proposal_diff import changes
from .proposal_forms import EvaluationForm, NoteForm, WordsForm

# Among the acts of record those that only its deputies are concerned with.
_OWN = ("proposal.contact", "proposal.evaluated", "proposal.reply_seen", "proposal.follow", "proposal.unfollow")


def shown(
    request: HttpRequest,
    proposal: Proposal,
    *,
    forms: dict[str, Any] | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; `forms` are those that were refused, by name, and `refusal` why."""
    at, deputy, refused = timezone.now(), request.user.deputy, forms or {}
    today = timezone.localdate(at)
    is_owed = deputy.pk in {each.pk for _signed, each in deputies_of(proposal)}
    mine = proposal.cosigners.filter(deputy=deputy).first()
    is_mine = proposal.lead_id == deputy.pk or mine is not None
    told = timeline.for_signers(proposal) if is_mine else timeline.for_congress(proposal)
    acts_now = Permission.PROPOSAL_WRITE in request.user.permissions
    context = {
        "proposal": proposal,
        "at": {"jurisdiction": proposal.jurisdiction, "proposal_id": proposal.pk},
        "part_names": writing.part_names(proposal),
        "holder": holder(proposal, today),
        "light": deadlines.light(proposal.due_on, today).value if proposal.due_on else None,
        "refusal": refusal,
        "is_owed": is_owed,
        "is_mine": is_mine,
        "invited": _invited(proposal, mine) if acts_now else None,
        "my_consent": mine,
        "evaluations": _to_evaluate(proposal, deputy, refused, at) if is_owed else [],
        "replies": _replies(proposal, deputy, is_owed=is_owed),
        "parts": _parts(proposal, today),
        "objections": list(proposal.objections.select_related("handling__unit", "proposed_unit").order_by("raised_at")),
        "contacts": _contacts(proposal, deputy, refused) if is_owed else [],
        "promises": _promises(request, proposal, refused, today),
        "settlements": list(proposal.settlements.order_by("held_on")),
        "supervised": supervision.supervised(proposal),
        "signers": _signers(proposal),
        "waiting": [] if not is_mine else _waiting(proposal),
        "files": files_of(proposal) if is_mine or proposal.state in ACCEPTED_EVER else [],
        "sources": list(proposal.sources.order_by("number")) if is_mine else [],
        "merged": list(proposal.merged.select_related("lead").order_by("pk")),
        "made_of": proposal.converted_from if proposal.converted_from_id else None,
        "made_into": proposal.converted_into.first() if proposal.state == State.CONVERTED else None,
        "may_withdraw": acts_now
        and access.may(request.user, "withdraw", proposal)
        and proposal.state in BEFORE_ASSIGNING,
        "may_follow": acts_now and proposal.state in ACCEPTED_EVER,
        "follow": proposal.follows.filter(deputy=deputy).first(),
        "note_form": refused.get("note") or NoteForm(),
        "refused": refused,
        "timeline": [
            {"title": line.text, "at": line.at, "by": line.actor}
            for line in reversed(told)
            if is_owed or not line.action.startswith(_OWN)
        ],
    }
    return page(request, "deputy/proposal.html", context, place="proposals", status=status)


def holder(proposal: Proposal, today: date) -> str:
    """Who has it now and how long is left, in one sentence."""
    left = deadlines.words(proposal.due_on, today) if proposal.due_on else ""
    units = "、".join(
        each.unit.name
        for each in proposal.handlings.filter(state__in=HOLDING, part__in=REPLYING).select_related("unit")
    )
    objecting = proposal.handlings.filter(state=PartState.OBJECTED, part__in=REPLYING).select_related("unit")
    if names := "、".join(each.unit.name for each in objecting):
        return _("%(units)s提出异议，等交办单位裁定；答复%(left)s。") % {"units": names, "left": left}
    said = {
        State.DRAFT: _("还在起草，没有提交。"),
        State.COSIGNING: _("正在邀请联名，还没有提交。"),
        State.SUBMITTED: _("等人大代表工作机构审查，%(left)s。"),
        State.CHECKING: _("人大代表工作机构正在审查，%(left)s。"),
        State.RETURNED: _("已退回领衔代表修改，改好后可以再提交。"),
        State.NOT_ACCEPTED: _("没有立案，理由见下。"),
        State.ACCEPTED: _("已立案，等人大代表工作机构交办，%(left)s。"),
        State.AT_GOVERNMENT: _("已立案，等政府办公室交办，%(left)s。"),
        State.ASSIGNED: _("已交%(units)s，等签收；答复%(left)s。"),
        State.IN_PROGRESS: _("由%(units)s办理，答复%(left)s。"),
        State.REPLIED: _("%(units)s已答复，等每位代表评价，%(left)s。"),
        State.REORDERING: _("有代表不满意，等重新交办，%(left)s。"),
        State.REHANDLING: _("由%(units)s重新办理，再次答复%(left)s。"),
        State.ESCALATED: _("代表再次不满意，人大正在组织面商，%(left)s。"),
        State.TRACKING: _("评价已结束，%(units)s的承诺还在跟踪。"),
        State.CLOSED: _("已办结。"),
        State.MERGED: _("已并案办理，答复仍会分别送达。"),
        State.WITHDRAWN: _("领衔代表已撤回。"),
        State.ON_AGENDA: _("主席团已决定列入大会议程。"),
        State.CONVERTED: _("主席团已决定转为建议办理。"),
    }[State(proposal.state)]
    return said % {"left": left, "units": units or _("承办单位")}


def _invited(proposal: Proposal, mine: Cosigner | None) -> dict[str, Any] | None:
    """What an invited deputy confirms: the text as it stands, and what changed since they confirmed."""
    if mine is None or mine.consent not in UNCONFIRMED or proposal.state not in WRITING:
        return None
    before = cosigning.changed_since(mine)
    return {"cosigner": mine, "changes": changes(before, proposal) if before else []}


def _to_evaluate(proposal: Proposal, deputy: Deputy, refused: dict[str, Any], at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "reply": reply,
            "until": rules.evaluated_until(proposal, reply),
            "form": refused.get(f"evaluate-{reply.pk}") or EvaluationForm(prefix=f"e{reply.pk.hex}"),
        }
        for reply in reads.owed_evaluations(deputy, at=at, proposal=proposal)
    ]


def _replies(proposal: Proposal, deputy: Deputy, *, is_owed: bool) -> list[dict[str, Any]]:
    """The signed replies, the newest round first; with the own copy and everybody's evaluation for who is owed one."""
    # What was merged is answered through the one that it went into.
    of = proposal.merged_into if proposal.merged_into_id else proposal
    rows = of.replies.filter(state=ReplyState.SIGNED).select_related("handling__unit", "signed_by")
    found = []
    for each in rows.order_by("-round", "handling__part", "pk"):
        copies = (
            list(each.copies.select_related("deputy", "document").order_by("deputy__pinyin", "pk")) if is_owed else []
        )
        given = {one.deputy_id: one for one in each.evaluations.all()} if is_owed else {}
        mine = next((copy for copy in copies if copy.deputy_id == deputy.pk), None)
        has_closed = is_owed and timezone.localdate() > rules.evaluated_until(of, each)
        found.append(
            {
                "reply": each,
                "mine": mine,
                "rated": [(copy.deputy, given.get(copy.deputy_id)) for copy in copies],
                "my_evaluation": given.get(deputy.pk),
                "has_closed": has_closed or of.state in FINAL,
            }
        )
    return found


def _parts(proposal: Proposal, today: date) -> list[dict[str, Any]]:
    rows = proposal.handlings.select_related("unit", "handler").prefetch_related("extensions", "assist_opinions")
    return [_part(each, today) for each in rows.order_by("assigned_at", "part", "pk")]


def _part(part: Handling, today: date) -> dict[str, Any]:
    granted = [each for each in part.extensions.all() if each.decision != Decision.REFUSED]
    signed = [each for each in part.assist_opinions.all() if each.state == ReplyState.SIGNED]
    return {
        "part": part,
        "is_over": part.state not in HOLDING,
        "light": deadlines.light(part.due_on, today).value if part.due_on else None,
        "words": f"{part.get_due_for_display()}{deadlines.words(part.due_on, today)}" if part.due_on else "",
        "extensions": granted,
        "opinions": sorted(signed, key=lambda each: each.round),
    }


def _contacts(proposal: Proposal, deputy: Deputy, refused: dict[str, Any]) -> list[dict[str, Any]]:
    rows = proposal.contacts.select_related("handling__unit", "deputy").order_by("-held_at", "-pk")
    return [
        {
            "contact": each,
            "is_mine": each.deputy_id == deputy.pk,
            "form": refused.get(f"contact-{each.pk}") or WordsForm(prefix=f"c{each.pk.hex}"),
            "is_open": f"contact-{each.pk}" in refused,
        }
        for each in rows
    ]


def _promises(request: HttpRequest, proposal: Proposal, refused: dict[str, Any], today: date) -> list[dict[str, Any]]:
    rows = proposal.promises.select_related("reply__handling__unit", "settled_by").order_by("due_on", "pk")
    found = []
    for each in rows:
        each.proposal = proposal
        is_open = each.state in {PromiseState.OPEN, PromiseState.ASKED}
        found.append(
            {
                "promise": each,
                "may_settle": is_open and promises.may_settle(request.user, each),
                "may_add": not is_open and promises.may_add_words(request.user, each),
                "words_said": list(each.words.select_related("said_by").order_by("said_at", "pk")),
                "is_due": today >= each.due_on,
                "light": deadlines.light(each.due_on, today).value if is_open else None,
                "words": deadlines.words(each.due_on, today),
                "form": refused.get(f"promise-{each.pk}") or WordsForm(prefix=f"p{each.pk.hex}"),
                "is_refused": f"promise-{each.pk}" in refused,
            }
        )
    return found


def _signers(proposal: Proposal) -> list[Cosigner]:
    rows = proposal.cosigners.filter(consent=Consent.CONFIRMED).select_related("deputy")
    return list(rows.order_by("decided_at", "pk"))


def _waiting(proposal: Proposal) -> list[Cosigner]:
    return list(proposal.cosigners.exclude(consent=Consent.CONFIRMED).select_related("deputy").order_by("invited_at"))


def files_of(proposal: Proposal) -> list[dict[str, Any]]:
    return [
        {
            "id": each.pk,
            "name": each.name,
            "size": each.size,
            "url": reverse("deputy:proposal-file", args=[proposal.jurisdiction, proposal.pk, each.pk]),
        }
        for each in documents.attachments_of(proposal)
    ]


def reply_of(proposal: Proposal, reply_id: Any) -> Reply | None:
    return proposal.replies.filter(pk=reply_id, state=ReplyState.SIGNED).first()
