"""Whose name stands on a letter about proposals: the congress's own desk, or the government's office."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.documents.numbers import next_letter_number, next_number_of
from jiazhan.people.models import Account, Unit, UnitKind
from jiazhan.people.permissions import Permission
from jiazhan.people.selectors import units
from jiazhan.places.models import Region

from ..models import OfficialMeeting, Proposal

TOWNSHIP = 9


@dataclass(frozen=True)
class Desk:
    """An organ that issues letters; `unit` is None where it is kept here by its name alone."""

    name: str
    jurisdiction: str
    area: str
    unit: Unit | None = None
    prefix: str = ""

    def next_number(self, *, at: datetime) -> str:
        """The next 文号 of its series this year."""
        year = timezone.localdate(at).year
        if self.unit is not None:
            return next_letter_number(self.unit, jurisdiction=self.jurisdiction, year=year)
        return next_number_of(self.prefix, series=f"desk-{self.area}", jurisdiction=self.jurisdiction, year=year)


def congress_desk(proposal: Proposal | OfficialMeeting) -> Desk:
    """The desk for deputies' affairs: 代表工委 of a county's or city's congress, the office of a township's."""
    area, place = proposal.congress_area, _name_of(proposal.congress_area)
    if len(area) == TOWNSHIP:
        kind, name = UnitKind.STREET_CONGRESS, _("%(place)s人大主席团") % {"place": place}
        unit = units(kind, jurisdiction=proposal.jurisdiction).filter(area=area).first()
    else:
        kind, name = UnitKind.COMMITTEE, _("%(place)s人大常委会代表工作委员会") % {"place": place}
        unit = units(kind, jurisdiction=proposal.jurisdiction).filter(area=area, name__contains="代表工").first()
    return _desk(proposal, unit, name, prefix=_("%(place)s人代") % {"place": place})


def government_desk(proposal: Proposal) -> Desk:
    """The government's office."""
    place = _name_of(proposal.jurisdiction)
    unit = units(UnitKind.GOV_OFFICE, jurisdiction=proposal.jurisdiction).first()
    name = _("%(place)s人民政府办公室") % {"place": place}
    return _desk(proposal, unit, name, prefix=_("%(place)s政办") % {"place": place})


def assigning_desk(proposal: Proposal) -> Desk:
    """Whoever assigned it."""
    return government_desk(proposal) if proposal.through_government else congress_desk(proposal)


def supervising_desk(proposal: Proposal, by: Account) -> Desk:
    """The committee that the person sits in, else the congress's own desk."""
    for post in by.posts_with(Permission.PROPOSAL_SUPERVISE):
        if post.unit is not None and post.area == proposal.congress_area:
            return _desk(proposal, post.unit, post.unit.name, prefix="")
    return congress_desk(proposal)


def _desk(proposal: Proposal | OfficialMeeting, unit: Unit | None, name: str, *, prefix: str) -> Desk:
    return Desk(unit.name if unit else name, proposal.jurisdiction, proposal.congress_area, unit, prefix)


def _name_of(code: str) -> str:
    region = Region.objects.filter(pk=code).first()
    return region.name if region else ""
