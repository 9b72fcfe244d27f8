"""What only a real browser shows of proposals on a unit's desk: two widths, axe, and nothing lost without a network."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from jiazhan.kernel.outcomes import Grade, OutcomeClass
from jiazhan.suggestions.choices import Part
from jiazhan.suggestions.services import assisting, evaluating, replies, supervising, units
from tests.browser import (  # noqa: F401
    DESK,
    PHONE,
    _assets,
    _playwright_beside_django,
    browser_context_args,
    browser_type_launch_args,
)
from tests.domain.suggestions import walking
from tests.factories import County
from tests.web.department.proposing import address, fill_assisting, now_is

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("_assets"), pytest.mark.django_db(transaction=True)]
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
LONG = "一是" + "把柳林片区老旧管网改造列入明年城建计划并同步完善北门积水点应急抽排设施，" * 30


@pytest.fixture
def county(transactional_db):
    """A county whose rows the server's own thread sees."""
    return County()


@pytest.fixture(autouse=True)
def now(monkeypatch):
    now_is(monkeypatch)


@pytest.fixture
def sit_down(page, live_server):
    def go(account, path):
        client = Client()
        client.force_login(account)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page.goto(live_server.url + path)
        return page

    return go


def busy(county):
    """A proposal under way with everything on its page: an objection, talks, an assist opinion, a letter, a draft."""
    fill_assisting(county)
    proposal = walking.assigned(
        county, county.make_deputy("林静"), county.make_deputy("欧阳文静"), assisting_units=(county.other_department,),
        text={"request": LONG},
    )  # fmt: skip
    at = timezone.now()
    host = walking.part(proposal)
    units.object_to(host, reason="该片区管网由城管局养护，不属本局职责。" * 6, by=county.handler, at=at)
    units.uphold(host, reason="按三定方案由水务局牵头。", by=county.affairs, at=at)
    walking.contacted(proposal, county)
    assist = walking.part(proposal, Part.ASSIST)
    units.sign(assist, by=county.assistant, at=at)
    opinion = assisting.save_opinion(assist, body="道路开挖审批三日内办结。", by=county.assisting_head, at=at)
    assisting.sign_opinion(assist, version=opinion.version, by=county.assisting_head, at=at)
    supervising.urge(
        proposal, unit=county.department, text="请说明进展。", answer_by=timezone.localdate() + timedelta(days=5),
        by=county.affairs, at=at,
    )  # fmt: skip
    replies.save_draft(walking.part(proposal), body="已到现场查看。", by=county.handler, at=at)
    return proposal


def sent_back(county):
    """A proposal in its second round, with a promise, evaluations and the first reply."""
    second = county.make_deputy("林静")
    proposal = walking.replied(
        county, second, outcome=OutcomeClass.PLANNED,
        promise=("北门管网改造完工", timezone.localdate() + timedelta(days=60)), text={"title": "关于第二轮办理的建议"},
    )  # fmt: skip
    walking.evaluated(proposal, proposal.lead)
    walking.evaluated(proposal, second, Grade.DISSATISFIED)
    return evaluating.reorder(proposal, by=county.affairs, at=timezone.now(), demands="雨季前完成清淤。")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_fit_their_screens_and_pass_axe(county, sit_down, page, size):
    page.set_viewport_size(size)
    with county.within():
        first, second = busy(county), sent_back(county)
        waiting = walking.assigned(county, text={"title": "关于等待签收的建议"})
    pages = ["/department/", "/department/proposals/?tab=under-way", address(first), address(second), address(waiting)]
    wrong = {}
    for path in pages:
        sit_down(county.unit_head, path)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        found = [each["id"] for each in Axe().run(page).response["violations"]]
        if page.evaluate(WIDER):
            found.append("wider")
        if found:
            wrong[path] = found
    assert wrong == {}


def test_a_talk_typed_without_a_network_is_kept_on_the_device(county, sit_down, page):
    with county.within():
        proposal = walking.in_progress(county)
    sit_down(county.handler, address(proposal))
    summary = page.get_by_label("沟通情况")
    summary.fill("到现场看了积水点，代表要求雨季前完成清淤。")
    page.get_by_label("参加人员").fill("李工")
    page.locator("#id_contact-mode").select_option("site")
    page.locator("#id_contact-held_at").fill("2026-01-05T10:00")
    page.context.set_offline(True)
    page.get_by_role("button", name="登记").click()
    expect(page.locator("#contacts").get_by_text("现在没有网络，还没有提交")).to_be_visible()
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_label("沟通情况")).to_have_value("到现场看了积水点，代表要求雨季前完成清淤。")


def test_on_a_wide_desk_a_proposal_opens_beside_the_list(county, sit_down, page):
    with county.within():
        proposal = walking.in_progress(county)
    page.set_viewport_size({"width": 1600, "height": 900})
    sit_down(county.handler, "/department/proposals/?tab=under-way")
    page.get_by_role("link", name=proposal.title).click()
    expect(page.locator("#pane").get_by_role("heading", name="建议全文")).to_be_visible()
    expect(page.get_by_role("heading", name="代表建议", exact=True)).to_be_visible()
