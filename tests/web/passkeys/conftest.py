"""Tests of passkeys run in a real browser, with a virtual authenticator in it."""

from tests.browser import (  # noqa: F401
    _assets,
    _playwright_beside_django,
    browser_context_args,
    browser_type_launch_args,
)
