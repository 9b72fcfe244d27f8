"""Saying it in three steps, as a browser without scripts does, and everything that can be typed wrongly."""

import base64
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image

from jiazhan.documents.files import staging
from jiazhan.documents.models import Attachment
from jiazhan.opinions.choices import Channel
from jiazhan.opinions.models import Opinion
from jiazhan.people import crypto
from jiazhan.people.models import AccountKind, ScanCode
from jiazhan.people.services import pace
from jiazhan.web.public import say
from jiazhan.web.public.draft import unseal
from tests import factories
from tests.web.public.walking import form_to, said, send, sms_to

VOICE = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" + b"\0" * 400
BODY = "柳林小区北门下雨就积水，老人孩子出门要蹚水。"


def begin(client, county, query=""):
    return client.get(f"/say/{county.code}/{county.station.code}/{query}")


def to_place(client, county, body=BODY, **typed):
    return send(client, begin(client, county), "/place/", body=body, **typed)


def to_contact(client, county, body=BODY, **typed):
    return send(client, to_place(client, county, body), "/contact/", **typed)


def say_it(client, county, body=BODY, **who):
    """All three steps; returns the answer to the last."""
    return send(client, to_contact(client, county, body), "/send/", **({"who": "anonymous"} | who))


def matters(county):
    with county.within():
        return list(Opinion.objects.order_by("raised_at"))


def picture(name="a.jpg", size=(400, 300)):
    file = io.BytesIO()
    Image.new("RGB", size, "grey").save(file, "JPEG")
    file.seek(0)
    file.name = name
    return file


def bare_file(content, name):
    file = io.BytesIO(content)
    file.name = name
    return file


def test_a_resident_says_it_in_three_steps_and_gets_a_code(client, county):
    page = send(client, begin(client, county), "/place/", body=BODY, title="北门积水")
    assert "柳林社区" in said(page)
    page = send(client, page, "/contact/", place_note="北门外")
    page = send(client, page, "/send/", who="anonymous")
    assert page.status_code == 302
    (opinion,) = matters(county)
    assert (opinion.title, opinion.body, opinion.community) == ("北门积水", BODY, county.community.code)
    assert (opinion.place_note, opinion.is_anonymous, opinion.channel) == ("北门外", True, Channel.WEB)
    assert "您的查询码" in said(client.get(page.url))
    assert "已收到" in said(client.get(f"/follow/{county.code}/{opinion.pk}/"))


def test_nothing_lies_on_the_server_before_it_is_sent(client, county):
    to_contact(client, county)
    assert "jiazhan_session" not in client.cookies
    assert matters(county) == []


def test_going_back_loses_nothing(client, county):
    page = to_contact(client, county, place_note="北门外")
    page = send(client, page, "/send/", to="/place/", who="named", name="王女士", phone="138")
    page = send(client, page, "/contact/", to="/")
    assert form_to(page, "/place/")["fields"]["body"] == BODY
    page = send(client, page, "/place/")
    assert form_to(page, "/contact/")["fields"]["place_note"] == "北门外"
    page = send(client, page, "/contact/")
    fields = form_to(page, "/send/")["fields"]
    assert (fields["who"], fields["name"], fields["phone"]) == ("named", "王女士", "138")


def test_a_scan_is_told_from_a_visit(client, county):
    code = ScanCode.objects.create(
        token="ABC345", jurisdiction=county.code, station=county.station, issued_at=factories.NOW
    )
    station = client.get(f"/c/{county.code}/{code.token}/")
    assert f"/say/{county.code}/{county.station.code}/?via=ABC345" in station.content.decode()
    page = send(client, begin(client, county, "?via=ABC345"), "/place/", body=BODY)
    send(client, send(client, page, "/contact/"), "/send/", who="anonymous")
    assert [opinion.channel for opinion in matters(county)] == [Channel.QR]


