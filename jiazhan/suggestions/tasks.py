"""What the worker does for proposals and meetings every morning, for each jurisdiction by itself."""

from django.utils import timezone
from procrastinate.contrib.django import app

from jiazhan.audit import SYSTEM
from jiazhan.kernel import scope
from jiazhan.places.selectors import congresses_above_counties, jurisdictions_served

from .services import deadlines, reminders

TRIES = 5


# 08:20 in Beijing, after the opinions: procrastinate reads its clock in UTC.
@app.periodic(cron="20 0 * * *")
@app.task(name="suggestions.begin_day", queueing_lock="suggestions.begin_day")
def begin_day(timestamp: int) -> None:
    for jurisdiction in sorted({*jurisdictions_served(), *congresses_above_counties()}):
        for task in (keep_deadlines, conclude_unrated, ask_for_promises, remind):
            task.configure(lock=f"suggestions.day:{jurisdiction}").defer(jurisdiction=jurisdiction)


@app.task(name="suggestions.keep_deadlines", retry=TRIES)
def keep_deadlines(*, jurisdiction: str) -> None:
    with scope.within([jurisdiction]):
        deadlines.recompute(by=SYSTEM, at=timezone.now())


@app.task(name="suggestions.conclude_unrated", retry=TRIES)
def conclude_unrated(*, jurisdiction: str) -> None:
    with scope.within([jurisdiction]):
        reminders.conclude_unrated(at=timezone.now())


@app.task(name="suggestions.ask_for_promises", retry=TRIES)
def ask_for_promises(*, jurisdiction: str) -> None:
    with scope.within([jurisdiction]):
        reminders.ask_for_promises(at=timezone.now())


@app.task(name="suggestions.remind", retry=TRIES)
def remind(*, jurisdiction: str) -> None:
    with scope.within([jurisdiction]):
        reminders.remind(at=timezone.now())
