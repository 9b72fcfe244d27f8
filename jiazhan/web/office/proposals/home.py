"""What waits on proposals, for the first page of a desk."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiazhan.people.models import Account
from jiazhan.suggestions.selectors.queue import OWN, Tab, counts, tabs_for

from .reach import works_here

# What a waiting number asks for.
DOING: dict[Tab, tuple[Any, Any]] = {
    Tab.CHECK: (_("建议待审查"), _("请看是否立案，有没有可以并案的。")),
    Tab.ASSIGN: (_("建议待交办"), _("请交给承办单位；几十件的可以批量交办。")),
    Tab.RULE: (_("承办单位有异议"), _("单位说不是自己的事，请裁定。")),
    Tab.EXTEND: (_("建议延期待批"), _("单位申请延期答复，请审批。")),
    Tab.REORDER: (_("代表不满意"), _("请在五个工作日内重新交办。")),
    Tab.SETTLE: (_("再次不满意"), _("请组织面商，或提请主任会议。")),
    Tab.LATE: (_("建议已逾期"), _("已经过了期限，请催一催。")),
}


def waiting(user: Account, *, today: date) -> list[dict[str, Any]]:
    """The tiles: what is this person's to do, and what is late. Nothing for a desk without proposals."""
    if not works_here(user):
        return []
    found = counts(user, today=today)
    mine = [tab for tab in tabs_for(user) if tab in DOING and (tab in OWN or tab is Tab.LATE)]
    return [
        {
            "label": DOING[tab][0],
            "count": found[tab],
            "hint": DOING[tab][1],
            "url": f"{reverse('office:proposals')}?tab={tab.value}",
            "tone": "late" if tab is Tab.LATE else "plain",
        }
        for tab in mine
        if found[tab] != "0"
    ]
