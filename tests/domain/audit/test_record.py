"""The record: every act sealed at its commit, nothing to be altered unseen, not even by the database's owner."""

import threading
from datetime import timedelta

import pytest
from django.db import Error, connection, connections, transaction

from jiazhan import audit
from jiazhan.audit import SYSTEM
from jiazhan.audit.models import Entry, Head, Seal
from jiazhan.audit.selectors import entries_of
from jiazhan.audit.verification import START, Broken, Verified, verify
from jiazhan.kernel import scope
from jiazhan.kernel.models import Counter
from tests.factories import NOW

HERE, THERE = "990106", "990107"
NOBODY = "00000000-0000-0000-0000-000000000000"
pytestmark = pytest.mark.django_db(transaction=True)


def act(name: str = "tested", *, jurisdiction: str = HERE, **detail: object) -> Entry:
    """One act about something, in a transaction of its own."""
    with scope.within([jurisdiction]):
        subject, _new = Counter.objects.get_or_create(jurisdiction=jurisdiction, series="试")
        return audit.record(f"counter.{name}", subject, by=SYSTEM, at=NOW, detail=detail)


def checked(jurisdiction: str = HERE) -> Verified | Broken:
    with scope.within([jurisdiction]):
        return verify(jurisdiction)


def as_owner(*statements: str) -> None:
    """What somebody with the keys of the database could do."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def behind_the_triggers(*statements: str) -> None:
    as_owner("ALTER TABLE audit_entry DISABLE TRIGGER USER", *statements, "ALTER TABLE audit_entry ENABLE TRIGGER USER")


@pytest.fixture
def chain():
    """Five entries of one county, among them Chinese, nested and empty details, and two of a neighbour."""
    details = [{}, {"reason": "超出职权"}, {"n": 1, "list": [1, {"二": None}]}, {"a": "é𠮷"}, {"z": 1.5, "a": True}]
    made = [act(f"n{number}", **detail) for number, detail in enumerate(details, start=1)]
    act("elsewhere", jurisdiction=THERE)
    act("elsewhere", jurisdiction=THERE)
    return made


def test_a_chain_that_nobody_touched_holds(chain):
    held = checked()
    assert isinstance(held, Verified)
    assert (held.jurisdiction, held.entries) == (HERE, 5)
    assert held.digest != START
    assert checked(THERE).entries == 2


def test_a_jurisdiction_without_entries_holds():
    assert checked("990199") == Verified("990199", 0, START)


def test_the_record_says_who_did_what_to_what(chain):
    with scope.within([HERE]):
        subject = Counter.objects.get(series="试")
        first = entries_of(subject)[0]
    assert (first.action, first.subject_label, first.subject_id) == ("counter.n1", "kernel.counter", str(subject.pk))
    assert (first.actor_kind, first.actor_name, first.actor_id, first.at) == ("system", "系统", "", NOW)


def fail_after_recording() -> None:
    with scope.within([HERE]):
        audit.record("counter.lost", Counter.objects.get(series="试"), by=SYSTEM, at=NOW)
        raise ZeroDivisionError


def test_an_act_that_is_rolled_back_leaves_no_entry_and_no_gap(chain):
    with pytest.raises(ZeroDivisionError):
        fail_after_recording()
    act("after")
    assert checked().entries == 6
    with scope.within([HERE]):
        assert not Entry.objects.filter(action="counter.lost").exists()


def test_several_entries_of_one_act_are_sealed_in_their_order():
    with scope.within([HERE]):
        subject = Counter.objects.create(jurisdiction=HERE, series="试")
        made = [audit.record(f"counter.n{n}", subject, by=SYSTEM, at=NOW - timedelta(n)) for n in range(20)]
    assert checked().entries == 20
    with scope.within([HERE]):
        assert list(Seal.objects.order_by("number").values_list("entry_id", flat=True)) == [each.pk for each in made]


@pytest.mark.parametrize(
    "change",
    [
        "action = 'counter.other'", "actor_name = '别人'", "actor_id = 'x'", "actor_kind = 'staff'", "at = at + interval '1 microsecond'",
        "detail = detail || '{\"reason\": \"改\"}'", "subject_id = 'x'", "subject_label = 'x.y'",
    ],
)  # fmt: skip
def test_an_altered_entry_is_named(chain, change):
    behind_the_triggers(f"UPDATE audit_entry SET {change} WHERE id = '{chain[2].pk}'")
    broken = checked()
    assert (broken.number, broken.entry_id) == (3, str(chain[2].pk))
    assert "不同" in broken.why
    assert isinstance(checked(THERE), Verified)


def test_the_first_of_two_altered_entries_is_named(chain):
    for entry in (chain[3], chain[1]):
        behind_the_triggers(f"UPDATE audit_entry SET action = 'x' WHERE id = '{entry.pk}'")
    assert checked().number == 2


def test_a_deleted_entry_is_named(chain):
    behind_the_triggers(f"DELETE FROM audit_entry WHERE id = '{chain[1].pk}'")
    assert checked() == Broken(HERE, 2, str(chain[1].pk), "记录被删除")


def test_an_entry_deleted_with_its_seal_leaves_a_gap(chain):
    behind_the_triggers(
        f"DELETE FROM audit_seal WHERE entry_id = '{chain[1].pk}'",
        f"DELETE FROM audit_entry WHERE id = '{chain[1].pk}'",
    )
    broken = checked()
    assert (broken.number, broken.why) == (2, "这一号的记录不见了")


def test_closing_the_gap_does_not_close_the_chain(chain):
    behind_the_triggers(
        f"DELETE FROM audit_seal WHERE entry_id = '{chain[1].pk}'",
        f"DELETE FROM audit_entry WHERE id = '{chain[1].pk}'",
        f"UPDATE audit_seal SET number = number - 1 WHERE jurisdiction = '{HERE}' AND number > 2",
        f"UPDATE audit_head SET number = number - 1 WHERE jurisdiction = '{HERE}'",
    )
    broken = checked()
    assert (broken.number, broken.entry_id) == (2, str(chain[2].pk))


def test_two_entries_that_change_places_are_named(chain):
    first, second = chain[1].pk, chain[2].pk
    as_owner(
        f"UPDATE audit_seal SET entry_id = '{NOBODY}' WHERE entry_id = '{first}'",
        f"UPDATE audit_seal SET entry_id = '{first}' WHERE entry_id = '{second}'",
        f"UPDATE audit_seal SET entry_id = '{second}' WHERE entry_id = '{NOBODY}'",
    )
    assert checked().number == 2


def test_a_cut_at_the_end_is_seen(chain):
    behind_the_triggers(
        f"DELETE FROM audit_seal WHERE entry_id = '{chain[4].pk}'",
        f"DELETE FROM audit_entry WHERE id = '{chain[4].pk}'",
    )
    assert checked() == Broken(HERE, 5, "", "记录链的末端被截断")


def test_a_chain_cut_with_its_head_no_longer_has_the_digest_written_down_elsewhere(chain):
    written_down = checked()
    behind_the_triggers(
        f"DELETE FROM audit_seal WHERE entry_id = '{chain[4].pk}'",
        f"DELETE FROM audit_entry WHERE id = '{chain[4].pk}'",
        f"UPDATE audit_head h SET number = 4, digest = s.digest FROM audit_seal s"
        f" WHERE s.jurisdiction = '{HERE}' AND s.number = 4 AND h.jurisdiction = '{HERE}'",
    )
    held = checked()
    assert (held.entries, held.digest) != (written_down.entries, written_down.digest)


def test_a_chain_emptied_whole_is_seen(chain):
    behind_the_triggers("DELETE FROM audit_seal", "DELETE FROM audit_entry")
    assert checked() == Broken(HERE, 1, "", "记录链的末端被截断")


def test_an_entry_slipped_in_past_the_seal_is_named(chain):
    stray = "11111111-1111-7111-8111-111111111111"
    behind_the_triggers(
        f"INSERT INTO audit_entry SELECT jurisdiction, '{stray}', action, subject_label, subject_id, actor_kind,"
        f" actor_id, actor_name, at, detail FROM audit_entry WHERE id = '{chain[0].pk}'"
    )
    assert checked() == Broken(HERE, 6, stray, "记录没有封存，是绕过系统写入的")


def test_an_entry_moved_to_another_county_is_missed_here_and_a_stray_there(chain):
    behind_the_triggers(f"UPDATE audit_entry SET jurisdiction = '{THERE}' WHERE id = '{chain[1].pk}'")
    assert checked() == Broken(HERE, 2, str(chain[1].pk), "记录被删除")
    assert checked(THERE).entry_id == str(chain[1].pk)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry",
        "UPDATE audit_seal SET digest = ''", "DELETE FROM audit_seal", "UPDATE audit_head SET number = 0",
        "INSERT INTO audit_head (jurisdiction, id, number, digest) VALUES ('990106', gen_random_uuid(), 9, '')",
        "INSERT INTO audit_seal (jurisdiction, id, number, entry_id, digest) VALUES ('990106', gen_random_uuid(), 9, gen_random_uuid(), '')",
        "ALTER TABLE audit_entry DISABLE TRIGGER USER", "DROP TRIGGER audit_entry_sealed ON audit_entry",
        "SET session_replication_role = replica", "SET ROLE jiazhan_owner",
    ],
)  # fmt: skip
def test_the_application_can_only_append(chain, statement):
    with scope.within([HERE]):
        with (
            pytest.raises(Error, match=r"permission denied|must be owner"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        assert Head.objects.get().number == 5
    act("appended")
    assert checked().entries == 6


def test_the_owner_s_own_hand_is_stopped_by_the_trigger_too(chain):
    for statement in ("UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"):
        with pytest.raises(Error, match="append-only"):
            as_owner(statement)
    assert isinstance(checked(), Verified)


def test_a_temporary_table_does_not_take_the_chain_s_place(chain):
    with scope.within([HERE]), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE audit_head (jurisdiction text PRIMARY KEY, id uuid, number bigint, digest text) ON COMMIT DROP"
        )
        cursor.execute(
            "CREATE TEMP TABLE audit_seal (jurisdiction text, id uuid, number bigint, entry_id uuid, digest text) ON COMMIT DROP"
        )
        cursor.execute("GRANT ALL ON audit_head, audit_seal TO PUBLIC")
        subject = Counter.objects.get(series="试")
        audit.record("counter.hidden", subject, by=SYSTEM, at=NOW)
    assert checked().entries == 6


def test_acts_at_once_make_one_chain():
    act("first")
    start = threading.Barrier(4)

    def work(number: int) -> None:
        try:
            start.wait(10)
            for step in range(5):
                act(f"n{number}.{step}")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert checked().entries == 21
