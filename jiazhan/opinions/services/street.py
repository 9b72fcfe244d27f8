"""The street's part: the vice director's and the director's word, and where the matter goes from there (handbook §3.1)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.kernel import calendar, parameters, words
from jiazhan.people.models import HANDLING_KINDS, Account, Unit, UnitKind
from jiazhan.people.permissions import Permission

from .. import access
from .. import parameters as names
from ..choices import Visibility
from ..models import Assignment, OfficialOpinion, Opinion
from ..models.letter import Official
from ..states import State, Track
from . import letters, steps, telling


class Locked(Exception):
    """An accusation never goes through ordinary transfer (信访工作条例第30条, §14 rule 6)."""

    code = "locked"

    def __init__(self) -> None:
        super().__init__(_("这件事已按检举控告锁定，不能普通转办。请分流到纪检监察机关或有权处理的机关。"))


class WrongUnit(Exception):
    """The unit cannot be given this matter."""

    code = "wrong-unit"

    def __init__(self) -> None:
        super().__init__(_("这个单位不能承办这件事：请选本区县在用的承办单位；街道办理的，请选本街道的单位。"))


@transaction.atomic
def opine_vice_director(opinion: Opinion, *, text: str, by: Account, at: datetime) -> Opinion:
    """The vice director's opinion, signed. Raises Locked, words.WordsMissing, and what `steps.take` raises."""
    held = transferable(opinion, "opine_vice_director", by=by)
    text = words.required(text, _("意见"), limit=1000)
    held = steps.take_held(held, "opine_vice_director", by=by, at=at)
    _sign(held, Official.VICE_DIRECTOR, text, by=by, at=at)
    _pass_on(held, _directors(held), at=at)
    return held


@transaction.atomic
def opine_director(opinion: Opinion, *, text: str, by: Account, at: datetime) -> Opinion:
    """The director's opinion, signed. Raises Locked, words.WordsMissing, and what `steps.take` raises."""
    held = transferable(opinion, "opine_director", by=by)
    text = words.required(text, _("意见"), limit=1000)
    held = steps.take_held(held, "opine_director", by=by, at=at)
    _sign(held, Official.DIRECTOR, text, by=by, at=at)
    return held


@transaction.atomic
def assign_street(opinion: Opinion, *, unit: Unit, by: Account, at: datetime, copies_to: Iterable[str] = ()) -> Opinion:
    """Give the matter to the street office with a numbered letter. Raises Locked, WrongUnit, letters.TooManyCopies."""
    held = transferable(opinion, "assign_street", by=by)
    require_unit(opinion, unit, track=Track.STREET)
    held = steps.take_held(
        held, "assign_street", by=by, at=at, detail={"unit": unit.name}, track=Track.STREET, unit=unit, handler=None
    )
    letter = letters.open_letter(held, track=Track.STREET, addressee=unit, copies_to=copies_to, by=by, at=at)
    letters.issue(letter, held, issuer=letters.issuer_on_street(held), by=by, at=at)
    assign(held, unit, by=by, at=at)
    return held


@transaction.atomic
def forward_district(
    opinion: Opinion,
    *,
    by: Account,
    at: datetime,
    text: str = "",
    copies_to: Iterable[str] = (),
    addressee: Unit | None = None,
) -> Opinion:
    """Send the matter up for review with the director's word and a numbered letter.

    `text` may be empty only where the director has already signed an opinion. Without `addressee` the letter goes to the
    standing committee's office. Raises Locked, words.WordsMissing, letters.TooManyCopies.
    """
    held = transferable(opinion, "forward_district", by=by)
    text = words.optional(text, _("意见"), limit=1000)
    if not text and not opinion.official_opinions.filter(official=Official.DIRECTOR).exists():
        raise words.WordsMissing(_("转区人大的意见"))
    held = steps.take_held(held, "forward_district", by=by, at=at, track=Track.DISTRICT, unit=None, handler=None)
    if text:
        _sign(held, Official.DIRECTOR, text, by=by, at=at)
    letter = letters.open_letter(
        held,
        track=Track.DISTRICT,
        addressee=addressee or _congress_office(held),
        copies_to=copies_to,
        by=by,
        at=at,
    )
    letters.issue(letter, held, issuer=letters.issuer_on_street(held), by=by, at=at)
    text = _("%(matter)s已转来，请审核是否转办。") % {"matter": telling.named(held)}
    telling.tell(telling.holders(Permission.OPINION_REVIEW, held), "opinion-to-review", held, text=text, at=at)
    told = _("您反映的%(matter)s已转区人大审核。") % {"matter": telling.named(held)}
    telling.tell_authors(held, "opinion-forwarded", text=told, at=at)
    return held


