"""Routes of the office portal."""

from django.urls import include, path

from . import bulk, enter, files, home, importing, matter, notices, proposal_publishing, queue, record, saved, watch
from .acts import ACTS

app_name = "office"

ONE = "opinions/<slug:jurisdiction>/<uuid:opinion_id>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("people/", include("jiazhan.web.office.people.urls")),
    path("", include("jiazhan.web.office.places.urls")),
    *proposal_publishing.urlpatterns,
    path("proposals/statistics/", include("jiazhan.web.office.proposal_statistics.urls")),
    path("proposals/", include("jiazhan.web.office.proposals.urls")),
    path("supervision/", include("jiazhan.web.office.supervision.urls")),
    path("meetings/", include("jiazhan.web.office.meetings.urls")),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.mark_read, name="notices-read"),
    path("watch/", watch.watch, name="watch"),
    path("watch/promises/", watch.promises, name="watch-promises"),
    path("watch/<slug:kind>/", watch.cases, name="watch-cases"),
    path("record/", record.record, name="record"),
    path("opinions/", queue.queue, name="queue"),
    path("opinions/saved/", saved.saved, name="saved-filters"),
    path("opinions/saved/new/", saved.save, name="filter-save"),
    path("opinions/saved/<uuid:filter_id>/name/", saved.rename, name="filter-rename"),
    path("opinions/saved/<uuid:filter_id>/delete/", saved.delete, name="filter-delete"),
    path("opinions/bulk/", bulk.bulk, name="bulk"),
    path("opinions/import/", importing.choose, name="import"),
    path("opinions/import/template.xlsx", importing.template, name="import-template"),
    path("opinions/import/commit/", importing.commit, name="import-commit"),
    path("opinions/import/<uuid:run_id>/", importing.progress, name="import-run"),
    path("opinions/new/", enter.enter, name="enter"),
    path(f"{ONE}receipt/", enter.receipt, name="receipt"),
    path(f"{ONE}receipt/print/", enter.receipt_pdf, name="receipt-pdf"),
    path(ONE, matter.opinion, name="opinion"),
    path(f"{ONE}reveal/", matter.reveal, name="opinion-reveal"),
    path(f"{ONE}files/<uuid:file_id>/", files.file, name="file"),
    path(f"{ONE}files/<uuid:file_id>/small/", files.thumbnail, name="thumbnail"),
    path(f"{ONE}replies/<uuid:reply_id>/files/<uuid:file_id>/", files.reply_file, name="reply-file"),
    path(f"{ONE}letters/<uuid:letter_id>.<slug:kind>", files.letter, name="letter"),
    *(path(f"{ONE}{act.slug}/", matter.acting(act), name=f"opinion-{act.slug}") for act in ACTS.values()),
]
