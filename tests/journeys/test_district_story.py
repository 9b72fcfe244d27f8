"""The district's track: reviewed, forwarded, objected to, given to another department, answered, rated."""

import pytest

from jiazhan.opinions.choices import Grade
from jiazhan.opinions.states import State
from jiazhan.people.roles import Role
from tests.browser import DESK, PHONE
from tests.journeys import deputy, office, resident, unit
from tests.journeys.resident import TITLE

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("_assets"), pytest.mark.django_db(transaction=True)]


def test_a_department_that_objects_hands_on_and_the_next_one_answers(county, at_screen, station_code, the_matter):
    next_handler = county.appoint(Role.HANDLER, unit=county.other_department, name="赵经办")
    next_head = county.appoint(Role.UNIT_HEAD, unit=county.other_department, name="钱局长")
    phone = at_screen(PHONE)
    resident.scan(phone, station_code)
    resident.say(phone)
    code = resident.send_anonymously(phone)

    officer = at_screen(DESK, county.officer)
    office.open_matter(officer, TITLE)
    office.take(officer, "受理")
    deputys_phone = at_screen(PHONE, county.deputy.account)
    deputys_phone.visit("/deputy/")
    deputy.opine(deputys_phone, "管网老旧，街道没有力量，建议区里办理。", track="区级办理")
    director = at_screen(DESK, county.director)
    office.find_matter(director, TITLE)
    office.take(director, "转区人大", words={"转区人大的意见": "涉及市政管网，超出街道职权。"})

    committee = at_screen(DESK, county.committee)
    office.open_matter(committee, TITLE)
    committee.press("开始审核")
    office.take(committee, "同意转办", words={"审核意见": "情况清楚，同意转办。"})
    congress_office = at_screen(DESK, county.office)
    office.open_matter(congress_office, TITLE)
    congress_office.press("转区政府办公室")
    congress_office.reads("已编文号并出函")
    assert congress_office.downloads("PDF", among="#letters").startswith(b"%PDF")

    dispatcher = at_screen(DESK, county.dispatcher)
    office.open_matter(dispatcher, TITLE)
    office.take(dispatcher, "收文")
    office.take(dispatcher, "交承办单位", choices={"承办单位": "区水务局"})
    handler = at_screen(DESK, county.handler)
    unit.open_matter(handler, TITLE)
    unit.object_to(handler, "该处雨水井由城管部门养护。", proposed="区城管局")
    office.open_matter(dispatcher, TITLE)
    office.take(dispatcher, "改派", words={"改派说明": "异议成立，改由区城管局办理。"})

    head = at_screen(DESK, next_head)
    unit.open_matter(head, TITLE)
    unit.receive(head)
    unit.name_handler(head, "赵经办")
    writer = at_screen(DESK, next_handler)
    unit.open_matter(writer, TITLE)
    unit.draft_and_submit(writer, "11月20日已清掏疏通北门雨水井，今后每月巡查。", outcome="已经解决")
    unit.open_matter(head, TITLE)
    unit.sign(head)

    at_home = at_screen(PHONE)
    resident.look_up(at_home, code)
    at_home.reads("区城管局", "已清掏疏通北门雨水井")
    resident.rate(at_home, "满意")
    at_home.reads("您已评价")
    rated = the_matter()
    assert (rated.state, rated.grade, rated.unit) == (State.RATED, Grade.SATISFIED, county.other_department)
