"""Elder mode: one tap, a cookie, no script."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("size", ["large", "largest"])
def test_a_chosen_size_is_remembered_and_the_visitor_returns_to_the_page(client, size):
    answer = client.get(f"/ui/text-size/{size}/?next=/follow/%3Fcode%3D1")
    assert answer.status_code == 302
    assert answer["Location"] == "/follow/?code=1"
    assert answer.cookies["text_size"].value == size


def test_pages_are_drawn_in_the_chosen_size(client, settings):
    settings.DEBUG = True
    assert "data-elder" not in client.get("/ui/frame/public/").content.decode().split("<head>")[0]
    client.get("/ui/text-size/large/")
    assert 'data-elder="large"' in client.get("/ui/frame/public/").content.decode().split("<head>")[0]
    client.get("/ui/text-size/standard/")
    assert "data-elder" not in client.get("/ui/frame/public/").content.decode().split("<head>")[0]


def test_a_cookie_with_something_else_in_it_is_ignored(client, settings):
    settings.DEBUG = True
    client.cookies["text_size"] = '"><script>'
    assert "data-elder" not in client.get("/ui/frame/public/").content.decode().split("<head>")[0]


def test_a_size_that_is_not_offered_is_not_found(client):
    assert client.get("/ui/text-size/huge/").status_code == 404


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_the_switch_leads_nowhere_else(client, elsewhere):
    assert client.get("/ui/text-size/large/", {"next": elsewhere})["Location"] == "/"
