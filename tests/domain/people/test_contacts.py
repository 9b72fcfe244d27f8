import pytest

from jiazhan import audit
from jiazhan.audit.models import Entry
from jiazhan.people import crypto
from jiazhan.people.services import contacts, reasons
from tests.factories import NOW

SEALED = crypto.encrypt("13800138000")


def reveal(county, *, by, reason="约她到站里面谈"):
    subject = audit.Subject(jurisdiction=county.code, label="opinions.opinion", pk="some-id")
    return contacts.reveal(subject, SEALED, reason=reason, by=by, at=NOW)


def test_contact_data_is_shown_for_a_reason_and_recorded(county):
    assert reveal(county, by=county.officer) == "13800138000"
    entry = Entry.objects.get(action="contact.revealed")
    assert (entry.subject_id, entry.actor_id) == ("some-id", str(county.officer.pk))
    assert entry.detail == {"reason": "约她到站里面谈"}


def test_without_a_reason_nothing_is_shown(county):
    with pytest.raises(reasons.ReasonMissing):
        reveal(county, by=county.officer, reason="看看")
    assert not Entry.objects.filter(action="contact.revealed").exists()


@pytest.mark.parametrize("who", ["handler", "unit_head", "affairs", "security_admin", "dispatcher"])
def test_who_holds_no_role_for_it_is_shown_nothing(county, who):
    with pytest.raises(contacts.MayNotReveal):
        reveal(county, by=getattr(county, who))
    assert not Entry.objects.filter(action="contact.revealed").exists()


def test_the_record_keeps_no_number_that_a_reason_repeats(county):
    reveal(county, by=county.officer, reason="回拨 13800138000 约时间")
    assert "13800138000" not in str(Entry.objects.get(action="contact.revealed").detail)
