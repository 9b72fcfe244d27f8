import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from jiazhan.documents import services as documents
from jiazhan.documents.files import checking
from jiazhan.documents.selectors import documents_of
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import ending, intake, promises, units
from jiazhan.opinions.states import State
from tests.domain.opinions import walking


def address(matter, under=""):
    return f"/department/opinions/{matter.jurisdiction}/{matter.pk}/{under}"


def now(county, matter):
    with county.within():
        return Opinion.objects.get(pk=matter.pk)


@pytest.fixture
def assigned(county):
    with county.within():
        return walking.assigned_department(county)


def test_receiving_starts_the_clock_on_the_day_given(at, county, assigned):
    client = at(county.handler)
    assert "答复" in client.get(address(assigned)).content.decode()
    response = client.post(address(assigned, "receive/"), {"received_on": timezone.localdate().isoformat()})
    assert response.status_code == 302
    matter = now(county, assigned)
    assert matter.state == State.DEPT_RECEIVED
    assert matter.due_for == "reply"


def test_a_day_of_receipt_to_come_is_refused_and_kept_on_the_page(at, county, assigned):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    response = at(county.handler).post(address(assigned, "receive/"), {"received_on": tomorrow})
    assert response.status_code == 409
    assert tomorrow in response.content.decode()
    assert now(county, assigned).state == State.DEPT_ASSIGNED


def test_a_second_signature_is_told_that_it_came_too_late(at, county, assigned):
    client, typed = at(county.handler), {"received_on": timezone.localdate().isoformat()}
    assert client.post(address(assigned, "receive/"), typed).status_code == 302
    response = client.post(address(assigned, "receive/"), typed)
    assert response.status_code == 409


def test_an_objection_names_its_reason_and_another_unit(at, county, assigned):
    typed = {"objection-reason": "属城管职责。", "objection-proposed_unit": str(county.other_department.pk)}
    client = at(county.handler)
    assert "提出异议（" in client.get(address(assigned)).content.decode()
    assert client.post(address(assigned, "object/"), typed).status_code == 302
    assert now(county, assigned).state == State.OBJECTED
    page = client.get(address(assigned)).content.decode()
    assert "等待裁定" in page
    assert county.other_department.name in page


def test_an_objection_without_a_reason_is_refused(at, county, assigned):
    response = at(county.handler).post(address(assigned, "object/"), {"objection-reason": ""})
    assert response.status_code == 422
    assert "请填写异议理由" in response.content.decode()
    assert now(county, assigned).state == State.DEPT_ASSIGNED


def test_a_handler_is_chosen_from_the_unit_alone(at, county, assigned):
    with county.within():
        units.sign(assigned, by=county.handler, at=walking.NOW)
        stranger = county.appoint("handler", unit=county.other_department)
    client = at(county.unit_head)
    assert client.post(address(assigned, "handler/"), {"handler": str(stranger.pk)}).status_code == 422
    assert client.post(address(assigned, "handler/"), {"handler": str(county.handler.pk)}).status_code == 302
    assert now(county, assigned).handler == county.handler


def test_an_extension_says_until_when(at, county, handling):
    client = at(county.handler)
    assert "申请延期到" in client.get(address(handling)).content.decode()
    response = client.post(address(handling, "extension/"), {"extension-reason": "地下管线要先探测。"})
    assert response.status_code == 302
    page = client.get(address(handling)).content.decode()
    assert "待批准" in page
    assert "申请延期到" not in page


def test_talk_with_the_author_shows_no_number(at, county, handling):
    client = at(county.handler)
    assert client.post(address(handling, "talk/"), {"text": "请问是哪一段?"}).status_code == 302
    with county.within():
        units.answer_message(handling, text="北门，电话 13812345678", by=walking.author_of(handling), at=walking.NOW)
    page = client.get(address(handling)).content.decode()
    assert "请问是哪一段?" in page
    assert "北门，电话" in page
    assert "13812345678" not in page


NAMED = {"name": "欧阳修德", "phone": "13812345678"}


