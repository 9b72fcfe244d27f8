"""Whether a meeting with the head of an organ stands in view of the public: its questions, answers and promises."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel.text import mask_contacts
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account

from .. import access
from ..models import OfficialMeeting
from ..states import MeetingState

SHOWABLE = frozenset({MeetingState.HELD, MeetingState.CLOSED})


class PersonalInMeeting(Exception):
    """A text that everybody would read holds a telephone number or an identity number."""

    code = "personal-in-meeting"

    def __init__(self) -> None:
        super().__init__(_("问题、答复或承诺里有电话、证件号等个人信息，不能公开。"))


@transaction.atomic
def show(meeting: OfficialMeeting, *, by: Account, at: datetime) -> OfficialMeeting:
    """Let the public read a held meeting. A second click changes nothing.

    Raises access.NotYours, StepRefused before it was held, PersonalInMeeting.
    """
    held = _of(meeting, by=by)
    if held.state not in SHOWABLE:
        raise StepRefused("show", held.state)
    texts = [
        held.subject,
        *(text for each in held.questions.all() for text in (each.topic, each.text, each.answer, each.promise_text)),
    ]
    if any(mask_contacts(text) != text for text in texts):
        raise PersonalInMeeting
    return _set(held, True, "meeting.shown", by=by, at=at)


@transaction.atomic
def hide(meeting: OfficialMeeting, *, by: Account, at: datetime) -> OfficialMeeting:
    """Take it out of the public's view. A second click changes nothing. Raises access.NotYours."""
    return _set(_of(meeting, by=by), False, "meeting.hidden", by=by, at=at)


def _of(meeting: OfficialMeeting, *, by: Account) -> OfficialMeeting:
    rows = OfficialMeeting.objects.select_for_update(of=("self",))
    held = rows.get(jurisdiction=meeting.jurisdiction, pk=meeting.pk)
    if not access.may_meeting(by, "hold", held):
        raise access.NotYours
    return held


def _set(meeting: OfficialMeeting, is_public: bool, act: str, *, by: Account, at: datetime) -> OfficialMeeting:
    if meeting.is_public != is_public:
        meeting.is_public = is_public
        meeting.save(update_fields=["is_public"])
        audit.record(act, meeting, by=by, at=at)
    return meeting
