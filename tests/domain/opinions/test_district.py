"""The district's part: review, the office's number, the government's receipt and assignment."""

from datetime import date, timedelta

import pytest

from jiazhan.documents.selectors import documents_of
from jiazhan.kernel.words import WordsMissing
from jiazhan.kernel.workflow import StepRefused
from jiazhan.opinions import access
from jiazhan.opinions.access import NotYours
from jiazhan.opinions.models import Review
from jiazhan.opinions.services import district, letters, street, units
from jiazhan.opinions.states import State
from jiazhan.people.models import Unit, UnitKind
from tests.domain.opinions import walking
from tests.factories import NOW, County, later


def test_a_review_is_signed_with_its_organ(county):
    walking.approved(county)
    review = Review.objects.get()
    assert (review.is_approved, review.reviewed_by, review.unit) == (True, county.committee, county.committee_unit)


def test_a_review_is_begun_before_it_is_decided(county):
    matter = walking.forwarded(county)
    with pytest.raises(StepRefused):
        district.approve_review(matter, text="同意。", by=county.committee, at=NOW)
    district.begin_review(matter, by=county.committee, at=NOW)
    district.approve_review(matter, text="同意。", by=county.committee, at=NOW)


@pytest.mark.parametrize(("text", "way_on"), [("", "由街道直办"), ("属街道职权", ""), (" ", "\n")])
def test_a_refusal_without_a_reason_or_a_way_on_is_refused(county, text, way_on):
    matter = walking.reviewing(county)
    with pytest.raises(WordsMissing):
        district.reject_review(matter, text=text, way_on=way_on, by=county.committee, at=NOW)
    assert not Review.objects.exists()
    matter = district.reject_review(matter, text="属街道职权", way_on="由街道直办", by=county.committee, at=NOW)
    assert (matter.state, matter.refusal_reason, matter.due_on) == (State.REVIEW_REJECTED, "属街道职权", None)


def test_everybody_concerned_is_told_of_a_refused_review(county):
    matter = walking.reviewing(county)
    district.reject_review(matter, text="属街道职权", way_on="由街道直办", by=county.committee, at=NOW)
    for person in (county.director, county.vice_director, county.officer, county.deputy.account):
        assert "opinion-review-rejected" in walking.told(person, matter)
    for stranger in (county.handler, county.dispatcher):
        assert "opinion-review-rejected" not in walking.told(stranger, matter)


def test_the_office_numbers_in_its_own_series_by_county_and_year(county):
    letters_sent = []
    for _ in range(2):
        matter = district.forward_to_government(walking.approved(county), by=county.office, at=NOW)
        letters_sent.append(letters.current(matter).office_number)
    assert letters_sent == ["云溪人办〔2026〕1号", "云溪人办〔2026〕2号"]
    matter = district.forward_to_government(walking.approved(county), by=county.office, at=later(days=60))
    assert letters.current(matter).office_number == "云溪人办〔2027〕1号"


def test_the_letter_prefix_of_the_office_is_used_where_it_has_one(county):
    matter = walking.approved(county)
    Unit.objects.filter(kind=UnitKind.STANDING_COMMITTEE_OFFICE).update(letter_prefix="云人办函")
    matter = district.forward_to_government(matter, by=county.office, at=NOW)
    assert letters.current(matter).office_number == "云人办函〔2026〕1号"


def test_a_forwarding_that_fails_leaves_no_gap(county):
    matter = walking.approved(county)
    government = Unit.objects.filter(kind=UnitKind.GOV_OFFICE)
    government.update(is_active=False)
    with pytest.raises(district.OfficeMissing, match="政府办公室"):
        district.forward_to_government(matter, by=county.office, at=NOW)
    government.update(is_active=True)
    with pytest.raises(letters.TooManyCopies):
        district.forward_to_government(matter, copies_to=map(str, range(30)), by=county.office, at=NOW)
    matter.refresh_from_db()
    assert matter.state == State.REVIEW_APPROVED
    matter = district.forward_to_government(matter, by=county.office, at=NOW)
    assert letters.current(matter).office_number == "云溪人办〔2026〕1号"


