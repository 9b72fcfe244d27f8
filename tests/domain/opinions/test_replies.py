"""The written reply: two writers, the head's signature, the letter, and everyone who must know."""

import io
from datetime import date

import pytest

from jiazhan.audit.selectors import entries_of
from jiazhan.documents.files.checking import check
from jiazhan.documents.selectors import attachments_of, documents_of
from jiazhan.kernel.words import WordsMissing, WordsTooLong
from jiazhan.kernel.workflow import StepRefused
from jiazhan.notifications.models import Notice
from jiazhan.opinions.access import NotYours
from jiazhan.opinions.choices import OutcomeClass, Recipient
from jiazhan.opinions.models import Promise, Reply
from jiazhan.opinions.models.handling import ReplyState
from jiazhan.opinions.selectors.promises import promise_expected, replies_without_promise
from jiazhan.opinions.services import ending, joining, merging, replies, street
from jiazhan.opinions.services.authors import Author
from jiazhan.opinions.states import State
from tests.domain.opinions import walking
from tests.factories import NOW, later, nonce, opinion


def draft(matter, by, **given):
    given = {"body": "已清淤。", "outcome": OutcomeClass.RESOLVED, "at": NOW} | given
    return replies.save_draft(matter, by=by, **given)


def stamps(matter):
    rows = matter.deliveries.filter(round=matter.round).order_by("id")
    return {each.recipient: each.how for each in rows}


def test_the_second_of_two_writers_is_shown_the_first_one_s_text(county):
    matter = walking.handling_department(county)
    first = draft(matter, county.handler, body="甲写的。")
    with pytest.raises(replies.ReplyChanged, match="对照现在的内容") as refusal:
        draft(matter, county.unit_head, body="乙写的。")
    assert refusal.value.theirs.body == "甲写的。"
    assert refusal.value.theirs.drafted_by == county.handler
    assert Reply.objects.get().body == "甲写的。"
    second = draft(matter, county.unit_head, body="合在一起。", version=refusal.value.theirs.version)
    assert (second.pk, second.version, second.drafted_by) == (first.pk, 2, county.unit_head)
    with pytest.raises(replies.ReplyChanged):
        draft(matter, county.handler, body="甲又写。", version=1)


def test_only_the_unit_that_holds_it_writes(county):
    matter = walking.handling_department(county)
    for stranger in (county.street_handler, county.dispatcher, county.officer):
        with pytest.raises(NotYours):
            draft(matter, stranger)
    draft(matter, county.handler)


def test_nothing_is_written_before_receipt_or_after_the_signature(county):
    matter = walking.assigned_department(county)
    with pytest.raises(StepRefused):
        draft(matter, county.handler)
    signed = walking.handling_department(county)
    reply = walking.replied(signed, county)
    with pytest.raises(StepRefused):
        draft(signed, county.handler, version=reply.version)
    assert Reply.objects.get(opinion=signed).body == reply.body


def test_a_promise_has_a_text_and_a_day_to_come(county):
    matter = walking.handling_department(county)
    for given in ({"promise_text": "更换井盖"}, {"promise_on": date(2026, 12, 31)}):
        with pytest.raises(replies.PromiseIncomplete):
            draft(matter, county.handler, **given)
    for day in (date(2026, 11, 18), date(2026, 11, 17)):
        with pytest.raises(replies.PromiseInPast):
            draft(matter, county.handler, promise_text="更换井盖", promise_on=day)
    draft(matter, county.handler, promise_text="更换井盖", promise_on=date(2026, 11, 19))


def test_a_promise_that_grew_old_in_the_drawer_is_not_signed(county):
    matter = walking.handling_department(county)
    reply = draft(matter, county.handler, promise_text="更换井盖", promise_on=date(2026, 11, 19))
    reply = replies.submit(matter, version=reply.version, by=county.handler, at=NOW)
    with pytest.raises(replies.PromiseInPast):
        replies.sign_reply(matter, version=reply.version, by=county.unit_head, at=later(days=1))
    replies.sign_reply(matter, version=reply.version, by=county.unit_head, at=NOW)


def test_an_outcome_outside_the_five_classes_is_a_mistake_of_the_program(county):
    matter = walking.handling_department(county)
    with pytest.raises(ValueError, match="A类"):
        draft(matter, county.handler, outcome="A类")


def test_a_reply_that_lacks_something_is_not_submitted_and_says_what(county):
    matter = walking.handling_department(county)
    with pytest.raises(replies.ReplyIncomplete, match="答复内容"):
        replies.submit(matter, version=1, by=county.handler, at=NOW)
    reply = draft(matter, county.handler, body=" ", outcome="")
    with pytest.raises(replies.ReplyIncomplete) as refusal:
        replies.submit(matter, version=reply.version, by=county.handler, at=NOW)
    assert refusal.value.missing == ["答复内容", "办理结果"]
    reply = draft(matter, county.handler, version=reply.version)
    replies.submit(matter, version=reply.version, by=county.handler, at=NOW)


