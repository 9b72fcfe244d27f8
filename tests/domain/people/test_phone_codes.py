from datetime import timedelta

import pytest

from jiazhan.people import phones, sms
from jiazhan.people.models import PhoneCode
from jiazhan.people.services import phone_codes
from tests.at_once import at_once
from tests.factories import NOW, later

PHONE, HOME = "13800138000", "203.0.113.9"


def other(code):
    return f"{(int(code) + 1) % 10**6:06}"


def ask(**given):
    return phone_codes.request(**{"phone": PHONE, "address": HOME, "at": NOW} | given)


def test_the_right_code_says_whose_phone_it_is(db, last_code):
    ticket = ask(phone="+86 138 0013 8000")
    assert phone_codes.check(ticket, last_code(), at=later(minutes=9)) == PHONE


def test_a_code_is_taken_with_spaces_and_full_width_digits(db, last_code):
    ticket = ask()
    typed = " ".join(chr(ord(digit) + 0xFEE0) for digit in last_code())
    assert phone_codes.check(ticket, typed, at=NOW) == PHONE


def test_a_code_counts_once(db, last_code):
    ticket, code = ask(), last_code()
    phone_codes.check(ticket, code, at=NOW)
    with pytest.raises(phone_codes.CodeSpent):
        phone_codes.check(ticket, code, at=NOW)


def test_a_code_runs_out_after_ten_minutes(db, last_code):
    ticket = ask()
    with pytest.raises(phone_codes.CodeSpent):
        phone_codes.check(ticket, last_code(), at=later(minutes=10))


def test_five_wrong_tries_spend_the_code(db, last_code):
    ticket, code = ask(), last_code()
    for left in (4, 3, 2, 1):
        with pytest.raises(phone_codes.WrongCode) as refusal:
            phone_codes.check(ticket, other(code), at=NOW)
        assert refusal.value.left == left
    with pytest.raises(phone_codes.CodeSpent):
        phone_codes.check(ticket, other(code), at=NOW)
    with pytest.raises(phone_codes.CodeSpent):
        phone_codes.check(ticket, code, at=NOW)


def test_a_stranger_without_the_ticket_can_neither_use_nor_spoil_a_code(db, last_code):
    ticket, code = ask(), last_code()
    strangers = ask(at=later(minutes=2), address="198.51.100.7")
    for _try in range(6):
        with pytest.raises((phone_codes.WrongCode, phone_codes.CodeSpent)):
            phone_codes.check(strangers, code, at=later(minutes=3))
    assert phone_codes.check(ticket, code, at=later(minutes=3)) == PHONE


@pytest.mark.parametrize("ticket", ["", "x", "\x00", "a" * 5000])
def test_a_ticket_that_was_made_up_is_refused(db, last_code, ticket):
    ask()
    with pytest.raises(phone_codes.CodeSpent):
        phone_codes.check(ticket, last_code(), at=NOW)


@pytest.mark.parametrize("typed", ["", "abc", "0" * 5000, "-1"])
def test_a_code_that_was_made_up_costs_a_try(db, last_code, typed):
    ticket = ask()
    with pytest.raises(phone_codes.WrongCode):
        phone_codes.check(ticket, typed, at=NOW)
    assert PhoneCode.objects.get().tries == 1


def test_neither_code_nor_phone_nor_ticket_lies_open_in_the_table(db, last_code):
    ticket, code = ask(), last_code()
    stored = " ".join(str(value) for value in PhoneCode.objects.values_list().get())
    assert code not in stored
    assert PHONE not in stored
    assert ticket not in stored


def test_a_phone_gets_one_message_a_minute(db, messages):
    ask()
    with pytest.raises(phone_codes.TooSoon) as refusal:
        ask(at=later(seconds=59))
    assert refusal.value.wait == timedelta(seconds=1)
    ask(at=later(seconds=60))
    assert len(messages()) == 2


