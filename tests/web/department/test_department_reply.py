import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from jiazhan.documents.selectors import attachments_of
from jiazhan.opinions.models import Opinion, Reply
from jiazhan.opinions.services import replies, units
from jiazhan.opinions.states import State
from jiazhan.people.roles import Role
from tests.domain.opinions import walking

FULL = {
    "body": "11月20日已派人到北门查看，积水是管道堵塞造成，当天清淤疏通。今后每月巡查一次，雨前再查一次，请您放心。",
    "outcome": "resolved",
    "contact": "王工 0990-5550188",
}


def address(matter, under=""):
    return f"/department/opinions/{matter.jurisdiction}/{matter.pk}/{under}"


def reply_of(county, matter):
    with county.within():
        return Reply.objects.select_related("drafted_by").get(opinion=matter)


def picture(name="现场.jpg"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def test_a_reply_goes_from_draft_to_signature_without_scripts(at, county, handling):
    handler, head = at(county.handler), at(county.unit_head)
    assert handler.post(address(handling, "reply/"), FULL | {"act": "save"}).status_code == 302
    draft = reply_of(county, handling)
    sent = handler.post(address(handling, "reply/"), FULL | {"act": "submit", "version": draft.version})
    assert sent.status_code == 302
    page = head.get(address(handling)).content.decode()
    assert FULL["body"] in page
    version = reply_of(county, handling).version
    assert head.post(address(handling, "reply/sign/"), {"version": version}).status_code == 302
    with county.within():
        assert Opinion.objects.get(pk=handling.pk).state == State.REPLIED
    assert "等待反映人评价" in handler.get(address(handling)).content.decode()


def test_a_head_signs_what_they_wrote_themselves(at, county, handling):
    assert at(county.unit_head).post(address(handling, "reply/"), FULL | {"act": "sign"}).status_code == 302
    assert reply_of(county, handling).state == "signed"


def test_a_handler_who_asks_to_sign_only_keeps_a_draft(at, county, handling):
    response = at(county.handler).post(address(handling, "reply/"), FULL | {"act": "sign"})
    assert response.status_code == 409
    assert reply_of(county, handling).state == "draft"


def test_of_two_who_write_at_once_the_second_sees_both_texts_and_loses_none(at, county, handling):
    first, second = at(county.handler), at(county.appoint(Role.HANDLER, name="赵二"))
    assert first.post(address(handling, "reply/"), FULL | {"body": "甲写的内容"}).status_code == 302
    response = second.post(address(handling, "reply/"), FULL | {"body": "乙写的内容"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "甲写的内容" in page
    assert "乙写的内容" in page
    assert reply_of(county, handling).body == "甲写的内容"
    version = page.partition('name="version" value="')[2].partition('"')[0]
    again = second.post(address(handling, "reply/"), FULL | {"body": "甲乙合写的内容", "version": version})
    assert again.status_code == 302
    assert reply_of(county, handling).body == "甲乙合写的内容"


def test_a_signature_is_for_the_text_that_was_read(at, county, handling):
    with county.within():
        draft = replies.save_draft(handling, by=county.handler, at=walking.NOW, **FULL)
        seen = replies.submit(handling, version=draft.version, by=county.handler, at=walking.NOW)
        colleague = county.appoint(Role.UNIT_HEAD)
        replies.save_draft(
            handling, by=colleague, at=walking.NOW, version=seen.version, **FULL | {"body": "改过的内容"}
        )
    response = at(county.unit_head).post(address(handling, "reply/sign/"), {"version": seen.version})
    assert response.status_code == 409
    assert "改过的内容" in response.content.decode()
    assert reply_of(county, handling).state == "submitted"


def test_a_head_sends_back_with_what_to_change(at, county, handling):
    with county.within():
        draft = replies.save_draft(handling, by=county.handler, at=walking.NOW, **FULL)
        replies.submit(handling, version=draft.version, by=county.handler, at=walking.NOW)
    head = at(county.unit_head)
    assert head.post(address(handling, "reply/back/"), {"back-reason": ""}).status_code == 422
    assert head.post(address(handling, "reply/back/"), {"back-reason": "补上巡查安排。"}).status_code == 302
    page = at(county.handler).get(address(handling)).content.decode()
    assert "负责人退回修改" in page
    assert "补上巡查安排。" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"outcome": ""}, "答复还缺：办理结果"),
        ({"body": ""}, "答复还缺：答复内容"),
        ({"promise_text": "加装路灯"}, "承诺事项和完成日期要么都填"),
        ({"promise_text": "加装路灯", "promise_on": "2020-01-01"}, "承诺完成日期应晚于今天"),
        ({"promise_on": "明天"}, "输入一个有效的日期"),
        ({"body": "字" * 5001}, "最多 5000 字"),
    ],
)
def test_a_reply_that_is_not_whole_is_not_submitted_and_stays_on_the_page(at, county, handling, typed, said):
    response = at(county.handler).post(address(handling, "reply/"), FULL | typed | {"act": "submit"})
    page = response.content.decode()
    assert response.status_code in {409, 422}
    assert said in page
    assert (FULL | typed)["body"] in page
    with county.within():
        assert not Reply.objects.filter(opinion=handling, state="submitted").exists()
    assert (
        at(county.handler)
        .post(address(handling, "reply/"), FULL | {"act": "submit", "version": _version(page)})
        .status_code
        == 302
    )


