"""The manual's page of the workflow is in step with the table that the program runs by."""

from pathlib import Path

from django.conf import settings

from jiazhan.opinions.states import WORKFLOW, State
from jiazhan.opinions.workflow_page import PATH, page

STORED = Path(settings.ROOT) / PATH


def test_the_page_is_what_the_table_says():
    assert STORED.read_text(encoding="utf-8") == page(), "run script/docs"


def test_every_state_and_step_stands_on_the_page_and_in_a_picture():
    text = page()
    diagrams = "".join(part.split("```")[0] for part in text.split("```mermaid")[1:])
    for state in State:
        assert f"`{state.value}`" in text
        assert f"    {state.value}: {state.label}\n" in diagrams
    for name, step in WORKFLOW.steps.items():
        assert f"| `{name}` |" in text
        for source in step.sources:
            edge = next(
                line
                for line in diagrams.splitlines()
                if line.startswith(f"    {State(source).value} --> {State(step.target).value}: ")
            )
            assert str(step.label) in edge


def test_every_step_names_somebody():
    rows = [line.split(" | ") for line in page().splitlines() if line.startswith("| ") and line.count(" | ") == 5]
    assert len(rows) == len(WORKFLOW.steps) + 1
    assert all(row[2].strip() for row in rows)
