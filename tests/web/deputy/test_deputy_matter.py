import io

import pytest
import zxingcpp
from django.core.files.base import ContentFile
from PIL import Image

from jiazhan.documents import services as documents
from jiazhan.documents.files import checking
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import ending, intake
from jiazhan.opinions.states import State
from jiazhan.people import crypto
from jiazhan.people.services import codes
from tests import factories
from tests.domain.opinions import walking
from tests.web.deputy.asking import ask


def address(matter, under=""):
    return f"/deputy/opinions/{matter.jurisdiction}/{matter.pk}/{under}"


def now(county, matter):
    with county.within():
        return Opinion.objects.get(pk=matter.pk)


def test_an_opinion_is_signed_with_the_way_suggested(at, county, asked, me):
    client = at(me)
    response = client.post(address(asked, "opine/"), {"text": "情况属实。", "suggested_track": "district"}, follow=True)
    page = response.content.decode()
    assert now(county, asked).state == State.DEPUTY_OPINED
    assert "情况属实。" in page
    assert "建议：区级办理" in page


def test_an_opinion_without_words_is_refused(at, county, asked, me):
    response = at(me).post(address(asked, "opine/"), {"text": " ", "suggested_track": "street"})
    assert response.status_code == 422
    assert "请填写我的意见" in response.content.decode()
    assert now(county, asked).state == State.ACCEPTED


def test_an_opinion_too_long_stays_on_the_page(at, county, asked, me):
    long = "长" * 2001
    response = at(me).post(address(asked, "opine/"), {"text": long})
    assert response.status_code == 409
    assert long in response.content.decode()
    assert now(county, asked).state == State.ACCEPTED


def test_what_was_written_twice_is_kept_to_be_copied(at, asked, me):
    client = at(me)
    assert client.post(address(asked, "opine/"), {"text": "第一遍"}).status_code == 302
    again = client.post(address(asked, "opine/"), {"text": "第二遍说得更清楚"})
    assert again.status_code == 409
    assert "第二遍说得更清楚" in again.content.decode()


def test_an_answer_on_the_spot_goes_to_the_author(at, county, asked, me):
    client = at(me)
    typed = {"answer-text": "已请物业疏通，今天上午通了。", "answer-outcome": "resolved"}
    assert client.post(address(asked, "answer/"), typed).status_code == 302
    assert now(county, asked).state == State.REPLIED
    page = client.get(address(asked)).content.decode()
    assert "周海燕的答复" in page
    assert "未评价不会算作满意" in page


def test_a_matter_goes_to_a_colleague_with_a_reason(at, county, asked, me):
    other = county.make_deputy("陈秀兰")
    client = at(me)
    assert "陈秀兰" in client.get(address(asked)).content.decode()
    assert client.post(address(asked, "hand/"), {"hand-deputy": str(other.pk), "hand-reason": ""}).status_code == 422
    response = client.post(
        address(asked, "hand/"), {"hand-deputy": str(other.pk), "hand-reason": "他更熟悉。"}, follow=True
    )
    assert "已转请另一位代表" in response.content.decode()
    assert now(county, asked).deputy == other
    assert client.get(address(asked)).status_code == 404
    assert at(other.account).get(address(asked)).status_code == 200


def test_a_colleague_of_another_station_is_not_offered(at, county, asked, me):
    near = county.make_deputy("陈秀兰")
    far = county.make_deputy("远处的代表", station=county.other_station)
    client = at(me)
    typed = {"hand-reason": "他更熟悉。"}
    assert client.post(address(asked, "hand/"), typed | {"hand-deputy": str(far.pk)}).status_code == 422
    assert client.post(address(asked, "hand/"), typed | {"hand-deputy": str(near.pk)}).status_code == 302


def test_what_came_by_the_own_code_is_taken_up(at, county, me):
    with county.within():
        matter = factories.opinion(county, deputy=county.deputy)
    client = at(me)
    assert "接下这件事" in client.get(address(matter)).content.decode()
    assert client.post(address(matter, "take-up/")).status_code == 302
    assert now(county, matter).state == State.ACCEPTED


def test_what_became_of_it_shows_reply_promise_and_rating(at, county, me):
    with county.within():
        matter = walking.handling_department(county)
        walking.replied(matter, county, at=walking.NOW)
        ending.rate(matter, grade="dissatisfied", words="灯还是不亮", by=walking.author_of(matter), at=walking.NOW)
    page = at(me).get(address(matter)).content.decode()
    for shown in ("区水务局的答复", "已清淤疏通", "群众的评价：不满意", "灯还是不亮", "看转办函", "看答复函"):
        assert shown in page


