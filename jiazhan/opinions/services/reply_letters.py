"""The reply as a document (答复函), with the unit's own number."""

import dataclasses
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.documents import selectors as documents
from jiazhan.documents import services as issuing
from jiazhan.documents.letters import content, pdf
from jiazhan.documents.letters.pdf import Rendered
from jiazhan.documents.numbers import next_letter_number
from jiazhan.people.models import Account

from .. import access
from ..models import Opinion, Reply
from ..states import Track
from . import letters


def issue(reply: Reply, opinion: Opinion, *, by: Account, at: datetime) -> None:
    """Number the reply in its unit's series and fix it as PDF and DOCX. Does not save the reply."""
    if reply.unit is None:
        raise ValueError("an answer on the spot has no letter")
    year = timezone.localdate(at).year
    reply.number = next_letter_number(reply.unit, jurisdiction=opinion.jurisdiction, year=year)
    reply.document = issuing.issue(_content(reply, opinion, by=by, at=at), subject=opinion, by=by, at=at)


def preview(reply: Reply, opinion: Opinion, *, by: Account, at: datetime) -> Rendered:
    """The letter as it would go out today, without number and code; nothing is kept. Whoever may not sign sees the place
    of the signature, and what is not chosen yet says so."""
    letter = _content(reply, opinion, by=by, at=at)
    signed_by = by.name if access.may(by, "reply", opinion) else _("(签发人)")
    outcome = letter.outcome or _("(还没有选定)")
    return pdf.render(dataclasses.replace(letter, number=_("签发时编号"), signed_by=signed_by, outcome=outcome))


def _content(reply: Reply, opinion: Opinion, *, by: Account, at: datetime) -> content.ReplyLetter:
    opening = _("您反映的“%(title)s”(编号 %(number)s)收悉。现答复如下:") % {
        "title": opinion.title,
        "number": opinion.number,
    }
    title = _("关于“%(title)s”的答复") if reply.round == 1 else _("关于“%(title)s”的再次答复")
    return content.ReplyLetter(
        issuer=reply.unit.name if reply.unit else "",
        number=reply.number,
        title=title % {"title": opinion.title},
        addressee=letters.masked_author(opinion),
        paragraphs=(opening, *filter(None, reply.body.split("\n"))),
        outcome=reply.get_outcome_display(),
        signed_by=by.name,
        signed_on=timezone.localdate(at),
        promise=_promise(reply),
        attachments=tuple(each.name for each in documents.attachments_of(reply)),
        copies=_copies(opinion),
        contact=reply.contact,
    )


def _promise(reply: Reply) -> str:
    if not reply.promise_on:
        return ""
    return _("%(text)s(%(on)s 前完成)") % {"text": reply.promise_text, "on": reply.promise_on.isoformat()}


def _copies(opinion: Opinion) -> tuple[str, ...]:
    """§3.1: the reply goes in copy to the standing committee's office; a district one also to the government's."""
    names = [_("区人大常委会办公室"), letters.issuer_on_street(opinion)]
    if opinion.track == Track.DISTRICT:
        names.append(_("区政府办公室"))
    return tuple(names)
