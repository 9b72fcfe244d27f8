"""Who looks at a matter from outside: its author or somebody who joined, known by a code or by being logged in."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.audit import Acting
from jiazhan.opinions import access
from jiazhan.opinions.models import Opinion, Supporter
from jiazhan.people.models import Account

from . import grants
from .sending import resident_of


@dataclass(frozen=True)
class Follower:
    """`opinion` is what this person raised or joined; `main` what it was merged into, else itself."""

    opinion: Opinion
    supporter: Supporter | None
    actor: Acting

    @property
    def main(self) -> Opinion:
        return self.opinion.merged_into or self.opinion

    @property
    def is_author(self) -> bool:
        return self.supporter is None


def of(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> Follower:
    """Raises access.NotVisible (a 404) for a stranger, whether or not there is such a matter."""
    rows = Opinion.objects.filter(jurisdiction=jurisdiction, pk=opinion_id)
    rows = rows.select_related(
        "station", "deputy", "unit", "merged_into__station", "merged_into__deputy", "merged_into__unit"
    )
    if grant := grants.found(request, jurisdiction, opinion_id):
        opinion = rows.first()
        supporter = None
        if opinion and grant.supporter_id:
            supporter = opinion.supporters.filter(pk=grant.supporter_id).first()
        if opinion and (supporter or not grant.supporter_id):
            return by_code(opinion, supporter)
    if resident := resident_of(request):
        if opinion := rows.filter(author=resident).first():
            return Follower(opinion, None, resident)
        if opinion := rows.filter(pk__in=_joined_by(resident, jurisdiction)).first():
            return Follower(opinion, opinion.supporters.get(author=resident), resident)
    raise access.NotVisible(_("没有找到这件事。"))


def by_code(opinion: Opinion, supporter: Supporter | None) -> Follower:
    """Whoever holds the follow-up code; the record knows no more of them."""
    if supporter:
        return Follower(opinion, supporter, audit.Actor(kind="supporter", id=str(supporter.pk), name="附议人"))
    return Follower(opinion, None, audit.Actor(kind="author", id=str(opinion.pk), name="反映人"))


def _joined_by(resident: Account, jurisdiction: str) -> QuerySet[Any]:
    return Supporter.objects.filter(jurisdiction=jurisdiction, author=resident).values("opinion")
