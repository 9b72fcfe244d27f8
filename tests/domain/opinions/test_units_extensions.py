"""More time: with a reason, before the last day, given by who assigned, told to the author (代表法第51条, §14 rule 2)."""

from datetime import date, datetime

import pytest

from jiazhan.audit.selectors import entries_of
from jiazhan.kernel.words import WordsMissing
from jiazhan.kernel.workflow import StepRefused
from jiazhan.opinions.access import NotYours
from jiazhan.opinions.models import Extension
from jiazhan.opinions.services import extensions
from jiazhan.opinions.services.authors import Author
from jiazhan.opinions.states import State
from tests.domain.opinions import walking
from tests.factories import NOW, SHANGHAI, later


@pytest.mark.parametrize(
    ("stage", "before", "after"),
    [
        ("handling_department", date(2027, 2, 18), date(2027, 5, 18)),
        ("handling_street", date(2026, 12, 9), date(2026, 12, 30)),
    ],
)
def test_a_granted_request_moves_the_deadline_and_tells_the_author(county, stage, before, after):
    matter = getattr(walking, stage)(county, author=Author(phone="13812345678"))
    handler, _head = walking.people_of(matter, county)
    extension = extensions.request_extension(matter, reason="管网需重新设计。", by=handler, at=NOW)
    assert (extension.due_before, extension.due_after) == (before, after)
    ruler = county.director if matter.track == "street" else county.dispatcher
    assert "opinion-extension" in walking.told(ruler, matter)
    matter.refresh_from_db()
    assert matter.due_on == before, "only an approved extension counts"
    matter = extensions.grant_extension(matter, by=ruler, at=later(days=1))
    assert (matter.due_on, matter.due_for) == (after, "reply")
    assert "opinion-extension" in walking.told(None, matter)
    assert "opinion-extension-decided" in walking.told(handler, matter)
    assert entries_of(matter).last().detail == {"due_before": before.isoformat(), "due_after": after.isoformat()}


def test_a_refused_request_keeps_the_deadline_and_says_why(county):
    matter = walking.handling_department(county)
    extensions.request_extension(matter, reason="忙。", by=county.handler, at=NOW)
    with pytest.raises(WordsMissing):
        extensions.refuse_extension(matter, reason="", by=county.dispatcher, at=NOW)
    matter = extensions.refuse_extension(matter, reason="理由不充分。", by=county.dispatcher, at=NOW)
    assert matter.due_on == date(2027, 2, 18)
    assert Extension.objects.get().decision_reason == "理由不充分。"
    extensions.request_extension(matter, reason="管网需重新设计。", by=county.handler, at=NOW)


def test_a_request_on_the_last_day_is_in_time_and_one_after_it_is_not(county):
    matter = walking.handling_street(county)
    late = datetime(2026, 12, 10, 0, 1, tzinfo=SHANGHAI)
    with pytest.raises(extensions.DuePassed, match="2026-12-09"):
        extensions.request_extension(matter, reason="需时。", by=county.street_handler, at=late)
    in_time = datetime(2026, 12, 9, 23, 59, tzinfo=SHANGHAI)
    extensions.request_extension(matter, reason="需时。", by=county.street_handler, at=in_time)
    # Asked in time, granted after: the unit does not pay for the ruler's delay.
    assert extensions.grant_extension(matter, by=county.director, at=late).due_on == date(2026, 12, 30)


def test_one_request_at_a_time_and_one_extension_for_good(county):
    matter = walking.handling_department(county)
    extensions.request_extension(matter, reason="需时。", by=county.handler, at=NOW)
    with pytest.raises(extensions.AlreadyRequested):
        extensions.request_extension(matter, reason="需时。", by=county.unit_head, at=NOW)
    extensions.grant_extension(matter, by=county.dispatcher, at=NOW)
    with pytest.raises(extensions.NothingRequested):
        extensions.grant_extension(matter, by=county.dispatcher, at=NOW)
    with pytest.raises(extensions.AlreadyExtended):
        extensions.request_extension(matter, reason="还需时。", by=county.handler, at=NOW)


def test_who_asks_does_not_grant_and_who_grants_does_not_ask(county):
    matter, on_street = walking.handling_department(county), walking.handling_street(county)
    for stranger in (county.dispatcher, county.street_handler):
        with pytest.raises(NotYours):
            extensions.request_extension(matter, reason="需时。", by=stranger, at=NOW)
    extensions.request_extension(matter, reason="需时。", by=county.handler, at=NOW)
    extensions.request_extension(on_street, reason="需时。", by=county.street_handler, at=NOW)
    for stranger in (county.handler, county.unit_head, county.director, county.office):
        with pytest.raises(NotYours):
            extensions.grant_extension(matter, by=stranger, at=NOW)
    with pytest.raises(NotYours):
        extensions.grant_extension(on_street, by=county.dispatcher, at=NOW)
    extensions.grant_extension(matter, by=county.dispatcher, at=NOW)
    extensions.grant_extension(on_street, by=county.director, at=NOW)


@pytest.mark.parametrize("stage", ["assigned_department", "replied", "reopened"])
def test_only_a_first_round_in_the_unit_s_hands_is_extended(county, stage):
    matter = (
        walking.assigned_department(county) if stage == "assigned_department" else walking.handling_department(county)
    )
    if stage == "replied":
        walking.replied(matter, county)
    if stage == "reopened":
        matter = walking.rated(matter, county, "dissatisfied")
        assert matter.state == State.REOPENED
    with pytest.raises(StepRefused):
        extensions.request_extension(matter, reason="需时。", by=county.handler, at=NOW)


def test_a_request_needs_a_reason(county):
    matter = walking.handling_department(county)
    with pytest.raises(WordsMissing):
        extensions.request_extension(matter, reason="\n", by=county.handler, at=NOW)
    assert not Extension.objects.exists()
