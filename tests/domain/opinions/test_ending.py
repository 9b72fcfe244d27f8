"""How it ends: the author's grade, one reopening, the talk face to face, the closed file (§14 rules 3, 5, 7)."""

from datetime import date

import pytest

from jiazhan.audit import Actor
from jiazhan.audit.selectors import entries_of
from jiazhan.documents.selectors import documents_of
from jiazhan.kernel.words import WordsMissing
from jiazhan.kernel.workflow import StepRefused
from jiazhan.opinions.access import NotYours
from jiazhan.opinions.choices import Grade, Recipient
from jiazhan.opinions.models import Delivery, Rating, Settlement
from jiazhan.opinions.services import ending, joining, merging, reminders
from jiazhan.opinions.services.authors import Author
from jiazhan.opinions.states import State
from tests.domain.opinions import walking
from tests.factories import NOW, later, nonce, opinion, resident


def replied(county, **given):
    matter = walking.handling_street(county, **given)
    walking.replied(matter, county)
    matter.refresh_from_db()
    return matter


def rate(matter, grade=Grade.SATISFIED, *, at=NOW, **given):
    given = {"by": walking.author_of(matter)} | given
    rating = ending.rate(matter, grade=grade, at=at, **given)
    matter.refresh_from_db()
    return rating


def twice_dissatisfied(county):
    matter = walking.rated(walking.handling_street(county), county, Grade.DISSATISFIED)
    return walking.rated(matter, county, Grade.DISSATISFIED, at=later(days=3))


class TestRating:
    def test_only_the_author_grades(self, county):
        matter, other = replied(county), replied(county)
        strangers = [
            county.street_unit_head, county.officer, county.deputy.account, county.office, resident(),
            walking.author_of(other), Actor("author", "反映人"), Actor("system", "系统"), Actor("supporter", "附议人", str(matter.pk)),
        ]  # fmt: skip
        for stranger in strangers:
            with pytest.raises(NotYours):
                rate(matter, by=stranger)
        rating = rate(matter, words="很快。", is_resolved=True)
        assert (rating.grade, rating.words, rating.is_resolved, rating.rated_at) == ("satisfied", "很快。", True, NOW)
        assert (matter.state, matter.grade, matter.due_for) == (State.RATED, "satisfied", "close")

    def test_an_author_with_an_account_grades_by_it(self, county):
        author = resident()
        matter = replied(county, author=Author(account=author))
        rate(matter, by=author)
        assert matter.state == State.RATED

    def test_nobody_grades_twice_or_before_a_reply(self, county):
        early = walking.handling_street(county)
        with pytest.raises(StepRefused):
            rate(early)
        matter = replied(county)
        rate(matter)
        with pytest.raises(StepRefused):
            rate(matter, Grade.DISSATISFIED)
        assert Rating.objects.get().grade == Grade.SATISFIED

    def test_a_grade_outside_the_three_is_a_mistake_of_the_program(self, county):
        matter = replied(county)
        with pytest.raises(ValueError, match="wonderful"):
            rate(matter, "wonderful")

    def test_who_joined_grades_for_themselves_and_moves_nothing(self, county):
        matter = walking.accepted(county)
        joined = joining.join(matter, author=Author(phone="13800000002"), note="", nonce=nonce(), at=NOW).supporter
        matter = walking.handled_on_street(matter, county)
        actor = Actor("supporter", "附议人", str(joined.pk))
        with pytest.raises(StepRefused):
            rate(matter, by=actor, supporter=joined)
        walking.replied(matter, county)
        with pytest.raises(NotYours):
            rate(matter, by=walking.author_of(matter), supporter=joined)
        rate(matter, Grade.DISSATISFIED, by=actor, supporter=joined)
        assert (matter.state, matter.grade) == (State.REPLIED, "")
        with pytest.raises(ending.AlreadyRated):
            rate(matter, by=actor, supporter=joined)
        rate(matter)
        assert Rating.objects.count() == 2

    def test_the_author_of_a_merged_matter_grades_the_reply_for_themselves(self, county):
        matter, other = walking.accepted(county), opinion(county)
        merging.merge(other, into=matter, by=county.officer, at=NOW)
        matter = walking.handled_on_street(matter, county)
        walking.replied(matter, county)
        other.refresh_from_db()
        with pytest.raises(NotYours):
            rate(other, by=walking.author_of(matter))
        rate(other, Grade.BASICALLY_SATISFIED)
        with pytest.raises(ending.AlreadyRated):
            rate(other)
        matter.refresh_from_db()
        assert (other.state, matter.state, matter.grade) == (State.MERGED, State.REPLIED, "")
        rate(matter)
        assert matter.state == State.RATED


