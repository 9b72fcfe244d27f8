"""Letters about proposals: what each says and to whom, in PDF and Word, and how it is checked."""

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document as WordDocument
from pypdf import PdfReader

from jiazhan.documents.letters import pdf
from jiazhan.documents.models import Document
from jiazhan.documents.selectors import by_verify_code, content_of, docx_download, pdf_download
from jiazhan.kernel.models import Parameter
from jiazhan.people.models import UnitKind
from jiazhan.places.models import RegionLevel
from jiazhan.suggestions import parameters as names
from jiazhan.suggestions.choices import Part
from jiazhan.suggestions.models import AssignmentLetter, Proposal
from jiazhan.suggestions.services import (
    assigning,
    assignment_letters,
    assisting,
    desks,
    replies,
    reply_letters,
    supervising,
    units,
)
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        yield county


def words_of(document):
    pages = PdfReader(io.BytesIO(b"".join(pdf_download(document).pieces()))).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def word_of(document):
    doc = WordDocument(io.BytesIO(b"".join(docx_download(document).pieces())))
    cells = [cell.text for table in doc.tables for row in table.rows for cell in row.cells]
    return "".join("".join([*(each.text for each in doc.paragraphs), *cells]).split())


class TestAssignment:
    def batch(self, county, count=3):
        plans = [
            assigning.Plan(walking.accepted(county, text={"title": f"关于第{n}件事的建议"}), (county.department,),
                           (county.other_department,))
            for n in range(count)
        ]  # fmt: skip
        return assigning.assign(plans, name="九届四次会议建议交办", by=county.affairs, at=NOW)

    def test_every_unit_gets_one_letter_with_all_that_it_got(self, county):
        batch = self.batch(county)
        letters = {each.unit: each.document for each in AssignmentLetter.objects.filter(batch=batch)}
        assert set(letters) == {county.department, county.other_department}
        host, assist = content_of(letters[county.department]), content_of(letters[county.other_department])
        assert host.issuer == "云溪区人大常委会代表工作委员会"
        assert len(host.rows) == len(assist.rows) == 3
        assert {each.part for each in host.rows} == {"主办"}
        assert {each.part for each in assist.rows} == {"协办（区水务局主办）"}
        assert (host.rows[0].due_on, assist.rows[0].due_on) == (date(2027, 2, 18), date(2026, 12, 18))
        assert host.number != assist.number
        for read in (words_of, word_of):
            text = read(letters[county.department])
            for said in (
                "关于第0件事的建议",
                "周海燕",
                "主办3件",
                "2027年2月18日",
                "2026年11月27日前签收",
                "交办代表建议清单",
            ):
                assert said in text, (read, said)

    def test_its_code_leads_to_it(self, county):
        letter = AssignmentLetter.objects.filter(batch=self.batch(county, 1)).first()
        assert by_verify_code(letter.document.verify_code) == letter.document

    def test_the_governments_office_issues_what_it_assigns(self, county):
        county.dispatcher  # noqa: B018
        proposal = assigning.forward_to_government(walking.accepted(county), by=county.affairs, at=NOW)
        plan = assigning.Plan(proposal, (county.department,))
        batch = assigning.assign([plan], name="政府交办", by=county.dispatcher, at=NOW)
        assert content_of(batch.letters.get().document).issuer == county.gov_office.name

    def test_many_proposals_cost_no_more_statements_than_few(self, county):
        def statements(count):
            batch = self.batch(county, count)
            batch.letters.all().delete()
            with CaptureQueriesContext(connection) as queries:
                assignment_letters.issue(batch, by=county.affairs, at=NOW)
            return len(queries)

        assert statements(2) == statements(8)