@pytest.mark.parametrize(
    ("author", "shown"),
    [
        (intake.ANONYMOUS, "匿名反映"),
        (intake.Author(**NAMED, is_hidden_from_units=True), "未向承办单位公开姓名"),
        (intake.Author(**NAMED, is_hidden_from_units=False), "欧"),
    ],
    ids=["anonymous", "hidden", "named"],
)
def test_a_unit_knows_the_author_as_the_author_chose(at, county, author, shown):
    with county.within():
        matter = walking.handling_department(county, author=author, body="楼道灯坏了，我是13812345678。")
    page = at(county.handler).get(address(matter)).content.decode()
    assert shown in page
    assert "欧阳修德" not in page
    assert "13812345678" not in page


def test_doors_stay_readable_because_somebody_must_go_there(at, county):
    with county.within():
        matter = walking.handling_department(county, body="3号楼2单元501室漏水。")
    assert "3号楼2单元501室" in at(county.handler).get(address(matter)).content.decode()


def test_points_stand_apart(at, county):
    body = "北门路灯全灭。1、希望尽快修好；2、请查清归谁管。"
    with county.within():
        matter = walking.handling_department(county, body=body)
    page = at(county.handler).get(address(matter)).content.decode()
    assert "<li>希望尽快修好；</li>" in page
    assert "<li>请查清归谁管。</li>" in page
    assert body in page


def test_scripts_in_words_stay_words(at, county):
    with county.within():
        matter = walking.handling_department(county, body="<script>alert(1)</script>路灯坏了", title="<b>灯</b>")
    page = at(county.handler).get(address(matter)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_second_round_shows_the_first_reply_and_why_it_did_not_satisfy(at, county, handling):
    with county.within():
        walking.replied(handling, county, at=walking.NOW)
        ending.rate(handling, grade="dissatisfied", words="灯还是不亮", by=walking.author_of(handling), at=walking.NOW)
    page = at(county.handler).get(address(handling)).content.decode()
    assert "已清淤疏通" in page
    assert "灯还是不亮" in page
    assert "再次答复" in page


def test_a_promise_is_explained_by_its_unit(at, county, handling):
    day = timezone.localdate() + timedelta(days=30)
    with county.within():
        reply = walking.replied(handling, county, at=walking.NOW, promise_text="加装路灯", promise_on=day)
        promise = reply.promises.get()
    client = at(county.handler)
    assert "加装路灯" in client.get(address(handling)).content.decode()
    response = client.post(address(handling, f"promises/{promise.pk}/"), {"text": "已装好两盏。"})
    assert response.status_code == 302
    with county.within():
        promise.refresh_from_db()
        assert promise.unit_words == "已装好两盏。"
        promises.keep_promise(promise, by=county.officer, at=walking.NOW)
    late = client.post(address(handling, f"promises/{promise.pk}/"), {"text": "再补充。"})
    assert late.status_code == 409
    assert "已有结论" in late.content.decode()


def test_letters_and_files_come_to_the_unit_that_holds_the_matter_alone(at, county, handling):
    with county.within():
        letter = documents_of(handling).last()
    client, stranger = at(county.handler), at(county.appoint("handler", unit=county.other_department))
    for form, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        where = address(handling, f"letters/{letter.pk}/{form}/")
        response = client.get(where)
        assert response.status_code == 200
        assert b"".join(response.streaming_content).startswith(start)
        assert stranger.get(where).status_code == 404


def test_what_was_typed_stays_to_be_copied_when_the_act_is_over(at, county, handling):
    client, typed = at(county.handler), {"extension-reason": "地下管线要先探测。"}
    assert client.post(address(handling, "extension/"), typed).status_code == 302
    again = client.post(address(handling, "extension/"), {"extension-reason": "还要再探测一次。"})
    assert again.status_code == 409
    assert "已有一份延期申请在等待审批" in again.content.decode()
    assert "还要再探测一次。" in again.content.decode()


def test_pictures_and_files_of_the_author_come_to_the_unit_alone(at, county, handling):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "JPEG")
    with county.within():
        checked = checking.check(ContentFile(out.getvalue()), name="现场.jpg")
        file = documents.attach(handling, checked, by=county.officer, at=walking.NOW)
    client, stranger = at(county.handler), at(county.appoint("handler", unit=county.other_department))
    assert "现场照片 1" in client.get(address(handling)).content.decode()
    for under in ("", "small/"):
        where = address(handling, f"files/{file.pk}/{under}")
        assert b"".join(client.get(where).streaming_content).startswith(b"\xff\xd8")
        assert stranger.get(where).status_code == 404
