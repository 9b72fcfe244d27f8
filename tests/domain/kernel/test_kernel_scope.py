"""The second lock: what a transaction sees and writes is what its scope holds, in the database itself."""

import threading

import pytest
from django.db import Error, IntegrityError, connection, transaction

from jiazhan.kernel import scope
from jiazhan.kernel.models import Counter
from jiazhan.kernel.scope import ScopeWidened
from jiazhan.opinions.models import Opinion
from tests.factories import opinion


def numbers() -> set[str]:
    return {each.jurisdiction for each in Opinion.objects.all()}


@pytest.fixture
def both(county, neighbour):
    """A matter in each of two counties."""
    with scope.within([county.code, neighbour.code]):
        opinion(county)
        opinion(neighbour)
    return [county.code, neighbour.code]


def test_a_scope_shows_its_own_rows_and_no_others(both):
    with scope.within(both):
        assert numbers() == {"990106", "990107"}
    with scope.within(["990106"]):
        assert numbers() == {"990106"}


def test_nothing_is_seen_outside_a_scope_even_later_in_the_same_transaction(both):
    assert numbers() == set()
    assert scope.current() == frozenset()


def test_an_empty_scope_sees_nothing(both):
    with scope.within([]):
        assert numbers() == set()


def test_the_city_s_code_does_not_stand_for_its_counties(both):
    # A city's view is spelt out as its counties (scale.md, rule 7).
    with scope.within(["9901"]):
        assert numbers() == set()


def test_an_inner_scope_narrows_and_the_outer_one_comes_back(both):
    with scope.within(both):
        with scope.within(["990107"]):
            assert numbers() == {"990107"}
            assert scope.current() == {"990107"}
        assert numbers() == {"990106", "990107"}


def test_an_inner_scope_never_widens(both):
    with scope.within(["990106"]):
        with pytest.raises(ScopeWidened) as refusal, scope.within(both):
            pass
        assert refusal.value.args == (["990107"],)
        assert numbers() == {"990106"}


def test_the_outer_scope_comes_back_after_a_failure(both):
    with scope.within(both):
        with pytest.raises(ZeroDivisionError), scope.within(["990106"]):
            1 / 0  # noqa: B018
        assert numbers() == {"990106", "990107"}
        assert scope.current() == set(both)


def test_a_refusal_of_the_database_comes_through_as_it_is(both):
    with scope.within(both):
        with pytest.raises(IntegrityError), scope.within(["990106"]), connection.cursor() as cursor:
            cursor.execute("INSERT INTO kernel_counter (jurisdiction, id, series, last) VALUES ('990106', NULL, '', 1)")
        assert numbers() == {"990106", "990107"}


@pytest.mark.parametrize("code", ["", "99", "9901", "990106", "990106001", "99010", "9901x6", "990106'; --", "九九"])
def test_only_area_codes_reach_the_database(db, code):
    if code in {"99", "9901", "990106", "990106001"}:
        with scope.within([code]):
            assert scope.current() == {code}
    else:
        with pytest.raises(ValueError, match="not area codes"), scope.within([code]):
            pass


def test_a_row_of_another_county_cannot_be_written(both):
    with scope.within(["990106"]):
        Counter.objects.create(jurisdiction="990106", series="己")
        with pytest.raises(Error, match="row-level security"), transaction.atomic():
            Counter.objects.create(jurisdiction="990107", series="彼")


def test_nothing_can_be_written_outside_a_scope(db):
    with pytest.raises(Error, match="row-level security"), transaction.atomic():
        Counter.objects.create(jurisdiction="990106", series="己")


def test_rows_of_another_county_are_neither_changed_nor_deleted(both):
    with scope.within(["990106"]):
        assert Opinion.objects.filter(jurisdiction="990107").update(title="改") == 0
        assert Opinion.objects.filter(jurisdiction="990106").update(title="改") == 1
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM opinions_opinion WHERE jurisdiction = '990107'")
            assert cursor.rowcount == 0
    with scope.within(["990107"]):
        assert not Opinion.objects.filter(title="改").exists()


def test_the_application_cannot_step_out_of_its_role(both):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND pg_has_role(current_user, c.relowner, 'MEMBER') AND c.relkind = 'r'"
        )
        assert cursor.fetchone() == (0,)
        with pytest.raises(Error), transaction.atomic():
            cursor.execute("ALTER TABLE opinions_opinion DISABLE ROW LEVEL SECURITY")


@pytest.mark.django_db(transaction=True)
def test_a_connection_carries_no_scope_into_its_next_transaction():
    with scope.within(["990106"]):
        Counter.objects.create(jurisdiction="990106", series="己")
        assert Counter.objects.count() == 1
    assert Counter.objects.count() == 0
    with transaction.atomic():
        assert Counter.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_another_thread_starts_without_a_scope():
    seen = []

    def look():
        seen.append((scope.current(), Counter.objects.count()))
        connection.close()

    with scope.within(["990106"]):
        Counter.objects.create(jurisdiction="990106", series="己")
        thread = threading.Thread(target=look)
        thread.start()
        thread.join(10)
    assert seen == [(frozenset(), 0)]
