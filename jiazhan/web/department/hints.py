"""缺了什么: what a reader would miss in a draft. Hints only; nothing is refused for them."""

import re

from django.utils.translation import gettext as _

from jiazhan.kernel.drafting import Drafted
from jiazhan.kernel.outcomes import OutcomeClass

from .points import is_touched

SHORT = 50
PROMISING = frozenset({OutcomeClass.IN_PROGRESS, OutcomeClass.PLANNED})
_DAY = re.compile(
    r"[0-9]{1,2} ?月|[0-9]{4} ?年|[0-9]+ ?(?:日|天|个工作日|周|个月)内|月底|年底|年内|季度|[上下]旬|当[天日]"
)


def hints_for(reply: Drafted, points: list[str], *, who: str = "") -> list[str]:
    """What the draft seems to lack, as sentences; empty where nothing strikes the eye. `who` reads the answer: whoever
    raised the matter, unless told otherwise."""
    who = who or _("反映人")
    missed = [
        _("第 %(n)s 点好像没有回应：“%(point)s”") % {"n": number, "point": point[:40]}
        for number, point in enumerate(points, start=1)
        if not is_touched(point, f"{reply.body}\n{reply.promise_text}")
    ]
    found = missed if len(points) > 1 else [_("好像没有回应%(who)s提出的问题。") % {"who": who}] if missed else []
    if len(reply.body) < SHORT:
        found.append(
            _("内容只有 %(count)s 个字。请写清查到了什么、做了什么、下一步做什么。") % {"count": len(reply.body)}
        )
    if not _DAY.search(reply.body) and not reply.promise_on:
        found.append(_("没有写时间。请写明哪天去看的、哪天做完或哪天前做完。"))
    if not reply.contact:
        found.append(_("没有写联系人和电话。%(who)s有疑问时不知道找谁。") % {"who": who})
    if reply.outcome in PROMISING and not reply.promise_on:
        outcome = OutcomeClass(reply.outcome).label
        found.append(_("结果是“%(outcome)s”，但没有写承诺事项和完成日期。") % {"outcome": outcome})
    return found
