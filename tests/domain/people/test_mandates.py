from datetime import date

import pytest

from jiazhan.audit.models import Entry
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account, Mandate
from jiazhan.people.permissions import Permission
from jiazhan.people.services import mandates, reasons
from jiazhan.people.states import MANDATE, MandateStatus
from jiazhan.places.models import Congress, CongressLevel, Term
from tests.factories import LONG_AGO, NOW

YESTERDAY, TOMORROW = date(2026, 11, 17), date(2026, 11, 19)


def permissions(deputy):
    return Account.objects.get(pk=deputy.account_id).permissions


def mandate_of(deputy):
    return deputy.mandates.get()


def suspend(county, mandate):
    return mandates.suspend_mandate(mandate, reason="被采取强制措施", by=county.affairs, at=NOW)


def test_the_table_has_no_dead_end_and_nothing_out_of_reach():
    assert MANDATE.check() == []
    assert MANDATE.states == set(MandateStatus)


def test_a_suspended_deputy_begins_nothing_new_but_reads_on(county):
    assert Permission.OPINION_OPINE in permissions(county.deputy)
    suspend(county, mandate_of(county.deputy))
    assert permissions(county.deputy) == {Permission.DEPUTY_HOME}


def test_a_reinstated_deputy_may_begin_again(county):
    suspended = suspend(county, mandate_of(county.deputy))
    mandates.reinstate(suspended, reason="强制措施解除", by=county.affairs, at=NOW)
    assert Permission.OPINION_OPINE in permissions(county.deputy)


def test_a_second_mandate_in_force_keeps_its_rights(county):
    congress = Congress.objects.create(name="锦江市人大", level=CongressLevel.CITY, region=county.region)
    term = Term.objects.create(congress=congress, number=9, starts_on=LONG_AGO, ends_on=date(2027, 2, 1))
    first = mandate_of(county.deputy)
    second = Mandate.objects.create(deputy=county.deputy, term=term, starts_on=LONG_AGO)
    suspend(county, first)
    assert Permission.OPINION_OPINE in permissions(county.deputy)
    suspend(county, second)
    assert Permission.OPINION_OPINE not in permissions(county.deputy)


def test_a_terminated_mandate_is_over_for_good(county):
    mandate = mandates.terminate_mandate(
        mandate_of(county.deputy), on=YESTERDAY, reason="迁出本行政区域", by=county.affairs, at=NOW
    )
    assert mandate.ends_on == YESTERDAY
    for again in (suspend, lambda c, m: mandates.reinstate(m, reason="弄错了吧", by=c.affairs, at=NOW)):
        with pytest.raises(StepRefused):
            again(county, mandate)
    assert permissions(county.deputy) == {Permission.DEPUTY_HOME}


def test_a_mandate_does_not_end_before_it_began(county):
    with pytest.raises(mandates.EndsBeforeStart):
        mandates.terminate_mandate(mandate_of(county.deputy), on=LONG_AGO, reason="迁出本区", by=county.affairs, at=NOW)


def test_nothing_happens_to_a_mandate_without_a_reason(county):
    with pytest.raises(reasons.ReasonMissing):
        mandates.suspend_mandate(mandate_of(county.deputy), reason=" ", by=county.affairs, at=NOW)
    assert mandate_of(county.deputy).status == MandateStatus.ACTIVE


def test_a_suspended_mandate_is_not_suspended_again(county):
    suspended = suspend(county, mandate_of(county.deputy))
    with pytest.raises(StepRefused):
        suspend(county, suspended)


def test_a_new_term_ends_the_mandates_of_the_old_one_that_still_ran(county):
    running, suspended, terminated = (county.make_deputy(name) for name in ("周海燕", "吴建国", "郑小溪"))
    suspend(county, mandate_of(suspended))
    mandates.terminate_mandate(mandate_of(terminated), on=YESTERDAY, reason="辞职已获批准", by=county.affairs, at=NOW)
    assert mandates.expire_term(county.term, on=TOMORROW, by=county.affairs, at=NOW) == 2
    assert [mandate_of(each).status for each in (running, suspended, terminated)] == [
        "expired",
        "expired",
        "terminated",
    ]
    assert mandate_of(terminated).ends_on == YESTERDAY
    assert mandates.expire_term(county.term, on=TOMORROW, by=county.affairs, at=NOW) == 0


def test_a_term_does_not_end_before_it_began(county):
    with pytest.raises(mandates.TermStillRunning):
        mandates.expire_term(county.term, on=LONG_AGO, by=county.affairs, at=NOW)


def test_every_change_of_a_mandate_is_in_the_countys_record(county):
    suspended = suspend(county, mandate_of(county.deputy))
    entry = Entry.objects.get(subject_id=str(suspended.pk))
    assert (entry.jurisdiction, entry.action, entry.detail["reason"]) == (
        county.code,
        "mandate.suspended",
        "被采取强制措施",
    )
