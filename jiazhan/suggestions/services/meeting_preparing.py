"""Before the day of a meeting with the head of an organ: its notice to the organ, and what the organ prepares."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.documents import services as issuing
from jiazhan.documents.letters import content
from jiazhan.documents.models import Document
from jiazhan.documents.selectors import documents_of
from jiazhan.kernel import words
from jiazhan.kernel.text import clean_line
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .. import access
from ..models import OfficialMeeting
from ..states import MeetingState
from . import desks, telling
from .meetings import arrangers, deputies_of

PREPARING = frozenset({MeetingState.ACCEPTED, MeetingState.SCHEDULED})


class NoticeIssued(Exception):
    """The notice of this time and place went out before."""

    code = "meeting-notice-issued"

    def __init__(self) -> None:
        super().__init__(_("这次约见的通知书已经发出。改期以后可以再发一份。"))


@transaction.atomic
def prepare(
    meeting: OfficialMeeting, *, coming: str, answers: Mapping[UUID, str], by: Account, at: datetime
) -> OfficialMeeting:
    """The organ says whom it sends, and keeps what it means to answer; the desk is told who comes.

    The prepared answers are the unit's own until the desk enters the answers of the day from them. Raises access.NotYours,
    StepRefused, words.WordsTooLong.
    """
    held = _lock(meeting)
    if not any(post.unit_id == held.unit_id for post in by.posts_with(Permission.PROPOSAL_HANDLE)):
        raise access.NotYours
    if held.state not in PREPARING:
        raise StepRefused("prepare", held.state)
    before = held.coming
    held.coming = words.optional(clean_line(coming), _("拟到场负责人"), limit=120)
    held.save(update_fields=["coming"])
    prepared = 0
    for question in held.questions.all():
        if question.pk in answers:
            question.prepared = words.optional(answers[question.pk], _("准备的答复"), limit=5000)
            question.save(update_fields=["prepared"])
        prepared += bool(question.prepared)
    audit.record("meeting.prepared", held, by=by, at=at, detail={"questions": prepared})
    if held.coming and held.coming != before:
        text = _("%(unit)s拟由%(who)s到场答复约见：%(subject)s。") % {
            "unit": held.unit.name,
            "who": held.coming,
            "subject": held.subject[:30],
        }
        telling.tell(arrangers(held), "meeting-coming", held, text=text, at=at)
    return held


@transaction.atomic
def issue_notice(meeting: OfficialMeeting, *, by: Account, at: datetime) -> Document:
    """Issue the official notice (约见通知书) of time, place and questions to the organ.

    One for each time that was fixed. Raises access.NotYours, StepRefused before a time is fixed, NoticeIssued.
    """
    held = _lock(meeting)
    if not access.may_meeting(by, "schedule", held):
        raise access.NotYours
    if held.state != MeetingState.SCHEDULED or held.starts_at is None:
        raise StepRefused("issue_notice", held.state)
    letter = _letter(held, at=at)
    if any(
        each.inputs.get("held") == letter.held and each.inputs.get("place") == letter.place for each in notices_of(held)
    ):
        raise NoticeIssued
    letter = _numbered(letter, held, at=at)
    issued = issuing.issue(letter, subject=held, by=by, at=at)
    audit.record("meeting.notice_issued", held, by=by, at=at, detail={"number": letter.number})
    text = _("约见通知书（%(number)s）已发给%(unit)s，请打开查看。") % {"number": letter.number, "unit": held.unit.name}
    telling.tell_unit(held.unit, "meeting-notice", held, text=text, at=at, once=issued.pk.hex)
    return issued


def notices_of(meeting: OfficialMeeting) -> list[Document]:
    """The notices issued, oldest first."""
    return list(documents_of(meeting).filter(kind=content.MeetingNotice.kind))


def _letter(meeting: OfficialMeeting, *, at: datetime) -> content.MeetingNotice:
    topics: dict[str, list[str]] = {}
    for each in meeting.questions.order_by("position"):
        topics.setdefault(each.topic, []).append(each.text)
    names = [each.name for each in deputies_of(meeting)]
    known = {
        "lead": meeting.lead.name,
        "count": len(names),
        "official": meeting.official,
        "subject": meeting.subject,
        "number": meeting.number,
    }
    said = _(
        "%(lead)s等 %(count)s 名代表就“%(subject)s”申请约见你单位%(official)s（%(number)s），经研究同意安排。"
        "请被约见负责人或者由其委托的负责人员到场，对下列问题作出答复。"
    ) if len(names) > 1 else _(
        "%(lead)s代表就“%(subject)s”申请约见你单位%(official)s（%(number)s），经研究同意安排。"
        "请被约见负责人或者由其委托的负责人员到场，对下列问题作出答复。"
    )  # fmt: skip
    return content.MeetingNotice(
        issuer="",
        number="",
        title=_("关于约见%(unit)s负责人的通知") % {"unit": meeting.unit.name},
        addressee=meeting.unit.name,
        paragraphs=(said % known,),
        held=timezone.localtime(meeting.starts_at).strftime(_("%Y年%m月%d日 %H:%M")),
        place=meeting.place,
        host=meeting.host,
        deputies="、".join(names),
        topics=tuple(content.MeetingQuestions(topic=topic, questions=tuple(asked)) for topic, asked in topics.items()),
        signed_on=timezone.localdate(at),
    )


def _numbered(letter: content.MeetingNotice, meeting: OfficialMeeting, *, at: datetime) -> content.MeetingNotice:
    desk = desks.congress_desk(meeting)
    return replace(letter, issuer=desk.name, number=desk.next_number(at=at))


def _lock(meeting: OfficialMeeting) -> OfficialMeeting:
    rows = OfficialMeeting.objects.select_for_update(of=("self",)).select_related("unit", "lead", "term__congress")
    return rows.get(jurisdiction=meeting.jurisdiction, pk=meeting.pk)
