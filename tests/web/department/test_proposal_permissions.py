"""Who gets which page of a proposal on a unit's desk: the permitted and the refused share the proposal, so that a 404 is no
wrong address; what a unit has not signed is nobody else's."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from jiazhan.documents.files import checking
from jiazhan.documents.selectors import attachments_of
from jiazhan.people.roles import Role
from jiazhan.suggestions.choices import Part
from jiazhan.suggestions.services import assisting, replies, supervising, units
from tests.domain.documents.samples import picture
from tests.domain.suggestions import walking
from tests.factories import resident
from tests.web.department.proposing import address, fill_assisting, now_is

SECRET = "这是还没有签发的答复草稿"
ASSIST_SECRET = "这是还没有签发的协办意见"
OWN = ["handler", "head"]
ASSISTING = ["assistant", "assisting head"]
OTHER_UNITS = ["handler of another unit", "head of another unit"]
NO_DESK = ["desk of the congress", "dispatcher", "deputy", "resident"]


@pytest.fixture(autouse=True)
def now(monkeypatch, here):
    now_is(monkeypatch)


@pytest.fixture
def drafted(county):
    """A proposal with a host and an assisting unit at work, each with a draft of its own."""
    fill_assisting(county)
    with county.within():
        proposal = walking.in_progress(county, assisting_units=(county.other_department,))
        host, assist, at = walking.part(proposal), walking.part(proposal, Part.ASSIST), timezone.now()
        units.sign(assist, by=county.assistant, at=at)
        replies.save_draft(host, body=SECRET, by=county.handler, at=at)
        file = checking.check(picture(), name="草稿附件.jpg")
        replies.attach_file(host, checked=file, by=county.handler, at=at)
        assisting.save_opinion(assist, body=ASSIST_SECRET, by=county.assistant, at=at)
    return proposal


@pytest.fixture
def people(county, drafted):
    with county.within():
        return {
            "handler": county.handler,
            "head": county.unit_head,
            "assistant": county.assistant,
            "assisting head": county.assisting_head,
            "handler of another unit": county.street_handler,
            "head of another unit": county.street_unit_head,
            "desk of the congress": county.affairs,
            "dispatcher": county.dispatcher,
            "deputy": county.deputy.account,
            "resident": resident(),
        }


WRITE = {
    "contact/": {
        "contact-phase": "before", "contact-mode": "phone", "contact-held_at": "2026-01-05T10:00",
        "contact-people": "李工", "contact-summary": "电话沟通。",
    },
    "answer/": {"body": "已去看过。", "version": "1"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("who", "status"),
    [(each, 200) for each in [*OWN, *ASSISTING]]
    + [(each, 404) for each in OTHER_UNITS]
    + [(each, 403) for each in NO_DESK],
)
def test_only_units_with_a_part_in_it_read_a_proposal(at, drafted, people, who, status):
    client = at(people[who])
    if who == "desk of the congress":
        # Led to the second factor first; that is no admission either.
        assert client.get(address(drafted)).status_code == 302
    else:
        assert client.get(address(drafted)).status_code == status


@pytest.mark.parametrize("under", WRITE)
@pytest.mark.parametrize(
    ("who", "status"),
    [(each, 302) for each in [*OWN, *ASSISTING]]
    + [(each, 404) for each in OTHER_UNITS]
    + [("resident", 403), ("deputy", 403)],
)
def test_only_units_with_a_part_in_it_act_on_it(at, county, drafted, people, who, status, under):
    typed = WRITE[under]
    if under == "contact/":
        with county.within():
            typed = typed | {"contact-deputies": [str(drafted.lead.pk)]}
    assert at(people[who]).post(address(drafted, under), typed).status_code == status


@pytest.mark.parametrize(
    ("under", "typed"),
    [
        ("answer/sign/", {"version": "1"}),
        ("answer/back/", {"back-reason": "改。"}),
        ("extension/", {"extension-reason": "难。"}),
    ],
)
@pytest.mark.parametrize(
    ("who", "status"), [("handler", 403), ("assistant", 403), ("head of another unit", 404), ("resident", 403)]
)
def test_only_a_head_signs_sends_back_or_asks_for_time(at, drafted, people, who, status, under, typed):
    assert at(people[who]).post(address(drafted, under), typed).status_code == status


def test_a_head_is_refused_only_by_the_state(at, drafted, people):
    """409: it is theirs to do, but nothing was submitted."""
    assert at(people["head"]).post(address(drafted, "answer/sign/"), {"version": "1"}).status_code == 409


def test_no_unit_sees_what_another_has_not_signed(at, drafted, people):
    host, assist = (at(people[who]).get(address(drafted)).content.decode() for who in ("handler", "assistant"))
    assert SECRET in host
    assert ASSIST_SECRET not in host
    assert ASSIST_SECRET in assist
    assert SECRET not in assist
    assert "保存答复草稿" in host
    assert "保存答复草稿" not in assist


def test_no_address_that_can_be_guessed_leads_to_anothers_draft(at, county, drafted, people):
    with county.within():
        reply = drafted.replies.get()
        file = attachments_of(reply).get()
    under = f"replies/{reply.pk}/files/{file.pk}/"
    assert at(people["handler"]).get(address(drafted, under)).status_code == 200
    assert at(people["assistant"]).get(address(drafted, under)).status_code == 404
    assert at(people["handler"]).get(address(drafted, "answer/preview/")).status_code == 200
    # Of its own there is none to preview, and the host's it never gets.
    assert at(people["assistant"]).get(address(drafted, "answer/preview/")).status_code == 404
    # A file is not found under another subject's address either.
    assert at(people["handler"]).get(address(drafted, f"files/{drafted.pk}/{file.pk}/")).status_code == 404
    assert at(people["handler"]).get(address(drafted, f"files/{reply.pk}/{file.pk}/")).status_code == 404
    taken_out = at(people["assistant"]).post(address(drafted, f"answer/files/{file.pk}/remove/"))
    assert taken_out.status_code == 404
    with county.within():
        assert attachments_of(reply).exists()


def test_a_signed_reply_and_its_files_are_every_partys(at, county, drafted, people):
    with county.within():
        later = timezone.localdate() + timedelta(days=40)
        proposal = drafted
        units.log_contact(
            walking.part(proposal), deputy=proposal.lead, phase="before", mode="phone", held_at=timezone.now(),
            people="李工", summary="电话沟通。", by=county.handler, at=timezone.now(),
        )  # fmt: skip
        assist = walking.part(proposal, Part.ASSIST)
        opinion = assisting.of_round(assist)
        assisting.sign_opinion(assist, version=opinion.version, by=county.assisting_head, at=timezone.now())
        reply = replies.save_draft(
            walking.part(proposal), body="已答复的全文。", version=1, outcome="planned", promise_text="完工", promise_on=later,
            by=county.unit_head, at=timezone.now(),
        )  # fmt: skip
        reply = replies.sign_reply(
            walking.part(proposal), version=reply.version, by=county.unit_head, at=timezone.now()
        )
        file, copy, promise = attachments_of(reply).get(), reply.copies.get(), proposal.promises.get()
    client = at(people["assistant"])
    assert "已答复的全文。" in client.get(address(proposal)).content.decode()
    assert client.get(address(proposal, f"replies/{reply.pk}/files/{file.pk}/")).status_code == 200
    # The letters to deputies, and the promise, are the host's.
    letter = f"letters/{copy.document_id}/pdf/"
    assert at(people["handler"]).get(address(proposal, letter)).status_code == 200
    assert client.get(address(proposal, letter)).status_code == 404
    explained = {f"promise-{promise.pk}-text": "做了。"}
    assert client.post(address(proposal, f"promises/{promise.pk}/"), explained).status_code == 404
    assert at(people["handler"]).post(address(proposal, f"promises/{promise.pk}/"), explained).status_code == 302


def test_a_reminder_letter_to_one_unit_is_not_anothers(at, county, drafted, people):
    with county.within():
        urging = supervising.urge(
            drafted, unit=county.department, text="请说明进展。", answer_by=timezone.localdate() + timedelta(days=5),
            by=county.affairs, at=timezone.now(),
        )  # fmt: skip
    typed = {f"urging-{urging.pk}-text": "已在办。"}
    letter = f"letters/{urging.document_id}/pdf/"
    assert "请说明进展。" not in at(people["assistant"]).get(address(drafted)).content.decode()
    assert at(people["assistant"]).get(address(drafted, letter)).status_code == 404
    assert at(people["assistant"]).post(address(drafted, f"urgings/{urging.pk}/"), typed).status_code == 404
    assert at(people["handler"]).get(address(drafted, letter)).status_code == 200
    assert at(people["handler"]).post(address(drafted, f"urgings/{urging.pk}/"), typed).status_code == 302


@pytest.mark.parametrize("path", ["/department/proposals/"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("handler", 200), ("head of another unit", 200), ("dispatcher", 403), ("deputy", 403), ("resident", 403)],
)
def test_the_list_is_for_people_in_units(at, people, who, status, path):
    assert at(people[who]).get(path).status_code == status


def test_who_is_not_logged_in_is_led_to_the_login(client, drafted):
    response = client.get(address(drafted))
    assert response.status_code == 302
    assert response.url.startswith("/login/")


def test_a_stranger_number_is_not_found(at, drafted, people):
    client = at(people["handler"])
    assert client.get(f"/department/proposals/{drafted.jurisdiction}/{uuid.uuid4()}/").status_code == 404
    assert client.get(f"/department/proposals/110101/{drafted.pk}/").status_code == 404


def test_a_deputy_who_also_handles_sees_here_only_what_the_unit_holds(at, county, drafted):
    """The proposal is the deputy's to read in their own portal; on the desk of another unit it does not exist."""
    with county.within():
        both = county.appoint(Role.HANDLER, unit=county.street_office, holder=county.deputy.account)
    assert at(both).get("/department/proposals/").status_code == 200
    assert at(both).get(address(drafted)).status_code == 404


def test_a_proposal_that_is_not_assigned_yet_is_on_no_desk(at, county):
    with county.within():
        proposal = walking.accepted(county)
    assert at(county.handler).get(address(proposal)).status_code == 404
