"""Routes of the deputy portal."""

from django.urls import path

from . import acts, files, matters, mine, today

app_name = "deputy"
MATTER = "opinions/<slug:jurisdiction>/<uuid:opinion_id>/"
urlpatterns = [
    path("", today.home, name="home"),
    path("opinions/", matters.matters, name="matters"),
    path(MATTER, matters.opinion, name="opinion"),
    path(f"{MATTER}take-up/", acts.take_up, name="take-up"),
    path(f"{MATTER}opine/", acts.opine, name="opine"),
    path(f"{MATTER}answer/", acts.answer, name="answer"),
    path(f"{MATTER}hand/", acts.hand, name="hand"),
    path(f"{MATTER}files/<uuid:file_id>/", files.attachment, name="file"),
    path(f"{MATTER}files/<uuid:file_id>/small/", files.thumbnail, name="file-small"),
    path(f"{MATTER}letters/<uuid:document_id>/", files.letter, name="letter"),
    path("mine/", mine.mine, name="mine"),
    path("mine/code/", mine.code, name="code"),
    path("mine/code/<slug:jurisdiction>/picture/", mine.code_picture, name="code-picture"),
    path("mine/code/<slug:jurisdiction>/<slug:size>/", mine.poster, name="code-poster"),
    path("mine/notices/", mine.notice_list, name="notices"),
    path("mine/notices/read/", mine.read_all_notices, name="notices-read"),
]
