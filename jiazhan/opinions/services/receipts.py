"""The slip that a person at the desk takes home: number, follow-up code, what happens next."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.documents.letters import pdf
from jiazhan.documents.letters.content import Receipt
from jiazhan.documents.letters.pdf import Rendered
from jiazhan.people.models import Account

from ..models import Opinion
from .codes import follow_code


class ReceiptClosed(Exception):
    """The code is its author's: whoever entered the matter may hand it over on that day, and nobody later."""

    code = "receipt-closed"

    def __init__(self) -> None:
        super().__init__(_("回执和查询码只在登记当天、由登记人打印。查询码丢了的，请反映人用预留手机号查询。"))


def code_to_hand_over(opinion: Opinion, *, by: Account, at: datetime) -> str:
    """The follow-up code, for whoever entered the matter, on the same day. Raises ReceiptClosed."""
    if opinion.entered_by_id != by.pk or timezone.localdate(opinion.registered_at) != timezone.localdate(at):
        raise ReceiptClosed
    return follow_code("opinion", opinion.jurisdiction, opinion.nonce)


@transaction.atomic
def print_receipt(opinion: Opinion, *, follow_url: str, by: Account, at: datetime) -> Rendered:
    """The slip as a PDF. Its picture leads to `follow_url` with the code behind #, which no server is told. Raises
    ReceiptClosed."""
    code = code_to_hand_over(opinion, by=by, at=at)
    audit.record("opinion.print_receipt", opinion, by=by, at=at)
    next_step = _("%(station)s会在 %(due)s 前决定是否受理，并告诉您由谁办理。") % {
        "station": opinion.station.name,
        "due": opinion.due_on.isoformat() if opinion.due_on else _("近期"),
    }
    return pdf.render(
        Receipt(
            station=opinion.station.name,
            matter_number=opinion.number,
            title=opinion.title,
            received_on=timezone.localdate(opinion.registered_at),
            follow_code=code,
            follow_url=f"{follow_url}#{code}",
            next_step=next_step,
            phone=opinion.station.phone,
        )
    )
