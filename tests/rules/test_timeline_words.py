"""Every act that the record can hold has words, for staff and for authors."""

import re
from pathlib import Path

import jiazhan
from jiazhan.opinions.selectors.timeline_words import WORDS
from jiazhan.opinions.states import WORKFLOW

PACKAGE = Path(jiazhan.__file__).parent
# An action written out, whether given to `audit.record` or passed on to a function that does.
ACTION = re.compile(r"\"((?:opinion|attachment|document|contact)\.[a-z_-]+)\"")


def test_every_step_of_the_workflow_has_words():
    assert {f"opinion.{step}" for step in WORKFLOW.steps} <= set(WORDS)


def test_every_recorded_act_on_a_matter_has_words():
    folders = [PACKAGE / "opinions", PACKAGE / "documents" / "services.py"]
    files = [file for folder in folders for file in ([folder] if folder.is_file() else folder.rglob("*.py"))]
    sources = [
        file
        for file in files
        if file.name not in {"timeline_words.py", "parameters.py"} and "migrations" not in file.parts
    ]
    recorded = {
        action for file in sources if "audit" in (source := file.read_text()) for action in ACTION.findall(source)
    }
    assert recorded - set(WORDS) == set()
    assert "opinion.raised" in recorded


def test_no_words_wait_for_an_act_that_nobody_records():
    sources = [file.read_text() for file in PACKAGE.rglob("*.py") if file.name != "timeline_words.py"]
    written = {action for source in sources for action in ACTION.findall(source)}
    assert set(WORDS) - written - {f"opinion.{step}" for step in WORKFLOW.steps} == set()
