"""What a text must have before it is handed in, and what it is called: the refusals that rules give, not taste."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.documents import selectors as documents
from jiazhan.opinions.models import Opinion
from jiazhan.places.selectors import session_running

from .. import access, rules
from ..choices import Kind, Origin
from ..models import Proposal

PARTS = ("facts", "cause", "request")
# What grew out of something else must say the deputy's own in each of the three parts (handbook §2.1).
NEED_ALL_PARTS = frozenset({Origin.OPINIONS, Origin.RESEARCH})
# A part shorter than this says nothing of its own.
OWN_WORDS = 20


class TextIncomplete(Exception):
    """The text lacks a part that it must have."""

    code = "text-incomplete"

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__(_("还缺：%(missing)s。写好后再提交。") % {"missing": "、".join(missing)})


class OnlyForwarded(Exception):
    """A letter from residents passed on without the deputy's own work (handbook §2.1: 单纯转递群众来信)."""

    code = "only-forwarded"

    def __init__(self, parts: list[str]) -> None:
        self.parts = parts
        super().__init__(
            _("由群众意见形成的建议不能只转递原文。请在%(parts)s中写明您自己的核实、分析和建议，再提交。")
            % {"parts": "、".join(parts)}
        )


class NotInSession(Exception):
    """Motions are moved while the congress meets, and not after."""

    code = "not-in-session"

    def __init__(self) -> None:
        super().__init__(_("议案只能在大会期间提出。现在可以作为建议提出。"))


class TooFewSigners(Exception):
    """A motion with fewer deputies behind it than the law asks for (§14 rule 1)."""

    code = "too-few-signers"

    def __init__(self, needed: int, signed: int) -> None:
        self.needed, self.signed = needed, signed
        super().__init__(
            _("议案须有 %(needed)s 名以上代表联名（含领衔），现在已确认 %(signed)s 名，请继续邀请。")
            % {"needed": needed, "signed": signed}
        )


def blocks(proposal: Proposal, *, at: datetime) -> list[Exception]:
    """What keeps the text from being submitted now, for the check before: each one plain sentence."""
    checks: list[tuple[Any, ...]] = [(_require_complete, proposal), (_require_own_words, proposal)]
    if proposal.kind == Kind.MOTION:
        today = timezone.localdate(at)
        checks += [(_require_session, proposal, today), (_require_signers, proposal)]
    found: list[Exception] = []
    for check, *given in checks:
        try:
            check(*given)
        except (TextIncomplete, OnlyForwarded, NotInSession, TooFewSigners) as refusal:
            found.append(refusal)
    return found


def part_names(proposal: Proposal) -> tuple[str, str, str]:
    """What the three parts of the text are called."""
    if proposal.kind == Kind.MOTION:
        return _("案由"), _("案据"), _("方案")
    return _("核实与调研情况"), _("问题成因"), _("具体建议")


def _require_complete(proposal: Proposal) -> None:
    named = dict(zip(PARTS, part_names(proposal), strict=True))
    needed = ["request"]
    if proposal.kind == Kind.MOTION or proposal.origin in NEED_ALL_PARTS:
        needed = list(PARTS)
    missing = [] if proposal.title else [_("标题")]
    missing += [named[name] for name in needed if not getattr(proposal, name)]
    if proposal.origin == Origin.RESEARCH:
        missing += [] if proposal.research else [_("调研报告名称")]
        missing += [] if documents.attachments_of(proposal).exists() else [_("调研报告附件")]
    if missing:
        raise TextIncomplete(missing)


def _require_own_words(proposal: Proposal) -> None:
    if proposal.origin != Origin.OPINIONS:
        return
    named = dict(zip(PARTS, part_names(proposal), strict=True))
    said = _source_words(proposal)
    thin = [name for name in named if len(_without(getattr(proposal, name), said)) < OWN_WORDS]
    if thin:
        raise OnlyForwarded([named[name] for name in thin])


def _source_words(proposal: Proposal) -> list[str]:
    """The sentences of the opinions that the proposal grew from, as far as the open scope shows them."""
    ids = proposal.sources.values_list("opinion_id", flat=True)
    bodies = Opinion.objects.filter(pk__in=list(ids)).values_list("body", "appeal", "title")
    text = "\n".join(part for row in bodies for part in row)
    return sorted({line.strip() for line in _sentences(text) if line.strip()}, key=len, reverse=True)


def _sentences(text: str) -> list[str]:
    for mark in "。！？；\uff0c,!?;":
        text = text.replace(mark, "\n")
    return text.split("\n")


def _without(text: str, said: list[str]) -> str:
    for each in said:
        text = text.replace(each, "")
    return "".join(filter(str.isalnum, text))


def _require_session(proposal: Proposal, today: date) -> None:
    if session_running(proposal.term, today) is None:
        raise NotInSession


def _require_signers(proposal: Proposal) -> None:
    needed, signed = rules.signers_needed(proposal), len(access.signers(proposal))
    if signed < needed:
        raise TooFewSigners(needed, signed)