class TestReopening:
    def test_the_first_dissatisfaction_goes_back_with_a_new_deadline_and_the_old_reply_kept(self, county):
        matter = walking.rated(walking.handling_street(county), county, Grade.DISSATISFIED)
        assert (matter.state, matter.round, matter.grade) == (State.REOPENED, 2, "")
        assert (matter.due_for, matter.due_on) == ("reply", date(2026, 12, 18))
        assert matter.unit == county.street_office
        for person in (county.street_unit_head, county.deputy.account, county.office):
            assert "opinion-reopened" in walking.told(person, matter)
        second = walking.replied(matter, county, body="已重新施工。", at=later(days=3))
        first = matter.replies.get(round=1)
        assert (first.body, first.state, second.round) == ("已清淤疏通，今后每月巡查。", "signed", 2)
        assert [each.kind for each in documents_of(matter)] == ["transfer", "reply", "reply"]
        assert "再次答复" in second.document.inputs["title"]

    def test_each_round_is_delivered_and_graded_by_itself(self, county):
        matter = twice_dissatisfied(county)
        assert list(matter.deliveries.order_by("round").values_list("round", flat=True)) == [1, 1, 1, 2, 2, 2]
        assert list(matter.ratings.order_by("rated_at").values_list("reply__round", "grade")) == [
            (1, "dissatisfied"), (2, "dissatisfied"),
        ]  # fmt: skip

    def test_the_second_reply_may_satisfy(self, county):
        matter = walking.rated(walking.handling_street(county), county, Grade.DISSATISFIED)
        matter = walking.rated(matter, county, Grade.SATISFIED, at=later(days=3))
        assert (matter.state, matter.grade) == (State.RATED, "satisfied")
        ending.close(matter, by=county.officer, at=later(days=4))

    def test_the_second_dissatisfaction_is_talked_over_and_tells_everyone(self, county):
        county.affairs, county.chair  # noqa: B018
        matter = twice_dissatisfied(county)
        assert (matter.state, matter.due_for, matter.due_on) == (State.ESCALATED, "settle", date(2026, 12, 18))
        for person in (county.affairs, county.office, county.chair, county.deputy.account, county.street_unit_head):
            assert "opinion-escalated" in walking.told(person, matter)

    def test_an_answer_on_the_spot_that_does_not_satisfy_is_handled_after_all(self, county):
        matter = walking.answered_on_spot(county)
        rate(matter, Grade.DISSATISFIED)
        assert (matter.state, matter.round, matter.due_for) == (State.ACCEPTED, 2, "opine")
        matter = walking.handled_on_street(matter, county)
        matter = walking.rated(matter, county, Grade.DISSATISFIED, at=later(days=1))
        assert matter.state == State.ESCALATED
        assert list(matter.replies.order_by("round").values_list("round", "unit__name")) == [
            (1, None),
            (2, "望江街道办事处"),
        ]


