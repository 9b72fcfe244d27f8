"""How a matter comes in: the words made clean, the contact sealed, a number, a follow-up code, a deadline, a word to all.

One door for the phone, the desk, the telephone and the spreadsheet.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Func, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.audit import Acting
from jiazhan.documents import services as documents
from jiazhan.documents.files.checking import Checked
from jiazhan.kernel import text as texts
from jiazhan.kernel.vectors import terms_of
from jiazhan.notifications import outbox
from jiazhan.people import crypto
from jiazhan.people.models import Account, Deputy
from jiazhan.people.roles import Role
from jiazhan.places.models import Region, RegionLevel, Station, StationStatus

from .. import access, due, screening
from ..choices import Channel, PlaceKind
from ..models import Opinion
from . import telling
from .authors import ANONYMOUS, VISITOR, Author, FormExpired, acting, require_nonce
from .codes import follow_code
from .joining import join, withdraw

__all__ = [
    "ANONYMOUS", "NEARBY", "VISITOR", "Author", "FormExpired", "NotAMatter", "Place", "PlaceUnknown", "Raised", "Source",
    "StationNotOpen", "TextEmpty", "TextTooLong", "TooManyFiles", "Words", "join", "raise_opinion", "register", "terms_of",
    "title_from", "withdraw",
]  # fmt: skip

LIMIT = 5000
# What was once taken elsewhere is not refused for being long: its author can no longer shorten it.
TAKEN_OVER_LIMIT = 20_000
TITLE_LIMIT = 40
# Nine pictures and a voice message.
MOST_FILES = 10
_SENTENCE_END = re.compile(r"[。!?！？;；\n]")


class TextEmpty(Exception):
    """Nothing was said."""

    code = "text-empty"

    def __init__(self) -> None:
        super().__init__(_("请写下您要反映的事，几句话也可以。"))


class TextTooLong(Exception):
    """More than 5,000 characters."""

    code = "text-too-long"

    def __init__(self, count: int, limit: int = LIMIT) -> None:
        self.count = count
        super().__init__(
            _("最多写 %(limit)s 字，现在有 %(count)s 字，多了 %(over)s 字。请删去一些，材料可以作为附件上传。")
            % {"limit": limit, "count": count, "over": count - limit}
        )


class NotAMatter(Exception):
    """Advertising and nothing else."""

    code = "not-a-matter"

    def __init__(self) -> None:
        super().__init__(_("这段文字看起来是广告，没有收下。如果您要反映广告扰民，请写明时间、地点和情况。"))


class StationNotOpen(Exception):
    """The station was closed; its matters go to another one."""

    code = "station-not-open"

    def __init__(self, station: Station) -> None:
        super().__init__(_("%(name)s已撤并，不再接收意见。请扫附近其他联络站的码。") % {"name": station.name})


class PlaceUnknown(Exception):
    """The community is not one of this county."""

    code = "place-unknown"

    def __init__(self) -> None:
        super().__init__(_("没有找到您选的社区（村）。请重新选择，或选“站点附近”。"))


class TooManyFiles(Exception):
    code = "too-many-files"

    def __init__(self) -> None:
        super().__init__(_("最多上传 %(most)s 个文件，请去掉几个。") % {"most": MOST_FILES})


@dataclass(frozen=True)
class Words:
    body: str
    title: str = ""
    appeal: str = ""


@dataclass(frozen=True)
class Place:
    """A community of the county by its code, or near the station; a note such as 北门外."""

    community: str = ""
    kind: PlaceKind = PlaceKind.COMMUNITY
    note: str = ""


NEARBY = Place(kind=PlaceKind.STATION)


@dataclass(frozen=True)
class Source:
    """The file that a matter was taken from, and its key there: taken once."""

    name: str
    key: str
    likes: int = 0


@dataclass(frozen=True)
class Raised:
    """The matter and the code to follow it by. `is_new` is false where the same form had been taken before."""

    opinion: Opinion
    follow_code: str
    is_new: bool = True
    warnings: list[str] = field(default_factory=list)


def raise_opinion(
    *,
    station: Station,
    words: Words,
    place: Place,
    author: Author,
    channel: Channel,
    nonce: str,
    by: Acting,
    at: datetime,
    files: Iterable[Checked] = (),
    entered_by: Account | None = None,
    deputy: Deputy | None = None,
) -> Raised:
    """Take up what somebody says at a station; the same nonce gives the same matter, however often it is sent.

    `deputy` is the one whose code was scanned: told at once, and asked for an opinion unless the station decides otherwise.
    Raises TextEmpty, TextTooLong, NotAMatter, StationNotOpen, PlaceUnknown, NotAPhone, TooManyFiles, FormExpired, and
    NotStored where the disk is full.
    """
    return register(
        station=station, words=words, place=place, author=author, channel=channel, nonce=nonce, by=by, at=at,
        files=tuple(files), entered_by=entered_by, deputy=deputy, then=_tell,
    )  # fmt: skip


def register(
    *,
    station: Station,
    words: Words,
    place: Place,
    author: Author,
    channel: Channel,
    nonce: str,
    by: Acting,
    at: datetime,
    files: tuple[Checked, ...] = (),
    entered_by: Account | None = None,
    deputy: Deputy | None = None,
    raised_at: datetime | None = None,
    source: Source | None = None,
    then: Callable[["Raised"], None] | None = None,
) -> Raised:
    """As `raise_opinion`, but telling nobody, for many at once; `then` runs in the same transaction for a new matter."""
    require_nonce(nonce)
    code = follow_code("opinion", station.jurisdiction, nonce)
    if earlier := _earlier(station, nonce):
        return Raised(earlier, code, is_new=False, warnings=screening.words_for_author(earlier.flags))
    if len(files) > MOST_FILES:
        raise TooManyFiles
    opinion = _prepared(station, words, place, channel, limit=TAKEN_OVER_LIMIT if source else LIMIT)
    for name, value in author.as_fields().items():
        setattr(opinion, name, value)
    opinion.nonce, opinion.entered_by, opinion.deputy = nonce, entered_by, deputy
    opinion.follow_code_digest = crypto.digest(access.normal_code(code))
    opinion.raised_at, opinion.registered_at = raised_at or at, at
    if source is not None:
        opinion.source, opinion.source_key, opinion.supporters_count = source.name, source.key, source.likes
    due.start_stage(opinion, at=at)
    raised = Raised(opinion, code, warnings=screening.words_for_author(opinion.flags))
    try:
        with transaction.atomic():
            _record(opinion, files, by=by, at=at)
            if then is not None:
                then(raised)
            _insert(opinion)
    except IntegrityError:
        # Two of the same form at once: the second finds what the first stored.
        if earlier := _earlier(station, nonce):
            return Raised(earlier, code, is_new=False, warnings=screening.words_for_author(earlier.flags))
        raise
    return raised


def title_from(body: str) -> str:
    """The first sentence, or as much of it as a title holds."""
    first = next((part.strip() for part in _SENTENCE_END.split(body) if part.strip()), body)
    return first if len(first) <= TITLE_LIMIT else first[: TITLE_LIMIT - 1] + "…"


def _earlier(station: Station, nonce: str) -> Opinion | None:
    rows = Opinion.objects.filter(jurisdiction=station.jurisdiction, nonce=nonce)
    # Nearly always there is none: then the sixty columns need not be named.
    return rows.get() if rows.exists() else None


def _prepared(station: Station, words: Words, place: Place, channel: Channel, *, limit: int) -> Opinion:
    if station.status == StationStatus.CLOSED:
        raise StationNotOpen(station)
    body, appeal = texts.clean(words.body), texts.clean(words.appeal)
    title = texts.clean_line(words.title)[:120]
    if not body:
        raise TextEmpty
    if len(body) + len(appeal) > limit:
        raise TextTooLong(len(body) + len(appeal), limit)
    said = "\n".join((title, body, appeal))
    if screening.is_advert(said):
        raise NotAMatter
    if place.community and not _is_community(place.community, station.jurisdiction):
        raise PlaceUnknown
    return Opinion(
        jurisdiction=station.jurisdiction,
        station=station,
        # The street whose office carries the matter on is the station's own, wherever in the county the author lives.
        street=station.street_id,
        community=place.community,
        place_kind=place.kind,
        place_note=texts.clean_line(place.note)[:100],
        channel=channel,
        title=texts.mask_contacts(title or title_from(body)),
        body=body,
        appeal=appeal,
        terms=terms_of(title, body, appeal),
        flags=[str(flag) for flag in screening.flags(said)],
    )


def _is_community(code: str, jurisdiction: str) -> bool:
    return code.startswith(jurisdiction) and Region.objects.filter(pk=code, level=RegionLevel.COMMUNITY).exists()


def _record(opinion: Opinion, files: tuple[Checked, ...], *, by: Acting, at: datetime) -> None:
    for checked in files:
        documents.attach(opinion, checked, by=acting(by), at=at)
    detail = {"channel": str(opinion.channel), "is_anonymous": opinion.is_anonymous}
    if opinion.source:
        detail |= {"source": opinion.source, "source_key": opinion.source_key}
    audit.record("opinion.raised", opinion, by=acting(by), at=at, detail=detail)


def _insert(opinion: Opinion) -> None:
    """The row with its number, last of all: whoever takes a number holds the station's counter until the commit."""
    year = timezone.localtime(opinion.raised_at).year
    of_year = f"{opinion.station.code}-{year}-"
    opinion.number = Func(
        Value(opinion.jurisdiction),
        Value(f"opinion:{opinion.station.code}:{year}"),
        Value(of_year),
        function="opinions_number",
    )
    opinion.save(force_insert=True)


