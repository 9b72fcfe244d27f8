"""Small rules of the house: names that name nothing, migrations that say what they do, roles and workflows that are whole."""

import re
import subprocess
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from jiazhan.opinions.choices import DueFor
from jiazhan.opinions.states import WORKFLOW, State
from jiazhan.people.permissions import Permission
from jiazhan.people.roles import ROLES, Role

ROOT = Path(settings.ROOT)
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "managers", "base_utils"}


def _tracked(*patterns: str) -> list[str]:
    return subprocess.run(
        ["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()


def test_no_file_has_a_name_that_names_nothing():
    assert not [path for path in _tracked("*.py") if Path(path).stem in NAMELESS]


def test_migrations_are_named_for_what_they_do_and_have_one_leaf():
    loader = MigrationLoader(None)
    ours = [(app, name) for app, name in loader.graph.nodes if apps.get_app_config(app).name.startswith("jiazhan.")]
    assert ours
    assert not [name for _, name in ours if re.search(r"_auto_|_initial$|^\d{4}$", name)]
    leaves = Counter(app for app, _ in loader.graph.leaf_nodes())
    assert not [app for app, count in leaves.items() if count > 1]


def test_migrations_import_nothing_of_the_program_in_their_python():
    loose = []
    for path in _tracked("jiazhan/*/migrations/*.py"):
        source = (ROOT / path).read_text(encoding="utf-8")
        if "RunPython" in source and re.search(r"^\s+from jiazhan\.(?!kernel)|^\s+import jiazhan", source, re.M):
            loose.append(path)
    assert not loose


def test_every_dependency_has_a_sentence_of_purpose():
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    bare = [
        line.strip()
        for before, line in pairwise(lines)
        if re.match(r'\s+"[a-zA-Z0-9._-]+(\[[^\]]+\])?[<>=~!]', line) and not before.strip().startswith("#")
    ]
    assert not bare


def test_the_workflow_of_opinions_is_sound():
    assert WORKFLOW.check() == []


@pytest.mark.parametrize("state", State)
def test_a_state_has_words_for_residents_and_staff(state):
    assert WORKFLOW.for_residents(state)
    assert WORKFLOW.for_staff(state)


@pytest.mark.parametrize("name", WORKFLOW.steps)
def test_a_step_says_what_it_does_and_its_permission_is_held_by_somebody(name):
    step = WORKFLOW.steps[name]
    assert str(step.label)
    assert str(step.hint).endswith("。")
    if step.permission is not None:
        assert any(step.permission in rule.permissions for rule in ROLES.values())


@pytest.mark.parametrize("role", Role)
def test_a_role_says_who_may_hold_it(role):
    assert str(ROLES[role].who).endswith("。")


def test_roles_that_see_contact_data_need_a_second_factor():
    seeing = [rule for rule in ROLES.values() if Permission.CONTACT_REVEAL in rule.permissions]
    assert seeing
    assert all(rule.needs_second_factor for rule in seeing)


def test_a_deadline_names_what_it_is_for():
    assert all(str(each.label) for each in DueFor)
