"""Taking in a spreadsheet of opinions: seen first, taken as far as it is fit, never twice."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jiazhan.opinions.models import Opinion

IMPORT = "/office/opinions/import/"
ROWS = """编号,反映时间,标题,内容,联系电话
1,2026-01-05 09:30,北门积水,柳林小区北门一下雨就积水。,13800138000
2,2026-01-06,,,
3,2026-01-07,路灯,翠湖路路灯不亮。,12
"""


def table(text=ROWS, name="意见.csv", encoding="utf-8"):
    return SimpleUploadedFile(name, text.encode(encoding), "text/csv")


def sealed(page):
    return page.split('name="file" value="')[1].split('"')[0]


def test_a_file_is_seen_row_by_row_and_taken_once(county, sign_in):
    browser = sign_in(county.officer)
    page = browser.post(IMPORT, {"station": county.station.pk, "table": table()}).content.decode()
    assert "可以收进" in page
    assert "138****8000" in page
    assert "13800138000" not in page
    assert Opinion.objects.count() == 0

    done = browser.post(reverse("office:import-commit"), {"file": sealed(page)}).content.decode()
    assert "收进 1 件" in done
    matter = Opinion.objects.get()
    assert (matter.title, matter.channel, matter.station) == ("北门积水", "imported", county.station)

    again = browser.post(IMPORT, {"station": county.station.pk, "table": table(encoding="gbk")}).content.decode()
    assert "以前收过 1 件" in browser.post(reverse("office:import-commit"), {"file": sealed(again)}).content.decode()
    assert Opinion.objects.count() == 1


def test_a_column_by_another_name_is_pointed_out_by_hand(county, sign_in):
    browser, text = sign_in(county.officer), ROWS.replace("内容", "群众说")
    refused = browser.post(IMPORT, {"station": county.station.pk, "table": table(text)})
    assert refused.status_code == 422
    assert "没有找到表头" in refused.content.decode()
    given = {"station": county.station.pk, "table": table(text), "column_body": "群众说"}
    page = browser.post(IMPORT, given).content.decode()
    browser.post(reverse("office:import-commit"), {"file": sealed(page)})
    assert Opinion.objects.count() == 1


def test_what_is_no_spreadsheet_and_somebody_elses_preview_are_refused(county, sign_in):
    browser = sign_in(county.officer)
    junk = SimpleUploadedFile("表.xlsx", b"\x00\x01junk", "application/octet-stream")
    assert browser.post(IMPORT, {"station": county.station.pk, "table": junk}).status_code == 422
    page = browser.post(IMPORT, {"station": county.station.pk, "table": table()}).content.decode()
    other = sign_in(county.head).post(reverse("office:import-commit"), {"file": sealed(page)})
    assert other.status_code == 422
    assert Opinion.objects.count() == 0
    assert browser.post(reverse("office:import-commit"), {"file": sealed(page)}).status_code == 200
    assert Opinion.objects.count() == 1


def test_rows_go_to_ones_own_stations_only_and_the_template_is_there(county, sign_in):
    browser = sign_in(county.officer)
    assert browser.post(IMPORT, {"station": county.other_station.pk, "table": table()}).status_code == 422
    assert browser.post(IMPORT, {"station": county.station.pk, "table": table()}).status_code == 200
    assert browser.get(reverse("office:import-template")).content.startswith(b"PK")
