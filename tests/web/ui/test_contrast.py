"""The colours of the style sheet against WCAG 2.2: 4.5:1 for text, 3:1 for edges of what is pressed or filled in."""

import re
from pathlib import Path

import pytest

import jiazhan.web.ui

CSS = Path(jiazhan.web.ui.__file__).parent / "assets" / "css"
TEXT_PAIRS = [
    *[(text, ground) for text in ("ink", "quiet", "link", "mark") for ground in ("paper", "card", "sunken")],
    *[(light, ground) for light in ("ok", "warn", "late") for ground in ("paper", "card", "sunken")],
    *[(tone, f"{tone}-soft") for tone in ("ok", "warn", "late", "link")],
    *[("ink", f"{tone}-soft") for tone in ("ok", "warn", "late", "link")],
    ("on-brand", "brand"),
    ("on-brand", "brand-hover"),
]
EDGE_PAIRS = [("edge", "card"), ("edge", "paper"), ("mark", "card"), ("late", "card"), ("link", "paper")]


def tokens(scheme):
    """Name → hexadecimal colour; the dark scheme is the light one with what it overrides."""
    light, dark = (CSS / "tokens.css").read_text().split("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", light))
    return found if scheme == "light" else found | dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", dark))


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_has_the_contrast_that_the_standard_gives():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_every_ground_it_stands_on(scheme):
    colours = tokens(scheme)
    weak = {pair: round(contrast(*map(colours.get, pair)), 2) for pair in TEXT_PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_fields_and_choices_can_be_seen(scheme):
    colours = tokens(scheme)
    weak = {pair: round(contrast(*map(colours.get, pair)), 2) for pair in EDGE_PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


def test_the_dark_scheme_sets_every_colour_anew():
    _, dark = (CSS / "tokens.css").read_text().split("@media (prefers-color-scheme: dark)")
    assert set(tokens("light")) == set(re.findall(r"--([\w-]+):\s*#", dark))


def test_targets_are_44_pixels_high_and_60_in_elder_mode():
    plain, elder = re.findall(r"--size-field:\s*([\d.]+)rem", (CSS / "theme.css").read_text())
    percent = float(
        re.search(r'data-elder="large"\] \{\s*font-size: ([\d.]+)%', (CSS / "base.css").read_text()).group(1)
    )
    # daisyUI makes buttons and fields ten times --size-field high.
    assert float(plain) * 10 * 16 >= 44
    assert float(elder) * 10 * 16 * percent / 100 >= 60
    assert 16 * percent / 100 >= 20
