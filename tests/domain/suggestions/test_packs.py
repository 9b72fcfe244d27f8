"""What a meeting that supervises asks the unit, proposed from what is known of a proposal."""

from datetime import date, timedelta

import pytest

from jiazhan.kernel.outcomes import Grade, OutcomeClass
from jiazhan.suggestions.models import Contact, Promise, Proposal
from jiazhan.suggestions.selectors import pack
from jiazhan.suggestions.services import promises, supervising
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW, later

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        yield county


def questions(proposal, *, today=TODAY):
    return pack.lines_of([walking.again(proposal)], today=today)[0].questions


def test_who_has_not_talked_is_asked_when_and_who_has_is_asked_how_far_it_is(county):
    proposal = walking.in_progress(county)
    assert questions(proposal) == ["交办以来还没有与代表沟通，打算什么时候当面听取代表意见？"]
    walking.contacted(proposal, county)
    assert questions(proposal) == ["现在办到哪一步，下一步打算怎么办，什么时候能见效？"]


def test_a_disputed_talk_is_asked_about_in_the_deputys_words(county):
    proposal = walking.in_progress(county)
    walking.contacted(proposal, county)
    Contact.objects.update(is_confirmed=False, deputy_words="只打过一个电话，没有到现场。", answered_at=NOW)
    assert any("只打过一个电话，没有到现场。" in each for each in questions(proposal))


def test_what_is_late_is_asked_why_for_the_host_and_for_who_assists(county):
    proposal = walking.in_progress(county, assisting_units=(county.other_department,))
    walking.contacted(proposal, county)
    day = walking.again(proposal).due_on + timedelta(days=10)
    asked = questions(proposal, today=day)
    assert any(each.startswith("答复期限是") and "什么原因" in each for each in asked)
    assert any("区城管局的协办意见应在" in each for each in asked)
    assert not any("期限是" in each for each in questions(proposal))


def test_a_letter_without_an_answer_is_asked_about_after_its_day(county):
    proposal = walking.in_progress(county)
    supervising.urge(
        proposal, unit=county.department, text="请报进展", answer_by=date(2026, 11, 27), by=county.affairs, at=NOW
    )
    assert not any("催办函" in each for each in questions(proposal))
    assert any(
        "发给区水务局的催办函应在 2026-11-27 前回复" in each for each in questions(proposal, today=date(2026, 11, 30))
    )


def test_dissatisfaction_and_broken_or_silent_promises_are_asked_about(county):
    poor = walking.evaluated(walking.replied(county), county.deputy, Grade.DISSATISFIED)
    assert any("周海燕代表不满意：“积水点还有两处没有处理。”" in each for each in questions(poor))
    due = date(2026, 12, 31)
    made = [
        walking.evaluated(
            walking.replied(county, outcome=OutcomeClass.PLANNED, promise=("北门管网改造完工", due)), county.deputy
        )
        for _each in range(3)
    ]
    broken, silent, ahead = made
    promises.break_(broken.promises.get(), reason="没有动工", by=county.deputy.account, at=later(days=50))
    after = date(2027, 1, 10)
    assert any("没有兑现，原因是什么" in each for each in questions(broken, today=after))
    assert any("没有说明落实情况" in each for each in questions(silent, today=after))
    assert any("现在进展到哪一步" in each for each in questions(ahead, today=TODAY))
    assert Promise.objects.count() == 3


def test_repetition_and_many_returns_are_asked_about(county):
    former, proposal = walking.in_progress(county), walking.in_progress(county)
    Proposal.objects.filter(pk=proposal.pk).update(repeats=former, returns_count=2)
    asked = questions(proposal)
    assert any("已退单 2 次" in each for each in asked)
    assert any(f"提过同样的问题（{former.number}）" in each for each in asked)


def test_progress_tells_the_way_so_far(county):
    proposal = walking.replied(county)
    line = pack.lines_of([proposal], today=TODAY)[0]
    told = "".join(line.progress)
    for words in ("现为“待代表评价”。", "2026-11-18 交办。", "与代表沟通 1 次", "区水务局第 1 次答复：已经解决。"):
        assert words in told
    assert line.units == "区水务局（主办）"
