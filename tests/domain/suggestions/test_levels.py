"""Proposals of a township's congress lie in its county, those of a city's in the city's own jurisdiction."""

from datetime import date

import pytest

from jiazhan.kernel import scope
from jiazhan.people.access import jurisdictions_of
from jiazhan.people.models import Account, Mandate
from jiazhan.people.roles import Role
from jiazhan.places.models import Congress, CongressLevel, RegionLevel, Session, Term
from jiazhan.places.selectors import forget_jurisdictions
from jiazhan.suggestions import access
from jiazhan.suggestions.services import writing
from tests import factories
from tests.factories import LONG_AGO, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return factories.County()


def congress(code: str, name: str, level: CongressLevel, region_level: RegionLevel) -> Term:
    made = Congress.objects.create(name=name, level=level, region=factories.region(code, name, region_level))
    term = Term.objects.create(congress=made, number=9, starts_on=LONG_AGO, ends_on=date(2027, 2, 1))
    Session.objects.create(term=term, number=4, starts_on=date(2026, 1, 12), ends_on=date(2026, 1, 15))
    forget_jurisdictions()
    return term


def test_a_citys_proposal_lies_in_the_citys_own_jurisdiction_and_its_deputies_reach_it(county):
    term = congress("9901", "临江市", CongressLevel.CITY, RegionLevel.CITY)
    writer, colleague = county.make_deputy("林静"), county.make_deputy("何伟")
    Mandate.objects.create(deputy=writer, term=term, starts_on=LONG_AGO)
    desk = factories.post(Role.DEPUTY_AFFAIRS, area="9901")
    account = Account.objects.get(pk=writer.account_id)
    assert jurisdictions_of(account) == {"9901", county.code}
    assert jurisdictions_of(desk) == {"9901", county.code}
    assert jurisdictions_of(colleague.account) == {county.code}
    with scope.within(["9901"]):
        proposal = writing.begin(writer, term=term, by=account, at=NOW)
        assert proposal.jurisdiction == "9901"
        assert access.get_for(account, "9901", proposal.pk) == proposal


def test_a_townships_proposal_lies_in_its_county_and_the_countys_desk_does_not_handle_it(county):
    term = congress(f"{county.code}101", "清溪镇", CongressLevel.TOWNSHIP, RegionLevel.TOWNSHIP)
    writer = county.make_deputy("林静")
    Mandate.objects.create(deputy=writer, term=term, starts_on=LONG_AGO)
    chair = county.appoint(Role.STREET_DIRECTOR, area=f"{county.code}101")
    with county.within():
        text = {
            "title": "关于修整清溪村水渠的建议",
            "facts": "",
            "cause": "",
            "request": "春耕前清淤三公里，更换两座闸门。",
        }
        proposal = writing.begin(writer, term=term, by=writer.account, at=NOW)
        proposal = writing.save(proposal, version=proposal.version, by=writer.account, at=NOW, **text)
        proposal = writing.submit(proposal, version=proposal.version, by=writer.account, at=NOW)
        assert (proposal.jurisdiction, proposal.congress_area) == (county.code, f"{county.code}101")
        assert access.visible_to(chair).count() == 1
        assert access.may(chair, "accept", proposal)
        assert not access.visible_to(county.affairs).exists()
        assert not access.may(county.affairs, "accept", proposal)
