"""A figure is the number of its cases, whatever happened; satisfaction never counts who did not evaluate."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiazhan.kernel.outcomes import Grade, OutcomeClass
from jiazhan.people.models import Account
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.selectors import statistics
from jiazhan.suggestions.services import evaluating, promises, reminders
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import later

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        yield county


@pytest.fixture
def clerk(county):
    return Account.objects.get(pk=county.affairs.pk)


def counted(clerk, **given):
    return statistics.figures(statistics.counted_for(clerk, **given))


def test_a_year_of_four_proposals_gives_the_figures_that_a_person_would_count(county, clerk):
    walking.evaluated(walking.replied(county), county.deputy)
    walking.evaluated(walking.replied(county), county.deputy, Grade.DISSATISFIED)
    unrated = walking.replied(county, outcome=OutcomeClass.PLANNED, promise=("改造完工", date(2027, 6, 30)))
    walking.in_progress(county)
    walking.submitted(county)
    reminders.conclude_unrated(at=later(days=60))
    found = counted(clerk)
    numbers = {name: (each.count, each.of) for name, each in found.items()}
    assert numbers["replied"] == (3, 4)
    assert numbers["on_time"] == (3, 3)
    assert numbers["contacted"] == (3, 3)
    assert numbers["satisfied"] == (1, 3)
    assert numbers["dissatisfied"] == (1, 3)
    assert numbers["unrated"] == (1, 3)
    assert numbers["resolved"] == (1, 4)
    assert numbers["claimed"] == (2, 3)
    assert found["satisfied"].share == 33.3
    assert counted(clerk, year=1999)["satisfied"].share is None
    promise = unrated.promises.get()
    promises.break_(promise, reason="还没有动工", by=county.deputy.account, at=later(days=300))
    kept = statistics.promises(statistics.counted_for(clerk))
    assert (kept.kept, kept.broken, kept.open, kept.share) == (0, 1, 0, 0.0)
    assert list(statistics.cases(statistics.counted_for(clerk), "promise-broken")) == [unrated]


def test_a_second_round_counts_as_handled_again_and_keeps_the_first_grade(county, clerk):
    proposal = walking.evaluated(walking.replied(county), county.deputy, Grade.DISSATISFIED)
    evaluating.reorder(proposal, by=county.affairs, at=later(days=3))
    walking.answer(proposal, county, at=later(days=9))
    walking.evaluated(proposal, county.deputy, at=later(days=10))
    found = counted(clerk)
    assert (found["rehandled"].count, found["dissatisfied"].count, found["satisfied"].count) == (1, 1, 0)
    assert found["resolved"].count == 1


def test_what_nobody_could_evaluate_yet_is_not_unrated(county, clerk):
    walking.replied(county)
    assert counted(clerk)["unrated"].count == 0


def test_a_desk_counts_its_own_congress_alone_and_others_nothing(county, clerk):
    walking.replied(county)
    assert counted(clerk)["replied"].count == 1
    for person in (county.handler, county.officer, county.director, county.deputy.account):
        assert not statistics.counted_for(Account.objects.get(pk=person.pk)).exists()


@pytest.mark.parametrize("name", ["", "all", "outcome-best", "promise-"])
def test_a_figure_that_is_none_has_no_cases(county, clerk, name):
    with pytest.raises(KeyError):
        statistics.cases(statistics.counted_for(clerk), name)


GRADES = st.sampled_from([*Grade, None])


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=st.lists(st.tuples(GRADES, GRADES, st.sampled_from(OutcomeClass)), min_size=1, max_size=3))
def test_every_figure_is_the_number_of_its_cases_after_any_history(county, clerk, lives):
    Proposal.objects.update(state="withdrawn")
    for first, second, outcome in lives:
        promise = ("按期完成", date(2027, 6, 30)) if outcome in {"in_progress", "planned"} else None
        proposal = walking.replied(county, outcome=outcome, promise=promise)
        if first is not None:
            proposal = walking.evaluated(proposal, county.deputy, first)
        if first == Grade.DISSATISFIED:
            evaluating.reorder(proposal, by=county.affairs, at=later(days=3))
            walking.answer(proposal, county, at=later(days=9), outcome=outcome, promise=promise)
            if second is not None:
                walking.evaluated(proposal, county.deputy, second, at=later(days=10))
    rows = statistics.counted_for(clerk)
    assert rows.count() == len(lives)
    found = statistics.figures(rows)
    for name, each in found.items():
        assert each.count == statistics.cases(rows, name).count(), name
        assert each.count <= each.of
    rated = [found[name].count for name in ("satisfied", "basically_satisfied", "dissatisfied", "unrated")]
    assert sum(rated) == found["satisfied"].of
    for outcome, number in statistics.outcomes(rows).items():
        assert statistics.cases(rows, f"outcome-{outcome}").count() == number
    for field in ("host", "category", "year"):
        groups = statistics.by_field(rows, field)
        assert sum(group["count"] for group in groups) == len(lives)
        assert sum(group["satisfied"].count for group in groups) == found["satisfied"].count
