"""The editor of an answer: the draft as it stands or as it was just typed, the other's text beside it, what is missing."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from jiazhan.documents import selectors as documents
from jiazhan.kernel.outcomes import OutcomeClass, ReplyState
from jiazhan.opinions import access
from jiazhan.opinions.models import Opinion, Reply
from jiazhan.opinions.services import replies
from jiazhan.web.ui.forms import Form

from .forms import ReplyForm, SendBackForm
from .hints import hints_for
from .phrases import OUTCOMES, PHRASES


@dataclass(frozen=True)
class Editor:
    """What the page shows of the answer that is being written."""

    form: Form
    back_form: SendBackForm
    # The draft: of a reply, or of an assisting unit's opinion.
    reply: Any
    can_write: bool
    can_sign: bool
    title: str
    # What to write, what a signature brings about, and who has signed.
    hint: str
    sign_question: str
    draft_key: str
    # write, sign, back and preview; without a preview there is no letter.
    urls: dict[str, str]
    # The draft as somebody else saved it meanwhile.
    theirs: Any = None
    # None where nobody looks for what is missing.
    hints: list[str] | None = None
    files: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[tuple[str, Any, Any]] = field(default_factory=list)
    phrases: list[Any] = field(default_factory=list)

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
        title=_("再次答复") if opinion.round > 1 else _("答复"),
        hint=_("逐点回应反映的问题：查到了什么，做了什么，下一步做什么。"),
        sign_question=_("签发后答复函立即送达反映人和代表，不能再改。"),
        draft_key=f"reply-{opinion.pk}-{opinion.round}",
        urls=_addresses(opinion),
        theirs=theirs,
        hints=hints_for(reply, points) if reply and reply.body else [],
        files=_files(opinion, reply) if reply else [],
        outcomes=[(each.value, each.label, OUTCOMES[each.value]) for each in OutcomeClass],
        phrases=PHRASES,
    )


def unshown(editor: Editor | None, editing: dict[str, Any]) -> dict[str, Any]:
    """Where a refused form is no longer on the page, what it said: the refusal, and the words to be copied."""
    is_on_page = {
        "form": editor is not None and editor.can_write,
        "back_form": editor is not None and editor.is_submitted and editor.can_sign,
    }
    gone = [editing[name] for name, is_shown in is_on_page.items() if editing.get(name) is not None and not is_shown]
    forms = [form for form in gone if form.is_bound]
    if not forms:
        return {}
    said = [str(error) for form in forms for error in form.non_field_errors()]
    kept = [form[name].value() for form in forms for name in ("body", "reason") if name in form.fields]
    return {"refusal": "".join(dict.fromkeys(said)), "kept": [text for text in kept if text]}


def _addresses(opinion: Opinion) -> dict[str, str]:
    where = [opinion.jurisdiction, opinion.pk]
    names = {"write": "reply", "sign": "reply-sign", "back": "reply-back", "preview": "reply-preview"}
    return {act: reverse(f"department:{name}", args=where) for act, name in names.items()}


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