def test_the_office_s_letter_is_a_new_one_and_the_street_s_stays(county):
    matter = district.forward_to_government(walking.approved(county), copies_to=["区水务局"], by=county.office, at=NOW)
    first, second = documents_of(matter)
    assert (first.number, second.number) == ("01-2026-0001", "云溪人办〔2026〕1号")
    assert first.inputs["endorsements"][-1]["text"] == ""
    assert second.inputs["endorsements"][-1]["text"] == "同意转办。"
    assert second.inputs["copies"] == ["区水务局"]
    assert second.inputs["addressee"] == county.gov_office.name
    assert letters.current(matter).document == second


def test_the_government_sees_a_matter_only_when_it_was_sent(county):
    matter = walking.approved(county)
    visible = access.visible_to(county.dispatcher)
    assert not visible.filter(pk=matter.pk).exists()
    district.forward_to_government(matter, by=county.office, at=NOW)
    assert visible.filter(pk=matter.pk).exists()


@pytest.mark.parametrize("days", [-1, 1])
def test_a_day_of_receipt_before_the_letter_or_to_come_is_refused(county, days):
    matter = district.forward_to_government(walking.approved(county), by=county.office, at=NOW)
    at = NOW + timedelta(days=3)
    wrong = date(2026, 11, 18) + timedelta(days) if days < 0 else date(2026, 11, 22)
    with pytest.raises(district.DateRefused, match="2026-11-18 至 2026-11-21"):
        district.receive_at_government(matter, received_on=wrong, by=county.dispatcher, at=at)
    matter.refresh_from_db()
    assert matter.state == State.OFFICE_FORWARDED
    matter = district.receive_at_government(matter, received_on=date(2026, 11, 19), by=county.dispatcher, at=at)
    assert letters.current(matter).government_received_on == date(2026, 11, 19)


def test_the_government_gives_matters_to_any_unit_of_its_county(county):
    neighbour = County(code="990107", name="月湖区")
    matter = walking.at_government(county)
    for unit in (neighbour.department, county.gov_office, county.committee_unit):
        with pytest.raises(street.WrongUnit):
            district.assign_department(matter, unit=unit, by=county.dispatcher, at=NOW)
    matter = district.assign_department(matter, unit=county.department, by=county.dispatcher, at=NOW)
    assert (matter.state, matter.unit) == (State.DEPT_ASSIGNED, county.department)
    assert units.assignment_of(matter).assigned_by == county.dispatcher


def test_a_department_does_not_see_what_was_given_to_another(county):
    matter = walking.assigned_department(county)
    other = county.appoint("handler", unit=county.other_department)
    assert access.visible_to(county.handler).filter(pk=matter.pk).exists()
    assert not access.visible_to(other).filter(pk=matter.pk).exists()


@pytest.mark.parametrize(
    ("stage", "act"),
    [
        ("forwarded", lambda m, c, by: district.begin_review(m, by=by, at=NOW)),
        ("reviewing", lambda m, c, by: district.approve_review(m, text="同意", by=by, at=NOW)),
        ("reviewing", lambda m, c, by: district.reject_review(m, text="不", way_on="街", by=by, at=NOW)),
        ("approved", lambda m, c, by: district.forward_to_government(m, by=by, at=NOW)),
        ("at_government", lambda m, c, by: district.assign_department(m, unit=c.department, by=by, at=NOW)),
    ],
)
def test_each_step_is_its_own_office_s_and_closed_to_accusations(county, stage, act):
    right = {"forwarded": "committee", "reviewing": "committee", "approved": "office", "at_government": "dispatcher"}[
        stage
    ]
    matter = getattr(walking, stage)(county)
    strangers = {"director", "officer", "committee", "office", "dispatcher", "handler", "chair"} - {right}
    for name in strangers:
        with pytest.raises(NotYours):
            act(matter, county, getattr(county, name))
    walking.lock(matter)
    with pytest.raises((street.Locked, NotYours)):
        act(matter, county, getattr(county, right))
    type(matter).objects.filter(pk=matter.pk).update(visibility="normal")
    act(matter, county, getattr(county, right))
