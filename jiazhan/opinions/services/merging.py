"""One matter for what several people said: every author keeps getting answers (handbook §10).

Merged matters hang directly under the one that goes on, never under each other, so that there is nothing to go round in.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .. import access
from ..choices import Visibility
from ..models import Opinion
from ..states import OPEN, State
from . import steps, telling

# Once a reply is out, who comes later would have missed it.
TAKES_IN = OPEN - {State.REPLIED, State.RATED, State.ESCALATED}


class MergeRefused(Exception):
    """These two cannot become one."""

    code = "merge-refused"

    @classmethod
    def itself(cls) -> "MergeRefused":
        return cls(_("不能把一件事并入它自己。请选另一件。"))

    @classmethod
    def elsewhere(cls) -> "MergeRefused":
        return cls(_("两件事不在同一个区县，不能并案。"))

    @classmethod
    def merged_before(cls, into: str) -> "MergeRefused":
        return cls(_("那一件已经并入 %(into)s，请直接并入 %(into)s。") % {"into": into})

    @classmethod
    def too_late(cls) -> "MergeRefused":
        return cls(_("那一件已经答复或办结，不能再并入。请单独办理。"))

    @classmethod
    def locked(cls) -> "MergeRefused":
        return cls(_("检举控告件不能并案。"))


@transaction.atomic
def merge(opinion: Opinion, *, into: Opinion, by: Account, at: datetime) -> Opinion:
    """Let `into` carry this matter too, with all that were merged into this one before. Its author is told.

    Raises MergeRefused, and what `steps.take` raises.
    """
    if opinion.jurisdiction != into.jurisdiction:
        raise MergeRefused.elsewhere()
    if opinion.pk == into.pk:
        raise MergeRefused.itself()
    held, main = _both(opinion, into)
    if not access.holds(by, Permission.OPINION_TRIAGE, main):
        raise access.NotYours
    if Visibility.LOCKED in (held.visibility, main.visibility):
        raise MergeRefused.locked()
    if main.merged_into is not None:
        raise MergeRefused.merged_before(main.merged_into.number)
    if main.state not in TAKES_IN:
        raise MergeRefused.too_late()
    held = steps.take_held(held, "merge", by=by, at=at, detail={"into": main.number}, merged_into=main)
    moved = list(held.merged.all())
    for below in moved:
        below.merged_into = main
        below.save(update_fields=["merged_into"])
        _count(held, -_people(below))
        _count(main, _people(below))
        audit.record("opinion.merge", below, by=by, at=at, detail={"into": main.number})
    _count(main, _people(held))
    audit.record("opinion.merged_here", main, by=by, at=at, detail={"merged": held.number})
    text = _("您反映的%(matter)s与同一件事合并办理，答复时会同样告诉您。") % {"matter": telling.named(held)}
    telling.tell_authors(held, "opinion-merged", text=text, at=at)
    return held


@transaction.atomic
def unmerge(opinion: Opinion, *, by: Account, at: datetime) -> Opinion:
    """Make a merged matter one of its own again, to be triaged anew. Only while the other has not been replied to.

    Raises MergeRefused, and what `steps.take` raises.
    """
    main = opinion.merged_into
    if main is not None:
        held, main = _both(opinion, main)
        if main.state not in TAKES_IN and main.state in OPEN:
            raise MergeRefused.too_late()
        _count(main, -_people(held))
    detail = {"into": main.number} if main else {}
    return steps.take(opinion, "unmerge", by=by, at=at, detail=detail, merged_into=None)


def _both(first: Opinion, second: Opinion) -> tuple[Opinion, Opinion]:
    """Both held, in the order of their ids: two people who merge them crosswise do not block each other."""
    held = {each.pk: steps.lock(each) for each in sorted((first, second), key=lambda each: each.pk)}
    return held[first.pk], held[second.pk]


def _people(opinion: Opinion) -> int:
    return opinion.headcount + opinion.supporters_count


def _count(opinion: Opinion, people: int) -> None:
    opinion.supporters_count = max(0, opinion.supporters_count + people)
    opinion.save(update_fields=["supporters_count"])
