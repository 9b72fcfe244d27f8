"""Signing together: the lead invites, each one invited reads the text and says for themselves (handbook §2.1)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import words
from jiazhan.kernel.text import clean_line
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account, Deputy

from .. import access
from ..choices import UNCONFIRMED, Consent
from ..models import Cosigner, Proposal, ProposalText
from ..states import WRITING, State
from . import steps, telling
from .writing import NotSitting


class NotOfCongress(Exception):
    """An invited deputy whose mandate in that term of that congress is not in force."""

    code = "not-of-congress"

    def __init__(self, names: list[str]) -> None:
        self.names = names
        super().__init__(
            _("%(names)s不是本级本届的在任代表，不能联名。请从名单中去掉后再邀请。") % {"names": "、".join(names)}
        )


class NotInvited(Exception):
    """The deputy was not asked to sign, or has said no."""

    code = "not-invited"

    def __init__(self) -> None:
        super().__init__(_("这件建议没有等您确认的联名邀请。"))


class TextMovedOn(Exception):
    """The text was changed after the deputy had opened it."""

    code = "text-moved-on"

    def __init__(self) -> None:
        super().__init__(_("您打开之后内容又有修改。请看过现在的全文，再确认。"))


@transaction.atomic
def invite(proposal: Proposal, *, deputies: Iterable[Deputy], by: Account, at: datetime) -> Proposal:
    """Ask deputies to sign; who was asked before and said no or let it lapse is asked again, others are not told twice.

    Raises NotOfCongress naming those who can't (nobody is asked then), NotSitting, access.NotYours, StepRefused.
    """
    held = _led(proposal, "invite", by=by)
    wanted = [each for each in dict.fromkeys(deputies) if each.pk != held.lead_id]
    if outside := [each.name for each in wanted if not access.sits(each, held)]:
        raise NotOfCongress(outside)
    if held.state != State.COSIGNING and wanted:
        held = steps.take(held, "invite", by=by, at=at, detail={"count": len(wanted)})
    asked = [each for each in wanted if _ask(held, each, at=at)]
    if asked:
        audit.record("proposal.ask_cosigners", held, by=by, at=at, detail={"names": [each.name for each in asked]})
        text = _("%(lead)s代表邀请您联名%(matter)s，请看过全文后确认。") % {
            "lead": held.lead.name,
            "matter": telling.named(held),
        }
        telling.tell_deputies(asked, "proposal-invited", held, text=text, at=at)
    return held


@transaction.atomic
def confirm(proposal: Proposal, *, version: int, by: Account, at: datetime, note: str = "") -> Cosigner:
    """Sign the text as it stands; `version` is that of the text the deputy read. A second click changes nothing.

    Raises NotInvited, TextMovedOn, NotSitting, StepRefused once it was submitted, words.WordsTooLong.
    """
    held, cosigner = _asked(proposal, "confirm", by=by)
    if not access.sits(by.deputy, held):
        raise NotSitting
    if held.version != version:
        raise TextMovedOn
    if cosigner.consent == Consent.CONFIRMED:
        return cosigner
    _keep_text(held, at=at)
    cosigner.consent, cosigner.confirmed_version, cosigner.decided_at = Consent.CONFIRMED, version, at
    cosigner.words = words.optional(clean_line(note), _("附言"), limit=300)
    cosigner.save()
    audit.record("proposal.cosigned", held, by=by, at=at, detail={"version": version})
    text = _("%(who)s代表已确认联名%(matter)s。") % {"who": cosigner.deputy.name, "matter": telling.named(held)}
    telling.tell_deputies([held.lead], "proposal-cosigned", held, text=text, at=at)
    return cosigner


@transaction.atomic
def remind(proposal: Proposal, *, by: Account, at: datetime) -> int:
    """Ask again those who have not answered, once a day at most; returns how many. Raises access.NotYours, StepRefused."""
    held = _led(proposal, "remind", by=by)
    waiting = held.cosigners.filter(consent__in=UNCONFIRMED).select_related("deputy__account")
    deputies = [each.deputy for each in waiting]
    if not deputies:
        return 0
    text = _("%(lead)s代表请您看看%(matter)s，确认是否联名。") % {
        "lead": held.lead.name,
        "matter": telling.named(held),
    }
    telling.tell_deputies(
        deputies, "proposal-cosign-reminder", held, text=text, at=at, once=timezone.localdate(at).isoformat()
    )
    audit.record("proposal.remind_cosigners", held, by=by, at=at, detail={"count": len(deputies)})
    return len(deputies)


@transaction.atomic
def remove(proposal: Proposal, *, deputy: Deputy, by: Account, at: datetime) -> Proposal:
    """Take a deputy off the list before it is submitted; who had been asked is told.

    Raises NotInvited for one who is not on it, access.NotYours, NotSitting, StepRefused.
    """
    held = _led(proposal, "remove_cosigner", by=by)
    cosigner = held.cosigners.filter(deputy=deputy).first()
    if cosigner is None:
        raise NotInvited
    was_asked = cosigner.consent != Consent.DECLINED
    cosigner.delete()
    audit.record("proposal.remove_cosigner", held, by=by, at=at, detail={"names": [deputy.name]})
    if was_asked:
        text = _("%(lead)s代表取消了邀请您联名%(matter)s。") % {"lead": held.lead.name, "matter": telling.named(held)}
        telling.tell_deputies([deputy], "proposal-uninvited", held, text=text, at=at)
    return held


@transaction.atomic
def decline(proposal: Proposal, *, by: Account, at: datetime, note: str = "") -> Cosigner:
    """Say no, or take the signature back, before it is submitted. Raises NotInvited, StepRefused, words.WordsTooLong."""
    held, cosigner = _asked(proposal, "decline", by=by)
    cosigner.consent, cosigner.confirmed_version, cosigner.decided_at = Consent.DECLINED, None, at
    cosigner.words = words.optional(clean_line(note), _("附言"), limit=300)
    cosigner.save()
    audit.record("proposal.not_cosigned", held, by=by, at=at)
    text = _("%(who)s代表没有参加联名%(matter)s。") % {"who": cosigner.deputy.name, "matter": telling.named(held)}
    telling.tell_deputies([held.lead], "proposal-not-cosigned", held, text=text, at=at)
    return cosigner


def changed_since(cosigner: Cosigner) -> ProposalText | None:
    """The text that the deputy confirmed before it was changed; None where nothing was, or where they never confirmed."""
    if cosigner.consent != Consent.CHANGED or cosigner.confirmed_version is None:
        return None
    return ProposalText.objects.filter(
        jurisdiction=cosigner.jurisdiction, proposal=cosigner.proposal_id, version=cosigner.confirmed_version
    ).first()


def _led(proposal: Proposal, act: str, *, by: Account) -> Proposal:
    held = steps.lock(proposal)
    if not access.is_lead(by, held):
        raise access.NotYours
    if not access.sits(by.deputy, held):
        raise NotSitting
    if held.state not in WRITING:
        raise StepRefused(act, held.state)
    return held


def _keep_text(proposal: Proposal, *, at: datetime) -> None:
    text = {name: getattr(proposal, name) for name in ("title", "facts", "cause", "request")}
    ProposalText.objects.get_or_create(
        jurisdiction=proposal.jurisdiction,
        proposal=proposal,
        version=proposal.version,
        defaults={**text, "kept_at": at},
    )


def _asked(proposal: Proposal, act: str, *, by: Account) -> tuple[Proposal, Cosigner]:
    held = steps.lock(proposal)
    if not hasattr(by, "deputy"):
        raise access.NotYours
    cosigner = held.cosigners.select_related("deputy").filter(deputy=by.deputy).first()
    if cosigner is None or cosigner.consent in {Consent.DECLINED, Consent.LAPSED}:
        raise NotInvited
    if held.state not in WRITING:
        raise StepRefused(act, held.state)
    return held, cosigner


def _ask(proposal: Proposal, deputy: Deputy, *, at: datetime) -> bool:
    """Whether the deputy is asked anew."""
    cosigner, is_new = Cosigner.objects.get_or_create(
        jurisdiction=proposal.jurisdiction, proposal=proposal, deputy=deputy, defaults={"invited_at": at}
    )
    if not is_new and cosigner.consent in {Consent.DECLINED, Consent.LAPSED}:
        cosigner.consent, cosigner.invited_at, cosigner.decided_at = Consent.INVITED, at, None
        cosigner.save()
        return True
    return is_new
