"""Two at once: the same form, the same counter, the same case."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from jiazhan.kernel.workflow import StepRefused
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import triage
from tests import factories
from tests.factories import NOW, County


def at_once(*acts):
    """Run acts in threads that start together; what each gave or raised."""
    gate = threading.Barrier(len(acts))

    def run(act):
        try:
            gate.wait()
            return act()
        except Exception as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
def test_the_same_form_from_two_tabs_is_one_matter():
    county, nonce = County(), factories.nonce()

    def send():
        with county.within():
            return factories.raised(county, nonce=nonce)

    for _time in range(3):
        first, second = at_once(send, send)
        assert first.follow_code == second.follow_code
        assert first.opinion.pk == second.opinion.pk
    with county.within():
        assert Opinion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_numbers_given_at_once_are_all_different_and_without_gap():
    county = County()

    def send():
        with county.within():
            return factories.opinion(county).number

    numbers = at_once(*[send] * 6)
    assert sorted(numbers) == [f"01-2026-{n:06d}" for n in range(1, 7)]


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_decide_at_once_one_is_told_that_it_changed():
    county = County()
    officer, deputy = county.officer, county.deputy
    with county.within():
        opinion = factories.opinion(county)

    def accept():
        with county.within():
            return triage.accept(opinion, deputy=deputy, by=officer, at=NOW)

    def decline():
        with county.within():
            return triage.decline(opinion, reason="重复。", by=officer, at=NOW)

    outcomes = at_once(accept, accept)
    assert sorted(type(each).__name__ for each in outcomes) == ["Opinion", "StepRefused"]
    refused = at_once(decline, decline)
    assert sum(isinstance(each, StepRefused) for each in refused) == 1


@pytest.mark.django_db(transaction=True)
def test_two_matters_merged_crosswise_at_once_do_not_block_each_other():
    county = County()
    officer = county.officer
    with county.within():
        one, other = factories.opinion(county), factories.opinion(county)

    def merge(opinion, into):
        with county.within():
            return triage.merge(opinion, into=into, by=officer, at=NOW)

    outcomes = at_once(lambda: merge(one, other), lambda: merge(other, one))
    assert sorted(type(each).__name__ for each in outcomes) == ["MergeRefused", "Opinion"]
