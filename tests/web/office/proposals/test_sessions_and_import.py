"""Sessions, delegations and former years on pages: entered, changed, refused with the words kept."""

import io
import re

import pytest
import rustpy_xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jiazhan.people.models import Delegation
from jiazhan.places.models import Session
from jiazhan.suggestions.models import Proposal
from tests.domain.suggestions.test_importing import ROW

SESSIONS = "/office/proposals/sessions/"
IMPORT = "/office/proposals/import/"


def content(answer):
    return answer.content.decode()


def table(*rows, name="表.xlsx"):
    out = io.BytesIO()
    rustpy_xlsxwriter.write_worksheets([("表", list(rows))], out)
    return SimpleUploadedFile(name, out.getvalue())


def sealed(answer):
    return re.search(r'name="file" value="([^"]+)"', content(answer)).group(1)


@pytest.fixture
def browser(county, sign_in):
    return sign_in(county.affairs)


def entered(browser, county, number, starts_on, ends_on):
    given = {
        "term": str(county.term.pk),
        "number": number,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "place": "区会堂",
    }
    return browser.post(SESSIONS, given)


def test_a_session_is_entered_and_an_overlap_refused_with_what_was_typed(county, browser):
    assert "还没有登记会议" in content(browser.get(SESSIONS))
    assert entered(browser, county, 4, "2026-01-12", "2026-01-15").status_code == 302
    refused = entered(browser, county, 5, "2026-01-15", "2026-01-18")
    assert refused.status_code == 422
    assert "与第4次会议的日期重叠" in content(refused)
    assert 'value="2026-01-18"' in content(refused)
    session = Session.objects.get()
    place = reverse("office:session", kwargs={"session_id": session.pk})
    assert "更改会议" in content(browser.get(place))
    given = {"number": 4, "starts_on": "2026-01-12", "ends_on": "2026-01-16"}
    assert browser.post(place, given).status_code == 302
    assert browser.post(place, given | {"ends_on": "2026-01-02"}).status_code == 422
    session.refresh_from_db()
    assert session.ends_on.day == 16


def test_deputies_are_seated_by_hand(county, browser):
    mandate = county.deputy.mandates.get()
    place = reverse("office:delegations", kwargs={"term_id": county.term.pk})
    assert "还没有代表团" in content(browser.get(place))
    form = reverse("office:delegation-form", kwargs={"term_id": county.term.pk})
    assert browser.post(form, {"number": 1, "name": "望江代表团"}).status_code == 302
    twice = browser.post(form, {"number": 2, "name": "望江代表团"})
    assert twice.status_code == 422
    assert "已经有一个叫“望江代表团”的代表团" in content(twice)
    delegation = Delegation.objects.get()
    assert browser.post(place, {f"m-{mandate.pk.hex}": str(delegation.pk)}).status_code == 302
    mandate.refresh_from_db()
    assert mandate.delegation == delegation
    one = reverse("office:delegation", kwargs={"term_id": county.term.pk, "delegation_id": delegation.pk})
    assert "周海燕" in content(browser.get(one))
    assert "还有 1 名代表" in content(browser.post(one, {"dissolve": "1"}))
    assert browser.post(one, {"number": 1, "name": "望江团"}).status_code == 302
    assert browser.post(place, {f"m-{mandate.pk.hex}": ""}).status_code == 302
    assert browser.post(one, {"dissolve": "1"}).status_code == 302
    assert not Delegation.objects.exists()


def test_deputies_are_seated_from_a_spreadsheet(county, browser):
    assert county.deputy
    place = reverse("office:delegation-table", kwargs={"term_id": county.term.pk})
    wrong = browser.post(place, {"table": table({"姓名": "没有此人", "代表团": "望江代表团"})})
    assert wrong.status_code == 422
    assert "本届没有代表“没有此人”" in content(wrong)
    preview = browser.post(place, {"table": table({"姓名": "周海燕", "代表团": "望江代表团"})})
    assert "还没有导入" in content(preview)
    assert not Delegation.objects.exists()
    assert "整份表格已导入" in content(browser.post(place, {"file": sealed(preview)}))
    assert county.deputy.mandates.get().delegation.name == "望江代表团"
    assert browser.post(place, {}).status_code == 422


def test_former_years_are_previewed_row_by_row_and_taken_as_a_whole(county, browser):
    county.make_deputy("林静")
    assert county.deputy
    assert county.department
    assert county.other_department
    assert browser.get(f"{IMPORT}template.xlsx").status_code == 200
    entered(browser, county, 3, "2025-01-12", "2025-01-15")
    row = ROW | {"分类": ""}
    wrong = browser.post(IMPORT, {"table": table(row, row | {"编号": "第2号", "主办单位": "区水物局"})})
    assert wrong.status_code == 422
    assert "没有承办单位“区水物局”" in content(wrong)
    assert "整份导入" not in content(wrong).split("还没有导入任何内容")[1].split("<table")[0]
    preview = browser.post(IMPORT, {"table": table(row)})
    assert preview.status_code == 200
    assert not Proposal.objects.exists()
    assert "整份表格已导入" in content(browser.post(f"{IMPORT}commit/", {"file": sealed(preview)}))
    proposal = Proposal.objects.get()
    shown = content(browser.get(f"/office/proposals/{proposal.jurisdiction}/{proposal.pk}/"))
    assert "2026 年底完工" in shown
    again = browser.post(IMPORT, {"table": table(row)})
    assert "不用导入" in content(again)
    assert browser.post(f"{IMPORT}commit/", {"file": "forged"}).status_code == 422
    assert browser.post(IMPORT, {}).status_code == 422
