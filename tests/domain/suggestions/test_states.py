"""The three tables of steps are sound."""

import pytest

from jiazhan.suggestions.states import HANDLING, MEETING, WORKFLOW


@pytest.mark.parametrize("table", [WORKFLOW, HANDLING, MEETING], ids=["proposal", "part", "meeting"])
def test_no_state_is_out_of_reach_and_none_is_a_dead_end(table):
    assert table.check() == []