def test_a_phone_gets_ten_messages_a_day(db, messages):
    for hour in range(10):
        ask(at=later(hours=hour))
    with pytest.raises(phone_codes.TooSoon):
        ask(at=later(hours=11))
    ask(at=later(hours=24, seconds=1))
    assert len(messages()) == 11


def test_strangers_who_use_up_a_phones_messages_leave_its_owners_device_its_own(db, last_code):
    for hour in range(10):
        ask(at=later(hours=hour), address="198.51.100.7")
    with pytest.raises(phone_codes.TooSoon):
        ask(at=later(hours=10))
    ticket = ask(at=later(hours=10), is_known_device=True)
    assert phone_codes.check(ticket, last_code(), at=later(hours=10)) == PHONE


def test_a_whole_family_behind_one_address_gets_its_codes(db, messages):
    for member in range(30):
        ask(phone=f"138001380{member:02}")
    assert len(messages()) == 30


def test_a_robot_behind_one_address_is_stopped_for_an_hour(db, messages):
    for number in range(60):
        ask(phone=f"138001380{number:02}")
    with pytest.raises(phone_codes.TooSoon):
        ask(phone="13900139000")
    ask(phone="13900139000", address="198.51.100.7")
    ask(phone="13900139000", at=later(minutes=61))


def test_what_is_no_phone_sends_nothing(db, messages):
    with pytest.raises(phones.NotAPhone):
        ask(phone="12345")
    assert messages() == []


def test_a_message_that_could_not_be_sent_does_not_count(db, messages, tmp_path):
    (tmp_path / "sms").write_text("in the way")
    with pytest.raises(sms.NotSent):
        ask()
    (tmp_path / "sms").unlink()
    ask(at=later(seconds=1))
    assert len(messages()) == 1


def test_a_form_carries_the_proof_of_a_phone_for_two_hours(db, last_code):
    token = phone_codes.prove(ask(), last_code(), at=NOW)
    assert PHONE not in token
    assert phone_codes.verified_phone(token, at=later(hours=2)) == PHONE
    with pytest.raises(phone_codes.NotVerified):
        phone_codes.verified_phone(token, at=later(hours=2, seconds=1))


@pytest.mark.parametrize("spoil", [lambda token: token[:-1] + "A" if token[-1] != "A" else token[:-1] + "B",
                                   lambda token: "", lambda token: token.replace(":", ".")])  # fmt: skip
def test_an_altered_proof_is_refused(db, last_code, spoil):
    token = phone_codes.prove(ask(), last_code(), at=NOW)
    with pytest.raises(phone_codes.NotVerified):
        phone_codes.verified_phone(spoil(token), at=NOW)


def test_old_codes_are_forgotten(db, messages):
    ask()
    assert phone_codes.forget_old(at=later(days=1)) == 0
    assert phone_codes.forget_old(at=later(days=3)) == 1


def test_of_two_uses_of_a_code_at_once_one_counts(transactional_db, last_code):
    ticket, code = ask(), last_code()
    outcomes = at_once(*[lambda: phone_codes.check(ticket, code, at=NOW)] * 4)
    assert outcomes.count(PHONE) == 1
    assert sum(isinstance(each, phone_codes.CodeSpent) for each in outcomes) == 3


def test_tries_made_at_once_are_all_counted(transactional_db, last_code):
    ticket, code = ask(), last_code()
    outcomes = at_once(*[lambda: phone_codes.check(ticket, other(code), at=NOW)] * 8)
    assert sum(isinstance(each, phone_codes.WrongCode) for each in outcomes) == 4
    with pytest.raises(phone_codes.CodeSpent):
        phone_codes.check(ticket, code, at=NOW)


def test_of_two_requests_for_a_phone_at_once_one_is_sent(transactional_db, messages):
    outcomes = at_once(*[ask] * 4)
    assert sum(isinstance(each, phone_codes.TooSoon) for each in outcomes) == 3
    assert len(messages()) == 1
