"""The street's part: two officials' words, then the street office or the district."""

from datetime import date

import pytest

from jiazhan.audit.selectors import entries_of
from jiazhan.documents.models import Document
from jiazhan.documents.selectors import documents_of, docx_download, pdf_download
from jiazhan.kernel.words import WordsMissing, WordsTooLong
from jiazhan.kernel.workflow import StepRefused
from jiazhan.opinions.access import NotYours
from jiazhan.opinions.models import OfficialOpinion
from jiazhan.opinions.models.letter import Official
from jiazhan.opinions.services import district, letters, street, units
from jiazhan.opinions.services.authors import Author
from jiazhan.opinions.states import State, Track
from jiazhan.people.models import UnitKind
from tests.domain.opinions import walking
from tests.factories import NOW, County

NAMED = Author(name="张小明", phone="13812345678")


def test_each_official_s_word_is_kept_with_name_and_time(county):
    matter = walking.opined(county)
    street.opine_vice_director(matter, text="  建议直办。\n", by=county.vice_director, at=NOW)
    street.opine_director(matter, text="同意。", by=county.director, at=NOW)
    kept = OfficialOpinion.objects.order_by("id").values_list("official", "text", "signed_by__name", "signed_at")
    assert list(kept) == [
        (Official.VICE_DIRECTOR, "建议直办。", county.vice_director.name, NOW),
        (Official.DIRECTOR, "同意。", county.director.name, NOW),
    ]
    matter.refresh_from_db()
    assert (matter.state, matter.due_for, matter.due_on) == (State.DIRECTOR_OPINED, "street", date(2026, 11, 23))


def test_the_director_waits_for_the_vice_director(county):
    matter = walking.opined(county)
    with pytest.raises(StepRefused):
        street.opine_director(matter, text="同意。", by=county.director, at=NOW)
    street.opine_vice_director(matter, text="直办。", by=county.vice_director, at=NOW)
    street.opine_director(matter, text="同意。", by=county.director, at=NOW)


def test_an_official_signs_only_for_their_own_office_and_street(county):
    matter = walking.opined(county)
    elsewhere = county.appoint("street_vice_director", area=county.other_street.code)
    for stranger in (elsewhere, county.director, county.officer, county.affairs):
        with pytest.raises(NotYours):
            street.opine_vice_director(matter, text="直办。", by=stranger, at=NOW)
    assert not OfficialOpinion.objects.exists()
    street.opine_vice_director(matter, text="直办。", by=county.vice_director, at=NOW)


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b"])
def test_an_empty_word_is_refused_and_nothing_moves(county, text):
    matter = walking.opined(county)
    with pytest.raises(WordsMissing, match="请写明意见"):
        street.opine_vice_director(matter, text=text, by=county.vice_director, at=NOW)
    matter.refresh_from_db()
    assert matter.state == State.DEPUTY_OPINED


def test_a_word_of_1001_characters_is_refused_with_its_length(county):
    matter = walking.opined(county)
    with pytest.raises(WordsTooLong, match="1001"):
        street.opine_vice_director(matter, text="字" * 1001, by=county.vice_director, at=NOW)
    street.opine_vice_director(matter, text="字" * 1000, by=county.vice_director, at=NOW)


def test_the_street_office_gets_the_matter_with_a_letter_and_a_window(county):
    matter = walking.assigned_street(county)
    letter = letters.current(matter)
    assert letter.number == f"{county.station.code}-2026-0001"
    assert (letter.track, letter.addressee, letter.copies_to) == (Track.STREET, county.street_office, ["区水务局"])
    assert units.assignment_of(matter).objection_until == date(2026, 11, 27)
    assert (matter.unit, matter.track, matter.due_for) == (county.street_office, Track.STREET, "sign")
    assert "opinion-assigned" in walking.told(county.street_handler, matter)
    assert "opinion-assigned" not in walking.told(county.handler, matter)


def test_letters_of_a_station_are_numbered_without_gaps_by_year(county):
    numbers = [letters.current(walking.assigned_street(county)).number for _ in range(2)]
    elsewhere = letters.current(walking.forwarded(county)).number
    assert [*numbers, elsewhere] == [f"01-2026-000{n}" for n in (1, 2, 3)]


