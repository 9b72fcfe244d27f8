"""Both tracks from the street's first word to the closed file, by the people whose step it is."""

from jiazhan.audit.selectors import entries_of
from jiazhan.documents.selectors import documents_of
from jiazhan.opinions.choices import Grade
from jiazhan.opinions.services import ending
from jiazhan.opinions.states import State
from tests.domain.opinions import walking
from tests.factories import later


def test_a_matter_of_the_street_is_answered_rated_and_closed(county):
    matter = walking.rated(walking.handling_street(county), county)
    ending.close(matter, by=county.officer, at=later(hours=2))
    matter.refresh_from_db()
    assert matter.state == State.CLOSED
    assert matter.closed_at == later(hours=2)
    assert matter.due_on is None
    assert [each.kind for each in documents_of(matter)] == ["transfer", "reply"]


def test_a_matter_of_the_district_is_answered_rated_and_closed(county):
    matter = walking.rated(walking.handling_department(county), county, Grade.BASICALLY_SATISFIED)
    ending.close(matter, by=county.officer, at=later(hours=2))
    matter.refresh_from_db()
    assert matter.state == State.CLOSED
    actions = [entry.action.removeprefix("opinion.") for entry in entries_of(matter)]
    assert actions == [
        "raised", "accept", "opine", "forward_district", "begin_review", "approve_review", "forward_to_government", "receive_at_government",
        "assign_department", "sign_department", "assign_handler", "save_draft", "submit_reply", "reply", "rate", "close",
    ]  # fmt: skip
    assert [each.kind for each in documents_of(matter)] == ["transfer", "transfer", "reply"]
