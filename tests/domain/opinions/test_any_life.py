"""Whatever people do to a matter, in whatever order: the rules hold after every act, and a refusal changes nothing."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from jiazhan.audit.models import Entry
from jiazhan.audit.verification import Verified, verify
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.models.handling import ReplyState
from jiazhan.opinions.services import deputies, district, ending, extensions, joining, replies, street, triage, units
from jiazhan.opinions.states import OPEN, WORKFLOW, State
from tests.domain.opinions import walking
from tests.factories import NOW, County, opinion

WITH_A_UNIT = {
    State.STREET_ASSIGNED, State.DEPT_ASSIGNED, State.DEPT_RECEIVED, State.HANDLING, State.OBJECTED, State.REOPENED,
}  # fmt: skip
EARLY_ENDS = {"decline", "divert", "withdraw", "satisfied", "window over"}
Act = Callable[[Any, Opinion, datetime], Any]
GRADED = {State.RATED, State.ESCALATED, State.CLOSED}


class Life(RuleBasedStateMachine):
    """One matter of a county in which every post is filled. `county` is set by the test."""

    county: County

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        with connection.cursor() as cursor:
            # Entries are sealed at the commit; here at once, so that the chain can be checked before it is undone.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.at = NOW
        self.signed: dict[int, tuple[str, str]] = {}

    def teardown(self) -> None:
        held = verify(self.county.code)
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        assert isinstance(held, Verified), held

    def read(self) -> Opinion:
        return Opinion.objects.select_related("station", "unit", "handler", "deputy").get(
            jurisdiction=self.county.code, pk=self.pk
        )

    def entries(self) -> int:
        return Entry.objects.filter(jurisdiction=self.county.code, subject_id=str(self.pk)).count()

    @initialize(
        stage=st.sampled_from(
            [
                "opinion",
                "opined",
                "assigned_street",
                "handling_street",
                "reviewing",
                "assigned_department",
                "handling_department",
            ]
        )
    )
    def it_begins_somewhere(self, stage: str) -> None:
        begin = opinion if stage == "opinion" else getattr(walking, stage)
        self.pk = begin(self.county).pk
        self.matter = self.read()

    @rule(data=st.data(), hours=st.integers(0, 72), astray=st.integers(0, 9))
    def somebody_acts(self, data: st.DataObject, hours: int, astray: int) -> None:
        self.at += timedelta(hours=hours)
        before, entries = self.read(), self.entries()
        possible = [
            name for name, (steps, _act) in ACTS.items() if any(WORKFLOW.allows(step, before.state) for step in steps)
        ]
        # Most lives should be long ones, and now and then somebody tries what is not theirs to do.
        likely = [name for name in possible if name not in EARLY_ENDS]
        name = data.draw(st.sampled_from({7: sorted(ACTS), 8: possible}.get(astray) or likely or sorted(ACTS)))
        refusal: Exception | None = None
        try:
            with transaction.atomic():
                ACTS[name][1](self.county, before, self.at)
        except Exception as error:
            refusal = error
        self.matter = self.read()
        if refusal:
            assert hasattr(refusal, "code"), f"{name}: {refusal!r}"
            assert str(refusal), name
            assert (self.matter.state, self.matter.due_on, self.entries()) == (before.state, before.due_on, entries), (
                name
            )
        else:
            assert self.entries() > entries, f"{name} left no entry"

    @invariant()
    def what_waits_has_a_deadline_with_its_rule(self) -> None:
        matter = self.matter
        assert (matter.due_on is not None) == (matter.state in OPEN), matter.state
        assert bool(matter.due_rule) == bool(matter.due_for) == (matter.due_on is not None)

    @invariant()
    def a_unit_holds_it_exactly_while_it_is_at_work(self) -> None:
        matter = self.matter
        held = list(matter.assignments.filter(ended_at=None).values_list("unit_id", flat=True))
        assert len(held) <= 1
        if matter.state in WITH_A_UNIT:
            assert held == [matter.unit_id]
            assert matter.track
            assert matter.letters.filter(track=matter.track, document__isnull=False).exists()

    @invariant()
    def what_was_signed_never_changes(self) -> None:
        for reply in self.matter.replies.filter(state=ReplyState.SIGNED).select_related("document"):
            said = (reply.body, reply.document.pdf_sha256 if reply.document else "")
            assert self.signed.setdefault(reply.round, said) == said

    @invariant()
    def it_is_reopened_once_at_most(self) -> None:
        matter = self.matter
        assert matter.round in (1, 2)
        assert matter.ratings.filter(supporter=None).count() <= 2
        assert matter.state != State.ESCALATED or matter.round == 2

    @invariant()
    def only_a_grade_of_the_author_s_counts(self) -> None:
        matter = self.matter
        assert not matter.grade or matter.state in GRADED
        if matter.grade:
            assert matter.ratings.get(reply__round=matter.round, supporter=None).grade == matter.grade

    @invariant()
    def what_is_closed_reached_everyone(self) -> None:
        matter = self.matter
        if matter.state == State.CLOSED:
            assert ending.missing_to_close(matter) == []
            assert matter.closed_at is not None

    @invariant()
    def what_was_refused_has_a_reason(self) -> None:
        matter = self.matter
        if matter.state in {State.NOT_ACCEPTED, State.DIVERTED, State.REVIEW_REJECTED}:
            assert matter.refusal_reason


def of_track(matter: Opinion, on_street: Any, in_district: Any) -> Any:
    return on_street if matter.track == "street" else in_district


def ruler(county: Any, matter: Opinion) -> Any:
    return of_track(matter, county.director, county.dispatcher)


def other_unit(county: Any, matter: Opinion) -> Any:
    offices = [county.street_office, county.street_team]
    units_of = of_track(matter, offices, [county.department, county.other_department])
    return next(unit for unit in units_of if unit.pk != matter.unit_id)


def staff(county: Any, matter: Opinion) -> Any:
    """Somebody who handles and signs in whichever unit has it; a stranger where none has."""
    return county.heads.get(matter.unit_id, county.unit_head)


def draft(county: Any, matter: Opinion, at: datetime) -> None:
    reply = replies.of_round(matter)
    replies.save_draft(
        matter,
        body=f"第{matter.round}次答复。",
        outcome="planned",
        promise_text="更换井盖",
        promise_on=timezone.localdate(at) + timedelta(30),
        version=reply and reply.version,
        by=staff(county, matter),
        at=at,
    )


def sign(county: Any, matter: Opinion, at: datetime) -> None:
    if replies.of_round(matter) is None:
        draft(county, matter, at)
    replies.sign_reply(matter, version=replies.of_round(matter).version, by=staff(county, matter), at=at)


def rate(grade: str) -> Act:
    return lambda county, matter, at: ending.rate(matter, grade=grade, by=walking.author_of(matter), at=at)


ACTS: dict[str, tuple[list[str], Act]] = {
    "accept": (["accept"], lambda c, m, at: triage.accept(m, deputy=c.deputy, by=c.officer, at=at)),
    "decline": (["decline"], lambda c, m, at: triage.decline(m, reason="不属受理范围。", by=c.officer, at=at)),
    "divert": (["divert"], lambda c, m, at: triage.divert(m, to="hotline", reason="即时小事。", by=c.officer, at=at)),
    "withdraw": (["withdraw"], lambda c, m, at: joining.withdraw(m, by=walking.author_of(m), at=at)),
    "opine": (["opine"], lambda c, m, at: deputies.opine(m, text="属实。", by=c.deputy.account, at=at)),
    "answer": (["answer_on_spot"], lambda c, m, at: deputies.answer_on_spot(m, text="已办。", outcome="resolved", by=c.deputy.account, at=at)),
    "pass": (["pass_without_opinion"], lambda c, m, at: deputies.pass_without_opinion(m, reason="联系不上。", by=c.officer, at=at)),
    "vice": (["opine_vice_director"], lambda c, m, at: street.opine_vice_director(m, text="办。", by=c.vice_director, at=at)),
    "director": (["opine_director"], lambda c, m, at: street.opine_director(m, text="办。", by=c.director, at=at)),
    "assign street": (["assign_street"], lambda c, m, at: street.assign_street(m, unit=c.street_office, by=c.director, at=at)),
    "send up": (["forward_district"], lambda c, m, at: street.forward_district(m, text="上转。", by=c.director, at=at)),
    "begin review": (["begin_review"], lambda c, m, at: district.begin_review(m, by=c.committee, at=at)),
    "approve": (["approve_review"], lambda c, m, at: district.approve_review(m, text="同意。", by=c.committee, at=at)),
    "reject": (["reject_review"], lambda c, m, at: district.reject_review(m, text="不转。", way_on="街道直办", by=c.committee, at=at)),
    "return": (["return_to_street"], lambda c, m, at: street.return_to_street(m, reason="街道办。", by=c.director, at=at)),
    "to government": (["forward_to_government"], lambda c, m, at: district.forward_to_government(m, by=c.office, at=at)),
    "receive": (["receive_at_government"], lambda c, m, at: district.receive_at_government(m, by=c.dispatcher, at=at)),
    "assign department": (["assign_department"], lambda c, m, at: district.assign_department(m, unit=c.department, by=c.dispatcher, at=at)),
    "sign for": (["sign_street", "sign_department"], lambda c, m, at: units.sign(m, by=staff(c, m), at=at)),
    "handler": (["assign_handler"], lambda c, m, at: units.assign_handler(m, handler=staff(c, m), by=staff(c, m), at=at)),
    "object": (["object"], lambda c, m, at: units.object_to(m, reason="不属。", by=staff(c, m), at=at)),
    "reassign": (["reassign_street"], lambda c, m, at: units.reassign(m, unit=other_unit(c, m), reason="改派。", by=ruler(c, m), at=at)),
    "uphold": (["uphold_street"], lambda c, m, at: units.uphold(m, reason="不成立。", by=ruler(c, m), at=at)),
    "ask for time": (["reply"], lambda c, m, at: extensions.request_extension(m, reason="需时。", by=staff(c, m), at=at)),
    "give time": (["reply"], lambda c, m, at: extensions.grant_extension(m, by=ruler(c, m), at=at)),
    "draft": (["reply"], draft),
    "submit": (["reply"], lambda c, m, at: replies.submit(m, version=getattr(replies.of_round(m), "version", 0), by=staff(c, m), at=at)),
    "send back": (["reply"], lambda c, m, at: replies.send_back(m, reason="改。", by=staff(c, m), at=at)),
    "sign": (["reply"], sign),
    "speak": (["reply", "rate"], lambda c, m, at: units.speak(m, text="您好。", by=staff(c, m), at=at)),
    "satisfied": (["rate"], rate("satisfied")),
    "dissatisfied": (["rate"], rate("dissatisfied")),
    "window over": (["close_unrated"], lambda c, m, at: ending.close_unrated(m, at=at + timedelta(days=30))),
    "close": (["close"], lambda c, m, at: ending.close(m, by=c.officer, at=at)),
    "settle": (["settle"], lambda c, m, at: ending.settle(m, held_on=date(2026, 11, 18), people="各方", result="达成一致。", by=c.office, at=at)),
}  # fmt: skip


def test_every_step_of_the_table_has_an_act_here():
    tried = {step for steps, _act in ACTS.values() for step in steps}
    by_the_system = {"reopen", "take_up_after_all", "escalate"}
    twins = {"reassign_department", "uphold_department"}
    elsewhere = {"merge", "unmerge", "take_up"}
    assert tried | by_the_system | twins | elsewhere == set(WORKFLOW.steps)


def test_no_order_of_acts_breaks_the_rules(county):
    walking.fill_every_post(county)
    county.street_team = county.make_unit("other", "望江综合执法队", area=county.street.code)
    seats = {county.street_office: county.street_unit_head, county.department: county.unit_head}
    for unit in (county.street_team, county.other_department):
        seats[unit] = county.appoint("unit_head", unit=unit, area=unit.area)
    county.heads = {unit.pk: head for unit, head in seats.items()}
    Life.county = county
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
