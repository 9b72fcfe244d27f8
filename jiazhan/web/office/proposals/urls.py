"""Routes of the pages on proposals, included by jiazhan.web.office.urls under its namespace."""

from django.urls import path

from . import batch, case, files, importing, queue, sessions
from .acts import ACTS

ONE = "<slug:jurisdiction>/<uuid:proposal_id>/"
REPLY = f"{ONE}replies/<uuid:reply_id>/"
TERM = "terms/<uuid:term_id>/delegations/"

urlpatterns = [
    path("", queue.proposals, name="proposals"),
    path("batches/", batch.batches, name="proposal-batches"),
    path("batches/new/", batch.worksheet, name="proposal-worksheet"),
    path("batches/new/table.xlsx", batch.worksheet_xlsx, name="proposal-worksheet-xlsx"),
    path("batches/forward/", batch.forward, name="proposal-forward-all"),
    path("batches/commit/", batch.commit, name="proposal-batch-commit"),
    path("batches/<slug:jurisdiction>/<uuid:batch_id>/", batch.batch, name="proposal-batch"),
    path(
        "batches/<slug:jurisdiction>/<uuid:batch_id>/letters/<uuid:letter_id>.<slug:kind>",
        batch.letter,
        name="proposal-batch-letter",
    ),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/<uuid:session_id>/", sessions.session, name="session"),
    path(TERM, sessions.delegation_list, name="delegations"),
    path(f"{TERM}new/", sessions.form_delegation, name="delegation-form"),
    path(f"{TERM}table/", sessions.delegation_table, name="delegation-table"),
    path(f"{TERM}<uuid:delegation_id>/", sessions.delegation, name="delegation"),
    path("import/", importing.choose, name="proposal-import"),
    path("import/template.xlsx", importing.template, name="proposal-import-template"),
    path("import/commit/", importing.commit, name="proposal-import-commit"),
    path(ONE, case.proposal, name="proposal"),
    path(f"{ONE}files/<uuid:file_id>/", files.file, name="proposal-file"),
    path(f"{REPLY}files/<uuid:file_id>/", files.reply_file, name="proposal-reply-file"),
    path(f"{REPLY}letters/<uuid:document_id>.<slug:kind>", files.reply_letter, name="proposal-reply-letter"),
    *(path(f"{ONE}{act.slug}/", case.acting(act), name=f"proposal-{act.slug}") for act in ACTS.values()),
]
