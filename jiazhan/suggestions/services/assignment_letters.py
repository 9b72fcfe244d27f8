"""The letter of one batch to each unit, with the list of what it got (交办函)."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.documents import services as issuing
from jiazhan.documents.letters import content
from jiazhan.documents.letters.plaintext import chinese_date
from jiazhan.kernel import parameters
from jiazhan.people.models import Account, Unit

from .. import parameters as names
from ..choices import Manner, Part
from ..models import AssignmentLetter, Batch, Handling
from . import desks
from .desks import Desk


def issue(batch: Batch, *, by: Account, at: datetime) -> list[AssignmentLetter]:
    """Fix a letter for every unit that the batch gave something, within the act's transaction."""
    rows = batch.handlings.select_related("unit", "proposal__lead", "proposal__host").order_by("unit__code", "id")
    by_unit: dict[Unit, list[Handling]] = {}
    for each in rows:
        by_unit.setdefault(each.unit, []).append(each)
    if not by_unit:
        return []
    desk = desks.assigning_desk(rows[0].proposal)
    letters = [
        AssignmentLetter(
            jurisdiction=batch.jurisdiction,
            batch=batch,
            unit=unit,
            document=issuing.issue(
                _content(batch, unit, handlings, desk=desk, number=desk.next_number(at=at), at=at),
                subject=batch,
                by=by,
                at=at,
            ),
        )
        for unit, handlings in by_unit.items()
    ]
    return AssignmentLetter.objects.bulk_create(letters)


def _content(
    batch: Batch, unit: Unit, handlings: list[Handling], *, desk: Desk, number: str, at: datetime
) -> content.AssignmentLetter:
    return content.AssignmentLetter(
        issuer=desk.name,
        number=number,
        title=_title(handlings),
        addressee=unit.name,
        paragraphs=(_counted(batch, handlings), _until(handlings), _asked(handlings)),
        rows=tuple(_row(each) for each in handlings),
        signed_on=timezone.localdate(at),
    )


def _title(handlings: list[Handling]) -> str:
    if len(handlings) == 1 and handlings[0].proposal.number:
        return _("关于交办%(number)s的函") % {"number": handlings[0].proposal.number}
    return _("关于交办代表建议的函")


def _counted(batch: Batch, handlings: list[Handling]) -> str:
    counts = {part: sum(each.part == part for each in handlings) for part in Part}
    parts = "、".join(f"{part.label} {count} 件" for part, count in counts.items() if count)
    return _("根据“%(batch)s”，现将代表建议 %(count)s 件交你单位办理，其中%(parts)s，具体见附件。") % {
        "batch": batch.name,
        "count": len(handlings),
        "parts": parts,
    }


def _until(handlings: list[Handling]) -> str:
    until = chinese_date(handlings[0].objection_until.isoformat())
    return _("请于%(until)s前签收；不属于本单位职责的，在该日前提出异议并说明理由，逾期不再调整。") % {"until": until}


def _asked(handlings: list[Handling]) -> str:
    area = handlings[0].proposal.congress_area
    asked = [_("请在办理前、办理中、答复后与代表沟通。")]
    if any(each.part != Part.ASSIST for each in handlings):
        months = parameters.get(names.REPLY, area)
        asked.append(_("主办、分办的建议自交办之日起 %(months)s 个月内书面答复每位代表。") % {"months": months})
    if any(each.part == Part.ASSIST for each in handlings):
        months = parameters.get(names.ASSIST, area)
        asked.append(_("协办的建议自交办之日起 %(months)s 个月内把协办意见送主办单位。") % {"months": months})
    return "".join(asked)


def _row(handling: Handling) -> content.AssignedRow:
    if handling.due_on is None:
        raise ValueError("a part that was just assigned has its deadline")
    proposal = handling.proposal
    return content.AssignedRow(
        number=proposal.number,
        title=proposal.title,
        lead=proposal.lead.name,
        part=_part(handling),
        due_on=handling.due_on,
    )


def _part(handling: Handling) -> str:
    host = handling.proposal.host
    if handling.part == Part.ASSIST and handling.proposal.manner == Manner.HOST and host is not None:
        return _("协办（%(host)s主办）") % {"host": host.name}
    return str(Part(handling.part).label)
