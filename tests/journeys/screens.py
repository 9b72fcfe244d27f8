"""A person at a screen, and the eye on every page that they come to: axe, the console, nothing wider than the screen."""

import json
import re

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser import follow

# target-size is off by default, whatever the tags say.
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
# What few need is folded away; it is looked at too, and folded again.
UNFOLD = "[...document.querySelectorAll('details:not([open])')].map(each => { each.open = true; each.dataset.was = '' }).length"
FOLD = "document.querySelectorAll('details[data-was]').forEach(each => { each.open = false; delete each.dataset.was })"
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
TOO_SMALL = """[...document.querySelectorAll('main *')].filter(each =>
    [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()) && each.getClientRects().length
    && !each.closest('.sr-only') && parseFloat(getComputedStyle(each).fontSize) < 18).map(each => each.outerHTML.slice(0, 120))"""
# A comma is a comma, at either width.
WIDTHS = [",，", ":：", ";；", "?？", "(（", ")）"]


def as_said(words: str, *, whole: bool = False) -> re.Pattern[str]:
    """A pattern for words on a page, whatever the width of their punctuation."""
    pattern = re.escape(words)
    for pair in WIDTHS:
        pattern = re.sub(rf"\\?[{pair}]", f"[{pair}]", pattern)
    return re.compile(rf"^\s*{pattern}\s*$" if whole else pattern)


class Eye:
    """What was wrong on the pages of a story, by page; `assert eye.wrong == {}` at its end."""

    def __init__(self, *, has_scripts: bool = True) -> None:
        self.wrong: dict[str, list[str]] = {}
        self.has_scripts = has_scripts
        self.glass: Page | None = None

    def watch(self, context: BrowserContext) -> None:
        """From now on note what the console says, refused content included, and scripts that fail."""
        context.on("console", lambda said: said.type in {"error", "warning"} and self.note(said.page, said.text))
        context.on("weberror", lambda failed: self.note(failed.page, str(failed.error)))

    def look(self, page: Page) -> None:
        """Look at the page as it stands, with everything unfolded."""
        if self.has_scripts:
            self._look(page)
            return
        self._look(self._copy_of(page))

    def _copy_of(self, page: Page) -> Page:
        """The page as it was answered, where scripts run: axe is a script itself. Its own scripts stay away."""
        html = page.content()
        if self.glass is None:
            context = page.context.browser.new_context(viewport=page.viewport_size, locale="zh-CN")
            self.glass = context.new_page()
        self.glass.set_viewport_size(page.viewport_size)
        self.glass.unroute_all()
        self.glass.route("**/*.js", lambda route: route.abort())
        self.glass.route(page.url.split("#")[0], lambda route: route.fulfill(body=html, content_type="text/html"))
        self.glass.goto(page.url)
        return self.glass

    def _look(self, page: Page) -> None:
        page.evaluate(UNFOLD)
        page.evaluate(AXE_SCRIPT)
        for rule, found in self._violations(page).items():
            self.note(page, f"{rule}: {list(found.values())[:3]}")
        if page.evaluate(WIDER):
            self.note(page, f"wider than {page.viewport_size['width']} px")
        if page.evaluate("document.documentElement.hasAttribute('data-elder')") and (small := page.evaluate(TOO_SMALL)):
            self.note(page, f"text under 18 px in large text: {small[:3]}")
        page.evaluate(FOLD)

    def _violations(self, page: Page) -> dict[str, dict[str, str]]:
        """What axe finds, by rule and place. What only lies under a bar that stays at the screen's edge can be scrolled
        clear of it: a target is too small where it is so at the page's top and at its end."""
        at_top = self._axe(page)
        if small := at_top.pop("target-size", {}):
            page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
            at_end = self._axe(page).get("target-size", {})
            page.evaluate("scrollTo(0, 0)")
            if stays := {where: html for where, html in small.items() if where in at_end}:
                at_top["target-size"] = stays
        return at_top

    def _axe(self, page: Page) -> dict[str, dict[str, str]]:
        found = page.evaluate(f"axe.run({json.dumps(AXE_OPTIONS)})")["violations"]
        return {each["id"]: {str(node["target"]): node["html"][:160] for node in each["nodes"]} for each in found}

    def note(self, page: Page | None, said: str) -> None:
        where = re.sub(r"[0-9a-f-]{36}", "…", page.url.split("/", 3)[-1]) if page else ""
        self.wrong.setdefault(where, []).append(said)


class Person:
    """Somebody at a screen of their own, who does what a page offers by the words that stand on it."""

    def __init__(self, page: Page, *, base: str, eye: Eye) -> None:
        self.page, self.base, self.eye = page, base, eye

    def visit(self, path: str) -> None:
        self.page.goto(self.base + path)
        self.eye.look(self.page)

    def press(self, name: str, *, among: str = "main") -> None:
        """Press a button and look at the page that it leads to."""
        self._go_on(self.page.locator(among).get_by_role("button", name=as_said(name, whole=True)))

    def follow(self, name: str, *, among: str = "body") -> None:
        """Follow a link whose words hold `name` and look at its page."""
        self._go_on(self.page.locator(among).get_by_role("link", name=as_said(name)).first)

    def unfold(self, name: str) -> None:
        """Open what is folded under these very words."""
        self.page.locator("summary").get_by_text(name, exact=True).click()

    def fill(self, label: str, words: str) -> None:
        self.box(label).fill(words)

    def choose(self, label: str, option: str) -> None:
        """Choose the option whose words hold `option`."""
        box = self.box(label)
        box.wait_for()
        words = [each.strip() for each in box.locator("option").all_text_contents()]
        box.select_option(label=next(each for each in words if option in each))

    def pick(self, label: str) -> None:
        """Pick one of several cards or faces by its first words."""
        self.page.locator("main label").filter(has_text=re.compile(rf"^\s*{label}")).first.click()

    def box(self, label: str) -> Locator:
        """The field under this label, of those that are not folded away."""
        return self.page.get_by_label(re.compile(rf"^\s*{label}")).locator("visible=true").first

    def reads(self, *words: str) -> None:
        """The page says so."""
        for each in words:
            expect(self.page.locator("body")).to_contain_text(as_said(each))

    def downloads(self, name: str, *, among: str = "main") -> bytes:
        """What a link of the page leads to, fetched as this person."""
        link = self.page.locator(among).get_by_role("link", name=name).first.get_attribute("href")
        answer = self.page.request.get(self.base + link)
        assert answer.ok, f"{name}: {answer.status}"
        return answer.body()

    def _go_on(self, what: Locator) -> None:
        follow(self.page, what)
        self.eye.look(self.page)
