"""The list and the page of a proposal at the congress's desk: what waits, what can be done, refusals with their words kept."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiazhan.kernel.outcomes import Grade
from jiazhan.kernel.parameters import forget
from jiazhan.places.services.settings import set_parameter
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.services import checking, extensions, units
from jiazhan.suggestions.states import State
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW

MOST_STATEMENTS = 12
QUEUE = "/office/proposals/"


def of(proposal, act=""):
    name = f"office:proposal-{act}" if act else "office:proposal"
    return reverse(name, kwargs={"jurisdiction": proposal.jurisdiction, "proposal_id": proposal.pk})


def content(answer):
    return answer.content.decode()


@pytest.mark.parametrize("query", ["?tab=check", "?tab=all&year=2026&overdue=1", "?q=排水&tab=all", "?tab=rule"])
def test_the_list_costs_the_same_whatever_the_rows(query, county, sign_in):
    browser = sign_in(county.affairs)
    browser.get(QUEUE + query)
    counts = []
    for _round in range(2):
        for _each in range(4):
            walking.submitted(county, text={"title": f"关于改造老旧排水管网的建议{factories.serial()}"})
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(QUEUE + query).status_code == 200
        counts.append(len([each for each in captured if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]))
    assert counts[0] == counts[1] <= MOST_STATEMENTS


def test_a_proposal_is_accepted_with_the_category_that_its_words_suggest(county, sign_in):
    factories.category()
    proposal = walking.submitted(county)
    browser = sign_in(county.affairs)
    assert proposal.title in content(browser.get(QUEUE))
    shown = content(browser.get(of(proposal)))
    assert "走访柳林社区 3 次" in shown
    assert "开始审查" in shown
    answer = browser.post(of(proposal, "accept"), {"accept-category": "0102", "accept-seen": "submitted"})
    assert answer.status_code == 302
    proposal = walking.again(proposal)
    assert (proposal.state, proposal.category_id) == (State.ACCEPTED, "0102")
    assert proposal.number in content(browser.get(of(proposal)))


def test_a_refusal_is_one_sentence_and_keeps_what_was_typed(county, sign_in):
    factories.category()
    proposal = walking.submitted(county)
    browser = sign_in(county.affairs)
    nothing = browser.post(of(proposal, "return-to-author"), {"return_to_author-reason": "  "})
    assert nothing.status_code == 422
    assert "请填写修改意见" in content(nothing)
    wrong = browser.post(of(proposal, "accept"), {"accept-category": "0102", "accept-repeats_number": "没有这一号"})
    assert wrong.status_code == 422
    assert "没有找到编号“没有这一号”的建议" in content(wrong)
    assert 'value="没有这一号"' in content(wrong)
    assert walking.again(proposal).state == State.SUBMITTED


def test_who_comes_second_reads_where_it_stands_and_keeps_the_words(county, sign_in):
    proposal = walking.submitted(county)
    checking.begin_check(proposal, by=county.office, at=NOW)
    answer = sign_in(county.affairs).post(
        of(proposal, "decline"), {"decline-reason": "不属本级职权。", "decline-seen": "submitted"}
    )
    assert answer.status_code == 409
    assert "刚刚变成了“审查中”" in content(answer)
    assert "不属本级职权。" in content(answer)
    assert walking.again(proposal).state == State.CHECKING


def test_it_is_assigned_with_the_suggested_units_and_the_reason_shown(county, sign_in):
    former = walking.assigned(county, text={"title": "关于清淤柳林片区排水管网的建议"})
    Proposal.objects.filter(pk=former.pk).update(year=2025)
    proposal = walking.accepted(county)
    browser = sign_in(county.affairs)
    shown = content(browser.get(of(proposal)))
    assert "依据：" in shown
    assert "去年 1 件排水类建议由区水务局主办" in shown
    given = {
        "assign-host": str(county.department.pk),
        "assign-manner": "host",
        "assign-others": str(county.street_office.pk),
    }
    assert browser.post(of(proposal, "assign"), given).status_code == 302
    proposal = walking.again(proposal)
    assert proposal.host == county.department
    assert "去年 1 件排水类建议" in walking.part(proposal).reason
    assert proposal.handlings.get(part="assist").unit == county.street_office


def test_units_that_reply_each_for_themselves_are_assigned_so(county, sign_in):
    proposal = walking.accepted(county)
    browser = sign_in(county.affairs)
    one = {"assign-host": str(county.department.pk), "assign-manner": "split"}
    refused = browser.post(of(proposal, "assign"), one)
    assert refused.status_code == 422
    assert "分别办理至少要两个单位" in content(refused)
    both = one | {"assign-others": str(county.other_department.pk)}
    assert browser.post(of(proposal, "assign"), both).status_code == 302
    assert proposal.handlings.filter(part="split").count() == 2


def test_the_parameter_decides_which_button_comes_first(county, sign_in):
    assert county.dispatcher
    proposal = walking.accepted(county)
    browser = sign_in(county.affairs)
    shown = content(browser.get(of(proposal)))
    assert shown.index("确定：交办") < shown.index("转政府办公室交办")
    set_parameter("proposal.through_government", "on", area=county.code, source="办法第5条", by=county.affairs, at=NOW)
    forget()
    shown = content(browser.get(of(proposal)))
    assert shown.index("转政府办公室交办") < shown.index("确定：交办")
    forget()


def test_the_government_assigns_rules_and_sends_back_on_its_own_pages(county, sign_in):
    proposal, other = walking.accepted(county), walking.accepted(county)
    desk, government = sign_in(county.affairs), sign_in(county.dispatcher)
    assert government.get(of(proposal)).status_code == 404
    for each in (proposal, other):
        assert desk.post(of(each, "forward-to-government")).status_code == 302
    assert proposal.number in content(government.get(QUEUE))
    answer = government.post(of(other, "return-from-government"), {"return_from_government-reason": "属法院职权。"})
    assert answer.status_code == 302
    assert answer.url == QUEUE
    given = {"assign_by_government-host": str(county.department.pk), "assign_by_government-manner": "host"}
    assert government.post(of(proposal, "assign-by-government"), given).status_code == 302
    units.object_to(walking.part(proposal), reason="不是我局职责。", by=county.handler, at=NOW)
    assert proposal.title in content(government.get(f"{QUEUE}?tab=rule"))
    assert proposal.title not in content(desk.get(f"{QUEUE}?tab=rule"))
    refused = desk.post(of(proposal, "uphold"), {"uphold-part": str(walking.part(proposal).pk), "uphold-reason": "属"})
    assert refused.status_code in {403, 409, 422}
    said = {"uphold-part": str(walking.part(proposal).pk), "uphold-reason": "按三定方案属水务局。"}
    assert government.post(of(proposal, "uphold"), said).status_code == 302
    assert walking.again(proposal).state == State.IN_PROGRESS


def test_an_objection_is_seen_and_the_part_goes_to_another_unit(county, sign_in):
    proposal = walking.assigned(county)
    units.object_to(
        walking.part(proposal), reason="属城管局。", by=county.handler, at=NOW, proposed_unit=county.other_department
    )
    browser = sign_in(county.affairs)
    shown = content(browser.get(of(proposal)))
    assert "退单 1 次" in shown
    assert "建议由区城管局承办" in shown
    given = {
        "reassign-part": str(walking.part(proposal).pk),
        "reassign-unit": str(county.other_department.pk),
        "reassign-reason": "异议成立。",
    }
    assert browser.post(of(proposal, "reassign"), given).status_code == 302
    assert walking.again(proposal).host == county.other_department


def test_more_time_is_granted_or_refused_with_a_reason(county, sign_in):
    proposal = walking.in_progress(county)
    asked = extensions.request_extension(walking.part(proposal), reason="要先做管网检测。", by=county.unit_head, at=NOW)
    browser = sign_in(county.affairs)
    assert proposal.title in content(browser.get(f"{QUEUE}?tab=extend"))
    nothing = browser.post(of(proposal, "refuse-extension"), {"refuse_extension-extension": str(asked.pk)})
    assert nothing.status_code == 422
    assert (
        browser.post(of(proposal, "grant-extension"), {"grant_extension-extension": str(asked.pk)}).status_code == 302
    )
    assert walking.again(proposal).due_on > proposal.due_on


def test_similar_ones_are_offered_and_merged(county, sign_in):
    first = walking.accepted(county)
    second = walking.submitted(county, lead=county.make_deputy("林静"))
    browser = sign_in(county.affairs)
    shown = content(browser.get(of(second)))
    assert "相近的建议" in shown
    assert "并入这一件" in shown
    answer = browser.post(of(second, "merge"), {"merge-into": str(first.pk), "merge-seen": "submitted"})
    assert answer.status_code == 302
    assert walking.again(second).merged_into_id == first.pk
    assert "并入这一件的" in content(browser.get(of(first)))
    assert "撤销并案" in content(browser.get(of(second)))


def test_dissatisfaction_waits_to_be_ordered_anew_and_then_for_a_talk(county, sign_in):
    proposal = walking.replied(county)
    proposal = walking.evaluated(proposal, proposal.lead, Grade.DISSATISFIED)
    browser = sign_in(county.affairs)
    assert proposal.title in content(browser.get(f"{QUEUE}?tab=reorder"))
    assert browser.post(of(proposal, "reorder"), {"reorder-demands": "请到现场。"}).status_code == 302
    walking.answer(walking.again(proposal), county)
    proposal = walking.evaluated(proposal, proposal.lead, Grade.DISSATISFIED)
    assert proposal.title in content(browser.get(f"{QUEUE}?tab=settle"))
    talk = {
        "settle-manner": "talk",
        "settle-held_on": "2026-11-18",
        "settle-people": "双方",
        "settle-result": "约定时限。",
    }
    assert browser.post(of(proposal, "settle"), talk).status_code == 302
    assert walking.again(proposal).state == State.CLOSED
    shown = content(browser.get(of(proposal)))
    assert "约定时限。" in shown
    assert "（第 2 轮）" in shown


def test_a_motion_is_the_presidiums_and_not_the_desks(county, sign_in):
    motion = walking.motion(county)
    browser = sign_in(county.affairs)
    shown = content(browser.get(of(motion)))
    assert "列入议程" in shown
    assert "确定：立案" not in shown
    answer = browser.post(of(motion, "convert"), {"convert-decided": "主席团第三次会议，2026年11月18日"})
    assert answer.status_code == 302
    made = Proposal.objects.get(converted_from=motion)
    assert made.state == State.ACCEPTED
    assert "由议案转来" in content(browser.get(of(made)))


def test_a_search_finds_in_every_state_and_marks_the_words(county, sign_in):
    proposal = walking.assigned(county)
    browser = sign_in(county.affairs)
    assert "<mark>排水</mark>" in content(browser.get(f"{QUEUE}?q=排水"))
    assert proposal.title in content(browser.get(f"{QUEUE}?q={proposal.number}"))
    assert "没有符合条件的建议" in content(browser.get(f"{QUEUE}?q=幼儿园"))
    odd = "?tab=x&year=abcd&session=y&kind=z&category=q&host=1&after=zz&state=draft&key=2"
    assert browser.get(QUEUE + odd).status_code == 200


def test_pages_of_the_list_keep_their_place(county, sign_in):
    for number in range(53):
        walking.submitted(county, text={"title": f"关于第{number:03}件事的建议"})
    browser = sign_in(county.affairs)
    first = content(browser.get(f"{QUEUE}?tab=check"))
    link = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = content(browser.get(QUEUE + link))
    assert "关于第049件事" in first
    assert "关于第050件事" not in first
    assert "关于第050件事" in second
    assert "关于第049件事" not in second


def test_a_street_without_a_congress_has_no_proposals_on_its_desk(county, sign_in):
    assert "建议议案" not in content(sign_in(county.director).get("/office/"))
    assert "街道不设人大" in content(sign_in(county.director).get(QUEUE))
    assert "建议议案" in content(sign_in(county.affairs).get("/office/"))


def test_the_first_page_says_what_to_do_with_proposals(county, sign_in):
    walking.submitted(county)
    shown = content(sign_in(county.affairs).get("/office/"))
    assert "建议待审查" in shown
    assert "?tab=check" in shown


def test_letters_of_a_reply_open_for_the_desk_and_not_for_another_county(county, sign_in):
    proposal = walking.replied(county)
    browser = sign_in(county.affairs)
    links = re.findall(r'href="([^"]+/letters/[^"]+)"', content(browser.get(of(proposal))))
    assert len(links) == 2
    for link, kind in zip(links, ("application/pdf", "officedocument.wordprocessingml"), strict=True):
        answer = browser.get(link)
        assert answer.status_code == 200
        assert kind in answer["Content-Type"]
    stranger = factories.County("990107", "临湖区").affairs
    assert sign_in(stranger).get(links[0]).status_code == 404
