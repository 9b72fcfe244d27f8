"""A matter that a deputy was asked about."""

from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import triage
from tests import factories
from tests.domain.opinions import walking
from tests.factories import County


def ask(county: County, **given) -> Opinion:
    """A matter taken up by the station, with the deputy asked for an opinion. Needs the county's scope."""
    matter = factories.opinion(county, **given)
    return triage.accept(matter, deputy=county.deputy, category=factories.category(), by=county.officer, at=walking.NOW)
