"""Routes of the public portal."""

from django.urls import path

from . import follow, followed, human, join, mine, pages, proposals, published, say, stations, verify

app_name = "public"
MATTER = "follow/<slug:jurisdiction>/<uuid:opinion_id>/"
SAY = "say/<slug:jurisdiction>/<str:code>/"
urlpatterns = [
    path("", stations.front, name="front"),
    path("stations/", stations.stations, name="stations"),
    path("stations/<slug:jurisdiction>/<str:code>/", stations.station, name="station"),
    path("stations/<slug:jurisdiction>/<str:code>/photo/<uuid:photo_id>/", stations.photo, name="station-photo"),
    path(
        "stations/<slug:jurisdiction>/<str:code>/photo/<uuid:photo_id>/small/",
        stations.small_photo,
        name="station-photo-small",
    ),
    path("deputies/<slug:jurisdiction>/<uuid:deputy_id>/", stations.deputy, name="deputy"),
    path("c/<slug:jurisdiction>/<slug:token>/", stations.scan, name="scan"),
    path("say/staged/<str:sealed>/", say.staged, name="staged"),
    path(SAY, say.say, name="say"),
    path(f"{SAY}place/", say.place, name="say-place"),
    path(f"{SAY}contact/", say.contact, name="say-contact"),
    path(f"{SAY}send/", say.send, name="say-send"),
    path(f"{SAY}confirm/", say.confirm, name="say-confirm"),
    path("join/<slug:jurisdiction>/<str:code>/", join.join, name="join"),
    path("join/<slug:jurisdiction>/<str:code>/send/", join.send, name="join-send"),
    path("human-check/", human.challenge, name="human-check"),
    path("follow/", follow.enter, name="follow"),
    path("follow/leave/", follow.leave, name="leave"),
    path(MATTER, followed.followed, name="followed"),
    path(f"{MATTER}sent/", follow.sent, name="sent"),
    path(f"{MATTER}rate/", followed.rate, name="rate"),
    path(f"{MATTER}message/", followed.say_to_unit, name="message"),
    path(f"{MATTER}withdraw/", followed.withdraw, name="withdraw"),
    path(f"{MATTER}take-down/", followed.take_down, name="take-down"),
    path(f"{MATTER}files/<uuid:attachment_id>/", followed.file, name="file"),
    path(f"{MATTER}files/<uuid:attachment_id>/small/", followed.thumbnail, name="thumbnail"),
    path(f"{MATTER}letters/<uuid:reply_id>/", followed.letter, name="letter"),
    path("my/", mine.mine, name="mine"),
    path("open/", published.published_list, name="open"),
    path("open/<slug:jurisdiction>/<uuid:publication_id>/", published.published, name="published"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/<slug:jurisdiction>/<uuid:proposal_id>/", proposals.proposal, name="proposal"),
    path("verify/", verify.enter, name="verify"),
    path("verify/<slug:jurisdiction>/<str:code>/", verify.verify, name="verified"),
    path("about/", pages.about, name="about"),
    path("complain/", pages.complain, name="complain"),
]