def test_the_wish_for_a_deputy_is_passed_on(client, county):
    deputy = county.make_deputy("周海燕")
    page = send(client, begin(client, county, f"?deputy={deputy.pk}"), "/place/", body=BODY)
    send(client, send(client, page, "/contact/"), "/send/", who="anonymous")
    assert [opinion.deputy for opinion in matters(county)] == [deputy]


def test_the_same_submission_twice_is_one_matter_with_one_code(client, county):
    page = to_contact(client, county)
    first, second = (send(client, page, "/send/", who="anonymous") for _time in range(2))
    assert first.url == second.url
    assert len(matters(county)) == 1


def test_another_matter_from_a_page_gone_back_to_is_not_lost(client, county):
    page = begin(client, county)
    for body in (BODY, "翠湖路的路灯不亮，晚上看不见路。"):
        step = send(client, page, "/place/", body=body)
        send(client, send(client, step, "/contact/"), "/send/", who="anonymous")
    assert len(matters(county)) == 2


@pytest.mark.parametrize("body", ["", "   \n ", "\u200b\u202e"])
def test_nothing_said_is_asked_for_again(client, county, body):
    page = to_place(client, county, body)
    assert page.status_code == 422
    assert "请写下发生了什么事" in said(page)


def test_five_thousand_characters_pass_and_one_more_is_counted_with_nothing_lost(client, county):
    assert to_place(client, county, "路" * 5000).status_code == 200
    page = to_place(client, county, "路" * 5001)
    assert page.status_code == 422
    assert "现在多了 1 字" in said(page)
    assert form_to(page, "/place/")["fields"]["body"] == "路" * 5001


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("路灯坏了😀👨‍👩‍👧", "路灯坏了😀👨‍👩‍👧"),
        ("𠮷祥苑漏水", "𠮷祥苑漏水"),
        ("路灯\u202e坏了\u2066!", "路灯坏了!"),
        ("<script>alert(1)</script><b>路灯</b>", "<script>alert(1)</script><b>路灯</b>"),
    ],
    ids=["emoji", "rare character", "right-to-left marks", "markup"],
)
def test_unusual_characters_arrive_as_they_are_and_harm_nobody(client, county, typed, kept):
    sent = say_it(client, county, typed)
    (opinion,) = matters(county)
    assert opinion.body == kept
    followed = client.get(sent.url.removesuffix("sent/")).content.decode()
    assert "<script>alert" not in followed
    assert "\u202e" not in followed


def test_the_way_of_contact_must_be_chosen(client, county):
    page = send(client, to_contact(client, county), "/send/")
    assert page.status_code == 422
    assert matters(county) == []


@pytest.mark.parametrize("phone", ["12345", "1380013800", "abc", "13800138000000", "０２０-12345678"])
def test_a_phone_that_is_none_is_told_with_an_example(client, county, phone):
    page = say_it(client, county, who="named", name="王女士", phone=phone)
    assert page.status_code == 422
    assert "这不是手机号码" in said(page)
    assert form_to(page, "/send/")["fields"]["phone"] == phone
    assert matters(county) == []


def test_an_anonymous_author_leaves_no_contact_even_when_one_was_typed(client, county):
    say_it(client, county, who="anonymous", name="王女士", phone="13800138000", share="on")
    (opinion,) = matters(county)
    assert (bytes(opinion.author_name_sealed), bytes(opinion.author_phone_sealed)) == (b"", b"")


def test_a_phone_is_verified_by_the_code_sent_to_it(client, county):
    page = say_it(client, county, who="named", name="王女士", phone="138 0013 8000")
    assert "138****8000" in said(page)
    assert matters(county) == []
    wrong = send(client, page, "/confirm/", act="check", phone_code="000000")
    assert "验证码不对" in said(wrong)
    sent = send(client, wrong, "/confirm/", act="check", phone_code=sms_to("13800138000"))
    assert sent.status_code == 302
    (opinion,) = matters(county)
    assert (opinion.is_phone_verified, opinion.author.kind) == (True, AccountKind.RESIDENT)
    assert crypto.decrypt(opinion.author_name_sealed) == "王女士"
    assert opinion.is_hidden_from_units