class TestClosing:
    def test_a_rated_letter_with_three_deliveries_closes_and_is_filed(self, county):
        matters = [walking.rated(walking.handling_street(county), county) for _ in range(2)]
        for matter in matters:
            ending.close(matter, by=county.officer, at=later(hours=2))
        archived = [matter.letters.get().archive_number for matter in matters]
        assert archived == ["990106-2026-00001", "990106-2026-00002"]
        with pytest.raises(StepRefused):
            ending.close(matters[0], by=county.officer, at=later(hours=3))

    @pytest.mark.parametrize(
        ("recipient", "missing"),
        [(Recipient.AUTHOR, "反映人送达"), (Recipient.DEPUTY, "代表送达"), (Recipient.OFFICE, "人大常委会办公室送达")],
    )
    def test_a_missing_delivery_keeps_it_open_and_is_named(self, county, recipient, missing):
        matter = walking.rated(walking.handling_street(county), county)
        Delivery.objects.filter(recipient=recipient).delete()
        with pytest.raises(ending.NotDelivered) as refusal:
            ending.close(matter, by=county.officer, at=NOW)
        assert refusal.value.missing == [missing] == ending.missing_to_close(matter)
        ending.deliver(matter, recipient=recipient, how="电话", by=county.officer, at=NOW)
        ending.close(matter, by=county.officer, at=NOW)

    def test_the_delivery_of_the_first_round_does_not_serve_the_second(self, county):
        matter = walking.rated(walking.handling_street(county), county, Grade.DISSATISFIED)
        matter = walking.rated(matter, county, at=later(days=3))
        Delivery.objects.filter(round=2, recipient=Recipient.DEPUTY).delete()
        with pytest.raises(ending.NotDelivered):
            ending.close(matter, by=county.officer, at=later(days=4))

    def test_an_answer_on_the_spot_needs_only_its_author(self, county):
        matter = walking.answered_on_spot(county)
        rate(matter)
        Delivery.objects.exclude(recipient=Recipient.AUTHOR).delete()
        ending.close(matter, by=county.officer, at=NOW)
        assert not matter.letters.exists()

    def test_only_the_station_or_street_closes(self, county):
        matter = walking.rated(walking.handling_street(county), county)
        for stranger in (county.street_unit_head, county.office, county.deputy.account, county.dispatcher):
            with pytest.raises(NotYours):
                ending.close(matter, by=stranger, at=NOW)
        ending.close(matter, by=county.director, at=NOW)

    def test_a_delivery_is_stamped_by_hand_once(self, county):
        matter = replied(county)
        with pytest.raises(ending.AlreadyDelivered):
            ending.deliver(matter, recipient=Recipient.AUTHOR, how="当面", by=county.officer, at=NOW)
        Delivery.objects.all().delete()
        with pytest.raises(WordsMissing):
            ending.deliver(matter, recipient=Recipient.AUTHOR, how=" ", by=county.officer, at=NOW)
        with pytest.raises(NotYours):
            ending.deliver(matter, recipient=Recipient.AUTHOR, how="当面", by=county.street_handler, at=NOW)
        stamp = ending.deliver(matter, recipient=Recipient.AUTHOR, how="当面", by=county.officer, at=NOW)
        assert (stamp.how, stamp.round, stamp.delivered_at) == ("当面", 1, NOW)
        assert entries_of(matter).last().detail == {"recipient": "author", "how": "当面"}

    def test_nothing_is_delivered_before_there_is_a_reply(self, county):
        matter = walking.handling_street(county)
        with pytest.raises(StepRefused):
            ending.deliver(matter, recipient=Recipient.AUTHOR, how="当面", by=county.officer, at=NOW)


class TestSeeing:
    def test_opening_is_stamped_once_for_each_who_must_know(self, county):
        matter = replied(county)
        people = {
            Recipient.AUTHOR: walking.author_of(matter), Recipient.DEPUTY: county.deputy.account, Recipient.OFFICE: county.office,
        }  # fmt: skip
        for person in people.values():
            ending.see(matter, by=person, at=later(hours=1))
            ending.see(matter, by=person, at=later(hours=2))
        assert set(matter.deliveries.values_list("seen_at", flat=True)) == {later(hours=1)}
        assert entries_of(matter).filter(action="opinion.see_reply").count() == 3

    def test_others_looking_leaves_no_trace(self, county):
        matter = replied(county)
        for stranger in (county.street_handler, county.officer, resident(), Actor("author", "反映人")):
            ending.see(matter, by=stranger, at=NOW)
        assert not matter.deliveries.exclude(seen_at=None).exists()


