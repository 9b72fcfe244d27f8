"""The public pages in large text: one tap away, kept from page to page, large enough to press, nothing off the screen."""

import pytest

from tests.browser import PHONE
from tests.journeys import resident

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("_assets"), pytest.mark.django_db(transaction=True)]

# What a thumb presses; links within a sentence are words.
LOW = """[...document.querySelectorAll('main .btn, main .input, main .select, main .choice, main .face, main summary')]
    .filter(each => each.getClientRects().length && !each.closest('.sr-only') && each.getBoundingClientRect().height < 60)
    .map(each => each.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("taps", [["大字"], ["大字", "更大"]], ids=["large", "largest"])
def test_all_can_be_read_and_pressed(county, at_screen, station_code, eye, taps):
    phone = at_screen(PHONE)
    resident.scan(phone, station_code)
    for each in taps:
        phone.follow(each)
    look = eye.look

    def look_and_measure(page):
        look(page)
        for low in page.evaluate(LOW):
            eye.note(page, f"lower than 60 px: {low}")

    eye.look = look_and_measure
    resident.say(phone)
    code = resident.send_anonymously(phone)
    phone.follow("看办到哪一步")
    resident.look_up(phone, code)
    for path in (
        "/stations/",
        f"/deputies/{county.code}/{county.deputy.pk}/",
        "/open/",
        "/verify/",
        "/about/",
        "/complain/",
    ):
        phone.visit(path)
