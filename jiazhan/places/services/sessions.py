"""The sessions (会议) of a term: entered with their days, changed where they were wrong."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import text
from jiazhan.places.models import Session, Term


class SessionRefused(Exception):
    """The session cannot be as asked; the message says why."""

    code = "session-refused"


@transaction.atomic
def convene(
    term: Term, *, number: int, starts_on: date, ends_on: date, by: audit.Acting, at: datetime, place: str = ""
) -> Session:
    """Enter a session. Raises SessionRefused for a number that is taken, days outside the term, in the wrong order with its
    neighbours, or that overlap another session."""
    term = Term.objects.select_for_update().get(pk=term.pk)
    session = Session(term=term, number=number)
    _set(session, number=number, starts_on=starts_on, ends_on=ends_on, place=place)
    session.save()
    _record("session.convened", session, by=by, at=at)
    return session


@transaction.atomic
def reschedule(
    session: Session, *, number: int, starts_on: date, ends_on: date, by: audit.Acting, at: datetime, place: str = ""
) -> Session:
    """Change a session's number, days or place. Raises as `convene`."""
    term = Term.objects.select_for_update().get(pk=session.term_id)
    held = Session.objects.get(pk=session.pk)
    held.term = term
    before = {"before": f"{held.starts_on}—{held.ends_on}", "number_before": held.number}
    _set(held, number=number, starts_on=starts_on, ends_on=ends_on, place=place)
    held.save()
    _record("session.rescheduled", held, by=by, at=at, **before)
    return held


def _set(session: Session, *, number: int, starts_on: date, ends_on: date, place: str) -> None:
    others = session.term.sessions.exclude(pk=session.pk)
    if number < 1:
        raise SessionRefused(_("请填写第几次会议，从 1 开始。"))
    if ends_on < starts_on:
        raise SessionRefused(_("闭幕日期不能早于开幕日期。"))
    if starts_on < session.term.starts_on or ends_on > session.term.ends_on:
        raise SessionRefused(_("会议日期要在本届任期之内。"))
    if others.filter(number=number).exists():
        raise SessionRefused(_("本届第%(number)s次会议已经登记过了。") % {"number": number})
    if other := others.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first():
        raise SessionRefused(_("与第%(number)s次会议的日期重叠。") % {"number": other.number})
    earlier, later = (
        others.filter(number__lt=number, starts_on__gt=ends_on),
        others.filter(number__gt=number, ends_on__lt=starts_on),
    )
    if other := earlier.first() or later.first():
        raise SessionRefused(_("会次和日期的先后与第%(number)s次会议不一致，请核对。") % {"number": other.number})
    session.number, session.starts_on, session.ends_on = number, starts_on, ends_on
    session.place = text.clean_line(place)[:80]


def _record(action: str, session: Session, *, by: audit.Acting, at: datetime, **detail: Any) -> None:
    area = session.term.congress.region_id or ""
    subject = audit.Subject(jurisdiction=area[:6], label=session._meta.label_lower, pk=session.pk)
    said = {"session": str(session), "starts_on": session.starts_on.isoformat(), "ends_on": session.ends_on.isoformat()}
    audit.record(action, subject, by=by, at=at, detail=said | detail)