@transaction.atomic
def return_to_street(opinion: Opinion, *, reason: str, by: Account, at: datetime) -> Opinion:
    """Take a matter that the review refused back to the street. Raises Locked, words.WordsMissing."""
    held = transferable(opinion, "return_to_street", by=by)
    reason = words.required(reason, _("改由街道办理的说明"), limit=1000)
    # The refusal stays readable in the review and in the record.
    held = steps.take_held(
        held,
        "return_to_street",
        by=by,
        at=at,
        detail={"reason": reason},
        track="",
        refusal_reason="",
        closed_at=None,
    )
    _pass_on(held, telling.holders(Permission.OPINION_VICE_DIRECTOR, held), at=at)
    told = _("您反映的%(matter)s改由街道继续办理。") % {"matter": telling.named(held)}
    telling.tell_authors(held, "opinion-returned-to-street", text=told, at=at)
    return held


def transferable(opinion: Opinion, step: str, *, by: Account) -> Opinion:
    """The case held for a step of ordinary handling. Raises access.NotYours, then Locked for an accusation."""
    held = steps.lock(opinion)
    require_transferable(held, step, by=by)
    return held


def require_transferable(held: Opinion, step: str, *, by: Account) -> None:
    """Raises access.NotYours, then Locked for an accusation."""
    access.require(by, step, held)
    if held.visibility == Visibility.LOCKED:
        raise Locked


def require_unit(opinion: Opinion, unit: Unit, *, track: str) -> None:
    """Raises WrongUnit unless the unit handles matters of this place on this track."""
    is_right = unit.is_active and unit.jurisdiction == opinion.jurisdiction and unit.kind in HANDLING_KINDS
    if track == Track.STREET:
        is_right = is_right and unit.area.startswith(opinion.street)
    if not is_right:
        raise WrongUnit


def assign(opinion: Opinion, unit: Unit, *, by: Account, at: datetime) -> Assignment:
    """Begin a unit's time with the matter, with the window in which it may object, and tell the unit and the author."""
    window = parameters.get(names.OBJECTION, opinion.street)
    assignment = Assignment.objects.create(
        jurisdiction=opinion.jurisdiction,
        opinion=opinion,
        unit=unit,
        assigned_at=at,
        assigned_by=by,
        objection_until=calendar.current().add_workdays(timezone.localdate(at), window),
    )
    text = _("%(matter)s已交你单位，请在 %(due)s 前签收；不属本单位职责的，%(until)s 前可提出异议。") % {
        "matter": telling.named(opinion),
        "due": opinion.due_on,
        "until": assignment.objection_until,
    }
    telling.tell(telling.staff_of(unit, Permission.OPINION_HANDLE), "opinion-assigned", opinion, text=text, at=at)
    told = _("您反映的%(matter)s已交%(unit)s办理。") % {"matter": telling.named(opinion), "unit": unit.name}
    telling.tell_authors(opinion, "opinion-assigned", text=told, at=at)
    return assignment


def _sign(opinion: Opinion, official: Official, text: str, *, by: Account, at: datetime) -> None:
    OfficialOpinion.objects.create(
        jurisdiction=opinion.jurisdiction, opinion=opinion, official=official, text=text, signed_by=by, signed_at=at
    )


def _pass_on(opinion: Opinion, accounts: Iterable[Account], *, at: datetime) -> None:
    text = _("%(matter)s等您提出意见，请在 %(due)s 前办理。") % {
        "matter": telling.named(opinion),
        "due": opinion.due_on,
    }
    telling.tell(accounts, f"opinion-{State(opinion.state).value.replace('_', '-')}", opinion, text=text, at=at)


def _directors(opinion: Opinion) -> list[Account]:
    return telling.holders(Permission.OPINION_DIRECTOR, opinion)


def _congress_office(opinion: Opinion) -> Unit | None:
    rows = Unit.objects.filter(
        jurisdiction=opinion.jurisdiction, kind=UnitKind.STANDING_COMMITTEE_OFFICE, is_active=True
    )
    return rows.order_by("code").first()
