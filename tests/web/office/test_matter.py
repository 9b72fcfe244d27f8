"""The page of a matter: what it shows, its acts from desk to desk, and what is refused with the words kept."""

import pytest
from django.urls import reverse
from django.utils import timezone

from jiazhan.audit.models import Entry
from jiazhan.notifications.selectors import unread_count
from jiazhan.opinions.choices import Grade, Urgency
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import authors, deputies, ending, extensions, replies, triage, units
from jiazhan.opinions.states import State
from jiazhan.people.models import Account, Post
from jiazhan.people.roles import Role
from tests.domain.opinions import walking
from tests.factories import LONG_AGO, NOW, category, opinion

NAMED = authors.Author(name="李秀英", phone="13812345678")


def address(matter, act=""):
    name = f"office:opinion-{act}" if act else "office:opinion"
    return reverse(name, kwargs={"jurisdiction": matter.jurisdiction, "opinion_id": matter.pk})


def does(browser, matter, act, **given):
    """Take an act as its form on the page sends it."""
    data = {f"{act}-{name.replace('__', '-')}": value for name, value in given.items()}
    return browser.post(address(matter, act.replace("_", "-")), data)


def state_of(matter):
    return Opinion.objects.get(pk=matter.pk).state


def test_an_officer_takes_a_matter_up_with_a_deputy_and_a_category(county, sign_in):
    deputy, matter = county.deputy, opinion(county)
    browser = sign_in(county.officer)
    page = browser.get(address(matter)).content.decode()
    assert "周海燕" in page
    assert "因为写到了“积水" in page

    answer = does(browser, matter, "accept", deputy=deputy.pk, category=category().pk, urgency=Urgency.URGENT)

    assert answer.status_code == 302
    assert "已受理" in browser.get(answer.url).content.decode()
    matter.refresh_from_db()
    assert (matter.state, matter.deputy, matter.category_id) == (State.ACCEPTED, deputy, "0102")


def test_a_matter_goes_from_desk_to_desk_along_the_street(county, sign_in):
    walking.fill_every_post(county)
    matter = opinion(county)
    does(sign_in(county.officer), matter, "accept", deputy=county.deputy.pk, category="0102", urgency="normal")
    deputies.opine(matter, text="情况属实，请尽快疏通。", by=county.deputy.account, at=NOW)
    does(sign_in(county.vice_director), matter, "opine_vice_director", text="属街道职权，建议直办。")
    director = sign_in(county.director)
    does(director, matter, "opine_director", text="同意。")
    does(director, matter, "assign_street", unit=county.street_office.pk, copies_to="区水务局、柳林社区")
    assert state_of(matter) == State.STREET_ASSIGNED
    assert matter.letters.get().copies_to == ["区水务局", "柳林社区"]
    page = sign_in(county.officer).get(address(matter)).content.decode()
    assert "属街道职权，建议直办。" in page
    assert "关于转办" in page

    matter.refresh_from_db()
    units.sign(matter, by=county.street_handler, at=timezone.now())
    walking.rated(matter, county, at=timezone.now())
    answer = does(sign_in(county.officer), matter, "close")
    assert answer.status_code == 302
    assert state_of(matter) == State.CLOSED


def test_a_matter_goes_from_desk_to_desk_through_the_district(county, sign_in):
    matter = walking.opined(county)
    walking.fill_every_post(county)
    does(sign_in(county.director), matter, "forward_district", text="超出街道职权。")
    committee = sign_in(county.committee)
    does(committee, matter, "begin_review")
    does(committee, matter, "approve_review", text="同意转办。")
    does(sign_in(county.office), matter, "forward_to_government")
    dispatcher = sign_in(county.dispatcher)
    does(dispatcher, matter, "receive_at_government")
    answer = does(dispatcher, matter, "assign_department", unit=county.department.pk)
    assert answer.status_code == 302
    assert state_of(matter) == State.DEPT_ASSIGNED


def test_a_refused_review_needs_its_way_on_and_keeps_the_reason(county, sign_in):
    matter = walking.reviewing(county)
    committee = sign_in(county.committee)
    answer = does(committee, matter, "reject_review", text="属于物业自治范围。", way_on="")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写去向" in page
    assert "属于物业自治范围。" in page
    does(committee, matter, "reject_review", text="属于物业自治范围。", way_on="转社区协商")
    assert state_of(matter) == State.REVIEW_REJECTED


def test_a_second_click_reads_why_and_keeps_what_was_typed(county, sign_in):
    county.deputy, (matter := opinion(county))
    officer = sign_in(county.officer)
    reason = "属于物业合同纠纷，请先找业委会。"
    assert does(officer, matter, "decline", reason=reason).status_code == 302
    again = does(officer, matter, "decline", reason="再点一次，" + reason)
    page = again.content.decode()
    assert again.status_code == 409
    assert "状态已经变了" in page
    assert "再点一次，" + reason in page
    assert Opinion.objects.get(pk=matter.pk).refusal_reason == reason


