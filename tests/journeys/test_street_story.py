"""The whole story on the street's track: from the scan of a code to a reply that satisfies, through the pages only."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from jiazhan.opinions.choices import Grade, Recipient
from jiazhan.opinions.states import State
from tests.browser import DESK, PHONE
from tests.journeys import deputy, doors, office, resident, unit
from tests.journeys.resident import TITLE

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("_assets"), pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with_scripts", "without_scripts"])
def test_a_resident_is_heard_answered_and_answered_again(
    county, at_screen, station_code, last_code, picture, the_matter
):
    phone = at_screen(PHONE)
    resident.scan(phone, station_code)
    resident.say(phone, picture=picture)
    code = resident.send_named(phone, name="李秀英", phone="13812345678", last_code=last_code)

    officer = at_screen(DESK)
    doors.log_in_at_the_desk(officer, county.officer, doors.with_password_and_app(county.officer))
    officer.follow(TITLE, among="main")
    officer.unfold("受理")
    assert county.deputy.name in officer.box("接待代表").locator("option:checked").inner_text()
    assert officer.box("分类").input_value(), "no category was suggested"
    officer.reads("建议：")
    officer.press("确定：受理")
    officer.reads("已受理")

    deputys_phone = at_screen(PHONE)
    doors.log_in_by_phone(deputys_phone, county.deputy.account, last_code)
    deputy.opine(deputys_phone, "现场看过，情况属实，请街道尽快清掏。", track="街道办理")

    vice_director, director = at_screen(DESK, county.vice_director), at_screen(DESK, county.director)
    office.open_matter(vice_director, TITLE)
    office.take(vice_director, "加具副主任意见", words={"意见": "属街道职权，建议直办。"})
    office.open_matter(director, TITLE)
    office.take(director, "加具主任意见", words={"意见": "同意，请街道办事处办理。"})
    office.take(director, "交街道办事处办理", choices={"承办单位": "望江街道办事处"}, words={"抄送": "区水务局"})
    director.reads("转办函已生成")
    letter = PdfReader(BytesIO(director.downloads("PDF", among="#letters")))
    assert "柳林" in "".join(each.extract_text() for each in letter.pages)

    handler, head = at_screen(DESK, county.street_handler), at_screen(DESK, county.street_unit_head)
    unit.open_matter(handler, TITLE)
    unit.receive(handler)
    promise = ("更换北门两处雨水井盖", timezone.localdate() + timedelta(days=30))
    unit.draft_and_submit(handler, "11月20日已清掏雨水井，下一步更换井盖。", outcome="正在解决", promise=promise)
    unit.open_matter(head, TITLE)
    unit.sign(head)
    first_due = the_matter().due_on

    at_home = at_screen(PHONE)
    resident.look_up(at_home, code)
    at_home.reads("已有答复，请您评价", "已清掏雨水井", "更换北门两处雨水井盖", "办理经过")
    resident.rate(at_home, "不满意", "只清了一个井，昨天下雨还是积水。")
    at_home.reads("您不满意，正在重新办理", "还剩", "望江街道办事处")
    again = the_matter()
    assert (again.state, again.round) == (State.REOPENED, 2)
    assert again.due_on != first_due

    unit.open_matter(handler, TITLE)
    handler.reads("反映人的评价：不满意", "只清了一个井", "已清掏雨水井")
    unit.draft_and_submit(handler, "11月21日已清掏全部四个雨水井，并更换井盖。", outcome="已经解决")
    unit.open_matter(head, TITLE)
    unit.sign(head)
    resident.look_up(at_home, code)
    at_home.reads("第二次答复", "已清掏全部四个雨水井")
    resident.rate(at_home, "满意", "谢谢，这回好了。")
    at_home.reads("您已评价")

    office.find_matter(officer, TITLE)
    for recipient in Recipient:
        officer.reads(str(recipient.label))
    officer.press("办结")
    officer.reads("已办结归档")
    done = the_matter()
    assert (done.state, done.grade) == (State.CLOSED, Grade.SATISFIED)
    with county.within():
        stamped = {(each.round, each.recipient) for each in done.deliveries.all()}
        assert stamped == {(each, recipient) for each in (1, 2) for recipient in Recipient}
        assert all(each.seen_at for each in done.deliveries.filter(recipient=Recipient.AUTHOR))
