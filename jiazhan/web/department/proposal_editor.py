"""The editor of a unit's answer to a proposal: the host's reply to the deputies, or an assisting unit's opinion."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from jiazhan.documents import selectors as documents
from jiazhan.kernel.outcomes import OutcomeClass, ReplyState
from jiazhan.suggestions import access, parameters
from jiazhan.suggestions.choices import Part
from jiazhan.suggestions.models import AssistOpinion, Handling, Reply
from jiazhan.suggestions.services import assisting, replies
from jiazhan.suggestions.states import AT_WORK

from .editor import Editor
from .forms import SendBackForm
from .hints import hints_for
from .phrases import OUTCOMES, PROPOSAL_PHRASES
from .points import points_of
from .proposal_forms import AssistForm, ProposalReplyForm


def editor_of(request: HttpRequest, handling: Handling, **shown: Any) -> Editor | None:
    """The editor; None where nothing is being written. `shown`: form, back_form and theirs of a refusal."""
    if handling.state not in AT_WORK:
        return None
    if handling.part == Part.ASSIST:
        return _of_opinion(request, handling, **shown)
    return _of_reply(request, handling, **shown)


def draft_key(handling: Handling) -> str:
    return f"proposal-{handling.pk}-{handling.round}"


def _of_reply(
    request: HttpRequest,
    handling: Handling,
    *,
    form: ProposalReplyForm | None = None,
    back_form: SendBackForm | None = None,
    theirs: Reply | None = None,
) -> Editor:
    reply = replies.of_round(handling)
    proposal = handling.proposal
    points = points_of("", proposal.request)
    return Editor(
        form=form or ProposalReplyForm.showing(reply),
        back_form=back_form or SendBackForm(),
        reply=reply,
        **_may(request, handling, reply),
        title=_("再次答复") if handling.round > 1 else _("答复"),
        hint=_("对照建议逐条答复：查到了什么，做了什么，下一步做什么；协办单位的意见一并说明。"),
        sign_question=_("签发后每位代表收到自己的一份答复函，不能再改。"),
        draft_key=draft_key(handling),
        urls=_addresses(handling, preview="proposal-reply-preview"),
        theirs=theirs,
        hints=hints_for(reply, points, who=_("代表")) if reply and reply.body else [],
        files=_files(handling, reply) if reply else [],
        outcomes=[_outcome(each, proposal.congress_area) for each in OutcomeClass],
        phrases=PROPOSAL_PHRASES,
    )


def _of_opinion(
    request: HttpRequest,
    handling: Handling,
    *,
    form: AssistForm | None = None,
    back_form: SendBackForm | None = None,
    theirs: AssistOpinion | None = None,
) -> Editor:
    opinion = assisting.of_round(handling)
    return Editor(
        form=form or AssistForm.showing(opinion),
        back_form=back_form or SendBackForm(),
        reply=opinion,
        **_may(request, handling, opinion),
        title=_("协办意见"),
        hint=_("写明本单位职责内的情况、能办什么、什么时候办。签发后主办单位才看得到。"),
        sign_question=_("签发后送主办单位汇总，不能再改。"),
        draft_key=draft_key(handling),
        urls=_addresses(handling),
        theirs=theirs,
    )


def _may(request: HttpRequest, handling: Handling, draft: Reply | AssistOpinion | None) -> dict[str, bool]:
    may_sign = access.may_part(request.user, "answer", handling)
    is_submitted = draft is not None and draft.state == ReplyState.SUBMITTED
    return {"can_sign": may_sign, "can_write": may_sign or not is_submitted}


def _outcome(outcome: OutcomeClass, area: str) -> tuple[str, Any, Any]:
    letter = parameters.letter_of(outcome, area)
    words = (
        _("%(outcome)s（%(letter)s 类）") % {"outcome": outcome.label, "letter": letter} if letter else outcome.label
    )
    return outcome.value, words, OUTCOMES[outcome.value]


def _addresses(handling: Handling, **more: str) -> dict[str, str]:
    where = [handling.jurisdiction, handling.proposal_id]
    names = {"write": "proposal-write", "sign": "proposal-sign-answer", "back": "proposal-send-back"} | more
    return {act: reverse(f"department:{name}", args=where) for act, name in names.items()}


def _files(handling: Handling, reply: Reply) -> list[dict[str, Any]]:
    where = [handling.jurisdiction, handling.proposal_id]
    return [
        {
            "name": each.name,
            "size": each.size,
            "url": reverse("department:proposal-reply-file", args=[*where, reply.pk, each.pk]),
            "remove_url": reverse("department:proposal-reply-file-remove", args=[*where, each.pk]),
        }
        for each in documents.attachments_of(reply)
    ]
