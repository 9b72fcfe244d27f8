"""Two people of a unit at once: one of them acts, the other is told so, nothing is lost or doubled."""

from collections.abc import Callable
from typing import Any

import pytest

from jiazhan.documents.models import Document
from jiazhan.kernel import scope
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account
from jiazhan.suggestions.models import Contact, Handling, Reply, ReplyCopy
from jiazhan.suggestions.services import extensions, replies, units
from tests.at_once import at_once
from tests.domain.suggestions import walking
from tests.factories import NOW, County

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county():
    return County()


def inside(act: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        with scope.within(["990106"]):
            return act()

    return run


def again(person: Account) -> Account:
    return Account.objects.get(pk=person.pk)


def fresh(part: Handling) -> Handling:
    return Handling.objects.get(jurisdiction=part.jurisdiction, pk=part.pk)


def refusals(results: list[Any]) -> list[type]:
    return [type(each) for each in results if isinstance(each, Exception)]


def test_two_heads_who_sign_one_reply_send_it_once(county):
    with county.within():
        proposal = walking.in_progress(county, county.make_deputy("林静"))
        walking.contacted(proposal, county)
        part = walking.part(proposal)
        heads = [county.unit_head, county.appoint("unit_head")]
        draft = replies.save_draft(part, body="已办。", outcome="resolved", by=county.handler, at=NOW)
        draft = replies.submit(part, version=draft.version, by=county.handler, at=NOW)
    sign = [
        inside(lambda head=head: replies.sign_reply(fresh(part), version=draft.version, by=again(head), at=NOW))
        for head in heads
    ]
    assert refusals(at_once(*sign)) == [StepRefused]
    with county.within():
        assert ReplyCopy.objects.count() == 2
        assert Document.objects.filter(kind="proposal_reply").count() == 2
        assert Reply.objects.get().number.endswith("1号")


def test_two_handlers_who_begin_a_draft_at_once_keep_both_texts(county):
    with county.within():
        part = walking.part(walking.in_progress(county))
        people = [county.handler, county.appoint("handler")]
    save = [
        inside(lambda who=who: replies.save_draft(fresh(part), body=f"{who.pk}", by=again(who), at=NOW))
        for who in people
    ]
    results = at_once(*save)
    assert refusals(results) == [replies.ReplyChanged]
    theirs = next(each for each in results if isinstance(each, Exception)).theirs
    with county.within():
        assert Reply.objects.get().body == theirs.body


def test_a_head_who_signs_and_a_handler_who_saves_do_not_cross(county):
    with county.within():
        proposal = walking.in_progress(county)
        walking.contacted(proposal, county)
        part = walking.part(proposal)
        draft = replies.save_draft(part, body="局长写的。", outcome="resolved", by=county.unit_head, at=NOW)
        county.handler  # noqa: B018
    results = at_once(
        inside(lambda: replies.sign_reply(fresh(part), version=draft.version, by=again(county.unit_head), at=NOW)),
        inside(
            lambda: replies.save_draft(
                fresh(part), body="经办人改的。", version=draft.version, by=again(county.handler), at=NOW
            )
        ),
    )
    assert refusals(results) in ([StepRefused], [replies.ReplyChanged])
    with county.within():
        reply = Reply.objects.get()
        assert (reply.state == "signed") == (reply.body == "局长写的。")


def test_one_talk_sent_twice_at_once_is_one_entry(county):
    with county.within():
        proposal = walking.in_progress(county)
        part, lead = walking.part(proposal), proposal.lead
    given = {
        "phase": "before", "mode": "phone", "held_at": NOW, "people": "李工", "summary": "谈过。", "at": NOW,
    }  # fmt: skip
    log = inside(lambda: units.log_contacts(fresh(part), deputies=[lead], by=again(county.handler), **given))
    assert refusals(at_once(log, log)) == []
    with county.within():
        assert Contact.objects.count() == 1


def test_two_heads_who_ask_for_time_ask_once(county):
    with county.within():
        part = walking.part(walking.in_progress(county))
        heads = [county.unit_head, county.appoint("unit_head")]
    ask = [
        inside(lambda head=head: extensions.request_extension(fresh(part), reason="难。", by=again(head), at=NOW))
        for head in heads
    ]
    assert refusals(at_once(*ask)) == [extensions.AlreadyAsked]


def test_receiving_and_giving_away_at_once_leaves_one_holder(county):
    with county.within():
        part = walking.part(walking.assigned(county))
        county.street_office, county.handler  # noqa: B018
    at_once(
        inside(lambda: units.sign(fresh(part), by=again(county.handler), at=NOW)),
        inside(
            lambda: units.reassign(
                fresh(part), unit=county.street_office, reason="属地。", by=again(county.affairs), at=NOW
            )
        ),
    )
    with county.within():
        held = Handling.objects.exclude(state="released")
        assert [each.unit for each in held.select_related("unit")] == [county.street_office]
