"""What a person was told, as the pages of every portal list it."""

from typing import Any

from django.urls import reverse

from jiazhan.kernel.text import mask_contacts
from jiazhan.notifications import selectors
from jiazhan.notifications.models import Notice
from jiazhan.opinions.models import Opinion
from jiazhan.people.models import Account
from jiazhan.suggestions.models import OfficialMeeting, Proposal

MOST = 50


def listed(account: Account, *, route: str, proposals: str = "") -> list[dict[str, Any]]:
    """The newest notices of an account; `route` is where this portal shows a matter, `proposals` where a proposal."""
    return [
        {"notice": each, "text": mask_contacts(each.text), "url": _leads_to(each, route, proposals)}
        for each in selectors.inbox(account)[:MOST]
    ]


def _leads_to(notice: Notice, route: str, proposals: str) -> str:
    if notice.url:
        return notice.url
    if notice.subject_label == Opinion._meta.label_lower:
        return reverse(route, args=[notice.jurisdiction, notice.subject_id])
    if notice.subject_label == OfficialMeeting._meta.label_lower:
        portal = route.partition(":")[0]
        return reverse(f"{portal}:meeting", args=[notice.jurisdiction, notice.subject_id])
    if proposals and notice.subject_label == Proposal._meta.label_lower:
        return reverse(proposals, args=[notice.jurisdiction, notice.subject_id])
    return ""
