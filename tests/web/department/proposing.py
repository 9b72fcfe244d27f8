"""Proposals on a unit's desk, for the tests of its pages: brought there by the services, at the pages' own clock."""

import pytest
from django.utils import timezone

from jiazhan.people.roles import Role
from jiazhan.suggestions.models import Proposal
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import County


def now_is(patch: pytest.MonkeyPatch) -> None:
    """What the walks do happens now, as the pages' clock says."""
    now = timezone.now()
    for place in (factories, walking):
        patch.setattr(place, "NOW", now)
    for name in ("begun", "drafted", "cosigned", "submitted", "accepted", "assigned", "in_progress", "contacted"):
        _begin_now(patch, name, now)
    for name in ("replied", "answer", "evaluated"):
        _begin_now(patch, name, now)


def _begin_now(patch: pytest.MonkeyPatch, name: str, now: object) -> None:
    # Defaults are taken when a function is made; these are the same functions with another one.
    walk = getattr(walking, name)
    patch.setattr(walk, "__kwdefaults__", {**walk.__kwdefaults__, "at": now})


def address(proposal: Proposal, under: str = "") -> str:
    return f"/department/proposals/{proposal.jurisdiction}/{proposal.pk}/{under}"


def fill_assisting(county: County) -> None:
    """People at the assisting unit's desk: `county.assistant` and `county.assisting_head`."""
    county.assistant = county.appoint(Role.HANDLER, unit=county.other_department, name="孙协办")
    county.assisting_head = county.appoint(Role.UNIT_HEAD, unit=county.other_department, name="郑负责")
