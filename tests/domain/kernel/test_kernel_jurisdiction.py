"""Rows stay in their jurisdiction, and nothing points across."""

import pytest
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from jiazhan.kernel import scope
from jiazhan.kernel.jurisdiction import is_code
from jiazhan.kernel.models import Counter
from jiazhan.opinions.models import Opinion, Supporter
from tests.factories import opinion


@pytest.fixture
def matters(county, neighbour):
    """A matter in each of two counties, both in scope."""
    with scope.within([county.code, neighbour.code]):
        yield opinion(county), opinion(neighbour)


def supporter(matter: Opinion, jurisdiction: str) -> Supporter:
    return Supporter.objects.create(
        jurisdiction=jurisdiction,
        opinion=matter,
        follow_code_digest=f"{jurisdiction}-{matter.pk}"[:43],
        nonce=f"{jurisdiction}-{matter.pk}",
        joined_at=matter.raised_at,
    )


def test_a_reference_across_a_border_is_refused_by_the_database(matters):
    ours, theirs = matters
    supporter(ours, ours.jurisdiction)
    with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():
        supporter(theirs, ours.jurisdiction)


def test_the_reference_is_checked_at_once_not_at_the_commit(matters):
    ours, theirs = matters
    with transaction.atomic():
        with pytest.raises(IntegrityError), transaction.atomic():
            supporter(theirs, ours.jurisdiction)
        assert not Supporter.objects.exists()


def test_the_jurisdiction_of_a_loaded_row_never_changes(matters):
    ours, theirs = matters
    loaded = Opinion.objects.get(jurisdiction=ours.jurisdiction, pk=ours.pk)
    loaded.jurisdiction = theirs.jurisdiction
    with pytest.raises(FieldError), transaction.atomic():
        loaded.save()
    assert Opinion.objects.filter(jurisdiction=ours.jurisdiction, pk=ours.pk).exists()


def test_the_jurisdiction_of_a_row_just_made_never_changes(matters):
    counter = Counter.objects.create(jurisdiction="990106", series="己")
    counter.jurisdiction = "990107"
    with pytest.raises(FieldError), transaction.atomic():
        counter.save()
    assert not Counter.objects.filter(jurisdiction="990107", series="己").exists()


def test_many_rows_cannot_be_moved_at_once_either(matters):
    with pytest.raises(FieldError):
        Opinion.objects.update(jurisdiction="990107")
    assert Opinion.objects.filter(jurisdiction="990106").count() == 1
    assert Opinion.objects.filter(jurisdiction="990106").update(title="改") == 1


def test_many_rows_are_made_in_one_jurisdiction_at_a_time(matters):
    with pytest.raises(FieldError):
        Counter.objects.bulk_create(Counter(jurisdiction=code, series="己") for code in ("990106", "990107"))
    assert len(Counter.objects.bulk_create(Counter(jurisdiction="990106", series=name) for name in "甲乙")) == 2


def test_one_id_may_stand_in_two_jurisdictions_and_is_never_confused(matters):
    mine = Counter.objects.create(jurisdiction="990106", series="己")
    other = Counter.objects.create(id=mine.pk, jurisdiction="990107", series="彼")
    mine.last = 7
    mine.save()
    other.refresh_from_db()
    assert (other.series, other.last) == ("彼", 0)
    mine.refresh_from_db()
    assert (mine.series, mine.last) == ("己", 7)


def test_saves_joins_and_related_rows_carry_the_jurisdiction(matters):
    ours, _theirs = matters
    row = supporter(ours, ours.jurisdiction)
    with CaptureQueriesContext(connection) as queries:
        row.save()
        list(ours.supporters.all())
        list(Supporter.objects.filter(jurisdiction=ours.jurisdiction).select_related("opinion"))
        row.refresh_from_db()
        list(Opinion.objects.filter(jurisdiction=ours.jurisdiction).prefetch_related("supporters"))
        list(Supporter.objects.filter(jurisdiction=ours.jurisdiction).prefetch_related("opinion"))
    for query in queries:
        assert '"jurisdiction"' in query["sql"].split("FROM", 1)[-1], query["sql"]
    joined = next(query["sql"] for query in queries if "JOIN" in query["sql"])
    assert '"opinions_supporter"."jurisdiction"' in joined.split("JOIN")[1]


def test_prefetched_rows_land_on_their_own_matter(matters):
    for matter in matters:
        supporter(matter, matter.jurisdiction)
    found = Opinion.objects.prefetch_related("supporters", "supporters__opinion").order_by("jurisdiction")
    for matter in found:
        assert [each.jurisdiction for each in matter.supporters.all()] == [matter.jurisdiction]
        assert matter.supporters.all()[0].opinion == matter
    assert len(found) == 2


@pytest.mark.parametrize("code", ["33", "3301", "330106", "330106001"])
def test_codes_of_areas_have_two_four_six_or_nine_digits(code):
    assert is_code(code)


@pytest.mark.parametrize("code", ["", "3", "330", "33010", "3301060", "330106001001", "33010a", "330106\n", "３３"])
def test_anything_else_is_no_code(code):
    assert not is_code(code)
