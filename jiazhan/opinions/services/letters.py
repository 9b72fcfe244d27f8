"""The transfer letter as a document: its number, what stands in it, the files that are issued once and kept."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.documents import selectors as documents
from jiazhan.documents import services as issuing
from jiazhan.documents.letters import content
from jiazhan.documents.letters.pdf import Rendered
from jiazhan.kernel import words
from jiazhan.kernel.numbering import next_number
from jiazhan.kernel.text import clean_line, mask_contacts
from jiazhan.people import crypto
from jiazhan.people.models import Account, Unit, UnitKind
from jiazhan.places.models import Region

from .. import due
from ..models import Opinion, TransferLetter
from ..models.letter import Official
from ..states import Track

COPIES_LIMIT = 20


class NothingToPrint(Exception):
    """None of the chosen matters has an issued letter."""

    code = "nothing-to-print"

    def __init__(self) -> None:
        super().__init__(_("选中的事项还没有转办函，请先转办再打印。"))


class TooManyCopies(Exception):
    """A list of copies longer than a letter can carry."""

    code = "too-many-copies"

    def __init__(self) -> None:
        super().__init__(_("抄送单位最多 %(limit)s 个，请减少后再提交。") % {"limit": COPIES_LIMIT})


def open_letter(
    opinion: Opinion, *, track: Track, addressee: Unit | None, copies_to: Iterable[str], by: Account, at: datetime
) -> TransferLetter:
    """A new letter with the next number 站码-年-流水 of its station; its document follows with `issue`."""
    year = timezone.localdate(at).year
    serial = next_number(f"transfer:{opinion.station.code}:{year}", jurisdiction=opinion.jurisdiction)
    return TransferLetter.objects.create(
        jurisdiction=opinion.jurisdiction,
        opinion=opinion,
        track=track,
        number=f"{opinion.station.code}-{year}-{serial:04d}",
        addressee=addressee,
        copies_to=copies(copies_to),
        issued_at=at,
        issued_by=by,
    )


def copies(names: Iterable[str]) -> list[str]:
    """The list of copies, each name once and clean. Raises TooManyCopies, words.WordsTooLong."""
    cleaned = [words.optional(clean_line(name), _("抄送单位名称"), limit=60) for name in names]
    kept = list(dict.fromkeys(filter(None, cleaned)))
    if len(kept) > COPIES_LIMIT:
        raise TooManyCopies
    return kept


def current(opinion: Opinion) -> TransferLetter:
    """The letter in force: the last one that was opened. Raises TransferLetter.DoesNotExist before the first."""
    return opinion.letters.filter(track=opinion.track).select_related("addressee").latest("issued_at", "id")


def issue(letter: TransferLetter, opinion: Opinion, *, issuer: str, by: Account, at: datetime) -> None:
    """Fix the letter as PDF and DOCX with the contact masked. Called again when an organ puts its own number on it:
    the earlier document stays as it was issued."""
    letter.document = issuing.issue(_content(letter, opinion, issuer=issuer, at=at), subject=opinion, by=by, at=at)
    letter.save(update_fields=["document"])


def printed_together(opinions: Iterable[Opinion]) -> Rendered:
    """The letters in force of many matters as one PDF, each as it was issued. Raises NothingToPrint."""
    letters = [opinion.letters.filter(document__isnull=False).select_related("document") for opinion in opinions]
    issued = [last.document for rows in letters if (last := rows.order_by("issued_at", "id").last()) and last.document]
    if not issued:
        raise NothingToPrint
    return documents.printed_together(issued)


def issuer_on_street(opinion: Opinion) -> str:
    """Who signs a letter of the street: its congress office by name, else by the street's name."""
    unit = Unit.objects.filter(
        jurisdiction=opinion.jurisdiction, kind=UnitKind.STREET_CONGRESS, area=opinion.street, is_active=True
    ).first()
    return unit.name if unit else _("%(street)s人大工委") % {"street": _region(opinion.street)}