class TestUnrated:
    def test_the_window_ends_without_counting_anybody_satisfied(self, county):
        matter = replied(county)
        assert matter.due_on == date(2026, 12, 9)
        with pytest.raises(ending.WindowOpen, match="2026-12-09"):
            ending.close_unrated(matter, at=later(days=21))
        matter = ending.close_unrated(matter, at=later(days=22))
        assert (matter.state, matter.grade) == (State.CLOSED, "")
        assert not Rating.objects.exists()

    def test_the_morning_s_task_closes_what_is_over_and_nothing_else(self, county):
        over, graded, fresh = replied(county), replied(county), walking.handling_street(county)
        rate(graded, at=NOW)
        walking.replied(fresh, county, at=later(days=10))
        assert reminders.close_unrated(at=later(days=22)) == 1
        states = []
        for matter in (over, graded, fresh):
            matter.refresh_from_db()
            states.append(matter.state)
        assert states == [State.CLOSED, State.RATED, State.REPLIED]
        assert reminders.close_unrated(at=later(days=22)) == 0

    def test_what_was_not_delivered_stays_open_and_the_station_hears_why_once(self, county):
        matter, other = replied(county), replied(county)
        Delivery.objects.filter(opinion=matter, recipient=Recipient.DEPUTY).delete()
        assert reminders.close_unrated(at=later(days=22)) == 1
        assert reminders.close_unrated(at=later(days=23)) == 0
        matter.refresh_from_db()
        other.refresh_from_db()
        assert (matter.state, other.state) == (State.REPLIED, State.CLOSED)
        assert "opinion-not-delivered" in walking.told(county.officer, matter)
        rows = type(matter.deliveries.first())
        assert rows.objects.filter(opinion=matter).count() == 2

    def test_a_rating_after_the_close_is_refused(self, county):
        matter = ending.close_unrated(replied(county), at=later(days=22))
        with pytest.raises(StepRefused):
            rate(matter)


class TestSettling:
    def given(self, county, **rest):
        given = {
            "held_on": date(2026, 11, 25),
            "people": "周海燕、王主任、反映人",
            "result": "达成一致。",
            "by": county.office,
            "at": later(days=8),
        }
        return given | rest

    def test_the_talk_is_written_down_and_closes_the_matter(self, county):
        matter = twice_dissatisfied(county)
        matter = ending.settle(matter, way_on="转为代表建议", **self.given(county))
        settlement = Settlement.objects.get()
        assert (settlement.held_on, settlement.result, settlement.way_on) == (
            date(2026, 11, 25),
            "达成一致。",
            "转为代表建议",
        )
        assert (matter.state, matter.closed_at, matter.grade) == (State.CLOSED, later(days=8), "dissatisfied")
        for person in (county.deputy.account, county.street_unit_head, county.officer):
            assert "opinion-closed" in walking.told(person, matter)

    def test_a_talk_needs_a_result_people_and_a_day_that_came(self, county):
        matter = twice_dissatisfied(county)
        with pytest.raises(ending.DayRefused):
            ending.settle(matter, **self.given(county, held_on=date(2026, 11, 27)))
        for empty in ({"result": " "}, {"people": ""}):
            with pytest.raises(WordsMissing):
                ending.settle(matter, **self.given(county, **empty))
        for stranger in (county.officer, county.street_unit_head, county.director):
            with pytest.raises(NotYours):
                ending.settle(matter, **self.given(county, by=stranger))
        assert not Settlement.objects.exists()
        ending.settle(matter, **self.given(county))

    def test_nothing_is_settled_that_was_not_escalated(self, county):
        matter = walking.rated(walking.handling_street(county), county)
        with pytest.raises(StepRefused):
            ending.settle(matter, **self.given(county))


def test_a_deputy_who_took_it_up_stays_told_after_the_mandate_is_suspended(county):
    matter = walking.handling_street(county)
    county.deputy.mandates.update(status="suspended", reason="代表法第61条")
    walking.replied(matter, county)
    assert "opinion-replied" in walking.told(county.deputy.account, matter)
