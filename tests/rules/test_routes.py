"""Every route of ours says whom it admits."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from jiazhan.people.permissions import Permission

# Libraries guard their own routes: django-allauth demands a login where one is needed.
LIBRARIES = ("allauth.", "django.contrib.staticfiles.", "django.views.static")


def _routes(patterns, prefix=""):
    for each in patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _routes(each.url_patterns, path)
        elif isinstance(each, URLPattern):
            yield path, each.callback


ROUTES = [
    pytest.param(view, id=path)
    for path, view in _routes(get_resolver().url_patterns)
    if not view.__module__.startswith(LIBRARIES)
]


def test_there_are_routes():
    assert len(ROUTES) > 10


@pytest.mark.parametrize("view", ROUTES)
def test_a_route_says_whom_it_admits(view):
    admits = getattr(view, "admits", None)
    assert admits in ("anyone", "signed-in") or (admits and all(isinstance(each, Permission) for each in admits)), (
        "decorate the view with @needs(Permission…), @signed_in or @anyone"
    )
