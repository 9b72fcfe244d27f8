"""The record of a proposal in sentences: every act has words, and each reads what is theirs to read."""

import re
from pathlib import Path

import pytest

import jiazhan
from jiazhan.suggestions.selectors import timeline
from jiazhan.suggestions.selectors.timeline_words import OPEN, WITHIN_UNIT, WRITING
from jiazhan.suggestions.services import replies
from jiazhan.suggestions.states import HANDLING, WORKFLOW
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW

WORDS = {**WRITING, **WITHIN_UNIT, **OPEN}
ACTION = re.compile(r"audit\.record\(\s*\"(proposal\.[a-z_]+)\"")


def test_every_step_of_both_tables_has_words():
    steps = {f"proposal.{step}" for step in WORKFLOW.steps} | {f"proposal.part_{step}" for step in HANDLING.steps}
    assert steps - set(WORDS) == set()


def test_every_act_that_services_record_has_words():
    services = Path(jiazhan.__file__).parent / "suggestions" / "services"
    recorded = {action for file in services.glob("*.py") for action in ACTION.findall(file.read_text())}
    assert recorded - set(WORDS) == set()
    assert "proposal.contact" in recorded


@pytest.mark.django_db
def test_a_units_drafts_stand_in_its_own_timeline_alone():
    county = factories.County()
    with county.within():
        proposal = walking.in_progress(county, assisting_units=(county.other_department,))
        for version in (None, 1, 2):
            replies.save_draft(walking.part(proposal), body="草稿", version=version, by=county.handler, at=NOW)
        own = [each.action for each in timeline.for_units(proposal, {county.department.name})]
        assert own.count("proposal.save_draft") == 1
        for other in (
            timeline.for_units(proposal, {county.other_department.name}), timeline.for_congress(proposal),
            timeline.for_signers(proposal),
        ):  # fmt: skip
            assert "proposal.save_draft" not in [each.action for each in other]
        assert "proposal.drafted" not in own
        assert "proposal.drafted" in [each.action for each in timeline.for_signers(proposal)]
        said = [each.text for each in timeline.for_congress(proposal)]
        assert f"交{county.department.name}办理。{county.other_department.name}协办。" in said
        assert f"{county.department.name}签收（主办）。" in said
