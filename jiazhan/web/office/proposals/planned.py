"""What a page shows of a planned import: rows to mend first, how many of each kind."""

from typing import Any

from jiazhan.people.services.imports import Effect, Plan
from jiazhan.web.office.places.tables import EFFECTS

SHOWN = 500


def planned(plan: Plan, *, name: str, sealed: str = "", refusal: str = "", is_done: bool = False) -> dict[str, Any]:
    """The context of the preview, or of what was done."""
    rows = sorted(plan.rows, key=lambda row: (row.effect is not Effect.REFUSED, not row.warnings, row.line))
    return {
        "plan": plan,
        "rows": rows[:SHOWN],
        "is_cut": len(rows) > SHOWN,
        "counts": [
            (label, tone, plan.counts[effect]) for effect, (label, tone) in EFFECTS.items() if plan.counts[effect]
        ],
        "effects": EFFECTS,
        "warned": sum(bool(row.warnings) for row in plan.rows),
        "name": name,
        "sealed": sealed,
        "refusal": refusal,
        "is_done": is_done,
    }
