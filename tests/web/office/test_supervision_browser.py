"""The pages of supervision, promises and meetings in a real browser, at the desk and on a phone: nothing runs over, axe finds
nothing, and the list's picks become a pack without scripts."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from jiazhan.kernel.outcomes import OutcomeClass
from jiazhan.suggestions.models import Follow
from jiazhan.suggestions.services import key_proposals, promises, supervising
from jiazhan.web.office import choices
from tests import factories
from tests.browser import (  # noqa: F401
    DESK,
    PHONE,
    _assets,
    _playwright_beside_django,
    browser_context_args,
    browser_type_launch_args,
)
from tests.domain.suggestions import asking, walking
from tests.factories import County
from tests.web.office.conftest import signed_in

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("_assets"), pytest.mark.django_db(transaction=True)]
LONG = (
    "关于进一步加快推进望江街道柳林小区及周边片区老旧排水管网系统改造、雨污分流和易涝点综合整治并建立长效管护机制的建议"
)


@pytest.fixture
def places(transactional_db, monkeypatch):
    """Addresses to look at, by who opens them."""
    now, today = timezone.now(), timezone.localdate()
    for module in (factories, walking):
        monkeypatch.setattr(module, "NOW", now)
    county = County()
    choices.forget()
    with county.within():
        proposal = walking.in_progress(county, at=now, text={"title": LONG})
        key_proposals.choose(
            proposal, meeting="区九届人大常委会第 42 次主任会议", decided_on=today, committee=county.committee_unit,
            lead_account=county.chair, demands="每季度听取一次进展。", by=county.office, at=now,
        )  # fmt: skip
        supervising.urge(
            proposal, unit=county.department, text="请报送进展。", answer_by=today + timedelta(days=9),
            by=county.affairs, at=now,
        )  # fmt: skip
        key_proposals.visit(
            proposal, held_on=today, place="柳林小区北门", people="常委会副主任、代表", findings="已开挖 60 米。",
            asks="年底前恢复路面。", by=county.affairs, at=now,
        )  # fmt: skip
        Follow.objects.create(
            jurisdiction=county.code, proposal=proposal, deputy=county.deputy, since=now, note="看过。"
        )
        county.make_deputy("林静")
        due = today + timedelta(days=40)
        replied = walking.replied(county, at=now, outcome=OutcomeClass.PLANNED, promise=("北门管网改造完工", due))
        promise = walking.evaluated(replied, replied.lead, at=now).promises.get()
        promises.explain(promise, text="已完工 80%。", by=county.handler, at=now)
        ago = now - timedelta(hours=3)
        held, arranged, agreed = (stage(county, at=ago) for stage in (asking.held, asking.scheduled, asking.accepted))
    one = {"jurisdiction": county.code, "proposal_id": proposal.pk}
    kept = {"jurisdiction": county.code, "promise_id": promise.pk}
    met = [{"jurisdiction": county.code, "meeting_id": each.pk} for each in (held, arranged, agreed)]
    return {
        county.office: [
            reverse("office:supervision"), reverse("office:supervise", kwargs=one), reverse("office:supervision-followers"),
            f"{reverse('office:supervision-pack')}?p={proposal.pk}", f"{reverse('office:promises')}?tab=all",
            reverse("office:promise", kwargs=kept), reverse("office:meetings"), reverse("office:meetings-following"),
            *(reverse("office:meeting", kwargs=each) for each in met),
        ],
        county.deputy.account: [
            reverse("deputy:meetings"), reverse("deputy:meeting-new"), reverse("deputy:meeting", kwargs=met[0]),
            f"{reverse('deputy:promises')}?tab=all", reverse("deputy:promise", kwargs=kept),
        ],
        county.handler: [
            reverse("department:meetings"), *(reverse("department:meeting", kwargs=each) for each in met[:2]),
            f"{reverse('department:promises')}?tab=all", reverse("department:promise-page", kwargs=kept),
        ],
    }  # fmt: skip


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_pages_keep_within_the_screen_and_axe_finds_nothing(places, page, live_server, size):
    wrong: list[str] = []
    page.set_viewport_size(size)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    for account, paths in places.items():
        cookie = signed_in(account).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        for path in paths:
            answer = page.goto(live_server.url + path)
            wide = page.evaluate("document.documentElement.scrollWidth")
            found = [each["id"] for each in Axe().run(page).response["violations"]]
            if answer.status != 200 or wide > size["width"] or found:
                wrong.append(f"{path}: {answer.status}, {wide} px, {found}")
    assert not wrong
    assert sum(map(len, places.values())) == 21


def test_picked_proposals_become_a_pack_without_scripts(places, browser, live_server):
    (office, paths) = next(iter(places.items()))
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    cookie = signed_in(office).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + paths[0])
    page.get_by_label(f"放进会议材料：{LONG}").check()
    page.get_by_role("button", name="做会议材料").click()
    assert page.get_by_role("heading", name="会议材料").is_visible()
    assert "还没有与代表沟通" in page.locator("textarea").first.input_value()
    context.close()
