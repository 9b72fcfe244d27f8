"""A real browser for tests: Debian's chromium, at a phone's size; a conftest takes these fixtures by importing them."""

import os
import shutil
import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

import jiazhan.web.ui

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
# How long a machine that is busy with other things may take; what holds at once is not waited for.
PATIENCE = 30
expect.set_options(timeout=PATIENCE * 1000)


class BrowserMissing(Exception):
    """No chromium where one is required."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Skips where no browser is found, but never in CI."""
    chromium = os.environ.get("JIAZHAN_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        if os.environ.get("CI"):
            raise BrowserMissing("没有找到 chromium:请安装它，或用 JIAZHAN_CHROMIUM 指出它在哪里。")
        pytest.skip("没有找到 chromium，跳过浏览器里的测试。")
    return browser_type_launch_args | {
        "executable_path": chromium,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    # Nothing moves, so that axe never measures a colour half way to another.
    still = {"reduced_motion": "reduce"}
    return browser_context_args | still | {"viewport": PHONE, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture(scope="session")
def _assets():
    """The pages' style sheet and scripts, built before by script/assets."""
    built = Path(jiazhan.web.ui.__file__).parent / "static" / "ui" / "app.css"
    if not built.exists():
        if os.environ.get("CI"):
            raise BrowserMissing("页面资源还没有生成：请先运行 script/assets。")
        pytest.skip("页面资源还没有生成：请先运行 script/assets。")


@pytest.fixture(scope="session", autouse=True)
def _playwright_beside_django():
    """Playwright keeps an event loop in the tests' thread; Django would refuse its database there.

    Stays on: several modules take this fixture, and the database is closed after the last of them.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def follow(page: Page, what: Locator) -> None:
    """Click, and wait for the page that it leads to: a click by itself returns before the answer is there."""
    with page.expect_navigation():
        what.click()


def until(page: Page, script: str) -> None:
    """Wait until what the script says is true of this page; the pages' own policy forbids wait_for_function."""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(script):
        assert time.monotonic() < deadline, f"never true: {script}"
        page.wait_for_timeout(20)
