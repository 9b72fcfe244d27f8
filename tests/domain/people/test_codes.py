"""Codes of stations and deputies: issued once, revoked with a reason, replaced by one that the old leads to."""

import pytest

from jiazhan.audit import selectors as audit
from jiazhan.people.models import Mandate, ScanCode
from jiazhan.people.services import codes, reasons
from jiazhan.people.services.codes import CodeState
from jiazhan.people.states import MandateStatus
from jiazhan.places.services import stations
from tests.factories import NOW, later


@pytest.fixture
def code(county):
    return codes.issue(county.station, by=county.director, at=NOW)


def test_a_subject_has_one_code_in_force(county, code):
    assert codes.issue(county.station, by=county.director, at=NOW) == code
    assert codes.issue(county.deputy, by=county.director, at=NOW).jurisdiction == county.code
    assert len(code.token) == codes.LENGTH
    assert set(code.token) <= set(codes.ALPHABET)
    assert not set("01OILZ") & set(codes.ALPHABET)
    assert audit.entries_of(code).get().action == "code.issued"


def test_a_code_is_understood_however_it_is_typed(county, code):
    typed = f" {code.token[:4].lower()}-{code.token[4:]} "
    assert codes.resolve(typed).code == code
    looking_alike = ScanCode.objects.create(
        token="Q7JJ2234", jurisdiction=county.code, station=county.other_station, issued_at=NOW
    )
    assert codes.resolve("o1il2234").code == looking_alike
    assert codes.resolve("ABCD2345") is None
    assert codes.resolve("") is None


def test_a_revoked_code_says_when_and_why(county, code):
    with pytest.raises(reasons.ReasonMissing):
        codes.revoke(code, reason=" ", by=county.director, at=NOW)
    codes.revoke(code, reason="海报被人涂改", by=county.director, at=NOW)
    resolved = codes.resolve(code.token)
    assert (resolved.state, resolved.is_open, resolved.current) == (CodeState.REVOKED, False, None)
    assert resolved.said == "这张码已于 2026年11月18日 停用，原因：海报被人涂改。"
    with pytest.raises(codes.AlreadyRevoked):
        codes.revoke(code, reason="再停一次", by=county.director, at=NOW)
    assert codes.issue(county.station, by=county.director, at=NOW) != code


def test_an_old_code_leads_to_the_newest(county, code):
    second = codes.reissue(code, reason="换新样式", by=county.director, at=NOW)
    third = codes.reissue(second, reason="又印错了字", by=county.director, at=later(days=1))
    for old in (code, second):
        assert codes.resolve(old.token).state is CodeState.REPLACED
        assert codes.resolve(old.token).current == third
    assert codes.resolve(third.token).is_open
    assert codes.issue(county.station, by=county.director, at=NOW) == third
    with pytest.raises(codes.AlreadyRevoked):
        codes.reissue(code, reason="再换新样式", by=county.director, at=NOW)


def test_the_code_of_a_paused_or_closed_station_says_so(county, code):
    stations.pause(county.station, reason="装修", by=county.director, at=NOW)
    assert codes.resolve(code.token).state is CodeState.PAUSED
    stations.close(county.station, reason="撤并", by=county.director, at=NOW)
    assert codes.resolve(code.token).state is CodeState.CLOSED
    with pytest.raises(codes.CodeRefused):
        codes.issue(county.station, by=county.director, at=NOW)
    with pytest.raises(codes.CodeRefused):
        codes.reissue(code, reason="换新样式", by=county.director, at=NOW)


def test_the_code_of_someone_who_is_no_deputy_any_more_says_so(county):
    code = codes.issue(county.deputy, by=county.director, at=NOW)
    assert codes.resolve(code.token).is_open
    Mandate.objects.filter(deputy=county.deputy).update(status=MandateStatus.SUSPENDED)
    assert codes.resolve(code.token).state is CodeState.CLOSED


def test_a_deputy_at_no_station_gets_no_code(county):
    attached, loose = county.make_deputy("甲代表"), county.make_deputy("乙代表")
    loose.attachments.update(ends_on=NOW.date())
    assert codes.issue(attached, by=county.director, at=NOW)
    with pytest.raises(codes.CodeRefused, match="还没有编入站点"):
        codes.issue(loose, by=county.director, at=NOW)
