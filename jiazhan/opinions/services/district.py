"""The district's part: review by an organ of the congress, forwarding by its office, assignment by the government."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.documents.numbers import next_letter_number
from jiazhan.kernel import words
from jiazhan.people.models import Account, Unit, UnitKind
from jiazhan.people.permissions import Permission

from ..models import Opinion, Review
from ..states import Track
from . import letters, steps, telling
from .street import assign, require_unit, transferable


class OfficeMissing(Exception):
    """The county has not registered the office that has to number or receive the letter."""

    code = "office-missing"

    def __init__(self, office: str) -> None:
        super().__init__(_("本区县还没有登记%(office)s，请先请系统管理员登记这个单位，再转出。") % {"office": office})


class DateRefused(Exception):
    """A day of receipt that cannot be: in the future, or before the letter went out."""

    code = "date-refused"

    def __init__(self, first: date, last: date) -> None:
        super().__init__(
            _("收文日期应在 %(first)s 至 %(last)s 之间，请核对后再提交。") % {"first": first, "last": last}
        )


@transaction.atomic
def begin_review(opinion: Opinion, *, by: Account, at: datetime) -> Opinion:
    """An organ of the congress takes the review. Raises Locked, and what `steps.take` raises."""
    held = transferable(opinion, "begin_review", by=by)
    unit = _unit_of(by, Permission.OPINION_REVIEW)
    return steps.take_held(held, "begin_review", by=by, at=at, detail={"unit": unit.name} if unit else {})


@transaction.atomic
def approve_review(opinion: Opinion, *, text: str, by: Account, at: datetime) -> Opinion:
    """Approve the transfer with a signed word. Raises Locked, words.WordsMissing."""
    held = transferable(opinion, "approve_review", by=by)
    text = words.required(text, _("审核意见"), limit=1000)
    held = steps.take_held(held, "approve_review", by=by, at=at)
    _review(held, text, by=by, at=at, is_approved=True)
    told = _("%(matter)s已审核同意，请编文号转区政府办公室。") % {"matter": telling.named(held)}
    telling.tell(telling.holders(Permission.OPINION_FORWARD, held), "opinion-to-forward", held, text=told, at=at)
    return held


@transaction.atomic
def reject_review(opinion: Opinion, *, text: str, way_on: str, by: Account, at: datetime) -> Opinion:
    """Refuse the transfer with a reason and a way on; author, deputy, station and street are told (§14 rule 8).

    Raises Locked, words.WordsMissing.
    """
    held = transferable(opinion, "reject_review", by=by)
    text = words.required(text, _("不予转办的理由"), limit=1000)
    way_on = words.required(way_on, _("去向"), limit=200)
    held = steps.take_held(
        held, "reject_review", by=by, at=at, detail={"reason": text, "way_on": way_on}, refusal_reason=text
    )
    _review(held, text, by=by, at=at, is_approved=False, way_on=way_on)
    told = _("您反映的%(matter)s经审核未予转办，理由和去向请凭查询码查看。") % {"matter": telling.named(held)}
    telling.tell_authors(held, "opinion-review-rejected", text=told, at=at)
    inside = _("%(matter)s经审核未予转办，去向：%(way)s。理由请打开查看。") % {
        "matter": telling.named(held),
        "way": way_on[:60],
    }
    concerned = [
        *telling.deputy_of(held),
        *telling.holders_of_any(
            {Permission.OPINION_DIRECTOR, Permission.OPINION_VICE_DIRECTOR, Permission.OPINION_TRIAGE}, held
        ),
    ]
    telling.tell(concerned, "opinion-review-rejected", held, text=inside, at=at)
    return held


@transaction.atomic
def forward_to_government(
    opinion: Opinion, *, by: Account, at: datetime, copies_to: Iterable[str] | None = None
) -> Opinion:
    """Number the letter in the office's own series and send it to the government office.

    `copies_to` replaces the street's list where given. Raises Locked, OfficeMissing, letters.TooManyCopies.
    """
    held = transferable(opinion, "forward_to_government", by=by)
    office = _unit_of(by, Permission.OPINION_FORWARD) or _of_kind(held, UnitKind.STANDING_COMMITTEE_OFFICE)
    government = _of_kind(held, UnitKind.GOV_OFFICE)
    held = steps.take_held(held, "forward_to_government", by=by, at=at)
    letter = letters.current(held)
    letter.office_number = next_letter_number(office, jurisdiction=held.jurisdiction, year=timezone.localdate(at).year)
    letter.forwarded_at, letter.addressee = at, government
    if copies_to is not None:
        letter.copies_to = letters.copies(copies_to)
    letter.save()
    letters.issue(letter, held, issuer=office.name, by=by, at=at)
    text = _("区人大常委会办公室转来%(matter)s，文号 %(number)s，请收文并交办。") % {
        "matter": telling.named(held),
        "number": letter.office_number,
    }
    telling.tell(telling.holders(Permission.OPINION_GOV_ASSIGN, held), "opinion-to-government", held, text=text, at=at)
    told = _("您反映的%(matter)s已转区政府办公室。") % {"matter": telling.named(held)}
    telling.tell_authors(held, "opinion-to-government", text=told, at=at)
    return held


@transaction.atomic
def receive_at_government(opinion: Opinion, *, by: Account, at: datetime, received_on: date | None = None) -> Opinion:
    """The government office books the letter in. Raises Locked, DateRefused for a day before the letter or to come."""
    held = transferable(opinion, "receive_at_government", by=by)
    received_on = received_on or timezone.localdate(at)
    held = steps.take_held(held, "receive_at_government", by=by, at=at, detail={"received_on": received_on.isoformat()})
    letter = letters.current(held)
    require_day(received_on, since=letter.forwarded_at or letter.issued_at, at=at)
    letter.government_received_on = received_on
    letter.save(update_fields=["government_received_on"])
    return held


@transaction.atomic
def assign_department(opinion: Opinion, *, unit: Unit, by: Account, at: datetime) -> Opinion:
    """The government office gives the matter to a unit. Raises Locked, street.WrongUnit."""
    held = transferable(opinion, "assign_department", by=by)
    require_unit(opinion, unit, track=Track.DISTRICT)
    held = steps.take_held(held, "assign_department", by=by, at=at, detail={"unit": unit.name}, unit=unit, handler=None)
    assign(held, unit, by=by, at=at)
    return held


def require_day(day: date, *, since: datetime, at: datetime) -> None:
    """Raises DateRefused unless the day lies between `since` and `at`."""
    first, last = timezone.localdate(since), timezone.localdate(at)
    if not first <= day <= last:
        raise DateRefused(first, last)


def _review(opinion: Opinion, text: str, *, by: Account, at: datetime, is_approved: bool, way_on: str = "") -> None:
    Review.objects.create(
        jurisdiction=opinion.jurisdiction,
        opinion=opinion,
        reviewed_by=by,
        unit=_unit_of(by, Permission.OPINION_REVIEW),
        is_approved=is_approved,
        text=text,
        way_on=way_on,
        signed_at=at,
    )


def _unit_of(by: Account, permission: Permission) -> Unit | None:
    return next((post.unit for post in by.posts_with(permission) if post.unit), None)


def _of_kind(opinion: Opinion, kind: UnitKind) -> Unit:
    rows = Unit.objects.filter(jurisdiction=opinion.jurisdiction, kind=kind, is_active=True)
    unit = rows.order_by("code").first()
    if unit is None:
        raise OfficeMissing(str(kind.label))
    return unit
