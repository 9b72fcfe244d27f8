"""A proposal is begun where the deputy sits, kept on every device, and handed in when it is the deputy's own."""

import io
from datetime import timedelta

import pytest

from jiazhan.audit.selectors import entries_of
from jiazhan.documents.files import checking
from jiazhan.kernel import words
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Mandate
from jiazhan.people.states import MandateStatus
from jiazhan.places.models import Congress, CongressLevel, Term
from jiazhan.suggestions import access
from jiazhan.suggestions.choices import Consent, Kind, Origin, Publicity
from jiazhan.suggestions.services import assigning, cosigning, writing
from jiazhan.suggestions.services import checking as desk
from jiazhan.suggestions.states import State
from tests import factories
from tests.domain.suggestions import walking
from tests.domain.suggestions.walking import TEXT
from tests.factories import NOW, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        yield county


def save(proposal, at=NOW, **changes):
    given = {**TEXT, **changes}
    return writing.save(proposal, **{"version": proposal.version, "by": proposal.lead.account, "at": at, **given})


def submit(proposal, at=NOW, **given):
    return writing.submit(proposal, **{"version": proposal.version, "by": proposal.lead.account, "at": at, **given})


def pdf():
    return checking.check(io.BytesIO(b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"), name="调研报告.pdf")


def in_session(county):
    return walking.session(county, number=5, starts_on=NOW.date(), ends_on=NOW.date() + timedelta(days=2))


def test_nobody_begins_for_another_or_where_they_do_not_sit(county):
    lead, other = county.deputy, county.make_deputy("林静")
    assert walking.begun(county).lead == lead
    with pytest.raises(access.NotYours):
        writing.begin(lead, term=county.term, by=other.account, at=NOW)
    Mandate.objects.filter(deputy=lead).update(status=MandateStatus.SUSPENDED)
    with pytest.raises(writing.NotSitting):
        walking.begun(county)


def test_a_congress_that_is_not_handled_here_is_refused(county):
    province = factories.region("99", "东华省", 1)
    congress = Congress.objects.create(name="东华省人大", level=CongressLevel.PROVINCE, region=province)
    term = Term.objects.create(
        congress=congress, number=14, starts_on=factories.LONG_AGO, ends_on=NOW.date() + timedelta(400)
    )
    Mandate.objects.create(deputy=county.deputy, term=term, starts_on=factories.LONG_AGO)
    assert walking.begun(county)
    with pytest.raises(writing.CongressElsewhere):
        writing.begin(county.deputy, term=term, by=county.deputy.account, at=NOW)


def test_a_motion_is_begun_and_submitted_only_while_the_congress_meets(county):
    walking.past_session(county)
    with pytest.raises(writing.NotInSession):
        writing.begin(county.deputy, term=county.term, by=county.deputy.account, at=NOW, kind=Kind.MOTION)
    session = walking.session(county, number=5, starts_on=NOW.date(), ends_on=NOW.date())
    signers = [county.make_deputy(f"代表{n}") for n in range(9)]
    motion = walking.cosigned(county, *signers, kind=Kind.MOTION)
    with pytest.raises(writing.NotInSession):
        submit(motion, at=later(days=1))
    motion = submit(motion)
    assert (motion.state, motion.session, motion.is_in_session) == (State.SUBMITTED, session, True)


@pytest.mark.parametrize(("level", "needed"), [(CongressLevel.COUNTY, 10), (CongressLevel.TOWNSHIP, 5)])
def test_a_motion_needs_as_many_signers_as_the_law_says_at_its_level(county, level, needed):
    Congress.objects.filter(pk=county.term.congress_id).update(level=level)
    county.term.refresh_from_db()
    in_session(county)
    signers = [county.make_deputy(f"代表{n}") for n in range(needed - 1)]
    motion = walking.cosigned(county, *signers[:-1], kind=Kind.MOTION)
    with pytest.raises(writing.TooFewSigners) as refused:
        submit(motion)
    assert (refused.value.needed, refused.value.signed) == (needed, needed - 1)
    cosigning.invite(motion, deputies=signers[-1:], by=motion.lead.account, at=NOW)
    cosigning.confirm(motion, version=motion.version, by=signers[-1].account, at=NOW)
    assert submit(motion).state == State.SUBMITTED


def test_a_cosigner_whose_mandate_ended_counts_no_more_and_is_told(county):
    in_session(county)
    signers = [county.make_deputy(f"代表{n}") for n in range(9)]
    motion = walking.cosigned(county, *signers, kind=Kind.MOTION)
    Mandate.objects.filter(deputy=signers[0]).update(status=MandateStatus.TERMINATED, ends_on=NOW.date())
    with pytest.raises(writing.TooFewSigners):
        submit(motion)
    assert motion.cosigners.filter(consent=Consent.CONFIRMED).count() == 9
    cosigning.invite(motion, deputies=[county.make_deputy("补上")], by=motion.lead.account, at=NOW)
    cosigning.confirm(motion, version=motion.version, by=motion.cosigners.last().deputy.account, at=NOW)
    submit(motion)
    assert motion.cosigners.get(deputy=signers[0]).consent == Consent.LAPSED
    assert signers[0] not in access.signers(walking.again(motion))


def test_a_text_kept_elsewhere_meanwhile_is_not_overwritten(county):
    proposal = walking.drafted(county)
    phone = save(proposal, title="关于更换路灯的建议")
    with pytest.raises(writing.DraftChanged) as refused:
        save(proposal, title="旧设备上的标题")
    assert refused.value.theirs.title == "关于更换路灯的建议"
    assert save(phone, title="接着写").version == phone.version + 1
    with pytest.raises(writing.DraftChanged):
        submit(proposal)


def test_saving_what_is_the_same_asks_nobody_again(county):
    second = county.make_deputy("林静")
    proposal = walking.cosigned(county, second)
    assert save(proposal).version == proposal.version
    assert proposal.cosigners.get().consent == Consent.CONFIRMED
    save(proposal, cause="原因有变化，另作说明。")
    assert proposal.cosigners.get().consent == Consent.CHANGED


@pytest.mark.parametrize("field", ["facts", "cause", "request"])
def test_nothing_is_cut_off(county, field):
    proposal = walking.drafted(county)
    assert save(proposal, **{field: "水" * 5000})
    with pytest.raises(words.WordsTooLong):
        save(walking.again(proposal), **{field: "水" * 5001})
    with pytest.raises(words.WordsTooLong):
        save(walking.again(proposal), title="水" * 121)


def test_what_is_not_fully_public_needs_a_reason(county):
    proposal = walking.drafted(county)
    with pytest.raises(words.WordsMissing):
        save(proposal, publicity=Publicity.NONE, publicity_reason=" ")
    assert save(proposal, publicity=Publicity.NONE, publicity_reason="涉及企业商业秘密").publicity == Publicity.NONE
    assert save(proposal, publicity=Publicity.FULL).publicity_reason == ""


@pytest.mark.parametrize(("missing", "named"), [("title", "标题"), ("request", "具体建议")])
def test_a_text_without_a_part_that_it_must_have_is_not_submitted(county, missing, named):
    proposal = walking.drafted(county, text={missing: ""})
    with pytest.raises(writing.TextIncomplete) as refused:
        submit(proposal)
    assert refused.value.missing == [named]
    assert submit(save(proposal)).state == State.SUBMITTED


def test_a_research_report_is_named_and_attached_before_submitting(county):
    proposal = walking.drafted(county, origin=Origin.RESEARCH)
    with pytest.raises(writing.TextIncomplete) as refused:
        submit(proposal)
    assert refused.value.missing == ["调研报告名称", "调研报告附件"]
    writing.name_research(proposal, research="城区内涝治理调研报告", by=proposal.lead.account, at=NOW)
    with pytest.raises(writing.TextIncomplete):
        submit(proposal)
    writing.attach_file(proposal, checked=pdf(), by=proposal.lead.account, at=NOW)
    assert submit(proposal).research == "城区内涝治理调研报告"


def test_files_are_the_leads_alone_and_at_most_nine(county):
    proposal, other = walking.drafted(county), county.make_deputy("林静")
    with pytest.raises(access.NotYours):
        writing.attach_file(proposal, checked=pdf(), by=other.account, at=NOW)
    for _each in range(9):
        kept = writing.attach_file(proposal, checked=pdf(), by=proposal.lead.account, at=NOW)
    with pytest.raises(writing.TooManyFiles):
        writing.attach_file(proposal, checked=pdf(), by=proposal.lead.account, at=NOW)
    writing.remove_file(proposal, attachment_id=kept.pk, by=proposal.lead.account, at=NOW)
    assert writing.attach_file(proposal, checked=pdf(), by=proposal.lead.account, at=NOW)
    submit(proposal)
    with pytest.raises(StepRefused):
        writing.remove_file(proposal, attachment_id=kept.pk, by=proposal.lead.account, at=NOW)


def test_a_forwarded_letter_is_refused_and_own_words_are_not(county):
    body = "柳林小区北门下雨就积水，老人孩子出门要蹚水，反映多次没有人管，希望尽快修好。"
    matter = factories.opinion(county, body=body)
    proposal = walking.begun(county, opinions=[matter])
    proposal = save(proposal, facts=f"居民来电：{body}", cause=body, request=body)
    with pytest.raises(writing.OnlyForwarded) as refused:
        submit(proposal)
    assert refused.value.parts == ["核实与调研情况", "问题成因", "具体建议"]
    proposal = save(proposal, request="")
    with pytest.raises(writing.TextIncomplete):
        submit(proposal)
    proposal = submit(save(proposal))
    assert proposal.sources.get().opinion_id == matter.pk


def test_an_unseen_finding_stops_and_a_seen_one_is_recorded(county):
    proposal = walking.drafted(county, text={"facts": "本人的宅基地被占，走访 3 次。"})
    with pytest.raises(writing.FindingsOpen) as refused:
        submit(proposal)
    assert [each.code for each in refused.value.findings] == ["personal"]
    submit(proposal, seen=["personal"])
    entry = entries_of(proposal).get(action="proposal.submit")
    assert entry.detail["findings"] == ["personal"]


def test_a_second_click_submits_nothing_twice(county):
    proposal = walking.drafted(county)
    submit(proposal)
    with pytest.raises(StepRefused):
        submit(proposal)
    assert entries_of(proposal).filter(action="proposal.submit").count() == 1


def test_it_is_taken_back_before_it_is_assigned_and_not_after(county):
    early, late = walking.accepted(county), walking.accepted(county)
    assert writing.withdraw(early, by=early.lead.account, at=NOW).state == State.WITHDRAWN
    with pytest.raises(StepRefused):
        writing.withdraw(early, by=early.lead.account, at=NOW)
    assigning.assign([assigning.Plan(late, (county.department,))], name="交办", by=county.affairs, at=NOW)
    with pytest.raises(StepRefused):
        writing.withdraw(late, by=late.lead.account, at=NOW)
    other = walking.accepted(county)
    with pytest.raises(access.NotYours):
        writing.withdraw(other, by=county.make_deputy("林静").account, at=NOW)


def test_a_returned_text_is_mended_and_goes_in_again(county):
    proposal = walking.submitted(county)
    with pytest.raises(StepRefused):
        save(proposal, title="已经提交的不能改")
    desk.return_to_author(proposal, reason="请写明户数。", by=county.affairs, at=NOW)
    proposal = save(walking.again(proposal), facts=TEXT["facts"] + "涉及 860 户。")
    assert submit(proposal).reason == ""
