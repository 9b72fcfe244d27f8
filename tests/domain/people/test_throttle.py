from datetime import timedelta

import pytest

from jiazhan.people.models import Throttle
from jiazhan.people.services.throttle import ADDRESS, PAIR, STRANGERS, Gate, TooManyTries, forget_old
from tests.at_once import at_once
from tests.factories import NOW, later

OFFICE, ATTACKER = "203.0.113.9", "198.51.100.7"


def gate(address=OFFICE, *, account="chenzhan", device=""):
    return Gate("password", account=account, address=address, device=device)


def fail(gate, *, times, at=NOW):
    for _try in range(times):
        gate.enter(at=at)
        gate.failed(at=at)


def is_open(gate, *, at=NOW):
    try:
        gate.enter(at=at)
    except TooManyTries:
        return False
    gate.passed()
    return True


def test_a_few_slips_cost_nothing(db):
    fail(gate(), times=PAIR.free)
    assert is_open(gate())


def test_waits_grow_with_each_failure_up_to_a_limit(db):
    fail(gate(), times=PAIR.free)
    at, waits = NOW, []
    for _try in range(8):
        gate().enter(at=at)
        with pytest.raises(TooManyTries) as refusal:
            gate().enter(at=at)
        waits.append(refusal.value.wait)
        at += refusal.value.wait
    assert waits[:4] == [timedelta(seconds=15 * 2**n) for n in range(4)]
    assert waits[-1] == PAIR.longest


def test_an_attacker_at_another_address_cannot_stop_the_owner(db):
    attempts = 0
    for minute in range(60):
        if is_blocked(gate(ATTACKER), at=later(minutes=minute)):
            continue
        fail(gate(ATTACKER), times=1, at=later(minutes=minute))
        attempts += 1
    assert attempts > PAIR.free
    assert is_blocked(gate(ATTACKER), at=later(minutes=59))
    assert is_open(gate(OFFICE), at=later(minutes=59))


def is_blocked(gate, *, at):
    keys = [gate.own, *gate.shared]
    return Throttle.objects.filter(key__in=keys, until__gt=at).exists()


def test_an_attacker_behind_the_same_address_cannot_stop_the_owners_own_device(db):
    for account in range(ADDRESS.free + 1):
        fail(gate(account=f"guess{account}"), times=1)
    assert not is_open(gate())
    assert is_open(gate(device="the owner's desk"))


def test_an_army_of_addresses_slows_strangers_for_a_minute_at_most_and_the_own_device_never(db):
    for attacker in range(STRANGERS.free + 40):
        place = gate(f"198.51.{attacker // 200}.{attacker % 200}")
        if not is_blocked(place, at=NOW):
            fail(place, times=1)
    with pytest.raises(TooManyTries) as refusal:
        gate("192.0.2.1").enter(at=NOW)
    assert refusal.value.wait <= STRANGERS.longest
    assert is_open(gate("192.0.2.1"), at=NOW + STRANGERS.longest)
    assert is_open(gate("192.0.2.1", device="the owner's phone"))


def test_the_own_device_is_slowed_by_its_own_failures_only(db):
    fail(gate(device="stolen"), times=PAIR.free + 1)
    assert not is_open(gate(device="stolen"))
    assert is_open(gate(device="another"))


def test_logging_in_now_and_then_does_not_clear_what_the_address_did(db):
    for account in range(ADDRESS.free + 1):
        fail(gate(ATTACKER, account=f"guess{account}"), times=1)
        gate(ATTACKER, account="the attacker's own").passed()
    assert not is_open(gate(ATTACKER, account="another"))


def test_a_success_forgets_the_own_failures(db):
    fail(gate(), times=PAIR.free)
    assert is_open(gate())
    fail(gate(), times=PAIR.free)
    assert is_open(gate())


def test_capitals_and_spaces_make_no_fresh_account(db):
    fail(gate(account="chenzhan"), times=PAIR.free + 1)
    assert not is_open(gate(account=" ChenZhan "))


def test_an_hour_of_quiet_forgets(db):
    fail(gate(), times=PAIR.free + 1)
    at = later(hours=1, seconds=1)
    fail(gate(), times=PAIR.free, at=at)
    assert is_open(gate(), at=at)


def test_tries_at_once_wait_for_each_other(transactional_db):
    fail(gate(), times=PAIR.free)
    outcomes = at_once(*[lambda: gate().enter(at=NOW)] * 6)
    assert sum(isinstance(each, TooManyTries) for each in outcomes) == 5


def test_a_success_without_failures_leaves_no_row(db):
    assert is_open(gate())
    assert not Throttle.objects.exists()


def test_the_table_says_nothing_about_names_or_addresses(db):
    fail(gate(), times=1)
    stored = " ".join(str(row) for row in Throttle.objects.values_list())
    assert "chenzhan" not in stored
    assert OFFICE not in stored


def test_old_counts_are_deleted(db):
    fail(gate(), times=1)
    assert forget_old(at=later(minutes=30)) == 0
    assert forget_old(at=later(minutes=61)) == 3