def test_a_refused_assignment_uses_no_number(county):
    matter = walking.directed(county)
    with pytest.raises(street.WrongUnit):
        street.assign_street(matter, unit=county.department, by=county.director, at=NOW)
    with pytest.raises(letters.TooManyCopies):
        street.assign_street(
            matter, unit=county.street_office, copies_to=[f"单位{n}" for n in range(21)], by=county.director, at=NOW
        )
    assert letters.current(walking.assigned_street(county)).number == "01-2026-0001"


def test_the_letter_carries_every_signature_and_no_number_of_the_author(county):
    matter = walking.assigned_street(county, author=NAMED)
    document = documents_of(matter).get()
    inputs = document.inputs
    assert inputs["number"] == "01-2026-0001"
    assert inputs["author"] == "张**"
    assert [(each["label"], each["name"], each["signed_on"]) for each in inputs["endorsements"]] == [
        ("接待代表意见", county.deputy.name, "2026-11-18"),
        ("副主任意见", county.vice_director.name, "2026-11-18"),
        ("主任意见", county.director.name, "2026-11-18"),
    ]
    assert "自收文之日起 15 个工作日内" in inputs["due"]
    assert "13812345678" not in str(inputs)
    assert "张小明" not in str(inputs)
    with pdf_download(document).open() as file:
        assert file.read(5) == b"%PDF-"
    with docx_download(document).open() as file:
        assert file.read(2) == b"PK"


def test_an_issued_letter_stays_as_it_was_when_the_matter_changes(county):
    matter = walking.assigned_street(county)
    before = documents_of(matter).get()
    matter.title = "改过的标题"
    matter.save()
    after = Document.objects.get(jurisdiction=matter.jurisdiction, pk=before.pk)
    assert (after.pdf_sha256, after.inputs) == (before.pdf_sha256, before.inputs)
    assert after.title != matter.title


def test_many_letters_are_printed_as_one_file(county):
    matters = [walking.assigned_street(county) for _ in range(2)]
    assert letters.printed_together(matters).pdf.startswith(b"%PDF-")
    with pytest.raises(letters.NothingToPrint):
        letters.printed_together([walking.directed(county)])
    # One without a letter among many does not stop the bench.
    assert letters.printed_together([*matters, walking.directed(county)]).pdf.startswith(b"%PDF-")


@pytest.mark.parametrize(
    "kind", ["department", "other street's office", "closed office", "neighbour's office", "congress"]
)
def test_the_street_gives_matters_only_to_its_own_units(county, kind):
    matter = walking.directed(county)
    if kind == "department":
        unit = county.department
    elif kind == "other street's office":
        unit = county.make_unit(UnitKind.STREET_OFFICE, "翠湖街道办事处", area=county.other_street.code)
    elif kind == "closed office":
        unit = county.make_unit(UnitKind.STREET_OFFICE, "旧望江街道办", area=county.street.code)
        unit.is_active = False
        unit.save()
    elif kind == "congress":
        unit = county.make_unit(UnitKind.STREET_CONGRESS, "望江街道人大工委", area=county.street.code)
    else:
        unit = County(code="990107", name="月湖区").street_office
    with pytest.raises(street.WrongUnit):
        street.assign_street(matter, unit=unit, by=county.director, at=NOW)
    own = county.make_unit(UnitKind.OTHER, "望江综合执法队", area=county.street.code)
    street.assign_street(matter, unit=own, by=county.director, at=NOW)


def test_copies_are_cleaned_and_each_stands_once(county):
    matter = walking.directed(county)
    street.assign_street(
        matter,
        unit=county.street_office,
        copies_to=[" 区水务局 ", "", "区水务局", "区\n城管局"],
        by=county.director,
        at=NOW,
    )
    matter.refresh_from_db()
    assert letters.current(matter).copies_to == ["区水务局", "区 城管局"]


