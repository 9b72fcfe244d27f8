"""The chain as the auditor's page shows it, on committed entries: whole, and after somebody slipped past it."""

import pytest
from django.db import connections

from jiazhan.people.roles import Role
from jiazhan.web.office import choices
from tests.factories import County, opinion
from tests.web.office.conftest import signed_in

VERIFY = "/office/record/?verify=1"


@pytest.mark.django_db(transaction=True)
def test_the_page_says_whether_the_chain_holds():
    county = County()
    choices.forget()
    with county.within():
        opinion(county)
        auditor = county.appoint(Role.AUDITOR)
    browser = signed_in(auditor)
    assert "记录完整" in browser.get(VERIFY).content.decode()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute(f"SET jiazhan.scope = '{county.code}'")
        cursor.execute("UPDATE audit_entry SET actor_name = '别人'")
    assert "记录被动过" in browser.get(VERIFY).content.decode()
