"""Spreadsheets taken in by the worker: a person confirms the file, may leave, and reads afterwards what became of it."""

import base64
import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from jiazhan import audit
from jiazhan.documents.files import staging
from jiazhan.documents.files.checking import Checked
from jiazhan.kernel import scope
from jiazhan.kernel.spreadsheets import Unreadable
from jiazhan.notifications import outbox
from jiazhan.people import crypto
from jiazhan.people.models import Account
from jiazhan.places.models import Station

from ..models import ImportRun
from ..models.importing import ImportState
from . import importing

TASK = "opinions.import_rows"
MOST_ROWS = 20_000
# What the page can show; the count is exact beyond it.
MOST_ERRORS = 1000
KEPT_DAYS = 30
_MEDIA = "application/octet-stream"


class TooManyRows(Exception):
    """More rows than one file may have."""

    code = "too-many-rows"

    def __init__(self, count: int) -> None:
        super().__init__(
            _("表里有 %(count)s 行，一次最多收 %(most)s 行。请分成几份再导，已收的不会重复。")
            % {"count": f"{count:,}", "most": f"{MOST_ROWS:,}"}
        )


def put_by(content: bytes, *, name: str, on: date) -> staging.Staged:
    """Keep a file until it is confirmed and taken in, encrypted: it holds names and numbers."""
    hidden = crypto.encrypt(base64.b85encode(content).decode())
    return staging.put(Checked(io.BytesIO(hidden), _MEDIA, name, len(hidden)), on=on)


def check_size(rows: int) -> None:
    """Raises TooManyRows."""
    if rows > MOST_ROWS:
        raise TooManyRows(rows)


@transaction.atomic
def begin(
    station: Station, *, key: str, name: str, rows: int, mapping: Mapping[str, str], by: Account, at: datetime
) -> ImportRun:
    """Queue a file that was put by; confirmed a second time it is the same run. Raises TooManyRows."""
    check_size(rows)
    run, is_new = ImportRun.objects.get_or_create(
        jurisdiction=station.jurisdiction,
        staged_key=key,
        defaults={
            "station": station, "begun_by": by, "name": name[:120], "mapping": dict(mapping), "rows": rows, "begun_at": at,
            "moved_at": at,
        },
    )  # fmt: skip
    if is_new:
        # One file of a station after the other: numbers stay in the order of its rows.
        task = app.configure_task(TASK, lock=f"{TASK}:{station.pk}")
        task.defer(jurisdiction=run.jurisdiction, run=str(run.pk))
    return run


def carry_on(jurisdiction: str, run_id: str, *, at: datetime) -> None:
    """Take in what is left of a run, batch by batch, each with its count in one transaction. A run that ended stays so."""
    with scope.within([jurisdiction]):
        run = ImportRun.objects.select_related("station", "begun_by").get(jurisdiction=jurisdiction, pk=run_id)
    if run.ended_at is not None:
        return
    try:
        rows = importing.preview(_content(run), mapping=run.mapping).rows
    except (staging.StagedGone, Unreadable) as refusal:
        _end(run, ImportState.FAILED, at=at, failure=str(refusal))
        return
    for start in range(run.done, len(rows), importing.BATCH):
        with scope.within([jurisdiction]):
            held = ImportRun.objects.select_for_update().get(jurisdiction=jurisdiction, pk=run_id)
            if held.done == start:
                taken = importing.take(
                    rows[start : start + importing.BATCH], station=run.station, by=run.begun_by, at=at
                )
                _count(held, taken, most=len(rows), at=at)
    _end(run, ImportState.DONE, at=at)
    staging.discard(_staged(run))


def forget_old(*, at: datetime) -> int:
    """Delete the runs of the open scope that ended a month ago: their reasons may quote what somebody wrote."""
    rows = ImportRun.objects.filter(jurisdiction__in=scope.current(), ended_at__lt=at - timedelta(days=KEPT_DAYS))
    return rows.delete()[0]


def _count(run: ImportRun, taken: importing.Imported, *, most: int, at: datetime) -> None:
    run.state, run.rows, run.done = ImportState.RUNNING, most, min(run.done + importing.BATCH, most)
    run.added, run.skipped, run.bad = run.added + taken.added, run.skipped + taken.skipped, run.bad + len(taken.errors)
    run.errors = [*run.errors, *([line, reason] for line, reason in taken.errors)][:MOST_ERRORS]
    run.moved_at = at
    run.save(update_fields=["state", "rows", "done", "added", "skipped", "bad", "errors", "moved_at"])


def _end(run: ImportRun, state: ImportState, *, at: datetime, failure: str = "") -> None:
    with scope.within([run.jurisdiction]):
        held = ImportRun.objects.select_for_update().get(jurisdiction=run.jurisdiction, pk=run.pk)
        if held.ended_at is not None:
            return
        held.state, held.ended_at, held.failure = state, at, failure[:200]
        held.save(update_fields=["state", "ended_at", "failure"])
        detail: dict[str, Any] = {"added": held.added, "skipped": held.skipped, "bad": held.bad, "state": state.value}
        audit.record("opinion.import", held, by=run.begun_by, at=at, detail=detail)
        outbox.notify(
            run.begun_by, "import-ended", held, at=at, key=f"import-ended:{held.pk.hex}",
            text=_("“%(name)s”%(state)s：收进 %(added)s 件，没有收下 %(bad)s 行。")
            % {"name": held.name, "state": state.label, "added": held.added, "bad": held.bad},
        )  # fmt: skip
        if held.added:
            importing.tell_officers(run.station, held.added, at=at)


def _content(run: ImportRun) -> bytes:
    return base64.b85decode(crypto.decrypt(staging.checked(_staged(run)).content.read()))


def _staged(run: ImportRun) -> staging.Staged:
    return staging.Staged(run.staged_key, run.name, _MEDIA, 0)
