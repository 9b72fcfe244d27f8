import pytest

from jiazhan.people.roles import Role
from tests import factories

# Role → where its work begins.
TABLE = {
    "officer": "/office/",
    "head": "/office/",
    "director": "/office/",
    "affairs": "/office/",
    "office": "/office/",
    "committee": "/office/",
    "chair": "/office/",
    "dispatcher": "/office/",
    "handler": "/department/",
    "unit_head": "/department/",
    "security_admin": "/office/people/",
    "system_admin": "/office/people/",
    "auditor": "/office/record/",
    "deputy": "/deputy/",
    "suspended": "/deputy/",
    "deputy_and_head": "/deputy/",
    "resident": "/my/",
    "nobody": "/account/",
}


def somebody(county, who):
    if who == "resident":
        return factories.resident()
    if who == "nobody":
        return factories.account("王办事")
    if who in {"deputy", "suspended", "deputy_and_head"}:
        account = county.deputy.account
        if who == "suspended":
            county.deputy.mandates.update(status="suspended")
        if who == "deputy_and_head":
            county.appoint(Role.STATION_HEAD, holder=account)
        return account
    return county.appoint(Role(who)) if who in {"system_admin", "auditor"} else getattr(county, who)


@pytest.mark.parametrize("who", TABLE)
def test_everybody_comes_to_where_their_work_begins(county, device, who):
    client = device()
    client.force_login(somebody(county, who))
    assert client.get("/home/")["Location"] == TABLE[who]


def test_the_way_home_begins_with_logging_in(county, device):
    assert device().get("/home/")["Location"] == "/login/?next=/home/"
