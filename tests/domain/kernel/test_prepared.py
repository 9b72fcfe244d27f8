"""A read that is made once gives what the ORM would give anew, and nothing of another transaction's scope."""

from datetime import date
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from jiazhan.kernel import scope
from jiazhan.kernel.prepared import prepared
from jiazhan.opinions.models import Opinion
from jiazhan.people.models import Account, Post
from tests.factories import opinion


@prepared
def matters(jurisdiction: str, urgency: str):
    return (
        Opinion.objects.filter(jurisdiction=jurisdiction, urgency=urgency)
        .select_related("station", "unit")
        .order_by("pk")
    )


@prepared
def posts(account: UUID, today: date):
    return Post.objects.filter(account=account, starts_on__lte=today).values_list("role", "area")


@prepared
def holders(kind: str):
    return Account.objects.filter(kind=kind).annotate(held=Count("posts")).order_by("name")


def test_rows_are_those_of_the_queryset_with_what_they_refer_to(county):
    with county.within():
        made = [opinion(county), opinion(county)]
        assert matters(county.code, "normal") == made
        assert matters(county.code, "urgent") == []
        with CaptureQueriesContext(connection) as asked:
            found = matters(county.code, "normal")[0]
            assert (found.station, found.unit) == (county.station, None)
            found.title = "改"
            found.save(update_fields=["title"])
    assert [each["sql"].split()[0] for each in asked] == ["SELECT", "UPDATE"]
    assert f"'{county.code}'" in asked[0]["sql"]


def test_rows_may_be_tuples_or_carry_an_annotation(county):
    officer = county.officer
    assert posts(officer.pk, date(2030, 1, 1)) == [(Post.objects.get(account=officer).role, county.street.pk)]
    assert posts(officer.pk, date(1990, 1, 1)) == []
    assert {each.name: each.held for each in holders("staff")} == {officer.name: 1}


def test_a_prepared_read_sees_the_scope_of_its_own_transaction(county, neighbour):
    with scope.within([county.code, neighbour.code]):
        opinion(county), opinion(neighbour)
    for _each in range(8):
        # Beyond the fifth time PostgreSQL may keep one plan for all.
        for code in (county.code, neighbour.code):
            with scope.within([code]):
                assert [each.jurisdiction for each in matters(code, "normal")] == [code]
            with scope.within([county.code]):
                assert len(matters(code, "normal")) == (code == county.code)


def test_a_value_that_does_not_go_in_as_it_is_is_refused():
    @prepared
    def alike(name: str):
        return Account.objects.filter(name__contains=name)

    @prepared
    def unused(name: str, kind: str):
        return Account.objects.filter(name=name)

    for read, given in [(alike, ["王"]), (unused, ["王", "staff"])]:
        with pytest.raises(TypeError, match="as it is"):
            read(*given)
    with pytest.raises(TypeError, match="by place"):
        posts(account=UUID(int=1), today=date(2030, 1, 1))


@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_should_begin_with_is_not_left_for_the_next(county):
    with scope.within([county.code]):
        opinion(county)
    with pytest.raises(ZeroDivisionError), connection.beginning_with(f"SET LOCAL jiazhan.scope = '{county.code}'"):
        1 / 0  # noqa: B018
    with transaction.atomic():
        assert not Opinion.objects.exists()
    with connection.beginning_with(f"SET LOCAL jiazhan.scope = '{county.code}'"):
        with transaction.atomic():
            assert Opinion.objects.exists()
        with transaction.atomic():
            assert not Opinion.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_is_replaced_at_the_next_request(county):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (ended,) = cursor.fetchone()
    assert connection.is_usable()
    with connection.connection.__class__.connect(connection.connection.info.dsn) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [ended])
    assert not connection.is_usable()
    connection.health_check_enabled = True
    connection.health_check_done = False
    assert Account.objects.exists() in (True, False)