def test_a_reply_of_5001_characters_is_refused(county):
    matter = walking.handling_department(county)
    with pytest.raises(WordsTooLong, match="5001"):
        draft(matter, county.handler, body="字" * 5001)
    draft(matter, county.handler, body="字" * 5000)


def test_a_submitted_reply_is_the_head_s_to_change_send_back_or_sign(county):
    matter = walking.handling_department(county)
    reply = replies.submit(matter, version=draft(matter, county.handler).version, by=county.handler, at=NOW)
    assert "opinion-reply-submitted" in walking.told(county.unit_head, matter)
    with pytest.raises(replies.Submitted):
        draft(matter, county.handler, body="再改。", version=reply.version)
    with pytest.raises(replies.Submitted):
        replies.submit(matter, version=reply.version, by=county.handler, at=NOW)
    changed = draft(matter, county.unit_head, body="负责人改过。", version=reply.version)
    assert changed.state == ReplyState.SUBMITTED
    with pytest.raises(WordsMissing):
        replies.send_back(matter, reason="", by=county.unit_head, at=NOW)
    with pytest.raises(NotYours):
        replies.send_back(matter, reason="改", by=county.handler, at=NOW)
    back = replies.send_back(matter, reason="请写明时间。", by=county.unit_head, at=NOW)
    assert (back.state, back.returned_reason) == (ReplyState.DRAFT, "请写明时间。")
    with pytest.raises(replies.NotSubmitted):
        replies.send_back(matter, reason="再改", by=county.unit_head, at=NOW)
    again = draft(matter, county.handler, body="11月20日前完成。", version=back.version)
    assert replies.submit(matter, version=again.version, by=county.handler, at=NOW).returned_reason == ""


def test_the_drafter_is_told_what_to_change(county):
    matter = walking.handling_department(county)
    reply = replies.submit(matter, version=draft(matter, county.handler).version, by=county.handler, at=NOW)
    replies.send_back(matter, reason="请写明时间。", by=county.unit_head, at=NOW)
    assert "opinion-reply-returned" in walking.told(county.handler, matter)
    assert reply.pk == replies.of_round(matter).pk


def test_only_a_head_of_the_unit_signs_and_what_they_saw(county):
    matter = walking.handling_department(county)
    other_head = county.appoint("unit_head", unit=county.other_department)
    reply = draft(matter, county.handler)
    with pytest.raises(replies.NotSubmitted):
        replies.sign_reply(matter, version=reply.version, by=county.unit_head, at=NOW)
    reply = replies.submit(matter, version=reply.version, by=county.handler, at=NOW)
    for stranger in (county.handler, other_head, county.dispatcher, county.street_unit_head):
        with pytest.raises(NotYours):
            replies.sign_reply(matter, version=reply.version, by=stranger, at=NOW)
    with pytest.raises(replies.ReplyChanged):
        replies.sign_reply(matter, version=reply.version - 1, by=county.unit_head, at=NOW)
    signed = replies.sign_reply(matter, version=reply.version, by=county.unit_head, at=NOW)
    assert (signed.state, signed.signed_by, signed.signed_at) == (ReplyState.SIGNED, county.unit_head, NOW)


def test_a_head_may_write_and_sign_alone(county):
    matter = walking.handling_department(county)
    reply = draft(matter, county.unit_head)
    replies.sign_reply(matter, version=reply.version, by=county.unit_head, at=NOW)
    matter.refresh_from_db()
    assert (matter.state, matter.outcome, matter.replied_at, matter.due_for) == (State.REPLIED, "resolved", NOW, "rate")


def test_nothing_is_signed_where_nothing_was_written(county):
    matter = walking.handling_department(county)
    with pytest.raises(replies.ReplyIncomplete):
        replies.sign_reply(matter, version=1, by=county.unit_head, at=NOW)


def test_the_reply_is_a_letter_with_the_unit_s_number(county):
    county.department.letter_prefix = "云水务复"
    county.department.save()
    numbers = [walking.replied(walking.handling_department(county), county).number for _ in range(2)]
    assert numbers == ["云水务复〔2026〕1号", "云水务复〔2026〕2号"]
    assert walking.replied(walking.handling_street(county), county).number == "望江街道办事处〔2026〕1号"


def test_the_letter_says_what_was_signed_and_not_who_asked(county):
    matter = walking.handling_department(county, author=Author(name="张小明", phone="13812345678"))
    reply = walking.replied(
        matter,
        county,
        body="一、已清淤。\n二、每月巡查。",
        promise_text="更换井盖",
        promise_on=date(2026, 12, 31),
        contact="李工 0571-88012345",
    )
    inputs = reply.document.inputs
    assert inputs["paragraphs"][1:] == ["一、已清淤。", "二、每月巡查。"]
    assert inputs["outcome"] == "已经解决"
    assert "更换井盖" in inputs["promise"]
    assert "2026-12-31" in inputs["promise"]
    assert inputs["signed_by"] == county.unit_head.name
    assert inputs["addressee"].startswith("张*")
    assert "13812345678" not in str(inputs)
    assert "张小明" not in str(inputs)
    assert documents_of(matter).last() == reply.document


