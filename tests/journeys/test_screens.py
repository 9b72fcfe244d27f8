"""The eye sees what it is there to see."""

import time

import pytest

from tests.browser import PATIENCE, PHONE
from tests.journeys.screens import as_said

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("_assets"), pytest.mark.django_db(transaction=True)]

FAULTS = {
    "image-alt": "const image = new Image(); image.src = '/static/ui/mark.svg'; document.body.append(image)",
    "target-size": "document.querySelector('main').innerHTML += '<p><button>一</button><button>二</button></p>';"
    "document.querySelectorAll('p button').forEach(each => { each.style.cssText = 'all: unset; font-size: 8px' })",
    "wider than 390": "document.querySelector('main').style.width = '900px'",
    "said aloud": "console.error('said aloud')",
    "Content Security Policy": "const made = document.createElement('script'); made.textContent = '1'; document.body.append(made)",
}


@pytest.fixture
def sound(county, at_screen):
    """A page with nothing wrong on it."""
    person = at_screen(PHONE)
    person.visit("/about/")
    return person


@pytest.mark.parametrize(("said", "fault"), FAULTS.items(), ids=FAULTS)
def test_a_fault_on_a_page_is_noted(sound, eye, said, fault):
    assert eye.wrong == {}
    sound.page.evaluate(fault)
    eye.look(sound.page)
    deadline = time.monotonic() + PATIENCE
    # The browser tells of what its policy refused in its own time.
    while said not in (noted := str(eye.wrong)) and time.monotonic() < deadline:
        sound.page.wait_for_timeout(20)
    eye.wrong.clear()
    assert said in noted


def test_small_words_in_large_text_are_noted(sound, eye):
    sound.follow("大字")
    assert eye.wrong == {}
    sound.page.evaluate("document.querySelector('main p').style.fontSize = '14px'")
    eye.look(sound.page)
    noted = str(eye.wrong)
    eye.wrong.clear()
    assert "text under 18 px" in noted


def test_punctuation_of_either_width_is_the_same():
    assert as_said("已受理，完（毕）:").search("都已受理，完（毕）：好")
    assert not as_said("受理", whole=True).search("不予受理")
