"""What a letter, receipt or poster says: plain values, without layout, that can be stored and rendered again."""

import re
import types
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, get_args, get_origin, get_type_hints

from django.utils.translation import gettext as _

# Fields with an organ's own words, as against those that quote a person.
OWN_WORDS = frozenset(
    {"title", "addressee", "paragraphs", "promise", "assisted", "due", "next_step", "sentence", "hours", "sections"}
)
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


class UnmaskedContact(Exception):
    """A letter was given a person's whole telephone number where only a masked name may stand (handbook §11)."""

    code = "unmasked-contact"

    def __str__(self) -> str:
        return _("反映人一栏带有完整电话，函件只写脱敏后的姓名，请改后再生成。")


class PaperSize(StrEnum):
    A4 = "a4"
    A5 = "a5"
    A6 = "a6"
    BADGE = "badge"


@dataclass(frozen=True, kw_only=True)
class Endorsement:
    """One official's opinion on the sheet. Without text it is an empty box to be written by hand."""

    label: str
    text: str = ""
    name: str = ""
    signed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class TransferLetter:
    """群众意见转办函 (handbook §3.2): a letter, and the sheet with the matter and each official's opinion."""

    kind: ClassVar[str] = "transfer"

    issuer: str
    number: str
    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    signed_on: date
    matter_number: str
    matter_title: str
    said_on: date
    channel: str
    author: str
    community: str
    category: str
    facts: str
    request: str
    endorsements: tuple[Endorsement, ...]
    forwarded_to: str
    due: str
    received_on: date | None = None
    attachments: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    contact: str = ""
    verify_url: str = ""
    verify_code: str = ""

    def __post_init__(self) -> None:
        if PHONE.search(self.author):
            raise UnmaskedContact


@dataclass(frozen=True, kw_only=True)
class ReplyLetter:
    """答复函: what the unit did, signed by its head. `outcome` is the class in words, `promise` what it still owes."""

    kind: ClassVar[str] = "reply"

    issuer: str
    number: str
    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    outcome: str
    signed_by: str
    signed_on: date
    promise: str = ""
    attachments: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    contact: str = ""
    verify_url: str = ""
    verify_code: str = ""


@dataclass(frozen=True, kw_only=True)
class AssignedRow:
    """One proposal in the list of a letter of assignment; `part` says the unit's own and with whom."""

    number: str
    title: str
    lead: str
    part: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class AssignmentLetter:
    """交办函: the letter of one batch to one unit, and the list of what it got."""

    kind: ClassVar[str] = "assignment"

    issuer: str
    number: str
    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    rows: tuple[AssignedRow, ...]
    signed_on: date
    attachments: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    verify_url: str = ""
    verify_code: str = ""


@dataclass(frozen=True, kw_only=True)
class ProposalReplyLetter:
    """建议答复函: to one deputy. `letter` is the class as the place letters it (handbook §2.4), shown at the top right."""

    kind: ClassVar[str] = "proposal_reply"

    issuer: str
    number: str
    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    letter: str
    outcome: str
    signed_by: str
    signed_on: date
    assisted: str = ""
    promise: str = ""
    publicity: str = ""
    attachments: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    contact: str = ""
    verify_url: str = ""
    verify_code: str = ""

    def __post_init__(self) -> None:
        if PHONE.search(self.contact):
            raise UnmaskedContact


@dataclass(frozen=True, kw_only=True)
class UrgingLetter:
    """催办函: a reminder to one unit, what is asked of it and by when it answers."""

    kind: ClassVar[str] = "urging"

    issuer: str
    number: str
    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    demands: str
    answer_by_on: date
    signed_on: date
    attachments: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    verify_url: str = ""
    verify_code: str = ""


@dataclass(frozen=True, kw_only=True)
class PackRow:
    """One proposal of a meeting's pack; `progress` and `questions` a sentence each, `due` in words."""

    number: str
    title: str
    lead: str
    units: str
    due: str
    progress: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MeetingPack:
    """会议材料: what a meeting that supervises has before it: the list, how far each is, what to ask the unit."""

    kind: ClassVar[str] = "meeting_pack"

    issuer: str
    title: str
    paragraphs: tuple[str, ...]
    rows: tuple[PackRow, ...]
    signed_on: date
    number: str = ""
    attachments: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    verify_url: str = ""
    verify_code: str = ""


@dataclass(frozen=True, kw_only=True)
class MeetingQuestions:
    """One topic of a meeting with the head of an organ, and what is asked under it."""

    topic: str
    questions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MeetingNotice:
    """约见通知书: to the organ whose head is met: who asks, where and when, and the questions. `held` is the moment in words."""

    kind: ClassVar[str] = "meeting_notice"

    issuer: str
    number: str
    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    held: str
    place: str
    host: str
    deputies: str
    topics: tuple[MeetingQuestions, ...]
    signed_on: date
    attachments: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    verify_url: str = ""
    verify_code: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportSection:
    """One numbered part of a report."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReportTable:
    """A table at the end of a report; every row has as many cells as there are heads."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class ProposalReport:
    """代表建议办理情况报告: to the standing committee, in words filled from the figures, with the tables behind them."""

    kind: ClassVar[str] = "proposal_report"

    issuer: str
    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    sections: tuple[ReportSection, ...]
    tables: tuple[ReportTable, ...]
    signed_on: date
    number: str = ""
    attachments: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    verify_url: str = ""
    verify_code: str = ""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a person at the desk takes home: the follow-up code in large digits and what happens next."""

    kind: ClassVar[str] = "receipt"

    station: str
    matter_number: str
    title: str
    received_on: date
    follow_code: str
    follow_url: str
    next_step: str
    phone: str
    size: PaperSize = PaperSize.A6


@dataclass(frozen=True, kw_only=True)
class Poster:
    """A station's or a deputy's code to hang up or wear. `code` is its short form for typing."""

    kind: ClassVar[str] = "poster"

    name: str
    role: str
    sentence: str
    url: str
    code: str
    phone: str
    hours: str = ""
    address: str = ""
    size: PaperSize = PaperSize.A4


# What is issued: with a number, a date and a code to check it by.
Letter = (
    TransferLetter
    | ReplyLetter
    | AssignmentLetter
    | ProposalReplyLetter
    | UrgingLetter
    | MeetingPack
    | MeetingNotice
    | ProposalReport
)
Content = Letter | Receipt | Poster
KINDS: dict[str, type[Content]] = {each.kind: each for each in get_args(Content)}


def as_data(content: Any) -> Any:
    """The content as JSON values: dates in ISO form, tuples as lists."""
    if is_dataclass(content):
        return {field.name: as_data(getattr(content, field.name)) for field in fields(content)}
    if isinstance(content, tuple | list):
        return [as_data(each) for each in content]
    if isinstance(content, date):
        return content.isoformat()
    return content


def from_data(kind: str, data: dict[str, Any]) -> Content:
    """The content that `as_data` stored. KeyError for an unknown kind, TypeError for a missing field."""
    built: Content = _build(KINDS[kind], data)
    return built


def _build(wanted: Any, value: Any) -> Any:
    if isinstance(wanted, type) and is_dataclass(wanted):
        hints = get_type_hints(wanted)
        return wanted(**{name: _build(hints[name], each) for name, each in value.items()})
    if get_origin(wanted) is tuple:
        return tuple(_build(get_args(wanted)[0], each) for each in value)
    if isinstance(wanted, types.UnionType):
        return None if value is None else _build(get_args(wanted)[0], value)
    if wanted is date:
        return date.fromisoformat(value)
    return wanted(value)
