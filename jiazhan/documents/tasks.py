"""What the kept files need at night."""

from django.utils import timezone
from procrastinate.contrib.django import app

from .files import staging


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="documents.sweep", pass_context=False)
def sweep_staged(timestamp: int) -> None:
    """Remove the files of forms that were left unsent."""
    staging.sweep(on=timezone.localdate())
