"""The manual's page of the workflow is in step with the table that the program runs by."""

from pathlib import Path

import pytest
from django.conf import settings

from jiazhan.opinions.states import WORKFLOW, State
from jiazhan.opinions.workflow_page import PATH, page
from jiazhan.suggestions import workflow_page as proposals

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


def test_the_page_of_proposals_is_what_the_tables_say():
    stored = Path(settings.ROOT) / proposals.PATH
    assert stored.read_text(encoding="utf-8") == proposals.page(), "run script/docs"


@pytest.mark.parametrize("title", proposals.TABLES)
def test_every_step_of_proposals_stands_on_the_page_with_somebody_who_takes_it(title):
    workflow, states = proposals.TABLES[title]
    section = proposals.page().split(f"## {title}\n")[1].split("\n## ")[0]
    rows = {line.split(" | ")[1]: line for line in section.splitlines() if line.count(" | ") == 5}
    assert {f"`{name}`" for name in workflow.steps} <= rows.keys()
    assert all(line.split(" | ")[2].strip() for line in rows.values())
    assert all(str(state.label) in section for state in states)