def test_the_second_of_two_clerks_sees_what_the_first_did_before_anything_happens(county, sign_in):
    county.deputy, (matter := opinion(county))
    triage.accept(matter, by=county.officer, at=NOW)
    late = sign_in(county.head)

    answer = does(late, matter, "decline", reason="属于物业合同纠纷。", seen="registered")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "刚刚变成了“待代表意见”" in page
    assert "属于物业合同纠纷。" in page
    assert state_of(matter) == State.ACCEPTED

    assert does(late, matter, "decline", reason="属于物业合同纠纷。", seen="accepted").status_code == 302
    assert state_of(matter) == State.NOT_ACCEPTED


def test_somebody_elses_step_is_refused_on_the_page_and_ones_own_is_not(county, sign_in):
    county.deputy, (matter := opinion(county))
    reads_all = county.appoint(Role.CHAIRPERSONS_MEETING)
    Post.objects.create(
        account=reads_all,
        role=Role.LIAISON_OFFICER,
        station=county.other_station,
        area=county.other_street.code,
        starts_on=LONG_AGO,
    )
    answer = does(sign_in(Account.objects.get(pk=reads_all.pk)), matter, "decline", reason="不是本站的事。")
    assert answer.status_code == 403
    assert "这一步不由您办理" in answer.content.decode()
    assert "不是本站的事。" in answer.content.decode()
    assert state_of(matter) == State.REGISTERED
    assert does(sign_in(county.officer), matter, "decline", reason="不是本站的事。").status_code == 302


def test_closing_says_what_is_missing_and_a_stamp_by_hand_completes_it(county, sign_in):
    matter = walking.rated(walking.handling_street(county), county)
    matter.deliveries.filter(recipient="deputy").delete()
    officer = sign_in(county.officer)
    assert "还缺：代表送达" in officer.get(address(matter)).content.decode()
    refused = does(officer, matter, "close")
    assert refused.status_code == 422
    assert "代表送达。补齐后再办结" in refused.content.decode()
    assert does(officer, matter, "deliver", recipient="deputy", how="电话告知").status_code == 302
    assert does(officer, matter, "close").status_code == 302
    assert state_of(matter) == State.CLOSED


def test_similar_matters_are_merged_with_one_press(county, sign_in):
    county.deputy, (main := opinion(county, body="柳林小区北门下雨就积水，老人孩子出门要蹚水。"))
    other = opinion(county, body="柳林小区北门又积水了，下雨老人孩子出门要蹚水。")
    officer = sign_in(county.officer)
    page = officer.get(address(other)).content.decode()
    assert "并入这一件" in page
    assert str(main.pk) in page
    assert does(officer, other, "merge", into=main.pk, seen="registered").status_code == 302
    assert state_of(other) == State.MERGED
    assert other.title in officer.get(address(main)).content.decode()


def test_a_matter_cannot_be_merged_into_one_that_the_clerk_may_not_see(county, sign_in):
    county.deputy, (matter := opinion(county)), (hidden := opinion(county, station=county.other_station))
    answer = does(sign_in(county.officer), matter, "merge", into=hidden.number)
    assert answer.status_code == 422
    assert "没有找到编号" in answer.content.decode()
    assert state_of(matter) == State.REGISTERED


def test_the_author_stays_masked_until_a_reason_is_given_and_recorded(county, sign_in):
    matter = opinion(county, author=NAMED)
    officer = sign_in(county.officer)
    page = officer.get(address(matter)).content.decode()
    assert "李**" in page
    assert "138****5678" in page
    assert "李秀英" not in page
    assert "13812345678" not in page

    refused = officer.post(address(matter, "reveal"), {"reason": ""})
    assert refused.status_code == 422
    assert "13812345678" not in refused.content.decode()

    shown = officer.post(address(matter, "reveal"), {"reason": "电话核实积水位置"})
    assert "李秀英" in shown.content.decode()
    assert "13812345678" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    entry = Entry.objects.get(action="contact.revealed")
    assert entry.actor_id == str(county.officer.pk)
    assert "核实积水位置" in entry.detail["reason"]
    assert "13812345678" not in officer.get(address(matter)).content.decode()


def test_an_anonymous_author_cannot_be_revealed(county, sign_in):
    matter = opinion(county)
    answer = sign_in(county.officer).post(address(matter, "reveal"), {"reason": "电话核实积水位置"})
    assert answer.status_code == 422
    assert "没有留下联系方式" in answer.content.decode()


