"""A matter walked along both tracks by the services that people use, as far as a test wants it."""

from datetime import datetime, timedelta
from typing import Any

from jiazhan.audit import Actor
from jiazhan.notifications.models import Notice
from jiazhan.opinions.choices import Grade, OutcomeClass, Visibility
from jiazhan.opinions.models import Opinion, Reply
from jiazhan.opinions.services import deputies, district, ending, replies, street, triage, units
from jiazhan.people.models import Account, Unit, UnitKind
from tests.factories import NOW, County, opinion


def author_of(matter: Opinion) -> Actor:
    """The author as they come with their follow-up code."""
    return Actor(kind="author", name="反映人", id=str(matter.pk))


def accepted(county: County, **given: Any) -> Opinion:
    county.deputy  # noqa: B018 attached before anybody looks for one
    return triage.accept(opinion(county, **given), deputy=county.deputy, by=county.officer, at=NOW)


def opined(county: County, **given: Any) -> Opinion:
    """A matter with its deputy's word, at the street."""
    return deputies.opine(accepted(county, **given), text="情况属实，请尽快疏通。", by=county.deputy.account, at=NOW)


def answered_on_spot(county: County, **given: Any) -> Opinion:
    return deputies.answer_on_spot(
        accepted(county, **given),
        text="已当面说明办理途径。",
        outcome=OutcomeClass.RESOLVED,
        by=county.deputy.account,
        at=NOW,
    )


def directed(county: County, **given: Any) -> Opinion:
    matter = opined(county, **given)
    street.opine_vice_director(matter, text="属街道职权，建议直办。", by=county.vice_director, at=NOW)
    return street.opine_director(matter, text="同意。", by=county.director, at=NOW)


def assigned_street(county: County, **given: Any) -> Opinion:
    fill_every_post(county)
    return street.assign_street(
        directed(county, **given), unit=county.street_office, copies_to=["区水务局"], by=county.director, at=NOW
    )


def handling_street(county: County, **given: Any) -> Opinion:
    return units.sign(assigned_street(county, **given), by=county.street_handler, at=NOW)


def handled_on_street(matter: Opinion, county: County) -> Opinion:
    """An accepted matter carried on to the street office's desk."""
    fill_every_post(county)
    deputies.opine(matter, text="情况属实。", by=county.deputy.account, at=NOW)
    street.opine_vice_director(matter, text="建议直办。", by=county.vice_director, at=NOW)
    street.opine_director(matter, text="同意。", by=county.director, at=NOW)
    matter = street.assign_street(matter, unit=county.street_office, by=county.director, at=NOW)
    return units.sign(matter, by=county.street_handler, at=NOW)


def forwarded(county: County, **given: Any) -> Opinion:
    fill_every_post(county)
    return street.forward_district(opined(county, **given), text="超出街道职权。", by=county.director, at=NOW)


def reviewing(county: County, **given: Any) -> Opinion:
    return district.begin_review(forwarded(county, **given), by=county.committee, at=NOW)


def approved(county: County, **given: Any) -> Opinion:
    return district.approve_review(reviewing(county, **given), text="同意转办。", by=county.committee, at=NOW)


def at_government(county: County, **given: Any) -> Opinion:
    matter = district.forward_to_government(approved(county, **given), by=county.office, at=NOW)
    return district.receive_at_government(matter, by=county.dispatcher, at=NOW)


def assigned_department(county: County, **given: Any) -> Opinion:
    return district.assign_department(
        at_government(county, **given), unit=county.department, by=county.dispatcher, at=NOW
    )


def handling_department(county: County, **given: Any) -> Opinion:
    matter = units.sign(assigned_department(county, **given), by=county.handler, at=NOW)
    return units.assign_handler(matter, handler=county.handler, by=county.unit_head, at=NOW)


def replied(matter: Opinion, county: County, *, at: datetime = NOW, **given: Any) -> Reply:
    """The reply of the round that runs, drafted, submitted and signed by the people of whichever unit holds it."""
    matter.refresh_from_db()
    handler, head = people_of(matter, county)
    given = {"body": "已清淤疏通，今后每月巡查。", "outcome": OutcomeClass.RESOLVED} | given
    draft = replies.save_draft(matter, by=handler, at=at, **given)
    draft = replies.submit(matter, version=draft.version, by=handler, at=at)
    return replies.sign_reply(matter, version=draft.version, by=head, at=at)


def people_of(matter: Opinion, county: County) -> tuple[Any, Any]:
    if matter.unit_id == county.street_office.pk:
        return county.street_handler, county.street_unit_head
    return county.handler, county.unit_head


def rated(matter: Opinion, county: County, grade: str = Grade.SATISFIED, *, at: datetime = NOW) -> Opinion:
    replied(matter, county, at=at)
    ending.rate(matter, grade=grade, by=author_of(matter), at=at + timedelta(hours=1))
    matter.refresh_from_db()
    return matter


def congress_office(county: County) -> Unit:
    """The unit in whose series the standing committee's office numbers its letters."""
    kind = UnitKind.STANDING_COMMITTEE_OFFICE
    return Unit.objects.filter(jurisdiction=county.code, kind=kind).first() or county.make_unit(kind, "云溪人办")


def fill_every_post(county: County) -> None:
    """Everybody who is told something must be in post before it happens."""
    congress_office(county)
    for name in (
        "deputy", "officer", "vice_director", "director", "committee", "office", "dispatcher", "street_handler",
        "street_unit_head", "handler", "unit_head", "gov_office", "other_department",
    ):  # fmt: skip
        getattr(county, name)


def told(account: Account | None, matter: Opinion) -> set[str]:
    """The kinds of notices that an account found in its inbox about a matter; None: that left for a bare phone number."""
    rows = Notice.objects.filter(jurisdiction=matter.jurisdiction, subject_id=str(matter.pk), recipient=account)
    return set(rows.values_list("kind", flat=True))


def lock(matter: Opinion) -> Opinion:
    """As the station does with an accusation; only the column, so that every state can be tried."""
    Opinion.objects.filter(jurisdiction=matter.jurisdiction, pk=matter.pk).update(visibility=Visibility.LOCKED)
    return matter