def test_verifying_can_be_skipped_and_the_number_stays_unverified(client, county):
    page = say_it(client, county, who="named", name="王女士", phone="13800138000", share="on")
    send(client, page, "/confirm/", act="skip")
    (opinion,) = matters(county)
    assert (opinion.is_phone_verified, opinion.author) == (False, None)
    assert not opinion.is_hidden_from_units


def test_a_code_for_one_phone_verifies_no_other(client, county):
    page = say_it(client, county, who="named", name="王女士", phone="13800138000")
    code = sms_to("13800138000")
    page = send(client, page, "/confirm/", to="/contact/")
    page = send(client, page, "/send/", phone="13900139000")
    draft = unseal(form_to(page, "/confirm/")["fields"]["draft"])
    assert draft.contact["phone"] == "13900139000"
    send(client, page, "/confirm/", act="check", phone_code=code)
    assert not any(opinion.is_phone_verified for opinion in matters(county))


def test_whoever_is_logged_in_needs_no_code(client, county):
    resident = factories.resident(phone="13800138000")
    client.force_login(resident)
    sent = say_it(client, county, who="named", name="李秀英")
    assert sent.status_code == 302, said(sent)
    assert sent.status_code == 302
    assert [(each.author, each.is_phone_verified) for each in matters(county)] == [(resident, True)]


def test_pictures_and_a_voice_come_along_without_scripts(client, county):
    pictures = [picture("积水.jpg"), picture("近景.jpg")]
    page = to_place(client, county, "", pictures=pictures, voice=bare_file(VOICE, "录音.mp3"))
    assert page.status_code == 200
    sent = send(client, send(client, page, "/contact/"), "/send/", who="anonymous")
    assert sent.status_code == 302
    (opinion,) = matters(county)
    with county.within():
        assert sorted(Attachment.objects.values_list("media_type", flat=True)) == [
            "audio/mpeg",
            "image/jpeg",
            "image/jpeg",
        ]
    assert opinion.body == "（留了一段录音，请听附件。）"


def test_a_picture_that_was_added_is_shown_on_the_way_back_and_can_be_removed(client, county):
    page = to_place(client, county, pictures=[picture("积水.jpg"), picture("近景.jpg")])
    page = send(client, page, "/contact/", to="/")
    assert "已添加的照片（2 张）" in said(page)
    key = unseal(form_to(page, "/place/")["fields"]["draft"]).files[0].key
    page = send(client, page, "/place/", to="/", remove=key)
    assert "已添加的照片（1 张）" in said(page)
    small = page.content.decode().split('<img src="')[1].split('"')[0]
    assert client.get(small)["Content-Type"] == "image/jpeg"


def test_a_program_named_as_a_picture_is_refused_and_the_rest_is_kept(client, county):
    program = bare_file(b"MZ\x90\x00" + b"\0" * 500, "积水.jpg")
    page = to_place(client, county, pictures=[picture("近景.jpg"), program])
    assert page.status_code == 422
    assert "没有收下" in said(page)
    assert "已添加的照片（1 张）" in said(page)
    assert form_to(page, "/place/")["fields"]["body"] == BODY


def test_a_tenth_picture_is_left_out_with_a_word(client, county):
    page = to_place(client, county, pictures=[picture(f"{n}.jpg", (40, 30 + n)) for n in range(10)])
    assert "照片最多 9 张" in said(page)
    assert "已添加的照片（9 张）" in said(page)


def test_nine_pictures_and_a_voice_are_not_too_many(client, county):
    nine = [picture(f"{n}.jpg", (40, 30 + n)) for n in range(9)]
    page = to_place(client, county, pictures=nine, voice=bare_file(VOICE, "录音.mp3"))
    sent = send(client, send(client, page, "/contact/"), "/send/", who="anonymous")
    assert sent.status_code == 302
    with county.within():
        assert Attachment.objects.count() == 10


