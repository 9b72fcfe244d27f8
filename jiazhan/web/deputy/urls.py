"""Routes of the deputy portal."""

from django.urls import path

from . import (
    acts,
    files,
    matters,
    meetings,
    mine,
    promises,
    proposal_acts,
    proposal_signing,
    proposal_writing,
    proposals,
    today,
)

app_name = "deputy"
MATTER = "opinions/<slug:jurisdiction>/<uuid:opinion_id>/"
PROPOSAL = "proposals/<slug:jurisdiction>/<uuid:proposal_id>/"
MEETING = "meetings/<slug:jurisdiction>/<uuid:meeting_id>/"
PROMISE = "promises/<slug:jurisdiction>/<uuid:promise_id>/"
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
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/new/", proposal_writing.new, name="proposal-new"),
    path(PROPOSAL, proposals.proposal, name="proposal"),
    path(f"{PROPOSAL}edit/", proposal_writing.edit, name="proposal-edit"),
    path(f"{PROPOSAL}similar/", proposal_writing.alike, name="proposal-similar"),
    path(f"{PROPOSAL}check/", proposal_writing.check, name="proposal-check"),
    path(f"{PROPOSAL}submit/", proposal_writing.submit, name="proposal-submit"),
    path(f"{PROPOSAL}files/", proposal_writing.add_files, name="proposal-files"),
    path(f"{PROPOSAL}files/<uuid:file_id>/", proposal_acts.attachment, name="proposal-file"),
    path(f"{PROPOSAL}files/<uuid:file_id>/remove/", proposal_writing.remove_file, name="proposal-file-remove"),
    path(f"{PROPOSAL}cosigners/", proposal_signing.cosigners, name="proposal-cosigners"),
    path(f"{PROPOSAL}cosigners/remind/", proposal_signing.remind, name="proposal-cosigners-remind"),
    path(f"{PROPOSAL}cosigners/<uuid:deputy_id>/remove/", proposal_signing.remove, name="proposal-cosigner-remove"),
    path(f"{PROPOSAL}confirm/", proposal_signing.confirm, name="proposal-confirm"),
    path(f"{PROPOSAL}decline/", proposal_signing.decline, name="proposal-decline"),
    path(f"{PROPOSAL}withdraw/", proposal_acts.withdraw, name="proposal-withdraw"),
    path(f"{PROPOSAL}replies/<uuid:reply_id>/evaluate/", proposal_acts.evaluate, name="proposal-evaluate"),
    path(f"{PROPOSAL}copies/<uuid:copy_id>/", proposal_acts.letter, name="proposal-letter"),
    path(f"{PROPOSAL}contacts/<uuid:contact_id>/", proposal_acts.contact, name="proposal-contact"),
    path(f"{PROPOSAL}promises/<uuid:promise_id>/", proposal_acts.promise, name="proposal-promise"),
    path(f"{PROPOSAL}follow/", proposal_acts.follow, name="proposal-follow"),
    path(f"{PROPOSAL}unfollow/", proposal_acts.unfollow, name="proposal-unfollow"),
    path(f"{PROPOSAL}note/", proposal_acts.note, name="proposal-note"),
    path(f"{PROPOSAL}visits/<uuid:visit_id>/<uuid:file_id>/", promises.visit_file, name="visit-file"),
    path("meetings/", meetings.listing, name="meetings"),
    path("meetings/new/", meetings.new, name="meeting-new"),
    path(MEETING, meetings.one, name="meeting"),
    path(f"{MEETING}withdraw/", meetings.withdraw, name="meeting-withdraw"),
    path(f"{MEETING}questions/<uuid:question_id>/<slug:found>/", meetings.settle, name="meeting-question"),
    path("promises/", promises.calendar, name="promises"),
    path(PROMISE, promises.one, name="promise"),
    path(f"{PROMISE}<slug:step>/", promises.act, name="promise-act"),
    path("mine/", mine.mine, name="mine"),
    path("mine/code/", mine.code, name="code"),
    path("mine/code/<slug:jurisdiction>/picture/", mine.code_picture, name="code-picture"),
    path("mine/code/<slug:jurisdiction>/<slug:size>/", mine.poster, name="code-poster"),
    path("mine/notices/", mine.notice_list, name="notices"),
    path("mine/notices/read/", mine.read_all_notices, name="notices-read"),
]
