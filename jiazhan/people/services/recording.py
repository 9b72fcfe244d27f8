"""Where acts on accounts, posts and mandates enter the record: people are reference rows, the record is by county."""

from datetime import datetime
from typing import Any

from django.db import models

from jiazhan import audit
from jiazhan.kernel import scope


class NoJurisdiction(Exception):
    """The act was called outside a scope, so no county's record can take it."""

    code = "no-jurisdiction"


def record_about(
    subject: models.Model,
    action: str,
    *,
    area: str,
    by: audit.Acting,
    at: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write an act on a reference row into the record of the county it belongs to by `area`, else (an area above the
    counties, or none) of the first county in the open scope. Raises NoJurisdiction outside a scope."""
    visible = sorted(scope.current())
    if not visible:
        raise NoJurisdiction
    county = area[:6] if area[:6] in visible else next((c for c in visible if area and c.startswith(area)), visible[0])
    target = audit.Subject(jurisdiction=county, label=subject._meta.label_lower, pk=subject.pk)
    audit.record(action, target, by=by, at=at, detail=detail)


def area_of(account: Any) -> str:
    """The lowest area of the account's posts, so that its own county keeps the entry; empty where it has none."""
    return max(account.areas, key=len, default="")