def test_a_draft_that_was_altered_begins_again_with_the_words_kept(client, county):
    page = begin(client, county)
    answer = client.post(form_to(page, "/place/")["action"], {"draft": "AAAA", "body": BODY})
    assert answer.status_code == 400
    assert "没有提交成功" in said(answer)
    assert form_to(answer, "/place/")["fields"]["body"] == BODY


def test_a_draft_of_an_earlier_release_begins_again_and_is_no_failure(client, county):
    page = begin(client, county)
    old = base64.urlsafe_b64encode(crypto.encrypt('{"seed": "x", "started_at": "2026-11-18", "mood": "old"}')).decode()
    answer = client.post(form_to(page, "/place/")["action"], {"draft": old, "body": BODY})
    assert answer.status_code == 400
    assert form_to(answer, "/place/")["fields"]["body"] == BODY


def test_the_browser_may_keep_a_step_for_its_back_arrow_but_nobody_else(client, county):
    for page in (begin(client, county), to_place(client, county), to_contact(client, county)):
        assert page["Cache-Control"] == "private, no-cache"


def test_the_last_step_alone_says_what_is_missing(client, county):
    page = to_contact(client, county)
    answer = send(client, page, "/send/", who="anonymous", body="")
    assert answer.status_code == 422
    assert "请写下发生了什么事" in said(answer)
    assert matters(county) == []


def test_words_that_a_person_should_hold_back_are_met_with_advice(client, county):
    page = to_place(client, county, "楼道里燃气泄漏，味道很大")
    assert "请马上拨打 110、119 或 120" in said(page)


def test_advertising_is_refused_in_words(client, county):
    page = say_it(client, county, "代开各类发票，加微信返利")
    assert page.status_code == 422
    assert "看起来是广告" in said(page)


def test_a_robot_that_fills_every_field_is_refused_and_keeps_its_words(client, county):
    page = say_it(client, county, website="http://x")
    assert page.status_code == 422
    assert "防机器人" in said(page)
    assert matters(county) == []


def test_a_form_without_scripts_takes_a_person_a_moment(client, county):
    page = begin(client, county)
    page = send(client, page, "/place/", is_hurried=True, body=BODY)
    page = send(client, page, "/contact/", is_hurried=True)
    assert send(client, page, "/send/", is_hurried=True, who="anonymous").status_code == 422
    assert matters(county) == []
    assert send(client, page, "/send/", who="anonymous").status_code == 302


def test_work_that_was_not_done_is_refused(client, county):
    page = say_it(client, county, altcha="eyJjaGFsbGVuZ2UiOiB7fX0=")
    assert page.status_code == 422
    assert matters(county) == []


def test_a_family_behind_one_address_is_not_in_its_own_way(client, county):
    for number in range(say.WITHOUT_WORK.burst):
        assert say_it(client, county, f"第{number}件：路灯不亮，请修一修。").status_code == 302
    page = say_it(client, county, "再来一件：下水道堵了。")
    assert page.status_code == 429
    assert "请过" in said(page)
    assert form_to(page, "/send/")["fields"]["draft"]


def test_a_pace_lets_one_more_through_after_its_time(db):
    slow = pace.Pace("test", burst=2, every=say.WITHOUT_WORK.every)
    for _time in range(2):
        pace.spend(slow, "home", at=factories.NOW)
    with pytest.raises(pace.TooFast) as refusal:
        pace.spend(slow, "home", at=factories.NOW)
    pace.spend(slow, "elsewhere", at=factories.NOW)
    pace.spend(slow, "home", at=factories.NOW + refusal.value.wait)


def test_staged_files_are_swept_after_two_days(client, county, settings):
    to_place(client, county, pictures=[picture()])
    folder = Path(settings.MEDIA_ROOT) / "staged"
    assert list(folder.glob("*/*"))
    today = timezone.localdate()
    assert staging.sweep(on=today + timedelta(days=2)) == 0
    assert staging.sweep(on=today + timedelta(days=3)) >= 1
    assert not list(folder.glob("*/*"))
