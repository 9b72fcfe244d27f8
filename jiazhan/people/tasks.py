"""What people's tables need at night."""

from django.utils import timezone
from procrastinate.contrib.django import app

from .services import phone_codes, sessions, throttle


@app.periodic(cron="23 3 * * *")
@app.task(name="people.forget_old", queueing_lock="people.forget_old")
def forget_old(timestamp: int) -> None:
    """Delete failed tries, one-time codes and ended sessions that nothing needs any more."""
    at = timezone.now()
    throttle.forget_old(at=at)
    phone_codes.forget_old(at=at)
    sessions.forget_old(at=at)
