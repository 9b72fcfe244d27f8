"""Joining an open matter, and taking one's own back."""

import pytest

from jiazhan import audit
from jiazhan.notifications.models import Notice
from jiazhan.opinions import access
from jiazhan.opinions.models import Supporter
from jiazhan.opinions.services import intake, joining, telling, triage
from jiazhan.opinions.states import State
from tests import factories
from tests.factories import NOW

NEIGHBOUR = intake.Author(name="邻居", phone="13900139000")


def join(opinion, **given):
    given = {"author": NEIGHBOUR, "note": "", "nonce": factories.nonce(), "at": NOW} | given
    return joining.join(opinion, **given)


def author_of(opinion):
    return audit.Actor(kind="author", name="反映人", id=str(opinion.pk))


def test_who_joins_gets_a_code_and_every_answer(county):
    opinion = factories.opinion(county)
    joined = join(opinion)
    assert access.by_follow_code(joined.follow_code) == joined.supporter
    opinion.refresh_from_db()
    assert opinion.supporters_count == 1
    telling.tell_authors(opinion, "opinion-replied", text="有答复了。", at=NOW)
    assert Notice.objects.filter(kind="opinion-replied", way="sms").count() == 1


def test_the_same_form_joins_once(county):
    opinion, nonce = factories.opinion(county), factories.nonce()
    assert join(opinion, nonce=nonce).follow_code == join(opinion, nonce=nonce).follow_code
    assert Supporter.objects.count() == 1


def test_the_same_phone_joins_once(county):
    opinion = factories.opinion(county)
    join(opinion)
    with pytest.raises(joining.AlreadyJoined):
        join(opinion, author=intake.Author(phone="139 0013 9000"))
    join(opinion, author=intake.Author(phone="13900139001"))


def test_the_author_does_not_join_their_own_matter(county):
    resident = factories.resident()
    opinion = factories.opinion(county, author=intake.Author(account=resident))
    with pytest.raises(joining.AlreadyJoined):
        join(opinion, author=intake.Author(account=resident))


def test_an_ended_or_locked_matter_is_not_joined(county):
    ended = triage.decline(factories.opinion(county), reason="重复。", by=county.officer, at=NOW)
    locked = triage.lock_as_accusation(factories.opinion(county), by=county.officer, at=NOW)
    for opinion in (ended, locked):
        with pytest.raises(joining.NotOpen):
            join(opinion)
    join(factories.opinion(county))


def test_the_author_takes_it_back_and_nobody_else_does(county):
    opinion, other = factories.opinion(county), factories.opinion(county)
    with pytest.raises(joining.NotTheAuthor):
        joining.withdraw(opinion, by=author_of(other), at=NOW)
    assert joining.withdraw(opinion, by=author_of(opinion), at=NOW).state == State.WITHDRAWN


def test_a_matter_that_others_joined_goes_on_without_its_author(county):
    opinion = factories.opinion(county, author=intake.Author(name="王某", phone="13800138000"))
    join(opinion)
    left = joining.withdraw(opinion, by=author_of(opinion), at=NOW)
    left.refresh_from_db()
    assert left.state == State.REGISTERED
    assert (left.author_phone_digest, bytes(left.author_phone_sealed), bytes(left.author_name_sealed)) == ("", b"", b"")
