"""Routes of the department portal."""

from django.urls import path

from . import (
    acts,
    files,
    home,
    matter,
    meetings,
    promises,
    proposal_acts,
    proposal_files,
    proposal_page,
    proposal_writing,
    proposals,
    writing,
)

app_name = "department"
MATTER = "opinions/<slug:jurisdiction>/<uuid:opinion_id>/"
PROPOSAL = "proposals/<slug:jurisdiction>/<uuid:proposal_id>/"
MEETING = "meetings/<slug:jurisdiction>/<uuid:meeting_id>/"
PROMISE = "promises/<slug:jurisdiction>/<uuid:promise_id>/"
urlpatterns = [
    path("meetings/", meetings.listing, name="meetings"),
    path(MEETING, meetings.one, name="meeting"),
    path(f"{MEETING}prepare/", meetings.prepare, name="meeting-prepare"),
    path(f"{MEETING}questions/<uuid:question_id>/", meetings.explain, name="meeting-explain"),
    path(f"{MEETING}letters/<uuid:document_id>.<slug:kind>", meetings.letter, name="meeting-letter"),
    path("promises/", promises.calendar, name="promises"),
    path(PROMISE, promises.one, name="promise-page"),
    path(f"{PROMISE}<slug:step>/", promises.act, name="promise-act"),
    path(f"{PROPOSAL}visits/<uuid:visit_id>/<uuid:file_id>/", promises.visit_file, name="visit-file"),
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
    path("proposals/", proposals.proposals, name="proposals"),
    path(PROPOSAL, proposal_page.proposal, name="proposal"),
    path(f"{PROPOSAL}sign/", proposal_acts.sign, name="proposal-sign"),
    path(f"{PROPOSAL}object/", proposal_acts.object_to, name="proposal-object"),
    path(f"{PROPOSAL}handler/", proposal_acts.assign_handler, name="proposal-handler"),
    path(f"{PROPOSAL}contact/", proposal_acts.log_contact, name="proposal-contact"),
    path(f"{PROPOSAL}extension/", proposal_acts.request_extension, name="proposal-extension"),
    path(f"{PROPOSAL}promises/<uuid:promise_id>/", proposal_acts.explain_promise, name="proposal-promise"),
    path(f"{PROPOSAL}urgings/<uuid:urging_id>/", proposal_acts.answer_urging, name="proposal-urging"),
    path(f"{PROPOSAL}answer/", proposal_writing.write, name="proposal-write"),
    path(f"{PROPOSAL}answer/sign/", proposal_writing.sign, name="proposal-sign-answer"),
    path(f"{PROPOSAL}answer/back/", proposal_writing.send_back, name="proposal-send-back"),
    path(f"{PROPOSAL}answer/preview/", proposal_writing.preview, name="proposal-reply-preview"),
    path(
        f"{PROPOSAL}answer/files/<uuid:file_id>/remove/",
        proposal_writing.remove_file,
        name="proposal-reply-file-remove",
    ),
    path(f"{PROPOSAL}files/<uuid:subject_id>/<uuid:file_id>/", proposal_files.attachment, name="proposal-file"),
    path(
        f"{PROPOSAL}replies/<uuid:reply_id>/files/<uuid:file_id>/",
        proposal_files.reply_attachment,
        name="proposal-reply-file",
    ),
    path(f"{PROPOSAL}letters/<uuid:document_id>/pdf/", proposal_files.letter_pdf, name="proposal-letter-pdf"),
    path(f"{PROPOSAL}letters/<uuid:document_id>/docx/", proposal_files.letter_docx, name="proposal-letter-docx"),
]
