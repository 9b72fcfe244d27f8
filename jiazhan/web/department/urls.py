"""Routes of the department portal."""

from django.urls import path

from . import acts, files, home, matter, writing

app_name = "department"
MATTER = "opinions/<slug:jurisdiction>/<uuid:opinion_id>/"
urlpatterns = [
    path("", home.home, name="home"),
    path("notices/", home.notice_list, name="notices"),
    path("notices/read/", home.read_all_notices, name="notices-read"),
    path(MATTER, matter.opinion, name="opinion"),
    path(f"{MATTER}receive/", acts.receive, name="receive"),
    path(f"{MATTER}object/", acts.object_to, name="object"),
    path(f"{MATTER}handler/", acts.assign_handler, name="handler"),
    path(f"{MATTER}talk/", acts.speak, name="talk"),
    path(f"{MATTER}extension/", acts.request_extension, name="extension"),
    path(f"{MATTER}promises/<uuid:promise_id>/", acts.explain_promise, name="promise"),
    path(f"{MATTER}reply/", writing.write, name="reply"),
    path(f"{MATTER}reply/sign/", writing.sign, name="reply-sign"),
    path(f"{MATTER}reply/back/", writing.send_back, name="reply-back"),
    path(f"{MATTER}reply/preview/", writing.preview, name="reply-preview"),
    path(f"{MATTER}reply/files/<uuid:file_id>/remove/", writing.remove_file, name="reply-file-remove"),
    path(f"{MATTER}files/<uuid:file_id>/", files.attachment, name="file"),
    path(f"{MATTER}files/<uuid:file_id>/small/", files.thumbnail, name="file-small"),
    path(f"{MATTER}replies/<uuid:reply_id>/files/<uuid:file_id>/", files.reply_attachment, name="reply-file"),
    path(f"{MATTER}letters/<uuid:document_id>/pdf/", files.letter_pdf, name="letter-pdf"),
    path(f"{MATTER}letters/<uuid:document_id>/docx/", files.letter_docx, name="letter-docx"),
]
