"""What an assisting unit tells the host: drafted, signed by its head, due before the reply (handbook §2.3)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import words
from jiazhan.kernel.outcomes import ReplyState
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account

from .. import access
from ..choices import Part
from ..models import AssistOpinion, Handling
from ..states import AT_WORK
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

    Raises OpinionChanged, words.WordsTooLong, access.NotYours, StepRefused.
    """
    held = _writable(handling, "save_opinion", by=by)
    opinion = of_round(held)
    if opinion is not None and opinion.version != version:
        raise OpinionChanged(opinion)
    if opinion is None:
        opinion = AssistOpinion(jurisdiction=held.jurisdiction, handling=held, round=held.round)
    else:
        opinion.version += 1
    opinion.body = words.optional(body, _("协办意见"))
    opinion.drafted_by, opinion.drafted_at = by, at
    opinion.save()
    detail = {"unit": held.unit.name, "version": opinion.version}
    audit.record("proposal.save_assist", held.proposal, by=by, at=at, detail=detail)
    return opinion


@transaction.atomic
def sign_opinion(handling: Handling, *, version: int, by: Account, at: datetime) -> AssistOpinion:
    """Send it to the host. Only a head signs, and the text that they saw. Raises OpinionChanged, words.WordsMissing."""
    held = _writable(handling, "sign_opinion", by=by)
    access.require_part(by, "answer", held)
    opinion = of_round(held)
    if opinion is None or not opinion.body:
        raise words.WordsMissing(_("协办意见"))
    if opinion.version != version:
        raise OpinionChanged(opinion)
    held = steps.take_part(held, "answer", by=by, at=at, detail={"round": held.round}, answered_at=at)
    opinion.state, opinion.signed_at, opinion.signed_by = ReplyState.SIGNED, at, by
    opinion.save()
    text = _("%(unit)s已送来%(matter)s的协办意见，请汇总到答复中。") % {
        "unit": held.unit.name,
        "matter": telling.named(held.proposal),
    }
    for host in held.proposal.handlings.filter(part=Part.HOST, state__in=AT_WORK).select_related("unit"):
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
    return held