def test_opening_a_reply_stamps_that_the_deputy_has_seen_it_once(at, county, me):
    with county.within():
        matter = walking.handling_department(county)
        walking.replied(matter, county, at=walking.NOW)
        assert matter.deliveries.get(recipient="deputy").seen_at is None
    client = at(me)
    client.get(address(matter))
    with county.within():
        seen_at = matter.deliveries.get(recipient="deputy").seen_at
    assert seen_at
    client.get(address(matter))
    with county.within():
        assert matter.deliveries.get(recipient="deputy").seen_at == seen_at


def test_numbers_in_the_words_are_hidden_and_names_shortened(at, county, me):
    author = intake.Author(name="欧阳修德", phone="13812345678")
    with county.within():
        matter = ask(county, author=author, body="灯坏了，我是13812345678，加微信 a@b.com。")
    page = at(me).get(address(matter)).content.decode()
    assert "灯坏了" in page
    assert crypto.mask_name("欧阳修德") in page
    for hidden in ("13812345678", "欧阳修德", "a@b.com"):
        assert hidden not in page


def test_pictures_come_to_the_deputy_who_was_asked_alone(at, county, asked, me):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "JPEG")
    with county.within():
        file = documents.attach(
            asked, checking.check(ContentFile(out.getvalue()), name="现场.jpg"), by=county.officer, at=walking.NOW
        )
    client, stranger = at(me), at(county.make_deputy("陈秀兰").account)
    for under in ("", "small/"):
        where = address(asked, f"files/{file.pk}/{under}")
        assert b"".join(client.get(where).streaming_content)[:2] == b"\xff\xd8"
        assert stranger.get(where).status_code == 404


@pytest.mark.parametrize("tab", ["asked", "under-way", "results"])
def test_a_matter_stands_in_the_tab_of_where_it_is(at, county, me, tab):
    with county.within():
        ask(county, title="等意见的")
        walking.handling_department(county, title="在办理的")
        done = walking.handling_department(county, title="有答复的")
        walking.replied(done, county, at=walking.NOW)
    page = at(me).get(f"/deputy/opinions/?tab={tab}").content.decode()
    titles = {"asked": "等意见的", "under-way": "在办理的", "results": "有答复的"}
    assert [name for name, title in titles.items() if title in page] == [tab]


@pytest.mark.parametrize("tab", ["asked", "under-way", "results", "nonsense"])
def test_an_empty_tab_says_what_will_come(at, me, tab):
    page = at(me).get(f"/deputy/opinions/?tab={tab}&after=%00").content.decode()
    assert "empty-title" in page


def test_the_code_is_a_picture_and_a_poster(at, county, me):
    client = at(me)
    assert "还没有发码" in client.get("/deputy/mine/code/").content.decode()
    with county.within():
        codes.issue(county.deputy, by=county.officer, at=walking.NOW, jurisdiction=county.code)
    assert client.get(f"/deputy/mine/code/{county.code}/picture/").content.startswith(b"\x89PNG")
    for size in ("a4", "a6", "badge"):
        assert client.get(f"/deputy/mine/code/{county.code}/{size}/").content.startswith(b"%PDF")
    assert client.get(f"/deputy/mine/code/{county.code}/a5/").status_code == 404


def test_a_code_on_the_screen_leads_to_the_public_page(at, county, me):
    with county.within():
        code = codes.issue(county.deputy, by=county.officer, at=walking.NOW, jurisdiction=county.code)
    picture = at(me).get(f"/deputy/mine/code/{county.code}/picture/").content
    read = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))
    assert read[0].text.endswith(f"/c/{county.code}/{code.token}/")


def test_opening_a_matter_reads_what_was_told_about_it(at, asked, me):
    client = at(me)
    assert "未读" in client.get("/deputy/mine/notices/").content.decode()
    client.get(address(asked))
    assert "未读" not in client.get("/deputy/mine/notices/").content.decode()


def test_all_notices_can_be_marked_as_read(at, asked, me):
    client = at(me)
    assert "未读" in client.get("/deputy/mine/notices/").content.decode()
    client.post("/deputy/mine/notices/read/")
    assert "未读" not in client.get("/deputy/mine/notices/").content.decode()