def test_an_accusation_goes_out_of_sight_of_who_locked_it_and_of_the_accused(county, sign_in):
    walking.fill_every_post(county)
    matter = opinion(county, body="举报某单位工作人员收受好处。")
    officer = sign_in(county.officer)
    answer = does(officer, matter, "lock_as_accusation", accused_unit=county.department.pk)
    assert answer.status_code == 302
    assert answer.url == reverse("office:queue")
    assert officer.get(address(matter)).status_code == 404
    assert sign_in(county.affairs).get(address(matter)).status_code == 404
    carrier = sign_in(county.vice_director)
    page = carrier.get(address(matter)).content.decode()
    assert "按检举控告锁定" in page
    assert "分流" in page
    assert ">受理<" not in page
    assert does(carrier, matter, "divert", to="discipline", reason="属于检举控告，转纪检监察机关。").status_code == 302


def test_more_time_is_granted_by_who_assigned(county, sign_in):
    matter = walking.handling_department(county)
    extensions.request_extension(matter, reason="需等枯水期施工。", by=county.handler, at=NOW)
    dispatcher = sign_in(county.dispatcher)
    assert "需等枯水期施工。" in dispatcher.get(address(matter)).content.decode()
    assert does(dispatcher, matter, "refuse_extension", reason="").status_code == 422
    assert does(dispatcher, matter, "grant_extension", reason="").status_code == 302
    assert matter.extensions.get().decision == "granted"


def test_a_public_page_takes_two_people(county, sign_in):
    matter = walking.rated(walking.handling_street(county), county)
    head = sign_in(county.head)
    texts = {"title": "北门积水", "body": "下雨积水，请打 13812345678。", "reply": "已疏通。"}
    assert does(head, matter, "propose_public", **texts).status_code == 302
    publication = matter.publications.get()
    assert "13812345678" not in publication.body
    assert "13812345678" not in head.get(address(matter)).content.decode()
    own = does(head, matter, "approve_public", publication=publication.pk)
    assert own.status_code == 422
    assert "另一人复核" in own.content.decode()
    assert does(sign_in(county.director), matter, "approve_public", publication=publication.pk).status_code == 302
    publication.refresh_from_db()
    assert publication.state == "published"


def test_replies_of_both_rounds_stand_side_by_side_with_the_rating_between(county, sign_in):
    matter = walking.rated(walking.handling_street(county), county, Grade.DISSATISFIED)
    walking.replied(matter, county, body="第二次答复：已重新铺设管道。")
    page = sign_in(county.officer).get(address(matter)).content.decode()
    assert "第 1 轮答复" in page
    assert "第 2 轮答复" in page
    assert "已清淤疏通" in page
    assert "已重新铺设管道" in page
    assert "不满意" in page


def test_the_words_of_a_draft_stay_with_the_unit(county, sign_in):
    matter = walking.handling_street(county)
    replies.save_draft(matter, body="草稿里的话", by=county.street_handler, at=NOW, outcome="resolved")
    page = sign_in(county.officer).get(address(matter)).content.decode()
    assert "草稿里的话" not in page
    assert "起草中" in page


def test_the_office_opening_a_reply_is_stamped_and_a_committee_is_not(county, sign_in):
    matter = walking.handling_street(county)
    walking.replied(matter, county)
    sign_in(county.committee).get(address(matter))
    assert matter.deliveries.get(recipient="office").seen_at is None
    sign_in(county.office).get(address(matter))
    assert matter.deliveries.get(recipient="office").seen_at is not None


def test_looking_at_a_matter_reads_the_notices_about_it(county, sign_in):
    assert county.officer
    matter = opinion(county)
    assert unread_count(county.officer) == 1
    sign_in(county.officer).get(address(matter))
    assert unread_count(county.officer) == 0


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_a_letter_is_downloaded_through_its_matter(kind, begins, county, sign_in):
    matter, other = walking.assigned_street(county), opinion(county)
    place = {"jurisdiction": county.code, "letter_id": matter.letters.get().document_id, "kind": kind}
    officer = sign_in(county.officer)
    answer = officer.get(reverse("office:letter", kwargs=place | {"opinion_id": matter.pk}))
    assert b"".join(answer.streaming_content).startswith(begins)
    assert officer.get(reverse("office:letter", kwargs=place | {"opinion_id": other.pk})).status_code == 404


def test_a_settled_talk_is_recorded_with_its_way_on(county, sign_in):
    matter = walking.rated(walking.handling_street(county), county, Grade.DISSATISFIED)
    matter = walking.rated(matter, county, Grade.DISSATISFIED)
    assert matter.state == State.ESCALATED
    office = sign_in(county.office)
    assert "面商办结" in office.get(address(matter)).content.decode()
    answer = does(
        office, matter, "settle", held_on="2026-11-19", people="双方", result="下月完成改造。", way_on="转为代表建议"
    )
    assert answer.status_code == 302
    assert "转为代表建议" in office.get(address(matter)).content.decode()
    assert ending.missing_to_close(matter) == []


def test_long_words_and_html_are_shown_as_they_were_written(county, sign_in):
    matter = opinion(county, body="<script>alert(1)</script>" + "很长的话" * 800, title="𠮷祥苑" + "长" * 110)
    page = sign_in(county.officer).get(address(matter)).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page
    assert "𠮷祥苑" in page
