"""What people are told: once, in the act's own transaction, and never lost."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from jiazhan.audit.selectors import entries_of
from jiazhan.kernel import scope
from jiazhan.notifications import outbox, selectors, services
from jiazhan.notifications.models import Notice, SendState, Way
from jiazhan.notifications.services import Sent
from jiazhan.people import crypto
from tests import factories
from tests.factories import NOW

PHONE = "13800138000"


@pytest.fixture
def opinion(county):
    return factories.opinion(county)


@pytest.fixture
def post_box(settings, tmp_path):
    """A gateway that writes to a file; `break_down` makes it fail as a full disk would."""
    settings.SMS_PORT, settings.HOME = "file", tmp_path

    class Box:
        def read(self):
            return "".join(path.read_text() for path in sorted(tmp_path.glob("sms/*.txt")))

        def break_down(self):
            (tmp_path / "sms").write_text("not a folder")

        def mend(self):
            (tmp_path / "sms").unlink()

    return Box()


def jobs():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args ->> 'notice' FROM procrastinate_jobs WHERE task_name = 'notifications.send' ORDER BY id"
        )
        return [row[0] for row in cursor.fetchall()]


def text_phone(opinion, key="reply-1", text="您反映的事有答复了。"):
    outbox.notify_phone(crypto.encrypt(PHONE), "opinion-replied", opinion, text=text, at=NOW, key=key)
    return Notice.objects.get(key=key)


def send(notice):
    return services.send(notice.jurisdiction, str(notice.pk), at=NOW)


def test_staff_find_it_in_their_inbox_and_no_message_leaves(county, opinion):
    outbox.notify(county.officer, "opinion-raised", opinion, text="新的意见。", at=NOW, key="k")
    notice = Notice.objects.get(key="k")
    assert (notice.way, notice.state) == (Way.INBOX, SendState.SENT)
    assert jobs() == []


def test_residents_and_deputies_get_a_message_as_well(county, opinion, post_box):
    outbox.notify(county.deputy.account, "opinion-asked", opinion, text="请提意见。", at=NOW, key="k")
    message = Notice.objects.get(key="k/sms")
    assert jobs() == [str(message.pk)]
    assert send(message) is Sent.DONE
    assert "请提意见。" in post_box.read()


def test_the_same_key_is_told_once(county, opinion):
    for _time in range(2):
        outbox.notify(county.officer, "reminder", opinion, text="快到期了。", at=NOW, key="remind:3")
    assert Notice.objects.filter(kind="reminder").count() == 1


def test_an_act_that_fails_tells_nobody(county, opinion):
    @transaction.atomic
    def fail():
        text_phone(opinion)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert jobs() == []
    text_phone(opinion)
    assert len(jobs()) == 1


def test_sending_twice_sends_once(county, opinion, post_box):
    notice = text_phone(opinion)
    assert [send(notice), send(notice)] == [Sent.DONE, Sent.NOTHING_TO_DO]
    assert post_box.read().count(PHONE) == 1


def test_a_code_is_kept_sealed_and_forgotten_once_sent(county, opinion, post_box):
    outbox.send_secret(
        crypto.encrypt(PHONE), "code", opinion, text="查询码 ABCDE-23456", label="查询码短信", at=NOW, key="code"
    )
    notice = Notice.objects.get(key="code")
    assert notice.text == "查询码短信"
    assert b"ABCDE" not in bytes(notice.text_sealed)
    send(notice)
    notice.refresh_from_db()
    assert bytes(notice.text_sealed) == b""
    assert "ABCDE-23456" in post_box.read()


def test_a_gateway_that_is_down_is_tried_again_and_given_up_in_the_end(county, opinion, post_box):
    notice = text_phone(opinion)
    post_box.break_down()
    tries = [send(notice) for _time in range(services.MOST_TRIES + 1)]
    assert tries == [Sent.TRY_AGAIN] * (services.MOST_TRIES - 1) + [Sent.GIVEN_UP, Sent.NOTHING_TO_DO]
    assert list(selectors.failed()) == [notice]
    post_box.mend()
    services.send_again(notice, by=county.security_admin, at=NOW)
    assert send(notice) is Sent.DONE
    assert post_box.read().count(PHONE) == 1
    assert [entry.action for entry in entries_of(notice)] == ["notice.queued-again"]


def test_a_notice_that_lost_its_job_is_found(county, opinion):
    notice = text_phone(opinion)
    later = NOW + timedelta(hours=1)
    assert selectors.lost(at=later) == {}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert selectors.lost(at=NOW + timedelta(minutes=1)) == {}
    assert selectors.lost(at=later) == {notice.jurisdiction: [str(notice.pk)]}
    outbox.defer(notice.jurisdiction, [str(notice.pk)])
    assert selectors.lost(at=later) == {}


def test_the_inbox_counts_what_is_unread_and_marks_only_ones_own(county, opinion):
    outbox.notify_all(
        [county.officer, county.head],
        "opinion-raised",
        opinion,
        text="新的意见。",
        at=NOW,
        key=lambda account: f"x:{account.pk}",
    )
    mine, theirs = selectors.inbox(county.officer).get(key__startswith="x:"), selectors.inbox(county.head).get()
    unread = selectors.unread_count(county.officer)
    assert services.mark_read(county.officer, [str(mine.pk), str(theirs.pk)], at=NOW) == 1
    assert selectors.unread_count(county.officer) == unread - 1
    assert selectors.unread_count(county.head) == 1
    services.mark_all_read(county.head, at=NOW)
    assert selectors.unread_count(county.head) == 0


def test_a_notice_is_not_seen_from_another_jurisdiction(db):
    here, there = factories.County(), factories.County(code="990107", name="临江区")
    with here.within():
        assert here.officer
        factories.opinion(here)
        assert selectors.inbox(here.officer).count() == 1
    with scope.within([there.code]):
        assert Notice.objects.count() == 0


def test_nothing_but_a_known_refusal_counts_as_not_sent(county, opinion, settings):
    settings.SMS_PORT = "nonsense"
    notice = text_phone(opinion)
    with pytest.raises(KeyError), transaction.atomic():
        send(notice)
    notice.refresh_from_db()
    assert (notice.state, notice.tries) == (SendState.QUEUED, 0)


def test_a_past_that_is_taken_in_rings_no_phone_and_leaves_nothing_unread(county, opinion):
    with outbox.quietly(read_before=NOW):
        old = NOW - timedelta(days=90)
        outbox.notify_phone(crypto.encrypt(PHONE), "opinion-replied", opinion, text="旧事。", at=old, key="old-sms")
        outbox.notify(county.officer, "opinion-raised", opinion, text="旧事。", at=old, key="old")
        outbox.notify(county.officer, "opinion-raised", opinion, text="新事。", at=NOW, key="new")
    assert not Notice.objects.filter(key="old-sms").exists()
    assert Notice.objects.get(key="old").read_at is not None
    assert Notice.objects.get(key="new").read_at is None
    assert text_phone(opinion).state == SendState.QUEUED
