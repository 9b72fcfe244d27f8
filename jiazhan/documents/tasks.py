"""What the kept files need at night."""

from django.utils import timezone
from procrastinate.contrib.django import app

from jiazhan.kernel import scope
from jiazhan.places.selectors import jurisdictions_served

from . import services
from .files import staging


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="documents.sweep", pass_context=False)
def sweep_staged(timestamp: int) -> None:
    """Remove the files of forms that were left unsent."""
    staging.sweep(on=timezone.localdate())


@app.periodic(cron="51 3 * * *")
@app.task(name="documents.erase_removed", queueing_lock="documents.erase_removed", pass_context=False)
def erase_removed(timestamp: int) -> None:
    """Delete for good what was taken out of view weeks ago."""
    for jurisdiction in jurisdictions_served():
        with scope.within([jurisdiction]):
            services.erase_removed(at=timezone.now())
