"""Releasing a proposal at the desk: one proposes, another decides, strangers find nothing."""

import pytest

from jiazhan.people.roles import Role
from jiazhan.suggestions.models import Publication
from tests import factories
from tests.domain.suggestions import walking


@pytest.fixture
def proposal(county):
    return walking.replied(county)


@pytest.fixture
def second(county):
    return county.appoint(Role.DEPUTY_AFFAIRS, name="复核人")


def here(proposal):
    return f"/office/proposals/{proposal.jurisdiction}/{proposal.pk}/publishing/"


def propose(client, proposal, **given):
    words = {"publicity": "full", "title": "排水改造", "body": "改造排水", "reply": "已改造", "act": "propose"} | given
    return client.post(here(proposal), words)


def decide(client, proposal, act, **given):
    page = Publication.objects.order_by("-proposed_at").first()
    return client.post(here(proposal), {"act": act, "publication": str(page.pk)} | given)


def said(answer):
    return answer.content.decode()


PEOPLE = {
    Role.DEPUTY_AFFAIRS: (200, 200), Role.STANDING_COMMITTEE_OFFICE: (200, 200), Role.STREET_DIRECTOR: (200, 404),
    Role.COMMITTEE: (403, 403), Role.CHAIRPERSONS_MEETING: (403, 403), Role.GOV_DISPATCHER: (403, 403),
    Role.HANDLER: (403, 403), Role.UNIT_HEAD: (403, 403), Role.LIAISON_OFFICER: (403, 403), Role.SYSTEM_ADMIN: (403, 403),
}  # fmt: skip


@pytest.mark.parametrize("role", PEOPLE)
def test_who_may_open_the_list_and_the_page(county, proposal, sign_in, role):
    client = sign_in(county.appoint(role))
    wanted = PEOPLE[role]
    assert client.get("/office/proposals/publishing/").status_code == wanted[0]
    assert client.get(here(proposal)).status_code == wanted[1]
    assert propose(client, proposal).status_code == (302 if wanted[1] == 200 else wanted[1])


def test_a_deputy_and_a_visitor_are_kept_out(client, county, proposal, sign_in):
    assert sign_in(county.deputy.account).get(here(proposal)).status_code == 403
    assert client.get(here(proposal)).status_code == 302


def test_another_congresss_desk_finds_nothing(county, proposal, sign_in):
    waiting = "/office/proposals/publishing/?tab=propose"
    assert walking.TEXT["title"] not in said(sign_in(county.appoint(Role.STREET_DIRECTOR)).get(waiting))
    assert walking.TEXT["title"] in said(sign_in(county.affairs).get(waiting))


def test_the_page_begins_with_the_words_and_shows_what_deputies_and_units_wish(county, proposal, sign_in):
    proposal.publicity, proposal.publicity_reason = "redacted", "涉及沿街商户的经营数据"
    proposal.save()
    proposal.replies.update(publicity="none", publicity_reason="涉及在建涉密工程")
    shown = said(sign_in(county.affairs).get(here(proposal)))
    for words in (walking.TEXT["title"], "120 米管网更换", "涉及沿街商户的经营数据", "涉及在建涉密工程", "区水务局"):
        assert words in shown


def test_one_proposes_and_another_approves(county, proposal, second, sign_in):
    assert walking.TEXT["title"] in said(sign_in(county.affairs).get("/office/proposals/publishing/?tab=propose"))
    assert propose(sign_in(county.affairs), proposal).status_code == 302
    own = sign_in(county.affairs).get(here(proposal))
    assert "这是您提出的" in said(own)
    assert "同意公开" not in said(own)
    refused = decide(sign_in(county.affairs), proposal, "approve")
    assert refused.status_code == 422
    assert "须由另一人复核" in said(refused)
    assert "排水改造" in said(sign_in(second).get("/office/proposals/publishing/"))
    assert decide(sign_in(second), proposal, "approve").status_code == 302
    assert Publication.objects.get().state == "published"
    assert "看公开页" in said(sign_in(second).get(here(proposal)))
    assert "排水改造" in said(sign_in(second).get("/office/proposals/publishing/?tab=public"))


def test_keeping_it_back_needs_a_reason_and_a_second_person(county, proposal, second, sign_in):
    refused = propose(sign_in(county.affairs), proposal, publicity="none")
    assert refused.status_code == 422
    assert "请写明不全文公开的理由" in said(refused)
    assert propose(sign_in(county.affairs), proposal, publicity="none", reason="涉密工程").status_code == 302
    assert "同意不公开" in said(sign_in(second).get(here(proposal)))
    decide(sign_in(second), proposal, "approve")
    assert "经两人审核，不公开" in said(sign_in(second).get("/office/proposals/publishing/?tab=kept"))


def test_what_was_typed_stays_when_it_is_refused(county, proposal, sign_in):
    refused = propose(sign_in(county.affairs), proposal, body="", title="我改过的标题")
    assert refused.status_code == 422
    assert "我改过的标题" in said(refused)
    assert "请填写公开内容" in said(refused)


def test_refusing_and_taking_down_need_a_reason(county, proposal, second, sign_in):
    propose(sign_in(county.affairs), proposal)
    assert decide(sign_in(second), proposal, "refuse").status_code == 422
    assert decide(sign_in(second), proposal, "refuse", why="复文不全").status_code == 302
    assert "复文不全" in said(sign_in(county.affairs).get(here(proposal)))
    propose(sign_in(county.affairs), proposal)
    decide(sign_in(second), proposal, "approve")
    assert decide(sign_in(second), proposal, "withdraw").status_code == 422
    assert decide(sign_in(second), proposal, "withdraw", why="有更正").status_code == 302
    assert "排水改造" in said(sign_in(second).get("/office/proposals/publishing/?tab=gone"))


def test_a_page_that_is_no_longer_the_one_that_was_read_is_not_approved(county, proposal, second, sign_in):
    propose(sign_in(county.affairs), proposal)
    answer = sign_in(second).post(here(proposal), {"act": "approve", "publication": str(proposal.pk)})
    assert answer.status_code == 422
    assert Publication.objects.get().state == "proposed"
    assert sign_in(second).post(here(proposal), {"act": "dance"}).status_code == 404


def test_before_the_answer_the_page_says_so(county, sign_in):
    early = walking.in_progress(county)
    client = sign_in(county.affairs)
    assert "还没有答复" in said(client.get(here(early)))
    assert "还没有答复" in said(propose(client, early))


def test_a_new_answer_after_the_release_asks_to_release_anew(county, proposal, second, sign_in):
    propose(sign_in(county.affairs), proposal)
    Publication.objects.update(proposed_at=factories.later(days=-1))
    assert "又有新的答复" in said(sign_in(second).get(here(proposal)))
