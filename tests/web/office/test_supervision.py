"""The office's pages of supervision: who opens what, what a supervisor does, what is refused and kept, what it costs."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document
from PIL import Image

from jiazhan.documents.files import checking
from jiazhan.documents.selectors import attachments_of
from jiazhan.people.roles import Role
from jiazhan.suggestions.models import Follow, Proposal
from jiazhan.suggestions.services import key_proposals, supervising
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import County

R = Role
READERS = {
    R.STREET_DIRECTOR, R.DEPUTY_AFFAIRS, R.STANDING_COMMITTEE_OFFICE, R.COMMITTEE, R.CHAIRPERSONS_MEETING,
}  # fmt: skip
COUNTY_READERS = READERS - {R.STREET_DIRECTOR}
STAFF = {*Role} - {R.DEPUTY}
LISTS = ("office:supervision", "office:supervision-followers", "office:promises")
ACTING = {
    "office:supervise-key": {R.STANDING_COMMITTEE_OFFICE, R.CHAIRPERSONS_MEETING},
    "office:supervise-end": {R.STANDING_COMMITTEE_OFFICE, R.CHAIRPERSONS_MEETING},
    "office:supervise-visit": {R.DEPUTY_AFFAIRS, R.STANDING_COMMITTEE_OFFICE, R.COMMITTEE},
    "office:supervise-urge": {R.DEPUTY_AFFAIRS, R.STANDING_COMMITTEE_OFFICE, R.COMMITTEE},
}
TODAY = timezone.localdate()


@pytest.fixture
def now(monkeypatch):
    moment = timezone.now()
    for module in (factories, walking):
        monkeypatch.setattr(module, "NOW", moment)
    return moment


@pytest.fixture
def proposal(county, now):
    return walking.in_progress(county, at=now)


def of(proposal, name, **more):
    return reverse(name, kwargs={"jurisdiction": proposal.jurisdiction, "proposal_id": proposal.pk, **more})


def key(county, **given):
    return {
        "key-meeting": "第 42 次主任会议", "key-decided_on": TODAY.isoformat(), "key-lead": str(county.chair.pk),
        "key-committee": str(county.committee_unit.pk), "key-demands": "每季度听取一次进展。",
    } | given  # fmt: skip


def visit(**given):
    return {
        "visit-held_on": TODAY.isoformat(), "visit-place": "柳林小区北门", "visit-people": "副主任、代表",
        "visit-findings": "已开挖 60 米。", "visit-asks": "",
    } | given  # fmt: skip


@pytest.mark.parametrize("role", sorted(STAFF))
def test_a_role_opens_the_lists_that_are_its_own(role, county, proposal, sign_in):
    browser = sign_in(county.appoint(role))
    for name in LISTS:
        assert browser.get(reverse(name)).status_code == (200 if role in READERS else 403), name


@pytest.mark.parametrize("role", sorted(STAFF))
def test_a_proposal_opens_for_its_congress_and_strangers_find_nothing(role, county, proposal, sign_in):
    status = sign_in(county.appoint(role)).get(of(proposal, "office:supervise")).status_code
    # A subdistrict has no congress: its director reads no proposal of the county's.
    assert status == (200 if role in COUNTY_READERS else 404 if role in READERS else 403)


@pytest.mark.parametrize("role", sorted(STAFF))
def test_a_role_gets_past_the_guards_of_its_acts_and_no_others(role, county, proposal, sign_in):
    browser = sign_in(county.appoint(role))
    for name, roles in ACTING.items():
        status = browser.post(of(proposal, name), {}).status_code
        expected = {422} if role in roles else {404} if role == R.STREET_DIRECTOR else {403}
        assert status in expected, (name, status)


def test_another_county_and_nobody_logged_out_gets_in(county, proposal, sign_in):
    other = County("990107", "临湖区")
    assert sign_in(other.affairs).get(of(proposal, "office:supervise")).status_code == 404
    assert sign_in(county.affairs).get(of(proposal, "office:supervise")).status_code == 200
    for address in (*map(reverse, LISTS), reverse("office:supervision-pack"), of(proposal, "office:supervise")):
        assert Client().get(address).status_code == 302


def test_the_office_chooses_visits_urges_and_ends(county, proposal, sign_in):
    office, desk = sign_in(county.office), sign_in(county.affairs)
    page = of(proposal, "office:supervise")
    assert office.post(of(proposal, "office:supervise-key"), key(county)).url == page
    assert desk.post(of(proposal, "office:supervise-visit"), visit()).url == page
    day = (TODAY + timedelta(days=9)).isoformat()
    urging = {"urge-unit": str(county.department.pk), "urge-text": "请报送进展。", "urge-answer_by": day}
    assert desk.post(of(proposal, "office:supervise-urge"), urging).url == page
    shown = office.get(page).content.decode()
    for words in ("第 42 次主任会议", "每季度听取一次进展。", "已开挖 60 米。", "请报送进展。", "城建环资工委"):
        assert words in shown
    letter = proposal.urgings.get().document_id
    pdf = desk.get(of(proposal, "office:supervise-letter", document_id=letter, kind="pdf"))
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    assert office.post(of(proposal, "office:supervise-end"), {"end-reason": "已经办成"}).url == page
    assert "已解除" in office.get(page).content.decode()


def test_wrong_words_keep_what_was_typed_and_a_second_click_is_told(county, proposal, sign_in):
    office = sign_in(county.office)
    address = of(proposal, "office:supervise-key")
    empty = office.post(address, key(county, **{"key-meeting": "", "key-lead": ""}))
    assert empty.status_code == 422
    assert "每季度听取一次进展。" in empty.content.decode()
    assert "请选择领办的主任会议成员" in empty.content.decode()
    tomorrow = office.post(address, key(county, **{"key-decided_on": (TODAY + timedelta(days=1)).isoformat()}))
    assert (tomorrow.status_code, proposal.key_decisions.count()) == (422, 0)
    assert office.post(address, key(county)).status_code == 302
    again = office.post(address, key(county))
    assert again.status_code == 422
    assert "已由第 42 次主任会议列为重点督办" in again.content.decode()
    assert proposal.key_decisions.count() == 1


def test_a_visit_with_a_file_that_is_none_is_not_registered(county, proposal, sign_in):
    desk = sign_in(county.affairs)
    assert 'name="visit-files"' in desk.get(of(proposal, "office:supervise")).content.decode()
    bad = io.BytesIO(b"MZ not a picture")
    bad.name = "现场.exe"
    refused = desk.post(of(proposal, "office:supervise-visit"), visit(**{"visit-files": bad}))
    assert refused.status_code == 422
    assert "已开挖 60 米。" in refused.content.decode()
    assert not proposal.visits.exists()


def test_the_list_says_what_a_supervisor_asks_first(county, proposal, now, sign_in):
    key_proposals.choose(
        proposal, meeting="第 42 次主任会议", decided_on=TODAY, committee=county.committee_unit,
        lead_account=county.chair, by=county.office, at=now,
    )  # fmt: skip
    supervising.urge(
        proposal,
        unit=county.department,
        text="请报送进展。",
        answer_by=TODAY + timedelta(days=9),
        by=county.affairs,
        at=now,
    )
    desk = sign_in(county.affairs)
    shown = desk.get(reverse("office:supervision")).content.decode()
    for words in ("还没有与代表沟通", "催办函 1 份，1 份未回复", f"{county.chair.name}领办 · 城建环资工委", "答复还剩"):
        assert words in shown
    mine = {"committee": str(county.committee_unit.pk), "lead": county.chair.name, "tab": "key"}
    assert proposal.title in desk.get(reverse("office:supervision"), mine).content.decode()
    others = desk.get(reverse("office:supervision"), {"tab": "late"}).content.decode()
    assert proposal.title not in others
    assert "没有逾期的建议" in others
    # What an old address still says and means nothing any more is passed over.
    assert desk.get(reverse("office:supervision"), {"tab": "x", "committee": "x", "page": "-1"}).status_code == 200


def test_the_list_costs_the_same_for_one_and_for_many(county, now, sign_in):
    desk = sign_in(county.affairs)
    walking.in_progress(county, at=now)
    address = f"{reverse('office:supervision')}?tab=soon"

    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(address).status_code == 200
        return len(captured)

    def due_soon():
        Proposal.objects.filter(due_on__isnull=False).update(due_on=TODAY)

    due_soon()
    statements()
    few = statements()
    for _each in range(6):
        walking.in_progress(county, at=now)
    due_soon()
    assert statements() <= few
    assert few <= 40


def test_who_follows_nothing_stands_first(county, proposal, now, sign_in):
    idle = county.make_deputy("林静")
    Follow.objects.create(jurisdiction=county.code, proposal=proposal, deputy=county.deputy, since=now)
    desk = sign_in(county.affairs)
    shown = desk.get(reverse("office:supervision-followers")).content.decode()
    assert "2 位代表里还有 1 位没有跟踪" in shown
    assert shown.index(idle.name) < shown.index(county.deputy.name)
    only = desk.get(reverse("office:supervision-followers"), {"only": "none"}).content.decode()
    assert idle.name in only
    assert proposal.title not in only


def test_the_pack_proposes_questions_and_comes_as_word_and_pdf(county, proposal, sign_in):
    other = walking.in_progress(county)
    desk = sign_in(county.affairs)
    address = reverse("office:supervision-pack")
    shown = desk.get(address, {"p": [str(proposal.pk), str(other.pk), "not-an-id"]}).content.decode()
    assert "交办以来还没有与代表沟通" in shown
    given = {
        "p": [str(proposal.pk), str(other.pk)], "title": "第 42 次主任会议材料", "held_on": TODAY.isoformat(),
        f"q-{proposal.pk.hex}": "北门何时修好？\n\n谁来管？", f"q-{other.pk.hex}": "",
    }  # fmt: skip
    made = desk.post(address, {**given, "as": "docx"})
    words = "\n".join(each.text for each in Document(io.BytesIO(made.content)).paragraphs)
    assert "第 42 次主任会议材料" in words
    assert "1. 北门何时修好？" in words
    assert "2. 谁来管？" in words
    assert desk.post(address, {**given, "as": "pdf"}).content.startswith(b"%PDF")
    assert desk.post(address, {**given, "title": ""}).status_code == 422
    assert desk.get(address).url == reverse("office:supervision")


def test_a_pack_holds_nothing_that_a_stranger_may_not_read(county, proposal, sign_in):
    address = reverse("office:supervision-pack")
    stranger = county.appoint(Role.STREET_DIRECTOR)
    assert sign_in(stranger).get(address, {"p": str(proposal.pk)}).status_code == 302
    assert sign_in(county.affairs).get(address, {"p": str(proposal.pk)}).status_code == 200


def test_empty_pages_say_what_will_stand_there(county, sign_in):
    desk = sign_in(county.affairs)
    for tab, words in (
        ("key", "没有重点督办的建议"),
        ("urged", "没有等单位回复的催办函"),
        ("escalated", "没有代表再次不满意"),
    ):
        assert words in desk.get(reverse("office:supervision"), {"tab": tab}).content.decode()
    assert "还没有现任代表" in desk.get(reverse("office:supervision-followers")).content.decode()


def test_the_photo_of_a_visit_opens_for_its_congress_its_deputies_and_units_alone(county, proposal, now, sign_in):
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "grey").save(picture, "JPEG")
    file = checking.check(picture, name="现场.jpg")
    seen = key_proposals.visit(
        proposal,
        held_on=TODAY,
        place="北门",
        people="代表",
        findings="已开挖。",
        by=county.affairs,
        at=now,
        files=[file],
    )
    photo = attachments_of(seen).get()
    stranger = county.appoint(Role.HANDLER, unit=county.other_department)
    for name, account, status in (
        ("office:supervise-file", county.committee, 200),
        ("deputy:visit-file", county.deputy.account, 200),
        ("department:visit-file", county.handler, 200),
        ("department:visit-file", stranger, 404),
        ("office:supervise-file", county.appoint(Role.STREET_DIRECTOR), 404),
    ):
        answer = sign_in(account).get(of(proposal, name, visit_id=seen.pk, file_id=photo.pk))
        assert answer.status_code == status, name
    page = sign_in(county.handler).get(of(proposal, "department:proposal")).content.decode()
    assert "已开挖。" in page
    assert "已开挖。" in sign_in(county.deputy.account).get(of(proposal, "deputy:proposal")).content.decode()