def _content(letter: TransferLetter, opinion: Opinion, *, issuer: str, at: datetime) -> content.TransferLetter:
    addressee = letter.addressee.name if letter.addressee else _("有关单位")
    return content.TransferLetter(
        issuer=issuer,
        number=letter.office_number or letter.number,
        title=_("关于转办“%(title)s”的函") % {"title": mask_contacts(opinion.title)},
        addressee=addressee,
        paragraphs=_paragraphs(letter, opinion),
        signed_on=timezone.localdate(at),
        matter_number=opinion.number,
        matter_title=mask_contacts(opinion.title),
        said_on=timezone.localdate(opinion.raised_at),
        channel=opinion.get_channel_display(),
        author=masked_author(opinion),
        community=_place(opinion),
        category=opinion.category.name if opinion.category else _("未分类"),
        facts=mask_contacts(opinion.body),
        request=mask_contacts(opinion.appeal),
        endorsements=endorsements(opinion),
        forwarded_to=addressee,
        due=_due(opinion, at=at),
        received_on=letter.received_on,
        attachments=tuple(each.name for each in documents.attachments_of(opinion)),
        copies=tuple(letter.copies_to),
        contact=opinion.station.phone and f"{opinion.station.name} {opinion.station.phone}",
    )


def masked_author(opinion: Opinion) -> str:
    """The author as a letter names them: 匿名, else the family name alone."""
    name = crypto.decrypt(opinion.author_name_sealed)
    return _("匿名") if opinion.is_anonymous or not name else crypto.mask_name(name)


def endorsements(opinion: Opinion) -> tuple[content.Endorsement, ...]:
    """Every signed opinion on the matter in the order of the sheet; the latest of each official."""
    signed = [_deputy_endorsement(opinion)]
    for official, label in ((Official.VICE_DIRECTOR, _("副主任意见")), (Official.DIRECTOR, _("主任意见"))):
        last = (
            opinion.official_opinions.filter(official=official).select_related("signed_by").order_by("signed_at").last()
        )
        signed.append(_endorsement(label, last.text, last.signed_by.name, last.signed_at) if last else _blank(label))
    if opinion.track == Track.DISTRICT:
        label = _("区人大工作机构审核意见")
        review = opinion.reviews.select_related("reviewed_by").order_by("signed_at").last()
        signed.append(
            _endorsement(label, review.text, review.reviewed_by.name, review.signed_at) if review else _blank(label)
        )
    return tuple(signed)


def _deputy_endorsement(opinion: Opinion) -> content.Endorsement:
    label = _("接待代表意见")
    last = opinion.deputy_opinions.select_related("deputy", "signed_by").order_by("signed_at").last()
    if last is None:
        return _blank(label)
    return _endorsement(label, last.text, last.deputy.name if last.deputy else last.signed_by.name, last.signed_at)


def _endorsement(label: str, text: str, name: str, signed_at: datetime) -> content.Endorsement:
    return content.Endorsement(label=label, text=text, name=name, signed_on=timezone.localdate(signed_at))


def _blank(label: str) -> content.Endorsement:
    return content.Endorsement(label=label)


def _paragraphs(letter: TransferLetter, opinion: Opinion) -> tuple[str, ...]:
    told = _("%(on)s,%(station)s收到群众反映“%(title)s”，登记编号 %(number)s。") % {
        "on": _chinese(timezone.localdate(opinion.raised_at)),
        "station": opinion.station.name,
        "title": mask_contacts(opinion.title),
        "number": opinion.number,
    }
    asked = _(
        "现将有关情况转送贵单位，请按照职责研究办理，并在期限内书面答复，反馈代表和群众，抄送区人大常委会办公室。"
    )
    if letter.track == Track.STREET:
        asked = _("现将有关情况转送贵单位，请按照职责研究办理，并在期限内书面答复代表和群众。")
    return told, asked


def _due(opinion: Opinion, *, at: datetime) -> str:

    rule = due.reply_rule(opinion, timezone.localdate(at))
    unit = {"months": _("个月"), "workdays": _("个工作日"), "days": _("日")}[rule.unit.value]
    return _("自收文之日起 %(count)s %(unit)s内") % {"count": rule.count, "unit": unit}


def _place(opinion: Opinion) -> str:
    return " ".join(filter(None, [_region(opinion.street), _region(opinion.community), opinion.place_note]))


def _region(code: str) -> str:
    region = Region.objects.filter(pk=code).first() if code else None
    return region.name if region else ""


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
