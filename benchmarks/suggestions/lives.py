"""What each proposal leaves behind: its signers, the units' parts, talks, replies, copies, evaluations, promises, record."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from benchmarks.suggestions.county import County, Host, Signer
from benchmarks.suggestions.plans import Plan
from benchmarks.suggestions.rows import Tables
from benchmarks.suggestions.words import Writer
from jiazhan.audit.models import Entry, Seal
from jiazhan.config.demo.names import COUNTY
from jiazhan.documents.models import Document
from jiazhan.kernel.deadlines import Rule, Unit, add_months
from jiazhan.kernel.ids import id_at
from jiazhan.kernel.outcomes import Grade, OutcomeClass, PromiseState, PublicationState, ReplyState, Ruling
from jiazhan.notifications.models import Notice
from jiazhan.suggestions import models as stored
from jiazhan.suggestions.choices import Consent, ContactMode, DueFor, Kind, Part, Phase
from jiazhan.suggestions.services.checking import in_chinese
from jiazhan.suggestions.states import UNNUMBERED, PartState
from jiazhan.suggestions.states import State as S

LABEL = "suggestions.proposal"
OUTCOMES = [OutcomeClass.RESOLVED] * 55 + [OutcomeClass.IN_PROGRESS] * 25 + [OutcomeClass.PLANNED] * 12
OUTCOMES += [OutcomeClass.DEFERRED] * 5 + [OutcomeClass.FOR_REFERENCE] * 3
PROMISING = {OutcomeClass.IN_PROGRESS, OutcomeClass.PLANNED}
GRADES = [Grade.SATISFIED] * 80 + [Grade.BASICALLY_SATISFIED] * 20
REPLIED = {S.REPLIED, S.REORDERING, S.REHANDLING, S.ESCALATED, S.TRACKING, S.CLOSED}
SECOND_ROUND = {S.REORDERING, S.REHANDLING, S.ESCALATED}
AT_UNITS = {S.ASSIGNED, S.IN_PROGRESS} | REPLIED
SUBMITTED = set(S) - {S.DRAFT, S.COSIGNING, S.WITHDRAWN}
ACCEPTED = AT_UNITS | {S.ACCEPTED, S.AT_GOVERNMENT}
DUE = {
    S.SUBMITTED: (DueFor.CHECK, 7), S.CHECKING: (DueFor.CHECK, 7), S.ACCEPTED: (DueFor.ASSIGN, 10),
    S.AT_GOVERNMENT: (DueFor.ASSIGN, 10), S.REORDERING: (DueFor.REORDER, 7), S.ESCALATED: (DueFor.SETTLE, 28),
}  # fmt: skip


@dataclass
class Life:
    """One proposal with the moments of its life so far."""

    plan: Plan
    id: UUID
    lead: Signer
    cosigners: list[Signer]
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def signers(self) -> list[Signer]:
        return [self.lead, *self.cosigners]


class Lives:
    """Writes lives into the tables, in the order in which they began."""

    def __init__(self, county: County, tables: Tables, writer: Writer, random: Random, now: datetime) -> None:
        self.county, self.tables, self.writer, self.random, self.now = county, tables, writer, random, now
        self.numbers: Counter[tuple[int, bool]] = Counter()
        self.letters: Counter[str] = Counter()
        self.batches: dict[tuple[Any, ...], UUID] = {}
        self.sealed = 0
        # Earlier ones that a later one may ask for again, or be merged into.
        self.known: list[tuple[UUID, str]] = []

    def live(self, plan: Plan) -> None:
        """One proposal from its first draft to where it stands today."""
        random = self.random
        lead, *others = random.sample(self.county.deputies, 1 + random.choice([0, 0, 1, 1, 1, 2, 2, 3, 5, 9]))
        begun = plan.at - timedelta(days=random.randint(0, 6), minutes=random.randint(5, 300))
        life = Life(plan, id_at(begun), lead, others)
        repeats = random.choice(self.known) if len(self.known) > 500 and random.randrange(100) < 7 else None
        text = self.writer.text(lead.name, like=repeats[1] if repeats else "")
        session = self.county.sessions.get(plan.year)
        life.values = {
            "id": life.id, "kind": Kind.PROPOSAL, "term_id": self.county.term.pk, "session_id": session and session.pk,
            "is_in_session": plan.is_in_session, "congress_area": COUNTY, "year": plan.year, "lead_id": lead.id,
            "mandate_id": lead.mandate, "title": text.title, "facts": text.facts, "cause": text.cause,
            "request": text.request, "state": plan.state, "created_at": begun, "saved_at": plan.at,
            "category_id": random.choice(self.county.categories),
        }  # fmt: skip
        self._sign(life, begun)
        if plan.state in SUBMITTED:
            life.values |= {"submitted_at": plan.at, "terms": text.terms, "headline": text.headline}
            self._record(life, "submit", plan.at, lead.account, lead.name)
        self._check(life, repeats)
        if plan.state in AT_UNITS:
            self._handle(life)
        elif plan.state in DUE:
            self._due(life, plan.at)
        self.tables[stored.Proposal].add(begun, **life.values)
        if plan.state in ACCEPTED:
            self.known.append((life.id, text.title))

    def _sign(self, life: Life, begun: datetime) -> None:
        consents = {S.DRAFT: Consent.INVITED, S.COSIGNING: Consent.INVITED}
        consent = consents.get(life.plan.state, Consent.CONFIRMED)
        if life.plan.state == S.DRAFT:
            life.cosigners = []
        for each in life.cosigners:
            signed = {"confirmed_version": 1, "decided_at": life.plan.at} if consent == Consent.CONFIRMED else {}
            self.tables[stored.Cosigner].add(
                begun, proposal_id=life.id, deputy_id=each.id, consent=consent, invited_at=begun, **signed
            )
        self._record(life, "begin", begun, life.lead.account, life.lead.name)

    def _check(self, life: Life, repeats: tuple[UUID, str] | None) -> None:
        plan, clerk = life.plan, self.county.clerk
        checked = min(plan.at + timedelta(days=self.random.randint(1, 3)), self.now)
        if plan.state in {S.CHECKING, S.RETURNED, S.NOT_ACCEPTED} | ACCEPTED:
            life.values["checker_id"] = clerk.pk
        if plan.state in {S.RETURNED, S.NOT_ACCEPTED}:
            life.values["reason"] = self.writer.line()
        if plan.state == S.MERGED:
            life.values["merged_into_id"] = self.known[-1][0] if self.known else None
            if not self.known:
                life.values["state"] = plan.state.CHECKING
        if plan.state in ACCEPTED:
            life.values |= {"accepted_at": checked, "repeats_id": repeats[0] if repeats else None}
            self._record(life, "accept", checked, clerk.pk, clerk.name)
        if plan.state not in UNNUMBERED:
            life.values["number"] = self._number(plan)
        life.values["through_government"] = plan.state in ACCEPTED and self.random.randrange(100) < 40
        if plan.state == S.AT_GOVERNMENT:
            life.values["through_government"] = True
        if plan.state in {S.NOT_ACCEPTED, S.MERGED, S.WITHDRAWN}:
            life.values["closed_at"] = checked

    def _number(self, plan: Plan) -> str:
        series = (plan.year, plan.is_in_session)
        self.numbers[series] += 1
        session = self.county.sessions.get(plan.year)
        term = f"{in_chinese(self.county.term.number)}届" + (f"{in_chinese(session.number)}次" if session else "")
        return f"{term}{'' if plan.is_in_session else f'闭会{plan.year}年'}第{self.numbers[series]}号建议"

    def _due(self, life: Life, start: datetime) -> None:
        due_for, days = DUE[life.plan.state]
        rule = Rule(Unit.DAYS, days, timezone.localdate(start))
        life.values |= {"due_for": due_for, "due_rule": rule.as_json(), "due_on": rule.start + timedelta(days=days)}

    def _handle(self, life: Life) -> None:
        """The units' parts, and what they do with it."""
        random, plan = self.random, life.plan
        assigned = plan.at + timedelta(days=22 if plan.is_in_session else random.randint(3, 5))
        units = random.choices(self.county.units, self.county.weights, k=1 + random.choice([0, 0, 0, 0, 0, 0, 1, 1, 2]))
        units = list(dict.fromkeys(units))
        life.values |= {"assigned_at": assigned, "host_id": units[0].id}
        signed = assigned + timedelta(days=random.randint(1, 6), hours=3)
        if random.randrange(100) < 6 and plan.state != S.ASSIGNED:
            life.values["returns_count"] = 1
            self._object(life, units[0], assigned, signed)
        # What was promised in law is three months; one of twelve comes late.
        replied = assigned + timedelta(
            days=random.randint(91, 104) if random.randrange(12) == 0 else random.randint(55, 88)
        )
        if plan.state in REPLIED:
            replied = min(replied, self.now - timedelta(days=random.randint(1, 12)))
        parts = [self._part(life, unit, n, assigned, signed, replied) for n, unit in enumerate(units)]
        detail = {"replying": [units[0].name], "assisting": [each.name for each in units[1:]]}
        self._record(life, "assign", assigned, self.county.clerk.pk, self.county.clerk.name, **detail)
        if plan.state != S.ASSIGNED:
            self._record(life, "begin", signed, units[0].handler, units[0].name)
            self._talk(life, parts[0], units[0], signed)
        if plan.state in REPLIED:
            self._reply(life, parts[0], units[0], assigned, replied)
        elif plan.state in {S.ASSIGNED, S.IN_PROGRESS}:
            rule = Rule(Unit.MONTHS, 3, timezone.localdate(assigned))
            life.values |= {"due_for": DueFor.REPLY, "due_rule": rule.as_json(), "due_on": add_months(rule.start, 3)}
        if random.randrange(1000) < 12:
            self._follow_up(life, assigned)

    def _part(
        self, life: Life, unit: Host, number: int, assigned: datetime, signed: datetime, replied: datetime
    ) -> UUID:
        state, plan = PartState.SIGNED, life.plan.state
        if plan == S.ASSIGNED:
            state = PartState.ASSIGNED
        elif plan == S.REHANDLING and number == 0:
            state = PartState.REORDERED
        elif plan in REPLIED or (number and self.random.randrange(2)):
            state = PartState.ANSWERED
        count, due_for = (1, DueFor.ASSIST) if number else (3, DueFor.REPLY)
        rule = Rule(Unit.MONTHS, count, timezone.localdate(assigned))
        until = (signed if number else replied) + timedelta(days=12 if number else 0)
        values: dict[str, Any] = {
            "due_for": due_for,
            "due_rule": rule.as_json(),
            "due_on": add_months(rule.start, count),
        }
        if state != PartState.ASSIGNED:
            values |= {"signed_at": signed, "signed_by_id": unit.handler, "handler_id": unit.handler}
            self._record(
                life, "part_sign", signed, unit.handler, unit.name, unit=unit.name,
                part=(Part.ASSIST if number else Part.HOST).value,
            )  # fmt: skip
        if state == PartState.ANSWERED:
            values |= {"answered_at": until}
        part = id_at(assigned)
        self.tables[stored.Handling].add(
            assigned, id=part, proposal_id=life.id, unit_id=unit.id, part=Part.ASSIST if number else Part.HOST,
            state=state, round=2 if state == PartState.REORDERED else 1, batch_id=self._batch(life, unit, assigned),
            assigned_at=assigned, assigned_by_id=self.county.clerk.pk, reason="按职责和往年办理情况交办",
            objection_until=timezone.localdate(assigned) + timedelta(days=9), **values,
        )  # fmt: skip
        if number and state == PartState.ANSWERED:
            self.tables[stored.AssistOpinion].add(
                until, handling_id=part, body=self.writer.line(), state=ReplyState.SIGNED, drafted_by_id=unit.handler,
                drafted_at=until, signed_at=until, signed_by_id=unit.head,
            )  # fmt: skip
        return part

    def _batch(self, life: Life, unit: Host, assigned: datetime) -> UUID:
        """One batch after each session and one a month, with a letter to each unit."""
        key = (life.plan.year,) if life.plan.is_in_session else (assigned.year, assigned.month)
        by = self.county.clerk.pk
        if key not in self.batches:
            self.batches[key] = self.tables[stored.Batch].add(
                assigned, name=f"{key[0]}年{f'{key[1]}月' if len(key) > 1 else '大会'}交办", assigned_at=assigned,
                assigned_by_id=by, count=100,
            )  # fmt: skip
        if (key, unit.id) not in self.batches:
            letter = self._letter(life, "assignment", f"{unit.name}交办函", assigned, by, unit.prefix)
            self.batches[key, unit.id] = self.tables[stored.AssignmentLetter].add(
                assigned, batch_id=self.batches[key], unit_id=unit.id, document_id=letter
            )
        return self.batches[key]

    def _letter(self, life: Life, kind: str, title: str, at: datetime, by: UUID, prefix: str, copy: int = 1) -> UUID:
        self.letters[f"{prefix}{at.year}"] += copy == 1
        made = id_at(at)
        self.tables[Document].add(
            at, id=made, kind=f"proposal_{kind}", number=f"{prefix}〔{at.year}〕{self.letters[f'{prefix}{at.year}']}号",
            copy=copy, title=title, subject_label=LABEL, subject_id=str(life.id), inputs={"issuer": prefix, "title": title},
            pdf_sha256="0" * 64, verify_code=made.hex[-16:], issued_at=at, issued_by_id=by,
        )  # fmt: skip
        return made

    def _object(self, life: Life, unit: Host, assigned: datetime, signed: datetime) -> None:
        former = self.random.choice(self.county.units)
        if former.id == unit.id:
            return
        part = self.tables[stored.Handling].add(
            assigned, proposal_id=life.id, unit_id=former.id, part=Part.HOST, state=PartState.RELEASED,
            assigned_at=assigned, assigned_by_id=self.county.clerk.pk, ended_at=signed, ended_reason="不属本单位职责",
            objection_until=timezone.localdate(assigned) + timedelta(days=9),
        )  # fmt: skip
        self.tables[stored.Objection].add(
            signed, proposal_id=life.id, handling_id=part, reason=self.writer.line(), raised_at=signed,
            raised_by_id=former.handler, rule_by=timezone.localdate(signed) + timedelta(days=7), ruling=Ruling.REASSIGNED,
            ruling_reason="异议成立", ruled_at=signed, ruled_by_id=self.county.clerk.pk,
        )  # fmt: skip
        self._record(life, "part_object", signed, former.handler, former.name, unit=former.name, part=Part.HOST.value)

    def _talk(self, life: Life, part: UUID, unit: Host, signed: datetime) -> None:
        for phase in (Phase.BEFORE, Phase.DURING)[: 1 + self.random.randrange(2)]:
            held = signed + timedelta(
                days=self.random.randint(0, 9) if phase == Phase.BEFORE else self.random.randint(10, 30)
            )
            deputy, mode = life.lead, self.random.choice(list(ContactMode))
            self.tables[stored.Contact].add(
                held, proposal_id=life.id, handling_id=part, deputy_id=deputy.id, round=1, phase=phase, mode=mode,
                held_at=held, people=f"{unit.name}负责人", summary=self.writer.line(), logged_by_id=unit.handler,
                logged_at=held, is_confirmed=True, answered_at=held + timedelta(days=1),
            )  # fmt: skip
            said = {"unit": unit.name, "deputy": deputy.name, "phase": phase.value, "mode": mode.value}
            self._record(life, "contact", held, unit.handler, unit.name, **said)
        life.values["was_contacted"] = True

    def _reply(self, life: Life, part: UUID, unit: Host, assigned: datetime, replied: datetime) -> None:
        """The first reply, who rated it, and where that led."""
        random, state = self.random, life.plan.state
        outcome = random.choice(OUTCOMES) if state != S.TRACKING else random.choice(sorted(PROMISING))
        reply = self._answer(life, part, unit, replied, outcome, round=1)
        is_bad = state in SECOND_ROUND or (state in {S.CLOSED, S.TRACKING} and random.randrange(100) < 6)
        grades = self._rate(life, reply, replied, is_bad=is_bad, is_open=state == S.REPLIED)
        life.values |= {
            "replied_at": replied, "outcome": outcome, "first_grade": grades, "grade": grades,
            "is_on_time": timezone.localdate(replied) <= add_months(timezone.localdate(assigned), 3),
        }  # fmt: skip
        if grades:
            life.values["is_resolved"] = grades != Grade.DISSATISFIED and outcome == OutcomeClass.RESOLVED
        if is_bad:
            life.values["round"] = 2
            again = min(replied + timedelta(days=30), self.now - timedelta(days=1))
            self._record(life, "dissatisfy", replied + timedelta(days=9), life.lead.account, life.lead.name)
            if state not in {S.REORDERING, S.REHANDLING}:
                second = self._answer(life, part, unit, again, outcome, round=2)
                life.values["grade"] = self._rate(life, second, again, is_bad=state == S.ESCALATED, is_open=False)
        if state == S.REPLIED:
            rule = Rule(Unit.WORKDAYS, 15, timezone.localdate(replied))
            life.values |= {
                "due_for": DueFor.EVALUATE,
                "due_rule": rule.as_json(),
                "due_on": rule.start + timedelta(days=21),
            }
        elif state == S.REHANDLING:
            rule = Rule(Unit.MONTHS, 1, timezone.localdate(replied + timedelta(days=12)))
            life.values |= {"due_for": DueFor.REPLY, "due_rule": rule.as_json(), "due_on": add_months(rule.start, 1)}
        elif state in DUE:
            self._due(life, replied + timedelta(days=9))
        if outcome in PROMISING:
            self._promise(life, reply, replied)
        if state == S.CLOSED:
            closed = replied + timedelta(days=20)
            life.values["closed_at"] = min(closed, self.now)
            self._record(life, "close", min(closed, self.now), life.lead.account, "系统")
            if random.randrange(100) < 60:
                self._publish(life, closed)

    def _answer(self, life: Life, part: UUID, unit: Host, at: datetime, outcome: OutcomeClass, *, round: int) -> UUID:
        reply, letter = id_at(at), None
        for copy, deputy in enumerate(life.signers, start=1):
            letter = self._letter(life, "reply", f"对{life.values['number']}的答复", at, unit.head, unit.prefix, copy)
            self.tables[stored.ReplyCopy].add(
                at, reply_id=reply, proposal_id=life.id, deputy_id=deputy.id, document_id=letter, how="代表端",
                delivered_at=at, seen_at=at + timedelta(days=1) if at + timedelta(days=1) < self.now else None,
            )  # fmt: skip
            self._tell(life, deputy.account, "reply", f"{unit.name}已答复{life.values['number']}，请您评价。", at)
        self.tables[stored.Reply].add(
            at, id=reply, proposal_id=life.id, handling_id=part, round=round, state=ReplyState.SIGNED,
            body=self.writer.reply(), outcome=outcome, contact="李工 0571-00000000", drafted_by_id=unit.handler,
            drafted_at=at - timedelta(days=3), number=f"{unit.prefix}〔{at.year}〕{self.letters[f'{unit.prefix}{at.year}']}号",
            signed_at=at, signed_by_id=unit.head,
        )  # fmt: skip
        self._record(life, "part_answer", at, unit.head, unit.name, unit=unit.name, part=Part.HOST.value)
        self._record(life, "reply", at, unit.head, unit.name)
        return reply

    def _rate(self, life: Life, reply: UUID, replied: datetime, *, is_bad: bool, is_open: bool) -> str:
        """Each deputy for themselves; the worst grade, empty where nobody rated."""
        worst = ""
        for deputy in life.signers:
            if self.random.randrange(100) < (80 if is_open else 18) and not (is_bad and deputy is life.lead):
                continue
            at = min(replied + timedelta(days=self.random.randint(1, 9)), self.now)
            grade = Grade.DISSATISFIED if is_bad and deputy is life.lead else self.random.choice(GRADES)
            words = self.writer.line() if grade == Grade.DISSATISFIED else ""
            self.tables[stored.Evaluation].add(
                at, proposal_id=life.id, reply_id=reply, deputy_id=deputy.id, manner=Grade.SATISFIED, result=grade,
                is_resolved=grade == Grade.SATISFIED, words=words, evaluated_at=at,
            )  # fmt: skip
            said = {"result": grade.value, "manner": Grade.SATISFIED.value}
            self._record(life, "evaluated", at, deputy.account, deputy.name, **said)
            worst = max(worst, grade.value, key=["", *Grade.values].index)
        return worst

    def _promise(self, life: Life, reply: UUID, replied: datetime) -> None:
        # What is closed has no promise left open.
        is_closed = life.plan.state == S.CLOSED
        most = max((self.now - replied).days - 1, 1) if is_closed else 540
        due_at = replied + timedelta(days=self.random.randint(min(most, 60), min(most, 540)))
        values: dict[str, Any] = {"state": PromiseState.OPEN}
        if due_at < self.now:
            asked = min(due_at + timedelta(days=1), self.now)
            values = {"state": PromiseState.ASKED, "asked_at": asked}
            if is_closed:
                kept = PromiseState.KEPT if self.random.randrange(100) < 85 else PromiseState.BROKEN
                values |= {"state": kept, "unit_words": self.writer.line(), "explained_at": asked}
                values |= {"settled_at": asked, "settled_by_id": life.lead.account}
        self.tables[stored.Promise].add(
            replied,
            proposal_id=life.id,
            reply_id=reply,
            text=self.writer.line(),
            due_on=timezone.localdate(due_at),
            **values,
        )

    def _publish(self, life: Life, at: datetime) -> None:
        self.tables[stored.Publication].add(
            at, proposal_id=life.id, publicity="full", state=PublicationState.PUBLISHED, title=life.values["title"],
            body=life.values["request"], reply=self.writer.reply(), proposed_by_id=self.county.clerk.pk, proposed_at=at,
            reviewed_by_id=self.county.second.pk, reviewed_at=min(at + timedelta(days=2), self.now),
        )  # fmt: skip

    def _follow_up(self, life: Life, assigned: datetime) -> None:
        """One that the chairpersons' meeting follows itself."""
        life.values["is_key"] = True
        self.tables[stored.KeyProposal].add(
            assigned, proposal_id=life.id, decided_on=timezone.localdate(assigned), meeting="主任会议",
            lead_member=self.county.lead_member.name, lead_account_id=self.county.lead_member.pk,
            committee_id=self.county.committee.pk, recorded_by_id=self.county.clerk.pk, recorded_at=assigned,
        )  # fmt: skip
        for deputy in life.signers[:1]:
            self.tables[stored.Follow].add(assigned, proposal_id=life.id, deputy_id=deputy.id, since=assigned)

    def _record(self, life: Life, act: str, at: datetime, by: UUID, name: str, **detail: Any) -> None:
        """An entry with its place in the chain; the digests are filler, for nobody verifies this home's record."""
        entry = self.tables[Entry].add(
            at, at=at, action=f"proposal.{act}", subject_label=LABEL, subject_id=str(life.id), actor_kind="account",
            actor_id=str(by), actor_name=name, detail=detail,
        )  # fmt: skip
        self.sealed += 1
        self.tables[Seal].add(at, number=self.sealed, entry_id=entry, digest=entry.hex * 2)

    def _tell(self, life: Life, account: UUID, kind: str, text: str, at: datetime) -> None:
        is_read = self.now - at > timedelta(days=20)
        self.tables[Notice].add(
            at, recipient_id=account, way="inbox", kind=kind, text=text, subject_label=LABEL, subject_id=str(life.id),
            url=f"/deputy/proposals/{COUNTY}/{life.id}/", key=f"{kind}:{life.id}:{account}:{at:%Y%m%d}", created_at=at,
            state="sent", sent_at=at, read_at=at + timedelta(days=1) if is_read else None,
        )  # fmt: skip
