"""Takes one picture of each portal into docs/images, from a demo that `script/server` serves.

Who sits before the pages is chosen from its data, so that they have something to show; their sessions are made beside it.
"""

from __future__ import annotations

import argparse
import os
import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.db.models import Count
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

if TYPE_CHECKING:
    from django.test import Client

    from jiazhan.people.models import Account

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
COLOURS = 128
CANDIDATES = 60
MOST_BYTES = 150 * 1024


class TooLarge(Exception):
    """A picture that would weigh on everybody who reads the README."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--origin", default="http://127.0.0.1:8000", help="where the demo is served")
    parser.add_argument("--home", default="var", help="the folder of its data")
    given = parser.parse_args()
    os.environ |= {"JIAZHAN_HOME": str(Path(given.home).resolve()), "DJANGO_SETTINGS_MODULE": "jiazhan.config.settings"}
    # Playwright keeps an event loop in this thread; Django would refuse its database there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    django.setup()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = os.environ.get("JIAZHAN_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
        browser = playwright.chromium.launch(executable_path=chromium, args=options)
        station(browser, given.origin)
        deputy(browser, given.origin)
        office(browser, given.origin)
        department(browser, given.origin)
        browser.close()


def station(browser: Browser, origin: str) -> None:
    """What a resident sees who scanned the code of the station that solved most."""
    from jiazhan.opinions.models import Publication
    from jiazhan.people.models import ScanCode

    shown = Publication.objects.filter(state="published", opinion__outcome="resolved")
    most = shown.values("opinion__station").annotate(matters=Count("id")).order_by("-matters", "opinion__station")
    with the_county():
        code = ScanCode.objects.filter(revoked_at=None, station=most[0]["opinion__station"]).first()
    page = opened(browser, PHONE)
    page.goto(f"{origin}/c/{code.jurisdiction}/{code.token}/")
    keep(page, "public")


def deputy(browser: Browser, origin: str) -> None:
    """The day of the deputy who has most to do."""
    from jiazhan.opinions.models import Opinion
    from jiazhan.people.models import Deputy

    asked = Opinion.objects.filter(state="accepted", deputy__account__is_active=True).values_list("deputy", flat=True)
    with the_county():
        candidates = list(Deputy.objects.filter(pk__in=list(asked)).order_by("pk")[:CANDIDATES])
    pages = {each: today_of(each.account) for each in candidates}
    busiest = max(pages, key=lambda each: (pages[each].count("btn-quiet"), "还没有记录" not in pages[each]))
    page = opened(browser, PHONE, as_account=busiest.account, origin=origin)
    page.goto(f"{origin}/deputy/")
    keep(page, "deputy")


def office(browser: Browser, origin: str) -> None:
    """The queue of a street's office."""
    from jiazhan.people.models import Account

    page = opened(browser, DESK, as_account=Account.objects.get(username="gongwei1"), origin=origin)
    page.goto(f"{origin}/office/opinions/?tab=all")
    keep(page, "office")


def department(browser: Browser, origin: str) -> None:
    """A reply that is being written; nothing of it is sent."""
    from jiazhan.opinions.models import Opinion

    handled = Opinion.objects.filter(state="handling", handler__isnull=False, unit__kind="department", round=1)
    with the_county():
        matter = handled.select_related("handler").order_by("-due_on", "pk").first()
    page = opened(browser, DESK, as_account=matter.handler, origin=origin)
    page.goto(f"{origin}/department/opinions/{matter.jurisdiction}/{matter.pk}/")
    page.fill("#id_body", "您好：收到您反映的情况后，我们当天到现场看过，情况属实。下一步分两次整改，完成后请您再看。")
    page.check("input[name=outcome][value=in_progress]")
    page.locator("h1").scroll_into_view_if_needed()
    keep(page, "department")


def the_county() -> AbstractContextManager[None]:
    """The scope in which the demo's matters are seen. Closed before a session is made, so that the server sees that."""
    from jiazhan.kernel import scope
    from jiazhan.places.selectors import jurisdictions_served

    return scope.within(jurisdictions_served())


def today_of(account: Account) -> str:
    return client_of(account).get("/deputy/", HTTP_HOST="127.0.0.1").content.decode()


def client_of(account: Account) -> Client:
    from django.test import Client

    client = Client()
    client.force_login(account)
    return client


def opened(browser: Browser, size: dict[str, int], *, as_account: Account | None = None, origin: str = "") -> Page:
    from django.conf import settings

    context = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")
    if as_account is not None:
        session = client_of(as_account).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": origin}])
    return context.new_page()


def keep(page: Page, name: str) -> None:
    """Save what the screen shows, in as few colours as it needs. Raises TooLarge."""
    path = IMAGES / f"{name}.png"
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path, animations="disabled")
    with Image.open(path) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        raise TooLarge(f"{path} has {path.stat().st_size} bytes, more than {MOST_BYTES}")
    print(f"{path} {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
