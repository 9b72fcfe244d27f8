"""Routes of supervision, included by jiazhan.web.office.urls under its namespace."""

from django.urls import path

from . import acts, pack, pages, promises

ONE = "<slug:jurisdiction>/<uuid:proposal_id>/"
PROMISE = "promises/<slug:jurisdiction>/<uuid:promise_id>/"

urlpatterns = [
    path("", pages.listing, name="supervision"),
    path("followers/", pages.followers, name="supervision-followers"),
    path("pack/", pack.pack, name="supervision-pack"),
    path("promises/", promises.calendar, name="promises"),
    path(PROMISE, promises.one, name="promise"),
    path(f"{PROMISE}kept/", promises.keep, name="promise-kept"),
    path(f"{PROMISE}broken/", promises.break_, name="promise-broken"),
    path(f"{PROMISE}words/", promises.add_words, name="promise-words"),
    path(ONE, pages.one, name="supervise"),
    path(f"{ONE}key/", acts.choose, name="supervise-key"),
    path(f"{ONE}end/", acts.end, name="supervise-end"),
    path(f"{ONE}visit/", acts.visit, name="supervise-visit"),
    path(f"{ONE}urge/", acts.urge, name="supervise-urge"),
    path(f"{ONE}visits/<uuid:visit_id>/<uuid:file_id>/", pages.visit_file, name="supervise-file"),
    path(f"{ONE}letters/<uuid:document_id>.<slug:kind>", pages.letter, name="supervise-letter"),
]