def _tell(raised: Raised) -> None:
    """A word to the station and the deputy, and the code to an author who gave a phone; queued in one go."""
    opinion, at = raised.opinion, raised.opinion.registered_at
    notices = outbox.to_accounts(
        _concerned(opinion), "opinion-raised", opinion, at=at, url=f"/office/opinions/{opinion.jurisdiction}/{opinion.pk}/",
        text=_("%(station)s收到一件新的意见，请在 %(day)s 前决定是否受理。")
        % {"station": opinion.station.name, "day": opinion.due_on.isoformat() if opinion.due_on else ""},
        key=lambda account: f"opinion-raised:{opinion.pk.hex}:{account.pk.hex}",
    )  # fmt: skip
    if opinion.author_phone_sealed:
        notices.append(
            outbox.secret(
                bytes(opinion.author_phone_sealed), "opinion-follow-code", opinion, at=at, key=f"opinion-follow-code:{opinion.pk.hex}",
                label=_("查询码短信（%(number)s）") % {"number": opinion.number},
                text=_("【家站】%(station)s已收到您的意见，编号 %(number)s，查询码 %(code)s。凭查询码可查看进展和答复，请勿告诉他人。")
                % {"station": opinion.station.name, "number": opinion.number, "code": raised.follow_code},
            )
        )  # fmt: skip
    outbox.queue(notices)


def _concerned(opinion: Opinion) -> Iterable[Account]:
    """The station's officers, or where it has none the street's vice director; and the deputy who was named."""
    found = telling.posts_near({*access.AT_STATION, Role.STREET_VICE_DIRECTOR}, opinion)
    near = [post for post in found if post.role in access.AT_STATION] or found
    told = {post.account_id: post.account for post in near}
    if opinion.deputy and opinion.deputy.account:
        told[opinion.deputy.account.pk] = opinion.deputy.account
    return told.values()