class TestReply:
    def sent(self, county, **given):
        proposal = walking.in_progress(county, county.make_deputy("林静"), assisting_units=(county.other_department,))
        helper = county.appoint("unit_head", unit=county.other_department)
        assist = units.sign(walking.part(proposal, Part.ASSIST), by=helper, at=NOW)
        opinion = assisting.save_opinion(assist, body="配合。", by=helper, at=NOW)
        assisting.sign_opinion(assist, version=opinion.version, by=helper, at=NOW)
        walking.contacted(proposal, county)
        host = walking.part(proposal)
        typed = {
            "body": "已办结。\n下一步加强巡查。", "outcome": "planned", "promise_text": "完成改造", "promise_on": date(2027, 6, 30),
            "contact": "王工 0990-5550188", "publicity": "full",
        }  # fmt: skip
        reply = replies.save_draft(host, **typed | given, by=county.unit_head, at=NOW)
        return replies.sign_reply(host, version=reply.version, by=county.unit_head, at=NOW)

    def test_it_says_class_promise_assistance_copies_and_who_signed(self, county):
        reply = self.sent(county)
        document = reply.copies.get(deputy__name="林静").document
        for read in (words_of, word_of):
            text = read(document)
            for said in (
                "类别标记：C", "复文全文公开", "林静代表：", "您联名提出的", "区城管局协办，协办意见已汇总在内",
                "办理结果：列入规划。", "承诺事项：完成改造（2027年6月30日前完成）", "联系人及电话：王工0990-5550188",
                f"负责人：{county.unit_head.name}", "抄送：云溪区人大常委会代表工作委员会，云溪区人民政府办公室。", reply.number,
            ):  # fmt: skip
                assert said in text, (read, said)

    def test_a_place_writes_its_own_letters(self, county):
        Parameter.objects.create(name=names.LETTERS, area=county.code, value="ABBCD")
        assert content_of(self.sent(county).copies.first().document).letter == "B"

    def test_a_unit_that_is_not_the_governments_sends_it_no_copy(self, county):
        proposal = walking.in_progress(county)
        county.department.kind = UnitKind.OTHER
        county.department.save()
        reply = replies.save_draft(walking.part(proposal), body="已办。", by=county.handler, at=NOW)
        reply.handling = walking.part(proposal)
        assert reply_letters.copies_to(reply) == ("云溪区人大常委会代表工作委员会",)

    def test_a_preview_keeps_nothing_and_names_no_signer_to_a_handler(self, county):
        proposal = walking.in_progress(county)
        reply = replies.save_draft(walking.part(proposal), body="已办。", by=county.handler, at=NOW)
        before = Document.objects.count()
        rendered = reply_letters.preview(reply, by=county.handler, at=NOW)
        text = "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(rendered.pdf)).pages)
        assert "负责人：（签发人）" in text
        assert "签发时编号" in text
        assert "办理结果：（还没有选定）。" in text
        assert Document.objects.count() == before

    def test_what_is_issued_can_be_printed_again_alike(self, county):
        document = self.sent(county).copies.first().document
        assert pdf.render(content_of(document)).pdf == b"".join(pdf_download(document).pieces())


class TestUrging:
    def test_it_names_the_matter_its_day_and_what_is_asked(self, county):
        proposal = walking.in_progress(county)
        late = NOW + (proposal.due_on - NOW.date()) + timedelta(days=5)
        urging = supervising.urge(
            proposal, unit=county.department, text="请三日内与代表见面。", answer_by=date(2027, 3, 5), by=county.affairs, at=late
        )  # fmt: skip
        for read in (words_of, word_of):
            text = read(urging.document)
            for said in (
                proposal.title,
                "应于2027年2月18日前答复",
                "现已超期",
                "请三日内与代表见面。",
                "2027年3月5日前书面回复",
            ):
                assert said in text, (read, said)

    def test_a_committee_writes_under_its_own_name(self, county):
        proposal = walking.in_progress(county)
        urging = supervising.urge(
            proposal, unit=county.department, text="请说明。", answer_by=date(2026, 12, 5), by=county.committee, at=NOW
        )
        assert content_of(urging.document).issuer == county.committee_unit.name


class TestDesks:
    def test_a_townships_own_organ_stands_on_its_letters(self, county):
        area = f"{county.code}101"
        factories.region(area, "清溪镇", RegionLevel.TOWNSHIP)
        proposal = Proposal(jurisdiction=county.code, congress_area=area)
        named = desks.congress_desk(proposal)
        assert (named.name, named.next_number(at=NOW)) == ("清溪镇人大主席团", "清溪镇人代〔2026〕1号")
        unit = county.make_unit(UnitKind.STREET_CONGRESS, "清溪镇人民代表大会主席团", area=area)
        assert desks.congress_desk(proposal).unit == unit

    def test_a_countys_desk_is_its_unit_where_one_is_kept(self, county):
        proposal = Proposal(jurisdiction=county.code, congress_area=county.code)
        assert desks.congress_desk(proposal).name == "云溪区人大常委会代表工作委员会"
        county.make_unit(UnitKind.COMMITTEE, "代表资格审查委员会")
        unit = county.make_unit(UnitKind.COMMITTEE, "代表工委")
        assert desks.congress_desk(proposal).unit == unit
        assert desks.congress_desk(proposal).next_number(at=NOW) == "代表工委〔2026〕1号"