@pytest.mark.parametrize("stage", ["opined", "directed"])
def test_the_director_may_send_a_matter_up_at_any_point(county, stage):
    walking.congress_office(county)
    matter = getattr(walking, stage)(county)
    matter = street.forward_district(matter, text="超出街道职权。", by=county.director, at=NOW)
    assert (matter.state, matter.track, matter.unit) == (State.STREET_FORWARDED, Track.DISTRICT, None)
    letter = letters.current(matter)
    assert letter.addressee == walking.congress_office(county)
    assert OfficialOpinion.objects.filter(official=Official.DIRECTOR).last().text == "超出街道职权。"
    labels = [each["label"] for each in documents_of(matter).get().inputs["endorsements"]]
    assert labels[-1] == "区人大工作机构审核意见"


def test_sending_up_needs_the_director_s_word_once(county):
    matter = walking.opined(county)
    with pytest.raises(WordsMissing):
        street.forward_district(matter, by=county.director, at=NOW)
    directed = walking.directed(county)
    street.forward_district(directed, by=county.director, at=NOW)
    assert OfficialOpinion.objects.filter(opinion=directed, official=Official.DIRECTOR).count() == 1


def test_a_refused_review_comes_back_to_the_street_and_may_go_up_again(county):
    matter = walking.reviewing(county)
    district.reject_review(matter, text="属街道职权。", way_on="由街道直办", by=county.committee, at=NOW)
    with pytest.raises(WordsMissing):
        street.return_to_street(matter, reason=" ", by=county.director, at=NOW)
    matter = street.return_to_street(matter, reason="由街道办理。", by=county.director, at=NOW)
    assert (matter.state, matter.track, matter.refusal_reason, matter.due_for) == (
        State.DEPUTY_OPINED,
        "",
        "",
        "street",
    )
    assert matter.reviews.get().text == "属街道职权。"
    matter = street.forward_district(matter, text="确需区级办理。", by=county.director, at=NOW)
    assert sorted(matter.letters.values_list("number", flat=True)) == ["01-2026-0001", "01-2026-0002"]
    assert letters.current(matter).number == "01-2026-0002"


@pytest.mark.parametrize(
    ("stage", "act"),
    [
        (
            "opined",
            lambda matter, county: street.opine_vice_director(matter, text="办", by=county.vice_director, at=NOW),
        ),
        (
            "directed",
            lambda matter, county: street.assign_street(matter, unit=county.street_office, by=county.director, at=NOW),
        ),
        ("directed", lambda matter, county: street.forward_district(matter, by=county.director, at=NOW)),
    ],
)
def test_an_accusation_does_not_go_through_ordinary_transfer(county, stage, act):
    locked, plain = getattr(walking, stage)(county), getattr(walking, stage)(county)
    walking.lock(locked)
    before = locked.state
    with pytest.raises(street.Locked, match="纪检监察"):
        act(locked, county)
    locked.refresh_from_db()
    assert locked.state == before
    assert not locked.letters.exists()
    act(plain, county)


def test_a_stranger_does_not_learn_that_a_matter_is_locked(county):
    matter = walking.lock(walking.opined(county))
    with pytest.raises(NotYours):
        street.opine_vice_director(matter, text="办", by=county.handler, at=NOW)


def test_the_author_is_told_by_phone_and_the_text_says_nothing_of_the_words(county):
    from jiazhan.notifications.models import Notice

    matter = walking.assigned_street(county, author=NAMED, title="北门积水")
    sent = Notice.objects.filter(kind="opinion-assigned", recipient=None, subject_id=str(matter.pk)).get()
    assert "北门积水" in sent.text
    assert county.street_office.name in sent.text
    assert "蹚水" not in sent.text
    assert sent.phone_sealed


def test_every_act_stands_in_the_record_once(county):
    matter = walking.assigned_street(county)
    actions = [entry.action for entry in entries_of(matter)]
    assert actions[-3:] == ["opinion.opine_vice_director", "opinion.opine_director", "opinion.assign_street"]
    assert len(set(actions)) == len(actions)
    assert entries_of(matter).last().detail == {
        "from": "director_opined",
        "to": "street_assigned",
        "unit": "望江街道办事处",
    }
