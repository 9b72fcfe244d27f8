"""What an assisting unit tells the host: drafted, signed by its head, due before the reply (handbook §2.3)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import words
from jiazhan.kernel.drafting import NotSubmitted, ReplyIncomplete, Submitted
from jiazhan.kernel.outcomes import ReplyState
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .. import access
from ..choices import Part
from ..models import AssistOpinion, Handling
from ..states import AT_WORK, HOLDING, PartState
from . import steps, telling


class OpinionChanged(Exception):
    """Somebody else saved the opinion in the meantime. `theirs` is what it says now; nothing of either text is lost."""

    code = "assist-opinion-changed"

    def __init__(self, theirs: AssistOpinion) -> None:
        self.theirs = theirs
        super().__init__(
            _("%(name)s刚刚修改了这份协办意见。您写的内容还在，请对照现在的内容，改好后再保存。")
            % {"name": theirs.drafted_by.name}
        )


@transaction.atomic
def save_opinion(
    handling: Handling, *, body: str, by: Account, at: datetime, version: int | None = None
) -> AssistOpinion:
    """Keep the draft; `version` is that of the one the writer saw, None where there was none.

    Raises OpinionChanged, Submitted for anyone but a head once it was submitted, words.WordsTooLong, access.NotYours,
    StepRefused.
    """
    held = _writable(handling, "save_opinion", by=by)
    opinion = of_round(held)
    if opinion is not None and opinion.version != version:
        raise OpinionChanged(opinion)
    if opinion is None:
        opinion = AssistOpinion(jurisdiction=held.jurisdiction, handling=held, round=held.round)
    else:
        opinion.version += 1
    if opinion.state == ReplyState.SUBMITTED and not access.may_part(by, "answer", held):
        raise Submitted
    opinion.body = words.optional(body, _("协办意见"))
    opinion.drafted_by, opinion.drafted_at = by, at
    opinion.save()
    detail = {"unit": held.unit.name, "version": opinion.version}
    audit.record("proposal.save_assist", held.proposal, by=by, at=at, detail=detail)
    return opinion


@transaction.atomic
def submit_opinion(handling: Handling, *, version: int, by: Account, at: datetime) -> AssistOpinion:
    """Give the draft to the head. Raises OpinionChanged, Submitted, ReplyIncomplete, access.NotYours, StepRefused."""
    held = _writable(handling, "submit_opinion", by=by)
    opinion = _seen(held, version)
    if opinion.state == ReplyState.SUBMITTED:
        raise Submitted
    opinion.state, opinion.returned_reason = ReplyState.SUBMITTED, ""
    opinion.version += 1
    opinion.save(update_fields=["state", "returned_reason", "version"])
    audit.record("proposal.submit_assist", held.proposal, by=by, at=at, detail={"unit": held.unit.name})
    text = _("%(matter)s的协办意见已送审，请审阅签发，到期日 %(due)s。") % {
        "matter": telling.named(held.proposal),
        "due": held.due_on,
    }
    heads = telling.staff_of(held.unit, Permission.PROPOSAL_SIGN_REPLY)
    telling.tell(heads, "proposal-assist-submitted", held.proposal, text=text, at=at)
    return opinion


@transaction.atomic
def send_back_opinion(handling: Handling, *, reason: str, by: Account, at: datetime) -> AssistOpinion:
    """Give a submitted one back to its drafter with what to change. Raises NotSubmitted, words.WordsMissing."""
    held = _writable(handling, "send_back_opinion", by=by)
    access.require_part(by, "answer", held)
    opinion = of_round(held)
    if opinion is None or opinion.state != ReplyState.SUBMITTED:
        raise NotSubmitted
    opinion.state, opinion.returned_reason = ReplyState.DRAFT, words.required(reason, _("修改意见"), limit=1000)
    opinion.version += 1
    opinion.save(update_fields=["state", "returned_reason", "version"])
    audit.record("proposal.send_back_assist", held.proposal, by=by, at=at, detail={"unit": held.unit.name})
    text = _("%(matter)s的协办意见被退回修改，请打开查看修改意见。") % {"matter": telling.named(held.proposal)}
    telling.tell([opinion.drafted_by], "proposal-assist-returned", held.proposal, text=text, at=at)
    return opinion


@transaction.atomic
def sign_opinion(handling: Handling, *, version: int, by: Account, at: datetime) -> AssistOpinion:
    """Send it to the host. Only a head signs, and the text that they saw; after the host
    has replied too, as long as the proposal is open. Raises OpinionChanged, ReplyIncomplete, StepRefused, access.NotYours.
    """
    held = _writable(handling, "sign_opinion", by=by)
    access.require_part(by, "answer", held)
    opinion = _seen(held, version)
    is_late = held.due_on is not None and timezone.localdate(at) > held.due_on
    detail = {"round": held.round, "due": held.due_on.isoformat() if held.due_on else "", "is_late": is_late}
    held = steps.take_part(
        held, "answer", by=by, at=at, detail=detail, answered_at=at,
        due_for="", due_rule=None, due_on=None, is_due_estimated=False,
    )  # fmt: skip
    opinion.state, opinion.signed_at, opinion.signed_by = ReplyState.SIGNED, at, by
    opinion.save()
    for host in held.proposal.handlings.filter(part=Part.HOST, state__in=HOLDING).select_related("unit"):
        asked = (
            _("%(unit)s已送来%(matter)s的协办意见，答复时未能汇总，请补充告知代表。")
            if host.state == PartState.ANSWERED
            else _("%(unit)s已送来%(matter)s的协办意见，请汇总到答复中。")
        )
        text = asked % {"unit": held.unit.name, "matter": telling.named(held.proposal)}
        telling.tell_unit(host.unit, "proposal-assisted", held.proposal, text=text, at=at)
    return opinion


def of_round(handling: Handling) -> AssistOpinion | None:
    """The opinion of the round that runs, drafted or signed."""
    return handling.assist_opinions.select_related("drafted_by").filter(round=handling.round).first()


def _writable(handling: Handling, act: str, *, by: Account) -> Handling:
    held = steps.lock_part(handling)
    access.require_part(by, "sign", held)
    if held.part != Part.ASSIST or held.state not in AT_WORK:
        raise StepRefused(act, held.state)
    steps.require_with_units(held, act)
    return held


def _seen(handling: Handling, version: int) -> AssistOpinion:
    opinion = of_round(handling)
    if opinion is None or not opinion.body:
        raise ReplyIncomplete([_("协办意见")])
    if opinion.version != version:
        raise OpinionChanged(opinion)
    return opinion
