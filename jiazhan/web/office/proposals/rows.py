"""A proposal as a row of a list: title, then who filed it, what about, who hosts it, how long is left."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiazhan.kernel import deadlines
from jiazhan.suggestions.choices import Kind
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.states import State
from jiazhan.web.office.rows import highlighted

# Stand in an address that is made once for all rows.
NO_COUNTY, NO_CASE = "000000", "00000000-0000-0000-0000-000000000000"


def rows_of(proposals: Sequence[Proposal], *, today: date, words: str = "") -> list[dict[str, Any]]:
    """The rows of a page; no statement for any of them."""
    address = reverse("office:proposal", kwargs={"jurisdiction": NO_COUNTY, "proposal_id": NO_CASE})
    return [
        _row(each, today, words)
        | {"url": address.replace(NO_COUNTY, each.jurisdiction, 1).replace(NO_CASE, str(each.pk), 1)}
        for each in proposals
    ]


def _row(proposal: Proposal, today: date, words: str) -> dict[str, Any]:
    lit = proposal.due_on is not None
    said = deadlines.words(proposal.due_on, today)
    holder = proposal.host.name if proposal.host else ""
    if proposal.state == State.CHECKING and proposal.checker:
        holder = _("%(name)s在审") % {"name": proposal.checker.name}
    return {
        "title": highlighted(proposal.title or _("（没有标题）"), words),
        "meta": (
            highlighted(proposal.number, words) if proposal.number else "",
            proposers(proposal),
            proposal.category.name if proposal.category else "",
            holder,
            proposal.get_state_display(),
        ),
        "light": str(deadlines.light(proposal.due_on, today)) if lit else None,
        "words": _("%(words)s（推算）") % {"words": said} if proposal.is_due_estimated else said,
        "badges": badges_of(proposal),
    }


def proposers(proposal: Proposal) -> str:
    """The lead, and how many signed with them."""
    cosigned = getattr(proposal, "cosigned", None) or 0
    if cosigned:
        return _("%(name)s等 %(n)s 名代表") % {"name": proposal.lead.name, "n": cosigned + 1}
    return str(proposal.lead.name)


def badges_of(proposal: Proposal) -> list[tuple[Any, str]]:
    """What sets a proposal apart from the others, in a word each."""
    badges: list[tuple[Any, str]] = []
    if proposal.kind == Kind.MOTION:
        badges.append((proposal.get_kind_display(), "info"))
    if proposal.is_key:
        badges.append((_("重点督办"), "warn"))
    if proposal.returns_count:
        badges.append((_("退单 %(n)s 次") % {"n": proposal.returns_count}, "warn"))
    if proposal.round > 1:
        badges.append((_("第 %(n)s 轮") % {"n": proposal.round}, "late"))
    if proposal.repeats_id:
        badges.append((_("多年重提"), "warn"))
    return badges
