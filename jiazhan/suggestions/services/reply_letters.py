"""The reply as a letter: one for every deputy by name, all under one number (handbook §2.3, §14 rule 4)."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.documents import selectors as documents
from jiazhan.documents import services as issuing
from jiazhan.documents.letters import content, pdf
from jiazhan.documents.letters.pdf import Rendered
from jiazhan.documents.letters.plaintext import chinese_date
from jiazhan.kernel.outcomes import ReplyState
from jiazhan.people.models import Account, Deputy, UnitKind

from .. import access
from .. import parameters as names
from ..choices import Part, Publicity
from ..models import AssistOpinion, Proposal, Reply, ReplyCopy
from ..states import HOLDING
from . import desks
from .checking import deputies_of

Owed = Sequence[tuple[Proposal, Deputy]]


def issue(reply: Reply, owed: Owed, *, by: Account, at: datetime) -> list[ReplyCopy]:
    """Fix a numbered reply as a letter to each deputy; returns their copies, not saved."""
    letter = _content(reply, by=by, at=at)
    return [
        ReplyCopy(
            jurisdiction=reply.jurisdiction,
            reply=reply,
            proposal=signed,
            deputy=deputy,
            document=issuing.issue(_to(letter, reply, signed, deputy), subject=reply, by=by, at=at, copy=copy),
            how=_("站内"),
            delivered_at=at,
        )
        for copy, (signed, deputy) in enumerate(owed, start=1)
    ]


def preview(reply: Reply, *, by: Account, at: datetime) -> Rendered:
    """The lead's letter as it would go out today, without number and code; nothing is kept. Whoever may not sign sees the
    place of the signature, and what is not chosen yet says so."""
    letter = _content(reply, by=by, at=at)
    letter = _to(letter, reply, *deputies_of(reply.proposal)[0])
    signed_by = by.name if access.may_part(by, "answer", reply.handling) else _("（签发人）")
    outcome = letter.outcome or _("（还没有选定）")
    return pdf.render(dataclasses.replace(letter, number=_("签发时编号"), signed_by=signed_by, outcome=outcome))


def copies_to(reply: Reply) -> tuple[str, ...]:
    """Who gets the reply in copy: the congress's desk, of a government's unit the government's office too."""
    found = [desks.congress_desk(reply.proposal).name]
    if reply.handling.unit.kind in {UnitKind.DEPARTMENT, UnitKind.STREET_OFFICE}:
        found.append(desks.government_desk(reply.proposal).name)
    return tuple(found)


def _content(reply: Reply, *, by: Account, at: datetime) -> content.ProposalReplyLetter:
    return content.ProposalReplyLetter(
        issuer=reply.handling.unit.name,
        number=reply.number,
        title="",
        addressee="",
        paragraphs=tuple(filter(None, reply.body.split("\n"))),
        letter=names.letter_of(reply.outcome, reply.proposal.congress_area),
        outcome=reply.get_outcome_display(),
        assisted=_assisted(reply),
        signed_by=by.name,
        signed_on=timezone.localdate(at),
        promise=_promise(reply),
        publicity=str(Publicity(reply.publicity).label) if reply.publicity else "",
        attachments=tuple(each.name for each in documents.attachments_of(reply)),
        copies=copies_to(reply),
        contact=reply.contact,
    )


def _to(
    letter: content.ProposalReplyLetter, reply: Reply, signed: Proposal, deputy: Deputy
) -> content.ProposalReplyLetter:
    named = signed.number or f"“{signed.title}”"
    title = _("对%(named)s的答复") if reply.round == 1 else _("对%(named)s的再次答复")
    return dataclasses.replace(
        letter,
        title=title % {"named": named},
        addressee=_("%(name)s代表") % {"name": deputy.name},
        paragraphs=(_opening(reply, signed, deputy), *letter.paragraphs),
    )


def _opening(reply: Reply, signed: Proposal, deputy: Deputy) -> str:
    said = _("您提出的%(matter)s收悉") if signed.lead_id == deputy.pk else _("您联名提出的%(matter)s收悉")
    opening = said % {"matter": _quoted(signed)}
    if signed.pk != reply.proposal_id:
        opening += _("，与%(other)s并案办理") % {"other": _quoted(reply.proposal)}
    if reply.round > 1:
        return _("%(opening)s。根据代表的评价意见，我单位重新研究办理，现再次答复如下：") % {"opening": opening}
    return _("%(opening)s。现答复如下：") % {"opening": opening}


def _quoted(proposal: Proposal) -> str:
    title = f"“{proposal.title}”"
    return f"{title}（{proposal.number}）" if proposal.number else title


def _assisted(reply: Reply) -> str:
    """Which units assisted, and which of them have not sent their opinion (handbook §2.3)."""
    if reply.handling.part != Part.HOST:
        return ""
    parts = reply.proposal.handlings.filter(part=Part.ASSIST, state__in=HOLDING).select_related("unit")
    signed = set(
        AssistOpinion.objects.filter(handling__in=parts, state=ReplyState.SIGNED).values_list("handling", flat=True)
    )
    sent = [each.unit.name for each in parts.order_by("id") if each.pk in signed]
    owing = [each.unit.name for each in parts.order_by("id") if each.pk not in signed]
    said = [_("本件由%(units)s协办，协办意见已汇总在内。") % {"units": "、".join(sent)}] if sent else []
    if owing:
        said.append(_("%(units)s的协办意见截至答复时尚未送来。") % {"units": "、".join(owing)})
    return "".join(said)


def _promise(reply: Reply) -> str:
    if not reply.promise_on:
        return ""
    on = chinese_date(reply.promise_on.isoformat())
    return _("%(text)s（%(on)s前完成）") % {"text": reply.promise_text, "on": on}
