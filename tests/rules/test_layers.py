"""The order of .importlinter holds in the model graph too, where the import linter cannot see."""

import configparser
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.ROOT)


def _ranks() -> dict[str, int]:
    """App → its line in the layers' contract, counted from the top."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    lines = contracts["importlinter:contract:layers"]["layers"].strip().splitlines()
    return {app: rank for rank, line in enumerate(lines) for app in re.findall(r"\w+", line)}


def _app_of(model) -> str | None:
    parts = model.__module__.split(".")
    return parts[1] if parts[0] == "jiazhan" else None


def _foreign_keys():
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.is_relation and field.many_to_one and not field.auto_created and field.related_model:
                yield model, field


def test_there_are_foreign_keys_to_check():
    assert sum(1 for _ in _foreign_keys()) > 20


@pytest.mark.parametrize(
    ("model", "field"), [pytest.param(m, f, id=f"{m._meta.label}.{f.name}") for m, f in _foreign_keys()]
)
def test_a_foreign_key_points_down(model, field):
    own, other = _app_of(model), _app_of(field.related_model)
    if own is None or other is None or own == other:
        return
    ranks = _ranks()
    assert ranks[own] < ranks[other], f"{own} stands beside or below {other}"


def test_no_model_hides_a_reference_behind_a_content_type():
    ours = [model for model in apps.get_models() if _app_of(model)]
    assert not [
        f"{model._meta.label}.{field.name}"
        for model in ours
        for field in model._meta.get_fields()
        if field.related_model and field.related_model._meta.label == "contenttypes.ContentType"
    ]


def test_portals_have_no_models():
    assert not [model for model in apps.get_models() if _app_of(model) == "web"]