def _version(page):
    return page.partition('name="version" value="')[2].partition('"')[0]


def test_a_file_that_is_not_taken_keeps_the_words(at, county, handling):
    disguised = SimpleUploadedFile("现场.jpg", b"MZ\x90\x00 this is a program", content_type="image/jpeg")
    client = at(county.handler)
    response = client.post(
        address(handling, "reply/"), FULL | {"act": "submit", "files": [picture(), disguised]}, follow=True
    )
    page = response.content.decode()
    assert "没有收下" in page
    assert FULL["body"] in page
    reply = reply_of(county, handling)
    assert reply.state == "draft"
    with county.within():
        assert [each.name for each in attachments_of(reply)] == ["现场.jpg"]


def test_a_file_can_be_opened_and_taken_out_again(at, county, handling):
    client = at(county.handler)
    client.post(address(handling, "reply/"), FULL | {"files": [picture()]})
    reply = reply_of(county, handling)
    with county.within():
        file = attachments_of(reply).get()
    where = address(handling, f"replies/{reply.pk}/files/{file.pk}/")
    assert b"".join(client.get(where).streaming_content)
    assert client.post(address(handling, f"reply/files/{file.pk}/remove/")).status_code == 302
    assert client.get(where).status_code == 404


def test_the_letter_is_seen_before_it_is_signed(at, county, handling):
    client = at(county.handler)
    assert client.get(address(handling, "reply/preview/")).status_code == 404
    client.post(address(handling, "reply/"), FULL)
    response = client.get(address(handling, "reply/preview/"))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")


def test_hints_say_what_is_missing_and_hinder_nothing(at, county, handling):
    client = at(county.handler)
    thin = {"body": "知道了。", "outcome": "planned"}
    client.post(address(handling, "reply/"), thin)
    page = client.get(address(handling)).content.decode()
    assert "缺了什么" in page
    for missing in ("没有写时间", "没有写联系人", "没有写承诺事项和完成日期", "内容只有 4 个字"):
        assert missing in page
    version = reply_of(county, handling).version
    assert client.post(address(handling, "reply/"), thin | {"act": "submit", "version": version}).status_code == 302


def test_a_full_reply_has_no_hints(at, county, handling):
    client = at(county.handler)
    client.post(address(handling, "reply/"), FULL)
    page = client.get(address(handling)).content.decode()
    assert "缺了什么" not in page


def test_sentences_to_take_over_can_be_read_without_scripts(at, county, handling):
    page = at(county.handler).get(address(handling)).content.decode()
    assert "派人到【地点】现场查看" in page


def test_a_promise_comes_with_the_signature(at, county, handling):
    day = timezone.localdate() + timedelta(days=30)
    typed = FULL | {"outcome": "planned", "promise_text": "加装路灯", "promise_on": day.isoformat(), "act": "sign"}
    assert at(county.unit_head).post(address(handling, "reply/"), typed).status_code == 302
    assert "加装路灯" in at(county.handler).get("/department/?tab=promises").content.decode()


def test_an_answer_typed_while_the_matter_went_on_is_there_to_be_copied(at, county, handling):
    """The editor is gone with the state: the refusal and the words stand at the top."""
    with county.within():
        units.object_to(handling, reason="不属本单位职责。", by=county.handler, at=walking.NOW)
    response = at(county.handler).post(address(handling, "reply/"), FULL | {"act": "save"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "这件事的状态已经变了" in page
    assert FULL["body"] in page
