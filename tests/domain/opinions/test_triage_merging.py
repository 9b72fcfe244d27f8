"""Merging: one matter for what several said, whatever the order in which it is done and undone."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiazhan.kernel import scope
from jiazhan.kernel.workflow import StepRefused
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.selectors import timeline_for_author
from jiazhan.opinions.services import intake, triage
from jiazhan.opinions.states import State
from tests import factories
from tests.factories import NOW, County


def merge(county, opinion, into):
    return triage.merge(opinion, into=into, by=county.officer, at=NOW)


def test_a_merged_author_hears_what_becomes_of_the_other(county):
    first, second = factories.opinion(county), factories.opinion(county)
    merged = merge(county, second, first)
    assert (merged.state, merged.merged_into) == (State.MERGED, first)
    triage.accept(first, deputy=county.deputy, by=county.officer, at=factories.later(minutes=1))
    assert [line.action for line in timeline_for_author(merged)][-2:] == ["opinion.merge", "opinion.accept"]


def test_merging_into_itself_into_a_merged_one_or_an_answered_one_is_refused(county):
    first, second, third = (factories.opinion(county) for _ in range(3))
    with pytest.raises(triage.MergeRefused, match="它自己"):
        merge(county, first, first)
    merge(county, second, first)
    with pytest.raises(triage.MergeRefused, match="已经并入"):
        merge(county, third, second)
    with pytest.raises(StepRefused):
        merge(county, second, third)
    triage.decline(first, reason="无关。", by=county.officer, at=NOW)
    with pytest.raises(triage.MergeRefused, match="不能再并入"):
        merge(county, third, first)


def test_matters_of_two_counties_are_never_merged(db):
    county = County()
    other = County(code="990107", name="临江区")
    with scope.within(["990106", "990107"]):
        here, there = factories.opinion(county), factories.opinion(other)
        with pytest.raises(triage.MergeRefused, match="同一个区县"):
            merge(county, here, there)


def test_a_matter_made_single_again_waits_for_triage(county):
    first, second = factories.opinion(county), factories.opinion(county)
    merged = merge(county, second, first)
    single = triage.unmerge(merged, by=county.officer, at=NOW)
    assert (single.state, single.merged_into) == (State.REGISTERED, None)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.one_of(
            st.tuples(st.just("merge"), st.integers(0, 4), st.integers(0, 4)),
            st.tuples(st.just("unmerge"), st.integers(0, 4), st.just(0)),
        ),
        max_size=12,
    )
)
def test_whatever_is_merged_nothing_hangs_deeper_than_one_and_no_author_is_lost(county, acts):
    author = [intake.Author(is_anonymous=True, headcount=n + 1) for n in range(5)]
    ids = [factories.opinion(county, author=author[n]).pk for n in range(5)]
    everyone = sum(range(1, 6))
    for act, one, other in acts:
        opinion, into = Opinion.objects.get(pk=ids[one]), Opinion.objects.get(pk=ids[other])
        try:
            if act == "merge":
                merge(county, opinion, into)
            else:
                triage.unmerge(opinion, by=county.officer, at=NOW)
        except (triage.MergeRefused, StepRefused):
            continue
    rows = list(Opinion.objects.filter(pk__in=ids).select_related("merged_into"))
    for row in rows:
        assert (row.state == State.MERGED) == (row.merged_into is not None)
        assert row.merged_into is None or row.merged_into.merged_into is None
    going_on = [row for row in rows if row.merged_into is None]
    assert sum(row.headcount + row.supporters_count for row in going_on) == everyone
