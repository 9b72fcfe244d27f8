"""The table of steps: what it refuses, and the faults it finds in itself."""

import pytest

from jiazhan.kernel.workflow import Step, StepRefused, Workflow
from jiazhan.opinions.states import OPEN, WORKFLOW, State

LABELS = {state: (state, state) for state in ("open", "held", "shut", "lost")}
SOUND = {"hold": Step({"open"}, "held"), "shut": Step({"open", "held"}, "shut")}


def workflow(**more: Step) -> Workflow:
    return Workflow(start="open", final=frozenset({"shut"}), steps=SOUND | more, labels=LABELS)


def test_a_sound_table_has_no_faults():
    assert workflow().check() == []


def test_an_unreachable_state_is_named():
    assert workflow(find=Step({"lost"}, "held")).check() == ["lost is never reached from open"]


def test_a_dead_end_is_named():
    assert workflow(lose=Step({"open"}, "lost")).check() == ["lost is a dead end: no final state follows"]


def test_a_state_without_words_is_named():
    table = Workflow(start="open", final=frozenset({"shut"}), steps=SOUND, labels={"open": ("", ""), "shut": ("", "")})
    assert table.check() == ["held has no words"]


def test_a_loop_that_never_ends_is_a_dead_end():
    table = workflow(lose=Step({"open"}, "lost"), turn=Step({"lost"}, "lost"))
    assert table.check() == ["lost is a dead end: no final state follows"]


def test_a_step_is_taken_from_its_states_only():
    assert workflow().target("hold", "open") == "held"
    with pytest.raises(StepRefused) as refusal:
        workflow().target("hold", "held")
    assert (refusal.value.step, refusal.value.state, refusal.value.code) == ("hold", "held", "step-refused")
    assert "刷新" in str(refusal.value)
    assert not workflow().allows("hold", "shut")


def test_an_unknown_step_is_a_mistake_of_the_program():
    with pytest.raises(KeyError):
        workflow().target("fly", "open")


def test_the_steps_of_a_state_come_in_the_order_of_the_table():
    assert list(workflow().steps_from("open")) == ["hold", "shut"]
    assert list(workflow().steps_from("shut")) == []


def test_the_life_of_an_opinion_is_sound_and_names_every_state():
    assert WORKFLOW.check() == []
    assert WORKFLOW.states == set(State)


def test_nothing_but_the_ends_of_an_opinion_is_final():
    assert WORKFLOW.final == set(State) - OPEN
    # A merged matter can be taken apart again, a refused one can go back to the street.
    leaving = {state for state in WORKFLOW.final if WORKFLOW.steps_from(state)}
    assert leaving == {State.MERGED, State.REVIEW_REJECTED}


def test_every_step_has_a_verb_and_a_sentence():
    for name, step in WORKFLOW.steps.items():
        assert str(step.label), name
        assert str(step.hint).endswith("。"), name
