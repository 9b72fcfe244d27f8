"""Text messages that carry a reply: delivered once they have left, and a clerk's errand where they could not (§14 rule 7)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.audit import SYSTEM
from jiazhan.kernel import scope
from jiazhan.notifications import selectors as notices
from jiazhan.notifications.models import SendState
from jiazhan.people.permissions import Permission

from ..models import Delivery
from . import steps, telling

MOST_AT_ONCE = 500


def follow(*, at: datetime) -> int:
    """Stamp the deliveries of the open scope whose message has left, and tell the station of those that could not leave.

    Each by itself, so that one that is being worked on holds up no other. A message that failed and was sent again later
    is stamped too. Returns how many came to an end.
    """
    waiting = Delivery.objects.filter(jurisdiction__in=sorted(scope.current()), delivered_at=None).order_by("-id")
    ended = 0
    for delivery in waiting.select_related("opinion")[:MOST_AT_ONCE]:
        ended += _follow(delivery, at=at)
    return ended


@transaction.atomic
def _follow(delivery: Delivery, *, at: datetime) -> bool:
    sent = notices.sending(delivery.jurisdiction, delivery.notice_key)
    has_left = sent is not None and sent.state == SendState.SENT
    is_on_its_way = sent is not None and sent.state == SendState.QUEUED
    if is_on_its_way or (delivery.failed_at and not has_left):
        return False
    opinion = steps.lock(delivery.opinion)
    rows = Delivery.objects.filter(jurisdiction=delivery.jurisdiction, pk=delivery.pk, delivered_at=None)
    if sent is not None and has_left:
        return bool(rows.update(delivered_at=sent.sent_at, failed_at=None))
    if not rows.filter(failed_at=None).update(failed_at=at):
        return False
    detail = {"recipient": delivery.recipient, "round": delivery.round}
    audit.record("opinion.message_not_sent", opinion, by=SYSTEM, at=at, detail=detail)
    text = _("%(matter)s的答复短信没有发到反映人手机上，请打电话或当面告知，再点“登记送达”。") % {
        "matter": telling.named(opinion)
    }
    telling.tell(
        telling.holders(Permission.OPINION_CLOSE, opinion), "message-not-sent", opinion, text=text, at=at,
        once=f"{delivery.round}",
    )  # fmt: skip
    return True
