"""The list and the page of a proposal at the congress's desk: what waits, what can be done, refusals with their words kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiazhan.kernel.outcomes import Grade
from jiazhan.kernel.parameters import forget
from jiazhan.people.roles import Role
from jiazhan.places.services.settings import set_parameter
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.services import assigning, checking, evaluating, extensions, units
from jiazhan.suggestions.states import State
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW

MOST_STATEMENTS = 12
QUEUE = "/office/proposals/"


def of(proposal, act=""):
    name = f"office:proposal-{act}" if act else "office:proposal"
    return reverse(name, kwargs={"jurisdiction": proposal.jurisdiction, "proposal_id": proposal.pk})


def content(answer):
    return answer.content.decode()


@pytest.mark.parametrize("query", ["?tab=check", "?tab=all&year=2026&overdue=1", "?q=排水&tab=all", "?tab=rule"])
def test_the_list_costs_the_same_whatever_the_rows(query, county, sign_in):
    browser = sign_in(county.affairs)
    browser.get(QUEUE + query)
    counts = []
    for _round in range(2):
        for _each in range(4):
            walking.submitted(county, text={"title": f"关于改造老旧排水管网的建议{factories.serial()}"})
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(QUEUE + query).status_code == 200
        counts.append(len([each for each in captured if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]))
    assert counts[0] == counts[1] <= MOST_STATEMENTS
