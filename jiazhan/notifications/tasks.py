"""What the worker does for notifications: send, try again, find what was lost."""

from typing import Any

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.retry import RetryStrategy

from jiazhan.kernel import scope
from jiazhan.places.selectors import jurisdictions_served

from . import outbox, selectors, services


class NotSentYet(Exception):
    """The message could not leave; the job is tried again later."""


# 4 s, 16 s, 64 s, 4 min, 17 min: a gateway that is away for half an hour loses nothing.
@app.task(name=outbox.SEND, retry=RetryStrategy(exponential_wait=4, max_attempts=services.MOST_TRIES))
def send(*, jurisdiction: str, notice: str) -> None:
    if services.send(jurisdiction, notice, at=timezone.now()) is services.Sent.TRY_AGAIN:
        raise NotSentYet(notice)


@app.periodic(cron="* * * * *")
@app.task(name="jobs.retry_stalled", queueing_lock="jobs.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Give back the jobs of workers that died: they stay "doing" otherwise."""
    manager: Any = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)


@app.periodic(cron="*/5 * * * *")
@app.task(name="notifications.find_lost", queueing_lock="notifications.find_lost")
def find_lost(timestamp: int) -> None:
    with scope.within(jurisdictions_served()):
        for jurisdiction, notices in selectors.lost(at=timezone.now()).items():
            outbox.defer(jurisdiction, notices)
