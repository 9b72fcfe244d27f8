"""Routes of meetings with heads of organs, included by jiazhan.web.office.urls under its namespace."""

from django.urls import path

from . import acts, pages

ONE = "<slug:jurisdiction>/<uuid:meeting_id>/"

urlpatterns = [
    path("", pages.listing, name="meetings"),
    path("following/", pages.following, name="meetings-following"),
    path(ONE, pages.one, name="meeting"),
    path(f"{ONE}letters/<uuid:document_id>.<slug:kind>", pages.letter, name="meeting-letter"),
    path(f"{ONE}questions/<uuid:question_id>/<slug:found>/", acts.settle, name="meeting-question"),
    path(f"{ONE}<slug:step>/", acts.act, name="meeting-act"),
]
