"""A proposal's whole story: from a draft with two co-signers to a promise kept, through the pages only."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jiazhan.kernel.outcomes import Grade, PromiseState
from jiazhan.people.roles import Role
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.states import PartState, State
from tests import factories
from tests.browser import DESK, PHONE
from tests.domain.suggestions import walking
from tests.journeys import office, proposing

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("_assets"), pytest.mark.django_db(transaction=True)]

FIRST = "已完成柳林小区北门清淤，明年安排管网改造。"
SECOND = "十一月二十日已更换北门 120 米管网，其余路段列入明年计划。"


@pytest.fixture
def cast(county):
    """The congress's desk, the deputies, and the people of the unit that will handle it."""
    with county.within():
        walking.past_session(county)
        factories.category()
        county.second, county.third = county.make_deputy("林静"), county.make_deputy("欧阳慧敏")
        county.next_handler = county.appoint(Role.HANDLER, unit=county.other_department, name="赵经办")
        county.next_head = county.appoint(Role.UNIT_HEAD, unit=county.other_department, name="钱局长")
        assert county.affairs
        assert county.handler
        assert county.street_office
    return county


@pytest.fixture
def the_proposal(cast):
    """The one proposal of the story as the database has it now."""

    def read() -> Proposal:
        with cast.within():
            return Proposal.objects.select_related("host").get()

    return read


def test_a_proposal_goes_from_a_draft_to_a_promise_kept(cast, at_screen, the_proposal):
    lead = at_screen(PHONE, cast.deputy.account)
    second, third = at_screen(PHONE, cast.second.account), at_screen(PHONE, cast.third.account)
    proposing.write(lead)
    proposing.invite(lead, "林静", "欧阳慧敏")
    proposing.cosign(second)
    proposing.cosign(third)
    proposing.submit(lead, "林静", "欧阳慧敏")

    desk = at_screen(DESK, cast.affairs)
    proposing.open_at_desk(desk)
    office.take(desk, "立案", choices={"分类": "排水"})
    desk.reads("已立案")
    desk.unfold("交办")
    desk.choose("主办单位", "区水务局")
    desk.pick("望江街道办事处")
    desk.press("确定：交办")
    desk.reads("已交办。承办单位和代表会收到通知")

    wrong = at_screen(DESK, cast.handler)
    proposing.open_at_unit(wrong)
    proposing.object_to(wrong, "该路段雨水管由城管部门养护，不属我局职责。", proposed="区城管局")
    proposing.open_at_desk(desk)
    desk.reads("退单", "不属我局职责")
    office.take(desk, "改派", words={"改派理由": "异议成立，改由区城管局主办。"})
    desk.reads("已改派，新单位会收到通知")

    head, handler = at_screen(DESK, cast.next_head), at_screen(DESK, cast.next_handler)
    proposing.open_at_unit(head)
    proposing.receive(head)
    proposing.name_handler(head, "赵经办")
    proposing.open_at_unit(handler)
    handler.reads("没有沟通记录不能提交答复")
    proposing.log_contact(handler, "周海燕", "林静", "欧阳慧敏", summary="到现场看了积水点，确认改造范围。")
    proposing.open_own(lead)
    lead.press("属实")

    street, street_head = at_screen(DESK, cast.street_handler), at_screen(DESK, cast.street_unit_head)
    proposing.open_at_unit(street)
    proposing.receive(street)
    proposing.assist(street, "街道负责组织沿线居民和物业配合清淤。")
    proposing.open_at_unit(street_head)
    proposing.sign(street_head)

    proposing.open_at_unit(handler)
    handler.reads("街道负责组织沿线居民和物业配合清淤")
    proposing.reply(handler, FIRST, outcome="正在解决", promise=("更换北门管网", timezone.localdate() + timedelta(30)))
    proposing.open_at_unit(head)
    proposing.sign(head)
    assert the_proposal().state == State.REPLIED

    proposing.open_own(lead, "待评价")
    lead.reads(FIRST, "林静", "欧阳慧敏")
    assert lead.downloads("我的答复函").startswith(b"%PDF")
    proposing.evaluate(lead, "满意", is_resolved=True)
    proposing.open_own(second, "待评价")
    proposing.evaluate(second, "不满意", words="只清了淤，管网没有换。", is_resolved=False)
    assert the_proposal().state == State.REORDERING

    proposing.open_at_desk(desk)
    desk.reads("只清了淤，管网没有换")
    office.take(desk, "重新交办", words={"重新办理的要求": "请说明管网改造的具体安排。"})
    desk.reads("已重新交办，一个月内再次答复")

    proposing.open_at_unit(handler)
    handler.reads("代表不满意", "请说明管网改造的具体安排", FIRST)
    proposing.log_contact(handler, "林静", summary="再次到现场，逐条说明改造安排。")
    proposing.reply(
        handler, SECOND, outcome="正在解决", promise=("更换其余路段管网", timezone.localdate() + timedelta(60))
    )
    proposing.open_at_unit(head)
    proposing.sign(head)
    for each in (lead, second, third):
        proposing.open_own(each, "待评价")
        each.reads(FIRST, SECOND)
        # Who has not rated the first reply may still do it, and is told which is which.
        proposing.evaluate(each, "满意", of="再次答复", is_resolved=True)
    followed = the_proposal()
    assert (followed.state, followed.first_grade, followed.grade) == (
        State.TRACKING, Grade.DISSATISFIED, Grade.SATISFIED,
    )  # fmt: skip

    for text in ("更换北门管网", "更换其余路段管网"):
        proposing.open_at_unit(handler, "承诺", called=text)
        proposing.explain(handler, text, "已全部完工，经两次大雨检验未再积水。")
        proposing.open_own(second, "联名")
        proposing.keep(second, text)
    closed = the_proposal()
    with cast.within():
        assert [each.state for each in closed.promises.all()] == [PromiseState.KEPT] * 2
        assert [each.state for each in closed.handlings.order_by("assigned_at", "part")] == [
            PartState.ANSWERED, PartState.RELEASED, PartState.ANSWERED,
        ]  # fmt: skip
        assert closed.replies.filter(round=1, body=FIRST).exists()
    assert (closed.state, closed.is_resolved, closed.returns_count) == (State.CLOSED, True, 1)
    assert closed.host == cast.other_department


@pytest.mark.parametrize("has_scripts", [False], ids=["without_scripts"])
def test_it_is_written_signed_assigned_answered_and_rated_without_scripts(cast, at_screen, the_proposal):
    lead, second = at_screen(PHONE, cast.deputy.account), at_screen(PHONE, cast.second.account)
    proposing.write(lead)
    proposing.invite(lead, "林静")
    proposing.cosign(second)
    proposing.submit(lead, "林静")

    desk = at_screen(DESK, cast.affairs)
    proposing.open_at_desk(desk)
    office.take(desk, "立案", choices={"分类": "排水"})
    desk.reads("已立案")
    desk.unfold("交办")
    desk.choose("主办单位", "区城管局")
    desk.press("确定：交办")
    desk.reads("已交办。承办单位和代表会收到通知")

    head, handler = at_screen(DESK, cast.next_head), at_screen(DESK, cast.next_handler)
    proposing.open_at_unit(handler)
    proposing.receive(handler)
    proposing.log_contact(handler, "周海燕", "林静", summary="到现场看了积水点，确认改造范围。")
    proposing.reply(handler, SECOND, outcome="已经解决")
    proposing.open_at_unit(head)
    proposing.sign(head)
    for each in (lead, second):
        proposing.open_own(each, "待评价")
        proposing.evaluate(each, "满意", is_resolved=True)
    assert the_proposal().state == State.CLOSED
