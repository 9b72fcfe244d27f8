"""What a station shows of what was solved there."""

from jiazhan.opinions.choices import OutcomeClass
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.selectors import solved_lately
from jiazhan.opinions.services import publishing
from jiazhan.people.roles import Role
from tests import factories
from tests.factories import NOW, later


def released(county, *, at, station, outcome=OutcomeClass.RESOLVED):
    opinion = factories.opinion(county, station=station, place=factories.intake.NEARBY)
    Opinion.objects.filter(pk=opinion.pk).update(outcome=outcome)
    officer = county.appoint(Role.LIAISON_OFFICER, station=station, area=station.street_id)
    page = publishing.propose(opinion, title="积水", body="北门积水。", by=officer, at=NOW)
    return publishing.approve(page, by=county.office, at=at)


def test_a_station_shows_the_latest_that_were_solved_there(county):
    pages = [released(county, at=later(hours=n), station=county.station) for n in range(4)]
    released(county, at=later(hours=9), station=county.other_station)
    released(county, at=later(hours=8), station=county.station, outcome=OutcomeClass.DEFERRED)
    assert list(solved_lately(county.station)) == [pages[3], pages[2], pages[1]]
    publishing.withdraw_from_view(pages[3], reason="反映人要求", by=county.office, at=later(days=1))
    assert list(solved_lately(county.station)) == [pages[2], pages[1], pages[0]]
