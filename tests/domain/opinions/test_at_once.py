"""Two people at once: one of them acts, the other is told so, nothing is lost or doubled."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from jiazhan.audit.verification import Verified, verify
from jiazhan.kernel import scope
from jiazhan.kernel.workflow import StepRefused
from jiazhan.opinions.models import Assignment, Delivery, Opinion, Reply, TransferLetter
from jiazhan.opinions.services import ending, extensions, replies, street, units
from jiazhan.opinions.states import State
from jiazhan.people.models import Account
from tests.domain.opinions import walking
from tests.factories import NOW, County, later

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county():
    return County()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start together, each in its own scope; what each returned or raised."""
    results: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            start.wait(20)
            with scope.within(["990106"]):
                results[number] = act()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def fresh(matter: Opinion) -> Opinion:
    return Opinion.objects.get(jurisdiction=matter.jurisdiction, pk=matter.pk)


def again(person: Account) -> Account:
    return Account.objects.get(pk=person.pk)


def refusals(results: list[Any]) -> list[Any]:
    return [each for each in results if isinstance(each, Exception)]


def test_two_heads_sign_one_reply(county):
    with county.within():
        matter = walking.handling_department(county)
        second_head = county.appoint("unit_head")
        draft = replies.save_draft(matter, body="已清淤。", outcome="resolved", by=county.handler, at=NOW)
        draft = replies.submit(matter, version=draft.version, by=county.handler, at=NOW)
    heads = [county.unit_head, second_head]
    results = at_once(
        *[
            lambda head=head: replies.sign_reply(fresh(matter), version=draft.version, by=again(head), at=NOW)
            for head in heads
        ]
    )
    assert [type(each) for each in refusals(results)] == [StepRefused]
    with county.within():
        reply = Reply.objects.get()
        assert reply.number.endswith("〔2026〕1号")
        assert Delivery.objects.count() == 3
        assert isinstance(verify(county.code), Verified)


def test_two_handlers_save_one_draft(county):
    with county.within():
        matter = walking.handling_department(county)
        draft = replies.save_draft(matter, body="起头。", by=county.handler, at=NOW)
    people = [county.handler, county.unit_head]
    results = at_once(
        *[
            lambda person=person: replies.save_draft(
                fresh(matter), body=f"{person.name}写的。", version=draft.version, by=again(person), at=NOW
            )
            for person in people
        ]
    )
    (refusal,) = refusals(results)
    (saved,) = [each for each in results if isinstance(each, Reply)]
    assert isinstance(refusal, replies.ReplyChanged)
    assert refusal.theirs.body == saved.body
    with county.within():
        assert Reply.objects.get().body == saved.body


def test_two_first_drafts(county):
    with county.within():
        matter = walking.handling_department(county)
    results = at_once(
        *[
            lambda person=person: replies.save_draft(fresh(matter), body=person.name, by=again(person), at=NOW)
            for person in (county.handler, county.unit_head)
        ]
    )
    assert [type(each) for each in refusals(results)] == [replies.ReplyChanged]


def test_two_rulings_on_one_objection(county):
    with county.within():
        matter = walking.assigned_department(county)
        county.other_department  # noqa: B018
        units.object_to(matter, reason="属城管局。", by=county.handler, at=NOW)
    by = county.dispatcher
    results = at_once(
        lambda: units.uphold(fresh(matter), reason="办。", by=again(by), at=NOW),
        lambda: units.reassign(fresh(matter), unit=county.other_department, reason="改派。", by=again(by), at=NOW),
    )
    assert [type(each) for each in refusals(results)] == [StepRefused]
    with county.within():
        assert Assignment.objects.filter(ended_at=None).count() == 1
        assert fresh(matter).objections.get().ruling in {"upheld", "reassigned"}


def test_an_extension_granted_and_refused(county):
    with county.within():
        matter = walking.handling_department(county)
        extensions.request_extension(matter, reason="需时。", by=county.handler, at=NOW)
    by = county.dispatcher
    results = at_once(
        lambda: extensions.grant_extension(fresh(matter), by=again(by), at=NOW),
        lambda: extensions.refuse_extension(fresh(matter), reason="不。", by=again(by), at=NOW),
    )
    assert [type(each) for each in refusals(results)] == [extensions.NothingRequested]


def test_many_letters_of_one_station_get_their_own_numbers(county):
    with county.within():
        matters = [walking.directed(county) for _ in range(4)]
        county.street_handler  # noqa: B018
    unit, by = county.street_office, county.director
    results = at_once(
        *[
            lambda matter=matter: street.assign_street(fresh(matter), unit=unit, by=again(by), at=NOW)
            for matter in matters
        ]
    )
    assert refusals(results) == []
    with county.within():
        numbers = sorted(TransferLetter.objects.values_list("number", flat=True))
        assert numbers == [f"01-2026-{n:04d}" for n in (1, 2, 3, 4)]


def test_one_matter_assigned_twice(county):
    with county.within():
        matter = walking.directed(county)
    unit, by = county.street_office, county.director
    acts = [lambda: street.assign_street(fresh(matter), unit=unit, by=again(by), at=NOW)] * 2
    assert [type(each) for each in refusals(at_once(*acts))] == [StepRefused]
    with county.within():
        assert TransferLetter.objects.get().number == "01-2026-0001"


def test_the_author_rates_while_the_window_closes(county):
    with county.within():
        matter = walking.handling_street(county)
        walking.replied(matter, county)
    results = at_once(
        lambda: ending.rate(fresh(matter), grade="satisfied", by=walking.author_of(matter), at=later(days=22)),
        lambda: ending.close_unrated(fresh(matter), at=later(days=22)),
    )
    assert [type(each) for each in refusals(results)] == [StepRefused]
    with county.within():
        late = fresh(matter)
        assert (late.state, late.grade) in {(State.RATED, "satisfied"), (State.CLOSED, "")}
