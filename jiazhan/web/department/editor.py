"""The reply editor: the draft as it stands or as it was just typed, the other's text beside it, what is missing."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from jiazhan.documents import selectors as documents
from jiazhan.opinions import access
from jiazhan.opinions.choices import OutcomeClass
from jiazhan.opinions.models import Opinion, Reply
from jiazhan.opinions.models.handling import ReplyState
from jiazhan.opinions.services import replies

from .forms import ReplyForm, SendBackForm
from .hints import hints_for
from .phrases import OUTCOMES, PHRASES


@dataclass(frozen=True)
class Editor:
    """What the page shows of the reply that is being written."""

    form: ReplyForm
    back_form: SendBackForm
    reply: Reply | None
    can_write: bool
    can_sign: bool
    # The reply as somebody else saved it meanwhile.
    theirs: Reply | None = None
    hints: list[str] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[tuple[str, Any, Any]] = field(default_factory=list)
    phrases: list[Any] = field(default_factory=lambda: PHRASES)

    @property
    def is_submitted(self) -> bool:
        return self.reply is not None and self.reply.state == ReplyState.SUBMITTED


def editor_of(
    request: HttpRequest,
    opinion: Opinion,
    points: list[str],
    *,
    form: ReplyForm | None = None,
    back_form: SendBackForm | None = None,
    theirs: Reply | None = None,
) -> Editor | None:
    """The editor; None where no reply is being written."""
    if opinion.state not in replies.WRITING:
        return None
    reply = replies.of_round(opinion)
    may_sign = access.may(request.user, "reply", opinion)
    is_submitted = reply is not None and reply.state == ReplyState.SUBMITTED
    return Editor(
        form=form or ReplyForm.showing(reply),
        back_form=back_form or SendBackForm(),
        reply=reply,
        can_write=may_sign or not is_submitted,
        can_sign=may_sign,
        theirs=theirs,
        hints=hints_for(reply, points) if reply and reply.body else [],
        files=_files(opinion, reply) if reply else [],
        outcomes=[(each.value, each.label, OUTCOMES[each.value]) for each in OutcomeClass],
    )


def _files(opinion: Opinion, reply: Reply) -> list[dict[str, Any]]:
    where = [opinion.jurisdiction, opinion.pk]
    return [
        {
            "name": each.name,
            "size": each.size,
            "url": reverse("department:reply-file", args=[*where, reply.pk, each.pk]),
            "remove_url": reverse("department:reply-file-remove", args=[*where, each.pk]),
        }
        for each in documents.attachments_of(reply)
    ]
