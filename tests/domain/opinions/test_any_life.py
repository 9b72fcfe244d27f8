"""Whatever people do to a matter, in whatever order: the rules hold after every act, and a refusal changes nothing."""

from collections.abc import Callable
from datetime import date, timedelta
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

    @property
    def matter(self) -> Opinion:
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

    @rule(data=st.data(), hours=st.integers(0, 72), astray=st.integers(0, 9))
    def somebody_acts(self, data: st.DataObject, hours: int, astray: int) -> None:
        self.at += timedelta(hours=hours)
        before, entries = self.matter, self.entries()
        possible = [
            name for name, (steps, _act) in ACTS.items() if any(WORKFLOW.allows(step, before.state) for step in steps)
        ]
        # Most lives should be long ones, and now and then somebody tries what is not theirs to do.
        likely = [name for name in possible if name not in EARLY_ENDS]
        name = data.draw(st.sampled_from({7: sorted(ACTS), 8: possible}.get(astray) or likely or sorted(ACTS)))
        refusal: Exception | None = None
        try:
            with transaction.atomic():
                ACTS[name][1](self, before)
        except Exception as error:
            refusal = error
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


def other_unit(life: Life, matter: Opinion) -> Any:
    offices = [life.county.street_office, life.county.street_team]
    units_of = of_track(matter, offices, [life.county.department, life.county.other_department])
    return next(unit for unit in units_of if unit.pk != matter.unit_id)


def staff(life: Life, matter: Opinion) -> Any:
    """Somebody who handles and signs in whichever unit has it; a stranger where none has."""
    return life.county.heads.get(matter.unit_id, life.county.unit_head)


def draft(life: Life, matter: Opinion) -> None:
    reply = replies.of_round(matter)
    promise = {"promise_text": "更换井盖", "promise_on": timezone.localdate(life.at) + timedelta(30)}
    replies.save_draft(
        matter,
        body=f"第{matter.round}次答复。",
        outcome="planned",
        version=reply and reply.version,
        by=staff(life, matter),
        at=life.at,
        **promise,
    )


def sign(life: Life, matter: Opinion) -> None:
    if replies.of_round(matter) is None:
        draft(life, matter)
    replies.sign_reply(matter, version=replies.of_round(matter).version, by=staff(life, matter), at=life.at)


def rate(grade: str) -> Callable[[Life, Opinion], Any]:
    return lambda life, matter: ending.rate(matter, grade=grade, by=walking.author_of(matter), at=life.at)


def skip_to_the_end_of_the_window(life: Life, matter: Opinion) -> None:
    life.at = max(life.at, life.at + timedelta(days=30))
    ending.close_unrated(matter, at=life.at)


ACTS: dict[str, tuple[list[str], Callable[[Life, Opinion], Any]]] = {
    "accept": (["accept"], lambda life, m: triage.accept(m, deputy=life.county.deputy, by=life.county.officer, at=life.at)),
    "decline": (["decline"], lambda life, m: triage.decline(m, reason="不属受理范围。", by=life.county.officer, at=life.at)),
    "divert": (["divert"], lambda life, m: triage.divert(m, to="hotline", reason="即时小事。", by=life.county.officer, at=life.at)),
    "withdraw": (["withdraw"], lambda life, m: joining.withdraw(m, by=walking.author_of(m), at=life.at)),
    "opine": (["opine"], lambda life, m: deputies.opine(m, text="属实。", by=life.county.deputy.account, at=life.at)),
    "answer": (["answer_on_spot"], lambda life, m: deputies.answer_on_spot(m, text="已办。", outcome="resolved", by=life.county.deputy.account, at=life.at)),
    "pass": (["pass_without_opinion"], lambda life, m: deputies.pass_without_opinion(m, reason="联系不上。", by=life.county.officer, at=life.at)),
    "vice": (["opine_vice_director"], lambda life, m: street.opine_vice_director(m, text="办。", by=life.county.vice_director, at=life.at)),
    "director": (["opine_director"], lambda life, m: street.opine_director(m, text="办。", by=life.county.director, at=life.at)),
    "assign street": (["assign_street"], lambda life, m: street.assign_street(m, unit=life.county.street_office, by=life.county.director, at=life.at)),
    "send up": (["forward_district"], lambda life, m: street.forward_district(m, text="上转。", by=life.county.director, at=life.at)),
    "begin review": (["begin_review"], lambda life, m: district.begin_review(m, by=life.county.committee, at=life.at)),
    "approve": (["approve_review"], lambda life, m: district.approve_review(m, text="同意。", by=life.county.committee, at=life.at)),
    "reject": (["reject_review"], lambda life, m: district.reject_review(m, text="不转。", way_on="街道直办", by=life.county.committee, at=life.at)),
    "return": (["return_to_street"], lambda life, m: street.return_to_street(m, reason="街道办。", by=life.county.director, at=life.at)),
    "to government": (["forward_to_government"], lambda life, m: district.forward_to_government(m, by=life.county.office, at=life.at)),
    "receive": (["receive_at_government"], lambda life, m: district.receive_at_government(m, by=life.county.dispatcher, at=life.at)),
    "assign department": (["assign_department"], lambda life, m: district.assign_department(m, unit=life.county.department, by=life.county.dispatcher, at=life.at)),
    "sign for": (["sign_street", "sign_department"], lambda life, m: units.sign(m, by=staff(life, m), at=life.at)),
    "handler": (["assign_handler"], lambda life, m: units.assign_handler(m, handler=staff(life, m), by=staff(life, m), at=life.at)),
    "object": (["object"], lambda life, m: units.object_to(m, reason="不属。", by=staff(life, m), at=life.at)),
    "reassign": (["reassign_street"], lambda life, m: units.reassign(m, unit=other_unit(life, m), reason="改派。", by=of_track(m, life.county.director, life.county.dispatcher), at=life.at)),
    "uphold": (["uphold_street"], lambda life, m: units.uphold(m, reason="不成立。", by=of_track(m, life.county.director, life.county.dispatcher), at=life.at)),
    "ask for time": (["reply"], lambda life, m: extensions.request_extension(m, reason="需时。", by=staff(life, m), at=life.at)),
    "give time": (["reply"], lambda life, m: extensions.grant_extension(m, by=of_track(m, life.county.director, life.county.dispatcher), at=life.at)),
    "draft": (["reply"], draft),
    "submit": (["reply"], lambda life, m: replies.submit(m, version=getattr(replies.of_round(m), "version", 0), by=staff(life, m), at=life.at)),
    "send back": (["reply"], lambda life, m: replies.send_back(m, reason="改。", by=staff(life, m), at=life.at)),
    "sign": (["reply"], sign),
    "speak": (["reply", "rate"], lambda life, m: units.speak(m, text="您好。", by=staff(life, m), at=life.at)),
    "satisfied": (["rate"], rate("satisfied")),
    "dissatisfied": (["rate"], rate("dissatisfied")),
    "window over": (["close_unrated"], skip_to_the_end_of_the_window),
    "close": (["close"], lambda life, m: ending.close(m, by=life.county.officer, at=life.at)),
    "settle": (["settle"], lambda life, m: ending.settle(m, held_on=date(2026, 11, 18), people="各方", result="达成一致。", by=life.county.office, at=life.at)),
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
