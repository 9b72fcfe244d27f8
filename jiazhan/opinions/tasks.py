"""What the worker does for opinions every morning, for each jurisdiction by itself."""

from django.utils import timezone
from procrastinate.contrib.django import app

from jiazhan.audit import SYSTEM
from jiazhan.kernel import scope
from jiazhan.places.selectors import jurisdictions_served

from .services import deadlines, import_runs, messages, reminders

TRIES = 5


# 08:10 in Beijing: procrastinate reads its clock in UTC.
@app.periodic(cron="10 0 * * *")
@app.task(name="opinions.begin_day", queueing_lock="opinions.begin_day")
def begin_day(timestamp: int) -> None:
    for jurisdiction in jurisdictions_served():
        for task in (keep_deadlines, close_unrated, ask_for_promises, remind, forget_imports):
            task.configure(lock=f"opinions.day:{jurisdiction}").defer(jurisdiction=jurisdiction)


@app.task(name="opinions.keep_deadlines", retry=TRIES)
def keep_deadlines(*, jurisdiction: str) -> None:
    with scope.within([jurisdiction]):
        deadlines.recompute(by=SYSTEM, at=timezone.now())


@app.task(name="opinions.close_unrated", retry=TRIES)
def close_unrated(*, jurisdiction: str) -> None:
    with scope.within([jurisdiction]):
        reminders.close_unrated(at=timezone.now())


@app.task(name="opinions.ask_for_promises", retry=TRIES)
def ask_for_promises(*, jurisdiction: str) -> None:
    with scope.within([jurisdiction]):
        reminders.ask_for_promises(at=timezone.now())


@app.task(name="opinions.remind", retry=TRIES)
def remind(*, jurisdiction: str) -> None:
    with scope.within([jurisdiction]):
        reminders.remind(at=timezone.now())


@app.task(name="opinions.forget_imports", retry=TRIES)
def forget_imports(*, jurisdiction: str) -> None:
    with scope.within([jurisdiction]):
        import_runs.forget_old(at=timezone.now())


@app.task(name=import_runs.TASK, retry=TRIES)
def import_rows(*, jurisdiction: str, run: str) -> None:
    import_runs.carry_on(jurisdiction, run, at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="opinions.follow_messages", queueing_lock="opinions.follow_messages")
def follow_messages(timestamp: int) -> None:
    with scope.within(jurisdictions_served()):
        messages.follow(at=timezone.now())
