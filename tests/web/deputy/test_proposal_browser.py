"""Writing a proposal in a real browser on a phone: it saves by itself, a lost connection loses nothing, axe is content."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from jiazhan.kernel.outcomes import OutcomeClass
from jiazhan.suggestions.services import cosigning, writing
from tests.browser import (  # noqa: F401
    _assets,
    _playwright_beside_django,
    browser_context_args,
    browser_type_launch_args,
    until,
)
from tests.domain.suggestions import walking
from tests.web.deputy.asking import ask

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("_assets"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def hold(page, live_server):
    """Logs the telephone in as somebody."""

    def log_in(account):
        client = Client()
        client.force_login(account)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])

    return log_in


@pytest.fixture
def draft(county, me):
    with county.within():
        return walking.drafted(county, at=timezone.now())


def editor(live_server, proposal):
    return f"{live_server.url}/deputy/proposals/{proposal.jurisdiction}/{proposal.pk}/edit/"


@pytest.mark.parametrize("size", ["standard", "large"])
def test_axe_finds_nothing_and_nothing_runs_off_the_screen(hold, page, live_server, county, me, size):
    second = county.make_deputy("林静")
    promise = ("完成改造" * 20, timezone.localdate() + timedelta(days=90))
    with county.within():
        replied = walking.replied(county, second, outcome=OutcomeClass.PLANNED, promise=promise, at=timezone.now())
        matter = ask(county)
        drafted = walking.drafted(county, opinions=[matter], text={"title": "长" * 118, "facts": "本人的宅基地被占。"})
        drafted = cosigning.invite(drafted, deputies=[second], by=me, at=timezone.now())
        theirs = walking.drafted(county, lead=second)
        theirs = cosigning.invite(theirs, deputies=[county.deputy], by=second.account, at=timezone.now())
        cosigning.confirm(theirs, version=theirs.version, by=me, at=timezone.now())
        changed = walking.TEXT | {"cause": "另有原因。"}
        writing.save(theirs, version=theirs.version, by=second.account, at=timezone.now(), **changed)
    hold(me)
    page.goto(f"{live_server.url}/ui/text-size/{size}/?next=/deputy/")
    own = f"{drafted.jurisdiction}/{drafted.pk}/"
    pages = [
        "",
        "?tab=congress",
        "?tab=sign",
        "?tab=evaluate",
        "new/",
        f"{own}edit/",
        f"{own}check/",
        f"{own}cosigners/",
    ]
    pages += [f"{each.jurisdiction}/{each.pk}/" for each in (theirs, replied)]
    found = {}
    for path in pages:
        page.goto(f"{live_server.url}/deputy/proposals/{path}")
        for fold in page.locator("details").all():
            fold.evaluate("each => { each.open = true }")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        violations = Axe().run(page).response["violations"]
        found[path] = [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in violations]
    assert {path: each for path, each in found.items() if each} == {}


def test_a_draft_saves_by_itself(hold, page, live_server, county, me, draft):
    hold(me)
    page.goto(editor(live_server, draft))
    page.fill("#id_cause", "管网建于 1998 年，管径偏小，另有树根侵入。")
    expect(page.locator("[data-autosave-said]")).to_contain_text("已自动保存")
    until(page, "Object.keys(localStorage).filter(each => each.startsWith('autosave:')).length === 0")
    with county.within():
        assert walking.again(draft).cause.endswith("另有树根侵入。")


def test_a_lost_connection_loses_nothing(hold, page, live_server, county, me, draft):
    hold(me)
    page.goto(editor(live_server, draft))
    page.context.set_offline(True)
    page.fill("#id_cause", "没有网络时写的。")
    said = page.locator("[data-autosave-said]")
    expect(said).to_contain_text("没有网络")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("[data-offline]")).to_be_visible()
    page.context.set_offline(False)
    expect(said).to_contain_text("已自动保存")
    with county.within():
        assert walking.again(draft).cause == "没有网络时写的。"


def test_what_was_not_saved_is_back_after_the_page_was_closed(hold, page, live_server, county, me, draft):
    hold(me)
    page.goto(editor(live_server, draft))
    page.context.set_offline(True)
    page.fill("#id_cause", "没有网络时写的。")
    expect(page.locator("[data-autosave-said]")).to_contain_text("没有网络")
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(editor(live_server, draft))
    expect(page.locator("#id_cause")).to_have_value("没有网络时写的。")
    expect(page.locator("[data-autosave-said]")).to_contain_text("已自动保存")


def test_the_other_device_that_was_faster_is_shown_beside(hold, page, live_server, county, me, draft):
    hold(me)
    page.goto(editor(live_server, draft))
    with county.within():
        text = walking.TEXT | {"cause": "电脑上写的。"}
        writing.save(walking.again(draft), version=draft.version, by=me, at=timezone.now(), **text)
    page.fill("#id_cause", "手机上写的。")
    expect(page.locator("[data-autosave-said]")).to_contain_text("另一处保存过")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("电脑上写的。")).to_be_visible()
    expect(page.locator("#id_cause")).to_have_value("手机上写的。")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    with county.within():
        assert walking.again(draft).cause == "手机上写的。"


def test_similar_proposals_appear_while_writing(hold, page, live_server, county, me):
    with county.within():
        walking.accepted(county)
        empty = walking.begun(county)
    hold(me)
    page.goto(editor(live_server, empty))
    expect(page.locator("[data-similar-here]")).to_contain_text("还没有发现")
    page.fill("#id_title", "关于柳林小区排水管网改造的建议")
    expect(page.locator("[data-similar-here]")).to_contain_text("关于加快柳林小区周边排水管网改造的建议")
