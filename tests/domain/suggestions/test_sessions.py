"""Sessions and delegations: entered once, without overlap, deputies seated by hand and from a spreadsheet."""

import io
from datetime import date

import pytest
import rustpy_xlsxwriter

from jiazhan.audit.models import Entry
from jiazhan.people.models import Delegation
from jiazhan.people.services import delegations, imports
from jiazhan.people.services.imports import Effect
from jiazhan.places.models import Session
from jiazhan.places.services import sessions
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        yield county


def convene(county, number, starts_on, ends_on):
    return sessions.convene(
        county.term, number=number, starts_on=starts_on, ends_on=ends_on, by=county.affairs, at=NOW, place="区会堂"
    )


def test_a_session_is_entered_with_an_entry_in_the_record(county):
    made = convene(county, 4, date(2026, 1, 12), date(2026, 1, 15))
    assert Session.objects.get() == made
    assert Entry.objects.filter(action="session.convened", subject_id=str(made.pk)).exists()


@pytest.mark.parametrize(
    ("number", "starts_on", "ends_on", "said"),
    [
        (4, date(2026, 6, 1), date(2026, 6, 2), "第4次会议已经登记过了"),
        (5, date(2026, 1, 15), date(2026, 1, 18), "与第4次会议的日期重叠"),
        (5, date(2025, 1, 6), date(2025, 1, 8), "先后与第4次会议不一致"),
        (3, date(2026, 6, 1), date(2026, 6, 2), "先后与第4次会议不一致"),
        (5, date(2026, 6, 3), date(2026, 6, 2), "闭幕日期不能早于开幕日期"),
        (5, date(2027, 6, 1), date(2027, 6, 2), "要在本届任期之内"),
        (0, date(2026, 6, 1), date(2026, 6, 2), "请填写第几次会议"),
    ],
)
def test_a_session_that_does_not_fit_is_refused(number, starts_on, ends_on, said, county):
    convene(county, 4, date(2026, 1, 12), date(2026, 1, 15))
    with pytest.raises(sessions.SessionRefused, match=said):
        convene(county, number, starts_on, ends_on)
    assert Session.objects.count() == 1
    assert convene(county, 5, date(2026, 6, 1), date(2026, 6, 2)).number == 5


def test_a_session_is_changed_and_may_keep_its_own_days(county):
    made = convene(county, 4, date(2026, 1, 12), date(2026, 1, 15))
    later = sessions.reschedule(
        made, number=4, starts_on=date(2026, 1, 12), ends_on=date(2026, 1, 16), by=county.affairs, at=NOW
    )
    assert later.ends_on == date(2026, 1, 16)
    entry = Entry.objects.get(action="session.rescheduled")
    assert entry.detail["before"] == "2026-01-12—2026-01-15"


def form(county, number=1, name="望江代表团"):
    return delegations.form(county.term, number=number, name=name, by=county.affairs, at=NOW)


def test_a_delegation_has_a_name_and_a_number_of_its_own(county):
    first = form(county)
    for number, name in ((2, "望江代表团"), (1, "翠湖代表团"), (2, "  ")):
        with pytest.raises(delegations.DelegationRefused):
            form(county, number, name)
    second = form(county, 2, "翠湖代表团")
    with pytest.raises(delegations.DelegationRefused):
        delegations.rename(second, number=1, name="翠湖代表团", by=county.affairs, at=NOW)
    assert delegations.rename(first, number=1, name="望江团", by=county.affairs, at=NOW).name == "望江团"


def test_a_delegation_with_deputies_is_not_taken_out(county):
    made, mandate = form(county), county.deputy.mandates.get()
    delegations.seat(mandate, delegation=made, by=county.affairs, at=NOW)
    with pytest.raises(delegations.DelegationRefused, match="还有 1 名代表"):
        delegations.dissolve(made, by=county.affairs, at=NOW)
    delegations.seat(mandate, delegation=None, by=county.affairs, at=NOW)
    delegations.dissolve(made, by=county.affairs, at=NOW)
    assert not Delegation.objects.exists()
    assert Entry.objects.filter(action="mandate.seated").count() == 2


def test_nobody_sits_in_a_delegation_of_another_term(county):
    foreign = Delegation.objects.create(term=factories.County("990107", "临湖区").term, number=1, name="临湖团")
    with pytest.raises(delegations.DelegationRefused, match="不是这一届的代表团"):
        delegations.seat(county.deputy.mandates.get(), delegation=foreign, by=county.affairs, at=NOW)
    assert county.deputy.mandates.get().delegation is None


def table(*rows):
    out = io.BytesIO()
    rustpy_xlsxwriter.write_worksheets(
        [("名单", [dict(zip(("姓名", "代表团"), row, strict=True)) for row in rows])], out
    )
    return out.getvalue()


def test_a_list_of_who_sits_where_is_taken_as_a_whole_and_once(county):
    county.make_deputy("林静")
    assert county.deputy
    kind = delegations.table_of(county.term)
    given = {"jurisdiction": county.code, "by": county.affairs, "at": NOW}
    wrong = table(("周海燕", "望江代表团"), ("没有此人", "望江代表团"))
    with pytest.raises(imports.NothingTaken):
        imports.commit(kind, wrong, **given)
    assert not Delegation.objects.exists()
    right = table(("周海燕", "望江代表团"), ("林静", "翠湖代表团"))
    assert imports.preview(kind, right, **given).counts[Effect.NEW] == 2
    assert not Delegation.objects.exists()
    imports.commit(kind, right, **given)
    assert county.deputy.mandates.get().delegation.name == "望江代表团"
    assert imports.commit(kind, right, **given).changes_nothing
