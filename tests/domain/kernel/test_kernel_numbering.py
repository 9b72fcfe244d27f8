"""Numbers without gaps, one for each asker, apart for each jurisdiction and series."""

import threading

import pytest
from django.db import Error, connection, transaction

from jiazhan.kernel import scope
from jiazhan.kernel.numbering import next_number


def test_numbers_follow_each_other_in_their_series_and_jurisdiction(county, neighbour):
    with scope.within([county.code, neighbour.code]):
        assert [next_number("转办", jurisdiction=county.code) for _ in range(3)] == [1, 2, 3]
        assert next_number("答复", jurisdiction=county.code) == 1
        assert next_number("转办", jurisdiction=neighbour.code) == 1


@transaction.atomic
def fail_after_numbering(jurisdiction: str) -> None:
    assert next_number("转办", jurisdiction=jurisdiction) == 2
    raise ZeroDivisionError


def test_an_act_that_fails_leaves_no_gap(county):
    with county.within():
        assert next_number("转办", jurisdiction=county.code) == 1
        with pytest.raises(ZeroDivisionError):
            fail_after_numbering(county.code)
        assert next_number("转办", jurisdiction=county.code) == 2


def test_no_number_is_given_outside_the_scope(county, neighbour):
    with county.within(), pytest.raises(Error), transaction.atomic():
        next_number("转办", jurisdiction=neighbour.code)
    with pytest.raises(Error), transaction.atomic():
        next_number("转办", jurisdiction=county.code)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_get_one_number():
    given, start = [], threading.Barrier(4)

    def ask():
        try:
            start.wait(10)
            for _ in range(10):
                with scope.within(["990106"]):
                    given.append(next_number("转办", jurisdiction="990106"))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(given) == list(range(1, 41))
