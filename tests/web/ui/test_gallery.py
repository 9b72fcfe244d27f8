"""The gallery and the frames: every component is shown, and nothing is shown to the public."""

import re
from pathlib import Path

import pytest

import jiazhan.web.ui

TEMPLATES = Path(jiazhan.web.ui.__file__).parent / "jinja2" / "ui"
PAGES = ["/ui/", *[f"/ui/frame/{frame}/" for frame in ("public", "deputy", "office", "department")]]

pytestmark = pytest.mark.django_db


@pytest.fixture
def _debug(settings):
    settings.DEBUG = True


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.usefixtures("_debug")
def test_the_people_who_write_pages_see_it(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert '<main id="main"' in answer.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_the_public_does_not_see_it(client, address):
    assert client.get(address).status_code == 404


def test_the_gallery_shows_every_component():
    offered = set(re.findall(r"{% set (\w+) = _", (TEMPLATES / "components.html").read_text()))
    sources = [*(TEMPLATES / "gallery").glob("*.html"), *TEMPLATES.glob("*.html")]
    shown = {name for path in sources for name in re.findall(r"ui\.(\w+)\(", path.read_text())}
    assert offered - shown == set()


def test_every_macro_is_offered_as_a_component():
    offered = set(re.findall(r"{% set \w+ = _\w+\.(\w+) %}", (TEMPLATES / "components.html").read_text()))
    written = {
        name
        for path in TEMPLATES.glob("_*.html")
        for name in re.findall(r"{% macro (\w+)", path.read_text())
        if not name.startswith("_")
    }
    assert written == offered


@pytest.mark.usefixtures("_debug")
def test_a_refused_field_is_tied_to_its_error_and_its_hint(client):
    page = client.get("/ui/").content.decode()
    box = re.search(r"<textarea[^>]*id=\"id_story\"[^>]*>", page).group()
    assert 'aria-invalid="true"' in box
    described = re.search(r'aria-describedby="([^"]+)"', box).group(1).split()
    assert len(described) == 2
    assert all(f'id="{target}"' in page for target in described)


@pytest.mark.usefixtures("_debug")
def test_every_field_of_the_gallery_has_a_label(client):
    page = client.get("/ui/").content.decode()
    labels = set(re.findall(r'<label[^>]*for="([^"]+)"', page))
    wrapped = re.findall(r"<label[^>]*>.*?</label>", page, re.DOTALL)
    for box in re.findall(r"<(?:input|textarea|select)[^>]*>", page):
        if 'type="hidden"' in box or "aria-label=" in box or any(box in label for label in wrapped):
            continue
        assert re.search(r'id="([^"]+)"', box).group(1) in labels, box


@pytest.mark.usefixtures("_debug")
def test_an_unknown_frame_is_not_found(client):
    assert client.get("/ui/frame/nowhere/").status_code == 404
