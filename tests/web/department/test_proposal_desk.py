"""A proposal on a unit's desk: received, talked over with its deputies, answered and signed, without scripts."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from jiazhan.suggestions.models import Contact, Handling, Reply
from jiazhan.suggestions.services import supervising, units
from jiazhan.suggestions.states import PartState, State
from tests.domain.suggestions import walking
from tests.web.department.proposing import address, fill_assisting, now_is

FULL = {
    "body": "11月20日会同街道到柳林小区现场查看，一是已清淤疏通；二是改造列入明年计划，2027年6月底前完成；三是公布责任单位和电话。",
    "outcome": "resolved",
    "contact": "王工 0990-5550188",
    "publicity": "full",
}


@pytest.fixture(autouse=True)
def now(monkeypatch, here):
    now_is(monkeypatch)


@pytest.fixture
def assigned(county):
    with county.within():
        return walking.assigned(county, county.make_deputy("林静"))


@pytest.fixture
def under_way(county):
    with county.within():
        return walking.in_progress(county, county.make_deputy("林静"))


def talk(county, proposal, **given):
    then = timezone.localtime() - timedelta(hours=1)
    with county.within():
        deputies = [str(each.pk) for each in [proposal.lead]]
    return {
        "contact-deputies": deputies,
        "contact-phase": "before",
        "contact-mode": "site",
        "contact-held_at": then.strftime("%Y-%m-%dT%H:%M"),
        "contact-people": "李工、排水科科长",
        "contact-summary": "到现场看了积水点，代表要求雨季前完成清淤。",
    } | given


def fresh(county, proposal):
    with county.within():
        return walking.again(proposal)


def part(county, proposal):
    with county.within():
        return walking.part(proposal)


def reply_of(county, proposal):
    with county.within():
        return Reply.objects.select_related("drafted_by").get(proposal=proposal)


def picture(name="现场.jpg"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def test_a_proposal_goes_from_receipt_to_a_signed_reply(at, county, assigned):
    handler, head = at(county.handler), at(county.unit_head)
    assert "签收" in handler.get(address(assigned)).content.decode()
    assert handler.post(address(assigned, "sign/")).status_code == 302
    assert fresh(county, assigned).state == State.IN_PROGRESS
    assert handler.post(address(assigned, "handler/"), {"handler": county.handler.pk}).status_code == 302
    assert handler.post(address(assigned, "contact/"), talk(county, assigned)).status_code == 302
    page = handler.get(address(assigned)).content.decode()
    assert "这一轮还没有沟通的代表：林静" in page
    assert handler.post(address(assigned, "answer/"), FULL | {"files": picture(), "act": "save"}).status_code == 302
    draft = reply_of(county, assigned)
    preview = handler.get(address(assigned, "answer/preview/"))
    assert (preview.status_code, preview["Content-Type"]) == (200, "application/pdf")
    sent = handler.post(address(assigned, "answer/"), FULL | {"act": "submit", "version": draft.version})
    assert sent.status_code == 302
    assert "待签发的答复" in head.get(address(assigned)).content.decode()
    version = reply_of(county, assigned).version
    assert head.post(address(assigned, "answer/sign/"), {"version": version}).status_code == 302
    assert fresh(county, assigned).state == State.REPLIED
    page = handler.get(address(assigned)).content.decode()
    assert "还没有评价：周海燕、林静" in page
    assert "答复函 2 份" in page


def test_the_letters_of_a_part_are_read_by_its_unit(at, county, assigned):
    with county.within():
        proposal = walking.replied(county, county.make_deputy("何伟"))
        reply = walking.last_reply(proposal)
        documents = [copy.document_id for copy in reply.copies.all()]
    client = at(county.handler)
    for document in documents:
        pdf = client.get(address(proposal, f"letters/{document}/pdf/"))
        assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
        assert client.get(address(proposal, f"letters/{document}/docx/")).status_code == 200
    # Of another proposal, though of the same unit: no such letter here.
    assert client.get(address(assigned, f"letters/{documents[0]}/pdf/")).status_code == 404


def test_a_reply_without_a_talk_is_kept_but_not_submitted(at, county, under_way):
    response = at(county.handler).post(address(under_way, "answer/"), FULL | {"act": "submit"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "还没有与代表沟通的记录。请先与代表沟通并登记，再提交答复。" in page
    assert reply_of(county, under_way).body == FULL["body"]


def test_a_talk_is_entered_once_however_often_it_is_sent(at, county, under_way):
    client, typed = at(county.handler), talk(county, under_way)
    for _again in range(2):
        assert client.post(address(under_way, "contact/"), typed).status_code == 302
    with county.within():
        assert Contact.objects.filter(proposal=under_way).count() == 1


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"contact-deputies": []}, 422, "请选择与哪位代表沟通"),
        ({"contact-summary": ""}, 422, "请填写沟通情况"),
        ({"contact-phase": "after"}, 422, "after"),
        ({"contact-held_at": "2031-01-01T10:00"}, 409, "沟通时间不能晚于现在，请在沟通之后登记。"),
        ({"contact-held_at": "昨天"}, 422, "有 1 处需要改一下"),
        ({"contact-deputies": ["00000000-0000-0000-0000-000000000000"]}, 422, "有 1 处需要改一下"),
    ],
)
def test_a_talk_that_is_not_whole_is_shown_again_with_what_was_typed(at, county, under_way, typed, status, said):
    response = at(county.handler).post(address(under_way, "contact/"), talk(county, under_way) | typed)
    page = response.content.decode()
    assert response.status_code == status
    assert said in page
    assert "李工、排水科科长" in page
    with county.within():
        assert not Contact.objects.filter(proposal=under_way).exists()


def test_an_objection_within_its_window_is_seen_by_all_parties(at, county):
    fill_assisting(county)
    with county.within():
        proposal = walking.assigned(county, assisting_units=(county.other_department,))
    typed = {"objection-reason": "管网由城管局养护，不属本局职责。", "objection-proposed_unit": county.street_office.pk}
    assert at(county.handler).post(address(proposal, "object/"), typed).status_code == 302
    for person in (county.handler, county.assistant):
        page = at(person).get(address(proposal)).content.decode()
        assert "退单记录（1 次）" in page
        assert typed["objection-reason"] in page
        assert "建议由望江街道办事处承办" in page


def test_after_the_window_one_sentence_says_so(at, county, assigned):
    with county.within():
        handling = walking.part(assigned)
        handling.objection_until = timezone.localdate() - timedelta(days=1)
        handling.save(update_fields=["objection_until"])
    client = at(county.handler)
    assert "异议期限已于" in client.get(address(assigned)).content.decode()
    response = client.post(address(assigned, "object/"), {"objection-reason": "不属本局职责。"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "届满，请继续办理" in page
    assert part(county, assigned).state == PartState.ASSIGNED


def test_two_who_receive_at_once_leave_one_receipt(at, county, assigned):
    first, second = at(county.handler), at(county.unit_head)
    assert first.post(address(assigned, "sign/")).status_code == 302
    response = second.post(address(assigned, "sign/"))
    assert response.status_code == 409
    assert "这件事的状态已经变了" in response.content.decode()
    assert part(county, assigned).signed_by == county.handler


def test_a_draft_that_another_saved_first_stands_beside_mine(at, county, under_way):
    handler, head = at(county.handler), at(county.unit_head)
    assert handler.post(address(under_way, "answer/"), FULL | {"act": "save"}).status_code == 302
    assert (
        head.post(address(under_way, "answer/"), FULL | {"body": "局长改过的稿子。", "version": "1"}).status_code == 302
    )
    response = handler.post(address(under_way, "answer/"), FULL | {"body": "我也改了一稿。", "version": "1"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "局长改过的稿子。" in page
    assert "我也改了一稿。" in page
    assert reply_of(county, under_way).body == "局长改过的稿子。"
    again = handler.post(address(under_way, "answer/"), FULL | {"body": "合到一起的稿子。", "version": "2"})
    assert again.status_code == 302


def test_a_promise_is_asked_for_what_is_not_done_yet(at, county, under_way):
    with county.within():
        walking.contacted(under_way, county)
    client = at(county.handler)
    response = client.post(address(under_way, "answer/"), FULL | {"outcome": "planned", "act": "submit"})
    assert response.status_code == 409
    assert "承诺事项和完成日期" in response.content.decode()


def test_a_mobile_number_does_not_go_out(at, county, under_way):
    with county.within():
        walking.contacted(under_way, county)
    typed = FULL | {"contact": "王工 13912345678", "act": "submit"}
    response = at(county.handler).post(address(under_way, "answer/"), typed)
    assert response.status_code == 409
    assert "答复里写有手机号码，请改成办公电话后再提交。" in response.content.decode()
    assert reply_of(county, under_way).state == "draft"


def test_a_part_that_was_given_away_meanwhile_is_gone_from_the_desk(at, county, under_way):
    client = at(county.handler)
    assert client.post(address(under_way, "answer/"), FULL | {"act": "save"}).status_code == 302
    with county.within():
        units.reassign(
            walking.part(under_way),
            unit=county.street_office,
            reason="属地更合适。",
            by=county.affairs,
            at=timezone.now(),
        )
        assert not Reply.objects.filter(proposal=under_way).exists()
    assert client.post(address(under_way, "answer/"), FULL | {"version": "1"}).status_code == 404
    assert at(county.street_handler).get(address(under_way)).status_code == 200


def test_only_a_head_asks_for_more_time(at, county, under_way):
    typed = {"extension-reason": "涉及道路开挖审批，须跨部门协调。"}
    assert at(county.handler).post(address(under_way, "extension/"), typed).status_code == 403
    assert "由单位负责人申请" in at(county.handler).get(address(under_way)).content.decode()
    assert at(county.unit_head).post(address(under_way, "extension/"), typed).status_code == 302
    page = at(county.unit_head).get(address(under_way)).content.decode()
    assert "待批准" in page
    again = at(county.unit_head).post(address(under_way, "extension/"), typed)
    assert "已经提出延期申请，请等待批准。" in again.content.decode()


def test_a_reminder_letter_is_answered_once(at, county, under_way):
    with county.within():
        urging = supervising.urge(
            under_way, unit=county.department, text="请说明进展。", answer_by=timezone.localdate() + timedelta(days=5),
            by=county.affairs, at=timezone.now(),
        )  # fmt: skip
    client, name = at(county.handler), f"urging-{urging.pk}-text"
    assert "请说明进展。" in client.get("/department/proposals/?tab=urged").content.decode()
    assert client.get(address(under_way, f"letters/{urging.document_id}/pdf/")).status_code == 200
    where = address(under_way, f"urgings/{urging.pk}/")
    assert client.post(where, {name: ""}).status_code == 422
    assert client.post(where, {name: "已完成清淤，改造在招标。"}).status_code == 302
    second = client.post(where, {name: "又写了一遍。"})
    assert second.status_code == 409
    assert "这份催办函已经回复过" in second.content.decode()
    assert "又写了一遍。" not in client.get(address(under_way)).content.decode()


def test_what_was_told_about_a_proposal_is_read_when_it_is_opened(at, county, assigned):
    client = at(county.handler)
    before = client.get("/department/notices/").content.decode()
    assert address(assigned) in before
    client.get(address(assigned))
    assert client.get("/department/notices/").content.decode().count("未读") == before.count("未读") - 1


def test_an_assisting_unit_writes_its_opinion(at, county):
    fill_assisting(county)
    with county.within():
        proposal = walking.in_progress(county, assisting_units=(county.other_department,))
    client, head = at(county.assistant), at(county.assisting_head)
    assert client.post(address(proposal, "sign/")).status_code == 302
    typed = {"body": "道路开挖审批三日内办结。", "act": "submit"}
    assert client.post(address(proposal, "answer/"), typed).status_code == 302
    assert typed["body"] not in at(county.handler).get(address(proposal)).content.decode()
    page = head.get(address(proposal)).content.decode()
    assert "待签发的协办意见" in page
    with county.within():
        version = Handling.objects.get(proposal=proposal, part="assist").assist_opinions.get().version
    assert head.post(address(proposal, "answer/sign/"), {"version": version}).status_code == 302
    assert typed["body"] in at(county.handler).get(address(proposal)).content.decode()


def test_anybody_with_the_paper_can_check_a_letter(client, county):
    with county.within():
        proposal = walking.replied(county)
        document = walking.last_reply(proposal).copies.get().document
    page = client.get(f"/verify/{proposal.jurisdiction}/{document.verify_code}/").content.decode()
    assert "建议答复函" in page
    assert document.number in page
    assert document.inputs["paragraphs"][1] not in page
