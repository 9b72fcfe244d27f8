"""A reply that goes by text message is delivered once the message has left, and not before (§14 rule 7)."""

from datetime import timedelta

import pytest

from jiazhan.audit.selectors import entries_of
from jiazhan.notifications import outbox
from jiazhan.notifications import services as sending
from jiazhan.notifications.models import Notice, SendState, Way
from jiazhan.opinions import tasks
from jiazhan.opinions.models import Delivery
from jiazhan.opinions.services import ending, intake, messages
from tests.domain.opinions import walking
from tests.factories import NOW

PHONE = intake.Author(name="王女士", phone="13800138000")
LATER = NOW + timedelta(minutes=1)
TO_AUTHOR = {"recipient": "author"}


@pytest.fixture
def replied(county):
    """A matter whose author is told of the reply by a message that waits to be sent."""
    assert county.office
    return walking.replied(walking.handling_department(county, author=PHONE), county).opinion


def message_of(matter):
    return Notice.objects.get(way=Way.SMS, key=stamp(matter).notice_key)


def stamp(matter):
    return Delivery.objects.get(opinion=matter, **TO_AUTHOR)


def gateway_is_away(matter):
    Notice.objects.filter(pk=message_of(matter).pk).update(state=SendState.FAILED, tries=6, error="网关无应答")


def test_a_queued_message_is_no_delivery_and_a_sent_one_is(county, replied):
    assert messages.follow(at=LATER) == 0
    assert stamp(replied).delivered_at is None
    assert ending.missing_to_close(replied) == ["反映人送达（短信还在发送）"]
    sending.send(county.code, str(message_of(replied).pk), at=LATER)
    assert messages.follow(at=LATER + timedelta(minutes=1)) == 1
    assert (stamp(replied).delivered_at, stamp(replied).how) == (LATER, "短信")
    assert ending.missing_to_close(replied) == []


def test_a_message_that_could_not_be_sent_is_an_errand_for_the_station(county, replied):
    assert county.officer
    gateway_is_away(replied)
    assert messages.follow(at=LATER) == 1
    assert messages.follow(at=LATER) == 0
    assert (stamp(replied).delivered_at, stamp(replied).failed_at) == (None, LATER)
    (missing,) = ending.missing_to_close(replied)
    assert "短信未送达，请打电话或当面告知" in missing
    told = Notice.objects.filter(kind="message-not-sent", way=Way.INBOX)
    assert county.officer.pk in {each.recipient_id for each in told}
    assert "13800138000" not in "".join(each.text for each in told)
    assert [each.action for each in entries_of(replied)][-1] == "opinion.message_not_sent"


def test_a_matter_closes_only_after_somebody_told_the_author_otherwise(county, replied):
    gateway_is_away(replied)
    messages.follow(at=LATER)
    ending.rate(replied, grade="satisfied", words="", is_resolved=True, by=walking.author_of(replied), at=LATER)
    with pytest.raises(ending.NotDelivered, match="短信未送达"):
        ending.close(replied, by=county.officer, at=LATER)
    ending.deliver(replied, recipient="author", how="电话告知", by=county.officer, at=LATER)
    assert (stamp(replied).how, stamp(replied).failed_at, stamp(replied).delivered_at) == ("电话告知", None, LATER)
    with pytest.raises(ending.AlreadyDelivered):
        ending.deliver(replied, recipient="author", how="再打一次", by=county.officer, at=LATER)
    assert ending.close(replied, by=county.officer, at=LATER).state == "closed"


def test_an_author_who_opened_the_reply_has_it_whatever_became_of_the_message(county, replied):
    gateway_is_away(replied)
    messages.follow(at=LATER)
    ending.see(replied, by=walking.author_of(replied), at=LATER)
    assert (stamp(replied).how, stamp(replied).delivered_at, stamp(replied).seen_at) == ("查询页", LATER, LATER)
    assert ending.missing_to_close(replied) == []


def test_a_message_that_is_sent_again_by_hand_is_stamped_too(county, replied):
    gateway_is_away(replied)
    messages.follow(at=LATER)
    sending.send_again(message_of(replied), by=county.security_admin, at=LATER)
    sending.send(county.code, str(message_of(replied).pk), at=LATER)
    messages.follow(at=LATER)
    assert (stamp(replied).delivered_at, stamp(replied).failed_at) == (LATER, None)


def test_the_worker_follows_messages_every_minute(county, replied):
    sending.send(county.code, str(message_of(replied).pk), at=LATER)
    tasks.follow_messages(timestamp=0)
    assert stamp(replied).delivered_at == LATER


def test_without_a_phone_the_page_is_the_delivery_and_nothing_waits(county):
    matter = walking.replied(walking.handling_department(county), county).opinion
    assert (stamp(matter).how, stamp(matter).delivered_at, stamp(matter).notice_key) == ("查询页", NOW, "")


def test_a_past_that_is_taken_in_waits_for_no_message(county):
    with outbox.quietly(read_before=NOW):
        matter = walking.replied(walking.handling_department(county, author=PHONE), county).opinion
    assert stamp(matter).delivered_at == NOW
