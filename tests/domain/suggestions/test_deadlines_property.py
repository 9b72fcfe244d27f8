"""Whatever happens to a part, in whatever order: its day is what the record says it must be, and never past six months."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from jiazhan.audit import SYSTEM
from jiazhan.audit.selectors import entries_of
from jiazhan.kernel import calendar
from jiazhan.kernel.deadlines import Rule, Unit, add_months, compute
from jiazhan.kernel.outcomes import Decision
from jiazhan.suggestions.choices import Part
from jiazhan.suggestions.models import Extension, Handling
from jiazhan.suggestions.services import deadlines, extensions, units
from jiazhan.suggestions.states import HOLDING, PartState
from tests.domain.suggestions import walking
from tests.factories import NOW, County

pytestmark = pytest.mark.django_db
MONTHS = {Part.HOST: 3, Part.ASSIST: 1}
LONGEST = 6
ACTS = ["receive", "object", "uphold", "give away", "ask", "grant", "refuse"]


class Lifetime(RuleBasedStateMachine):
    """One proposal with a host and an assisting unit; `county` is set by the test."""

    county: Any
    # Assigned once; each history is taken back to here.
    assigned: Any

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        calendar.forget()
        self.at = NOW

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        calendar.forget()

    @initialize()
    def it_is_assigned(self) -> None:
        self.proposal = walking.again(self.assigned)

    def part(self, which: Part) -> Handling:
        return walking.part(self.proposal, which)

    def head(self, part: Handling) -> Any:
        return self.county.heads[part.unit_id]

    @rule(
        data=st.data(),
        which=st.sampled_from([Part.HOST, Part.HOST, Part.ASSIST]),
        days=st.sampled_from([0, 1, 1, 2, 5, 20]),
        astray=st.integers(0, 7),
    )
    def somebody_acts(self, data: st.DataObject, which: Part, days: int, astray: int) -> None:
        self.at += timedelta(days=days)
        part = self.part(which)
        # Most acts should be possible ones, and now and then somebody tries what is not.
        act = data.draw(st.sampled_from(ACTS if astray == 7 else self.possible(part)))
        before = (part.due_on, part.due_rule)
        refusal: Exception | None = None
        try:
            with transaction.atomic():
                getattr(self, act.replace(" ", "_"))(part)
        except Exception as error:
            refusal = error
        if refusal is not None:
            assert getattr(refusal, "code", ""), f"{act}: {refusal!r}"
            part.refresh_from_db()
            assert (part.due_on, part.due_rule) == before

    def possible(self, part: Handling) -> list[str]:
        if part.state == PartState.ASSIGNED:
            return ["receive", "receive", "object", "give away"]
        if part.state == PartState.OBJECTED:
            return ["uphold", "give away"]
        if part.extensions.filter(decision=Decision.PENDING).exists():
            return ["grant", "grant", "refuse", "give away"]
        return ["ask", "ask", "object", "give away"]

    def receive(self, part: Handling) -> None:
        units.sign(part, by=self.head(part), at=self.at)

    def object(self, part: Handling) -> None:
        units.object_to(part, reason="不属。", by=self.head(part), at=self.at)

    def uphold(self, part: Handling) -> None:
        units.uphold(part, reason="不成立。", by=self.county.affairs, at=self.at)

    def give_away(self, part: Handling) -> None:
        held = set(self.proposal.handlings.filter(state__in=HOLDING).values_list("unit", flat=True))
        heir = next(each for each in self.county.candidates if each.pk not in held)
        units.reassign(part, unit=heir, reason="改派。", by=self.county.affairs, at=self.at)

    def ask(self, part: Handling) -> None:
        extensions.request_extension(part, reason="难。", by=self.head(part), at=self.at)

    def grant(self, part: Handling) -> None:
        for each in Extension.objects.filter(handling=part, decision=Decision.PENDING):
            extensions.grant_extension(each, by=self.county.affairs, at=self.at)

    def refuse(self, part: Handling) -> None:
        for each in Extension.objects.filter(handling=part, decision=Decision.PENDING):
            extensions.refuse_extension(each, reason="按期办。", by=self.county.affairs, at=self.at)

    @rule(year=st.sampled_from([2026, 2027]), first=st.integers(0, 300), length=st.integers(0, 9))
    def a_year_is_loaded_or_changed(self, year: int, first: int, length: int) -> None:
        days = [date(year, 1, 1) + timedelta(first + n) for n in range(length)]
        off = [day for day in days if day.year == year and day.weekday() < 5]
        calendar.load_year(year, off=off, work=[], source="试验")
        deadlines.recompute(by=SYSTEM, at=self.at)
        assert deadlines.recompute(by=SYSTEM, at=self.at) == 0

    @invariant()
    def every_day_is_what_the_record_says(self) -> None:
        if not hasattr(self, "proposal"):
            return
        record = list(entries_of(self.proposal))
        for which in (Part.HOST, Part.ASSIST):
            part = self.part(which)
            start, is_extended = read(record, part)
            rule = Rule(Unit.MONTHS, LONGEST if is_extended else MONTHS[which], start)
            assert (part.due_on, part.is_due_estimated) == (compute(rule).on, compute(rule).is_estimated)
            assert timezone.localdate(part.assigned_at) == start
            longest = calendar.current().next_workday(add_months(start, LONGEST))
            assert part.due_on <= longest
        host = self.part(Part.HOST)
        assert walking.again(self.proposal).due_on == host.due_on

    @invariant()
    def an_objection_window_is_seven_working_days(self) -> None:
        if not hasattr(self, "proposal"):
            return
        for part in self.proposal.handlings.filter(state__in=["assigned", "signed"]):
            start = timezone.localdate(part.assigned_at)
            expected = calendar.current().add_workdays(start, 7)
            # What is long over is left as it was.
            if part.objection_until >= timezone.localdate(self.at) - timedelta(days=7):
                assert part.objection_until == expected


def read(record: list[Any], part: Handling) -> tuple[date, bool]:
    """From the record alone: when the unit got its part last, and whether it was given more time since."""
    start, is_extended = None, False
    for entry in record:
        detail = entry.detail
        named = [*detail.get("replying", []), *detail.get("assisting", []), detail.get("to")]
        if entry.action in {"proposal.assign", "proposal.part_release"} and part.unit.name in named:
            start, is_extended = timezone.localdate(entry.at), False
        if entry.action == "proposal.extension_granted" and detail["unit"] == part.unit.name:
            is_extended = True
    assert start is not None
    return start, is_extended


def test_any_history_gives_the_day_that_its_record_gives():
    county = County()
    with county.within():
        county.candidates = [
            county.department, county.other_department, county.street_office,
            *(county.make_unit("other", f"执法{n}队") for n in range(2)),
        ]  # fmt: skip
        county.heads = {each.pk: county.appoint("unit_head", unit=each) for each in county.candidates}
        # Whoever comes into being in one life would be gone in the next.
        county.affairs, county.deputy, county.handler  # noqa: B018
        Lifetime.county = county
        Lifetime.assigned = walking.assigned(county, assisting_units=(county.other_department,))
        run_state_machine_as_test(
            Lifetime,
            settings=settings(
                max_examples=15,
                stateful_step_count=16,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