def test_everyone_who_must_know_is_told_and_each_delivery_stamped(county):
    matter = walking.handling_department(county, author=Author(phone="13812345678"))
    walking.replied(matter, county)
    matter.refresh_from_db()
    assert stamps(matter) == {Recipient.AUTHOR: "短信", Recipient.DEPUTY: "站内", Recipient.OFFICE: "站内"}
    for person in (county.deputy.account, county.office, None):
        assert "opinion-replied" in walking.told(person, matter)
    sent = Notice.objects.filter(kind="opinion-replied", recipient=None).get()
    assert "已清淤" not in sent.text


def test_an_author_without_a_phone_finds_it_on_the_page(county):
    matter = walking.handling_department(county)
    walking.replied(matter, county)
    assert stamps(matter)[Recipient.AUTHOR] == "查询页"


def test_a_deputy_without_an_account_is_not_stamped_as_told(county):
    matter = walking.handling_department(county)
    county.deputy.account.is_active = False
    county.deputy.account.save()
    walking.replied(matter, county)
    assert Recipient.DEPUTY not in stamps(matter)
    assert ending.missing_to_close(matter) == ["代表送达"]


def test_those_who_joined_and_the_authors_of_merged_matters_each_get_the_reply(county):
    matter = walking.accepted(county, author=Author(phone="13800000001"))
    other = opinion(county, author=Author(phone="13800000003"))
    # The second of these joined both: one person hears it once.
    for joined, phone in ((matter, "13800000002"), (other, "13800000002"), (other, "13800000004")):
        joining.join(joined, author=Author(phone=phone), note="", nonce=nonce(), at=NOW)
    merging.merge(other, into=matter, by=county.officer, at=NOW)
    matter = walking.handled_on_street(matter, county)
    walking.replied(matter, county)
    sent = Notice.objects.filter(kind="opinion-replied", way="sms", recipient=None)
    assert len({bytes(each.phone_sealed) for each in sent}) == sent.count() == 4


@pytest.mark.parametrize("outcome", OutcomeClass.values)
def test_an_open_outcome_without_a_promise_is_allowed_and_noticed(county, outcome):
    reply = walking.replied(walking.handling_department(county), county, outcome=outcome)
    expected = outcome in {"in_progress", "planned", "deferred"}
    assert promise_expected(reply) == expected
    assert list(replies_without_promise(county.office)) == ([reply] if expected else [])
    assert not Promise.objects.exists()


def test_a_promise_is_followed_from_the_signature_on(county):
    reply = walking.replied(
        walking.handling_department(county),
        county,
        outcome="planned",
        promise_text="更换井盖",
        promise_on=date(2027, 3, 1),
    )
    promise = Promise.objects.get()
    assert (promise.text, promise.due_on, promise.state, promise.reply) == ("更换井盖", date(2027, 3, 1), "open", reply)
    assert not promise_expected(reply)


def test_files_go_with_the_reply_until_it_is_signed(county):
    matter = walking.handling_department(county)
    checked = check(io.BytesIO(PNG), name="清淤后.png")
    kept = replies.attach_file(matter, checked=checked, by=county.handler, at=NOW)
    gone = replies.attach_file(matter, checked=check(io.BytesIO(PNG), name="误传.png"), by=county.handler, at=NOW)
    replies.remove_file(matter, attachment_id=gone.pk, reason="误传", by=county.handler, at=NOW)
    reply = replies.of_round(matter)
    assert list(attachments_of(reply)) == [kept]
    reply = walking.replied(matter, county, version=reply.version)
    assert reply.document.inputs["attachments"] == ["清淤后.jpg"]
    with pytest.raises(StepRefused):
        replies.attach_file(matter, checked=checked, by=county.handler, at=NOW)


def test_a_stranger_adds_no_file(county):
    matter = walking.handling_department(county)
    with pytest.raises(NotYours):
        replies.attach_file(matter, checked=check(io.BytesIO(PNG), name="a.png"), by=county.street_handler, at=NOW)


def test_a_matter_that_turned_out_an_accusation_gets_no_ordinary_reply(county):
    matter = walking.handling_department(county)
    reply = draft(matter, county.unit_head)
    walking.lock(matter)
    with pytest.raises((street.Locked, NotYours)):
        replies.sign_reply(matter, version=reply.version, by=county.unit_head, at=NOW)


def test_the_record_names_the_outcome_and_never_the_words(county):
    matter = walking.handling_department(county)
    walking.replied(matter, county, body="特别的话", promise_text="特别的诺", promise_on=date(2027, 1, 1))
    entry = entries_of(matter).filter(action="opinion.reply").get()
    assert entry.detail == {
        "from": "handling", "to": "replied", "round": 1, "outcome": "resolved", "promised": "2027-01-01"
    }  # fmt: skip
    assert not [each for each in entries_of(matter) if "特别" in str(each.detail)]


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)
