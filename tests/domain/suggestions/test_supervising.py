"""Key proposals of the chairpersons' meeting: chosen, visited, urged, ended; who may, who hears, what is refused."""

import io
from datetime import date, timedelta

import pytest
from PIL import Image

from jiazhan.audit.selectors import entries_of
from jiazhan.documents.files import checking
from jiazhan.documents.selectors import attachments_of
from jiazhan.kernel.refusals import NotYours
from jiazhan.kernel.words import WordsMissing, WordsTooLong
from jiazhan.kernel.workflow import StepRefused
from jiazhan.notifications.models import Notice
from jiazhan.people.roles import Role
from jiazhan.suggestions.services import checking as desk
from jiazhan.suggestions.services import key_proposals, supervising
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW, later

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        yield county


def chosen(county, proposal, **given):
    given = {
        "meeting": "第 42 次主任会议", "decided_on": TODAY, "committee": county.committee_unit, "by": county.office,
        "at": NOW, "lead_account": county.chair, "demands": "每季度听取一次进展。",
    } | given  # fmt: skip
    return key_proposals.choose(proposal, **given)


def visited(county, proposal, **given):
    given = {
        "held_on": TODAY, "place": "柳林小区北门", "people": "副主任、代表、水务局", "findings": "已开挖 60 米。",
        "asks": "年底前恢复路面。", "by": county.affairs, "at": NOW,
    } | given  # fmt: skip
    return key_proposals.visit(proposal, **given)


def heard(kind):
    return set(Notice.objects.filter(kind=kind).values_list("recipient_id", flat=True))


def test_a_choice_makes_it_key_and_tells_deputies_unit_lead_and_committee(county):
    colleague = county.make_deputy("林静")
    proposal = walking.in_progress(county, colleague)
    people = {
        county.deputy.account,
        colleague.account,
        county.handler,
        county.unit_head,
        county.chair,
        county.committee,
    }
    decision = chosen(county, proposal)
    assert walking.again(proposal).is_key
    assert decision.lead_member == county.chair.name
    assert heard("proposal-key") == {each.pk for each in people}
    assert "proposal.key_chosen" in {each.action for each in entries_of(proposal)}


def test_a_proposal_is_chosen_once_until_it_is_ended_with_a_reason(county):
    proposal = walking.in_progress(county)
    chosen(county, proposal)
    with pytest.raises(key_proposals.AlreadyKey, match="第 42 次主任会议"):
        chosen(county, proposal, meeting="第 43 次主任会议")
    with pytest.raises(WordsMissing):
        key_proposals.end(proposal, reason=" ", by=county.office, at=NOW)
    ended = key_proposals.end(proposal, reason="已经办成", by=county.office, at=later(days=30))
    assert (ended.ended_reason, walking.again(proposal).is_key) == ("已经办成", False)
    with pytest.raises(key_proposals.NotKey):
        key_proposals.end(proposal, reason="再点一次", by=county.office, at=later(days=30))
    assert (
        chosen(county, proposal, lead_account=None, lead_member="王副主任", at=later(days=31)).lead_member == "王副主任"
    )
    assert proposal.key_decisions.count() == 2


def test_what_is_not_accepted_or_has_ended_is_not_followed(county):
    fresh = walking.submitted(county)
    declined = desk.decline(walking.submitted(county), reason="不属本级职权", by=county.affairs, at=NOW)
    for proposal in (fresh, declined):
        with pytest.raises(key_proposals.NotFollowable):
            chosen(county, proposal)
        with pytest.raises(key_proposals.NotFollowable):
            visited(county, proposal)
    assert chosen(county, walking.accepted(county)).pk


def test_a_choice_names_a_committee_of_this_congress_a_lead_and_a_meeting_that_was(county):
    proposal = walking.in_progress(county)
    with pytest.raises(key_proposals.NotACommittee):
        chosen(county, proposal, committee=county.department)
    with pytest.raises(key_proposals.NotToday):
        chosen(county, proposal, decided_on=TODAY + timedelta(days=1))
    with pytest.raises(WordsMissing):
        chosen(county, proposal, lead_account=None)
    with pytest.raises(NotYours):
        chosen(county, proposal, lead_account=county.affairs)
    assert not walking.again(proposal).is_key
    assert chosen(county, proposal).committee == county.committee_unit


def test_only_who_decides_decides_and_only_who_supervises_visits(county):
    proposal = walking.in_progress(county)
    for person in (county.affairs, county.committee, county.handler, county.deputy.account):
        with pytest.raises(NotYours):
            chosen(county, proposal, by=person)
    chosen(county, proposal, by=county.chair)
    for person in (county.affairs, county.handler):
        with pytest.raises(NotYours):
            key_proposals.end(proposal, reason="不办了", by=person, at=NOW)
    for person in (county.chair, county.handler, county.deputy.account):
        with pytest.raises(NotYours):
            visited(county, proposal, by=person)
    assert visited(county, proposal, by=county.committee).pk


def test_a_visit_is_kept_with_its_files_and_told_to_deputies_and_units(county):
    proposal = walking.in_progress(county)
    audience = {county.deputy.account.pk, county.handler.pk, county.unit_head.pk}
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "grey").save(picture, "JPEG")
    file = checking.check(picture, name="现场.jpg")
    seen = visited(county, proposal, files=[file])
    assert heard("proposal-visited") == audience
    assert [each.name for each in attachments_of(seen)] == ["现场.jpg"]
    for wrong, refusal in (
        ({"held_on": TODAY + timedelta(days=1)}, key_proposals.NotToday),
        ({"findings": ""}, WordsMissing),
        ({"place": "长" * 121}, WordsTooLong),
    ):
        with pytest.raises(refusal):
            visited(county, proposal, **wrong)
    with pytest.raises(key_proposals.VisitRegistered):
        visited(county, proposal)
    assert proposal.visits.count() == 1


def test_a_letter_urges_a_unit_that_has_a_part_and_is_answered_once(county):
    proposal = walking.in_progress(county)
    given = {"text": "请于下周报送进展。", "answer_by": date(2026, 11, 27), "by": county.affairs, "at": NOW}
    with pytest.raises(supervising.NotHolding):
        supervising.urge(proposal, unit=county.other_department, **given)
    with pytest.raises(supervising.AnswerDayPassed):
        supervising.urge(proposal, unit=county.department, **given | {"answer_by": TODAY})
    with pytest.raises(NotYours):
        supervising.urge(proposal, unit=county.department, **given | {"by": county.handler})
    with pytest.raises(StepRefused):
        supervising.urge(walking.accepted(county), unit=county.department, **given)
    urging = supervising.urge(proposal, unit=county.department, **given)
    with pytest.raises(supervising.AlreadyUrged):
        supervising.urge(proposal, unit=county.department, **given)
    stranger = county.appoint(Role.HANDLER, unit=county.other_department)
    with pytest.raises(NotYours):
        supervising.answer_urging(urging, text="已开工", by=stranger, at=NOW)
    answered = supervising.answer_urging(urging, text="已开工 60 米。", by=county.handler, at=later(days=2))
    assert answered.answered_by == county.handler
    with pytest.raises(supervising.UrgingAnswered):
        supervising.answer_urging(urging, text="再答一次", by=county.handler, at=later(days=2))
    assert heard("proposal-urging-answered") == {county.affairs.pk}
