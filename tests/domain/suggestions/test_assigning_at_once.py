"""Two clerks at the same moment: one of them acts, the other is told so, nothing is lost or doubled."""

from datetime import date

import pytest

from jiazhan.audit.verification import Verified, verify
from jiazhan.kernel import scope
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account
from jiazhan.people.services import imports
from jiazhan.suggestions.models import Batch, Handling, Proposal
from jiazhan.suggestions.services import assigning, checking, importing
from jiazhan.suggestions.states import State
from tests import factories
from tests.at_once import at_once
from tests.domain.suggestions import walking
from tests.domain.suggestions.test_importing import table
from tests.factories import NOW, County

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county():
    return County()


def scoped(act):
    def run():
        with scope.within(["990106"]):
            return act()

    return run


def again(person):
    return Account.objects.get(pk=person.pk)


def refusals(results):
    return [each for each in results if isinstance(each, Exception)]


def test_two_clerks_assign_overlapping_batches(county):
    with county.within():
        proposals = [walking.accepted(county) for _each in range(4)]
        clerks, units = (county.affairs, county.office), (county.department, county.other_department)

    def assign(clerk, unit, mine):
        plans = [assigning.Plan(each, (unit,)) for each in mine]
        return assigning.assign(plans, name="交办", by=again(clerk), at=NOW)

    results = at_once(
        scoped(lambda: assign(clerks[0], units[0], proposals[:3])),
        scoped(lambda: assign(clerks[1], units[1], list(reversed(proposals[1:])))),
    )
    (refused,) = refusals(results)
    assert isinstance(refused, assigning.PlanRefused)
    assert refused.proposal.pk in {each.pk for each in proposals[1:3]}
    with county.within():
        batch = Batch.objects.get()
        assert batch.count == 3
        assert Handling.objects.count() == 3
        assert Handling.objects.values("unit").distinct().count() == 1
        assert Proposal.objects.filter(state=State.ACCEPTED).count() == 1
        assert isinstance(verify("990106"), Verified)


def test_two_clerks_accept_one_and_no_number_is_lost(county):
    with county.within():
        proposal, category = walking.submitted(county), factories.category()
        clerks = (county.affairs, county.office)

    def accept(clerk):
        return checking.accept(Proposal.objects.get(pk=proposal.pk), category=category, by=again(clerk), at=NOW)

    results = at_once(*(scoped(lambda clerk=clerk: accept(clerk)) for clerk in clerks))
    assert [type(each) for each in refusals(results)] == [StepRefused]
    with county.within():
        assert walking.accepted(county).number.endswith("第2号建议")


def test_two_merge_crosswise_and_one_stands(county):
    with county.within():
        one, two = walking.accepted(county), walking.accepted(county)
        clerks = (county.affairs, county.office)
    results = at_once(
        scoped(lambda: checking.merge(one, into=two, by=again(clerks[0]), at=NOW)),
        scoped(lambda: checking.merge(two, into=one, by=again(clerks[1]), at=NOW)),
    )
    assert [type(each) for each in refusals(results)] == [checking.NotAlike]
    with county.within():
        assert sorted(Proposal.objects.values_list("state", flat=True)) == [State.ACCEPTED, State.MERGED]


def test_one_is_assigned_while_another_is_merged_into_it(county):
    with county.within():
        into, other = walking.accepted(county), walking.accepted(county)
        clerks, unit = (county.affairs, county.office), county.department
    results = at_once(
        scoped(lambda: assigning.assign([assigning.Plan(into, (unit,))], name="交办", by=again(clerks[0]), at=NOW)),
        scoped(lambda: checking.merge(other, into=into, by=again(clerks[1]), at=NOW)),
    )
    with county.within():
        assert walking.again(into).state == State.ASSIGNED
        merged = walking.again(other).state == State.MERGED
        assert merged == (not refusals(results))


def test_two_import_the_same_file_and_it_comes_in_once(county):
    with county.within():
        factories.category()
        county.make_deputy("林静")
        assert county.deputy
        assert county.department
        assert county.other_department
        walking.session(county, number=3, starts_on=date(2025, 1, 12), ends_on=date(2025, 1, 15))
        clerks, file = (county.affairs, county.office), table({}, {"编号": "九届三次第13号建议"})

    def take(clerk):
        kind = importing.table_of("990106")
        return imports.commit(kind, file, jurisdiction="990106", by=again(clerk), at=NOW)

    results = at_once(*(scoped(lambda clerk=clerk: take(clerk)) for clerk in clerks))
    assert refusals(results) == []
    assert sorted(each.changes_nothing for each in results) == [False, True]
    with county.within():
        assert Proposal.objects.count() == 2
