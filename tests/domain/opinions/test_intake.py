"""What comes in at the door: words, places, contact, codes."""

import pytest

from jiazhan.audit.selectors import entries_of
from jiazhan.opinions import access
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import intake
from jiazhan.people import crypto
from tests import factories
from tests.factories import NOW


def test_a_matter_gets_a_number_a_code_and_a_deadline(county):
    raised = factories.raised(county)
    assert raised.opinion.number == "01-2026-000001"
    assert access.by_follow_code(raised.follow_code.lower()) == raised.opinion
    assert raised.opinion.due_on.isoformat() == "2026-11-20"
    assert [entry.action for entry in entries_of(raised.opinion)] == ["opinion.raised"]
    assert factories.raised(county).opinion.number == "01-2026-000002"


def test_the_same_form_sent_twice_is_one_matter_with_one_code(county):
    nonce = factories.nonce()
    first, second = (factories.raised(county, nonce=nonce) for _time in range(2))
    assert first.opinion == second.opinion
    assert first.follow_code == second.follow_code
    assert (first.is_new, second.is_new) == (True, False)
    assert Opinion.objects.count() == 1


def test_an_anonymous_author_leaves_nothing_but_the_code(county):
    somebody = intake.Author(name="王某", phone="13800138000", account=factories.resident(), is_anonymous=True)
    opinion = Opinion.objects.get(pk=factories.opinion(county, author=somebody).pk)
    assert opinion.author is None
    assert (bytes(opinion.author_name_sealed), bytes(opinion.author_phone_sealed)) == (b"", b"")
    assert opinion.author_phone_digest == ""


def test_contact_is_sealed_and_can_be_opened_with_the_key(county):
    named = intake.Author(name=" 王  某 ", phone="+86 138-0013-8000")
    opinion = Opinion.objects.get(pk=factories.opinion(county, author=named).pk)
    assert b"13800138000" not in bytes(opinion.author_phone_sealed)
    assert crypto.decrypt(opinion.author_phone_sealed) == "13800138000"
    assert crypto.decrypt(opinion.author_name_sealed) == "王 某"
    assert opinion.raised_at == NOW


@pytest.mark.parametrize("body", ["", "  \n ", "\u200b\u202e"])
def test_nothing_said_is_refused_with_a_sentence(county, body):
    with pytest.raises(intake.TextEmpty, match="请写下"):
        factories.raised(county, body)


def test_five_thousand_characters_are_taken_and_one_more_is_counted(county):
    assert len(factories.opinion(county, body="路" * 5000).body) == 5000
    with pytest.raises(intake.TextTooLong, match="现在有 5001 字"):
        factories.raised(county, "路" * 5001)


def test_a_title_goes_into_notices_and_so_never_carries_a_number(county):
    assert factories.opinion(county, body="楼道灯坏了，请打13812345678。").title == "楼道灯坏了，请打[手机号]"
    assert factories.opinion(county, title="打13812345678找我", body="楼道灯坏了。").title == "打[手机号]找我"
