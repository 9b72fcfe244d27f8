"""A matter as a row of a list: its title with what was searched for, then place, category, who has it, how long is left."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from jiazhan.kernel import deadlines, parameters, scope
from jiazhan.kernel.keeping import for_a_minute
from jiazhan.opinions import parameters as names
from jiazhan.opinions.choices import Urgency, Visibility
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.selectors.pressing import is_pressing
from jiazhan.places.models import Region

# Stand in an address that is made once for all rows.
NO_COUNTY, NO_MATTER = "000000", "00000000-0000-0000-0000-000000000000"


def rows_of(matters: Sequence[Opinion], *, today: date, words: str = "") -> list[dict[str, Any]]:
    """The rows of a page; no statement for any of them."""
    places: dict[str, str] = {}
    for county in {each.street[:6] for each in matters}:
        places |= places_in(county)
    amber = parameters.get(names.AMBER, min(scope.current(), default="")) if matters else 0
    address = reverse("office:opinion", kwargs={"jurisdiction": NO_COUNTY, "opinion_id": NO_MATTER})
    rows = [_row(each, places, amber, today, words) for each in matters]
    for row, each in zip(rows, matters, strict=True):
        row["url"] = address.replace(NO_COUNTY, each.jurisdiction, 1).replace(NO_MATTER, str(each.pk), 1)
    return rows


@for_a_minute
def places_in(county: str) -> dict[str, str]:
    """The names of a county's streets and communities."""
    rows = Region.objects.filter(pk__gte=county, pk__lt=county + ":")
    return dict(rows.values_list("pk", "name")) if county else {}


def highlighted(text: str, words: str) -> Markup:
    """The text with every occurrence of the words marked, whatever their case."""
    wanted = sorted({each for each in words.split() if each}, key=len, reverse=True)
    if not wanted:
        return escape(text)
    parts = re.split(f"({'|'.join(map(re.escape, wanted))})", text, flags=re.IGNORECASE)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part) if n % 2 else escape(part) for n, part in enumerate(parts)
    )


def _row(matter: Opinion, places: dict[str, str], amber: int, today: date, words: str) -> dict[str, Any]:
    where = places.get(matter.community) or places.get(matter.street, "")
    lit = matter.due_on is not None
    said = deadlines.words(matter.due_on, today)
    return {
        "title": highlighted(matter.title, words),
        "meta": (
            where,
            matter.category.name if matter.category else _("未分类"),
            holder_of(matter),
            matter.get_state_display(),
        ),
        "light": str(deadlines.light(matter.due_on, today, amber_workdays=amber)) if lit else None,
        "words": _("%(words)s（推算）") % {"words": said} if matter.is_due_estimated else said,
        "badges": _badges(matter),
        "pick": f"{matter.jurisdiction}:{matter.pk}",
    }


def holder_of(matter: Opinion) -> str:
    """Who has it now, as far as it is known."""
    if matter.handler:
        return f"{matter.unit.name if matter.unit else ''} {matter.handler.name}".strip()
    if matter.unit:
        return matter.unit.name
    return matter.deputy.name if matter.deputy else matter.station.name


def _badges(matter: Opinion) -> list[tuple[str, str]]:
    badges = []
    if matter.visibility == Visibility.LOCKED:
        badges.append((_("已锁定"), "late"))
    if matter.urgency != Urgency.NORMAL:
        words = _("重大紧急，置顶") if is_pressing(matter) else matter.get_urgency_display()
        badges.append((words, "late" if matter.urgency == Urgency.CRITICAL else "warn"))
    if matter.round > 1:
        badges.append((_("第 %(n)s 轮") % {"n": matter.round}, "warn"))
    if matter.supporters_count:
        badges.append((_("%(n)s 人附议") % {"n": matter.supporters_count}, "info"))
    return badges
