"""Importing a spreadsheet in the office: template, preview, then all of it or nothing."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jiazhan.people.models import Account
from jiazhan.places.models import RegionLevel, Station
from tests.factories import region

pytestmark = pytest.mark.django_db
GOOD = "站码,站点名称,类型,街道\nB0,望江二家,代表之家,望江街道\nB1,望江三站,联络站,望江街道\n"


@pytest.fixture(autouse=True)
def files_of_this_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(text, name="站点.csv"):
    return {"table": SimpleUploadedFile(name, text.encode("gbk"))}


def at(name, county, kind="stations"):
    return reverse(f"office:{name}", kwargs={"jurisdiction": county.code, "kind": kind})


def sealed_in(answer):
    return re.search(r'name="file" value="([^"]+)"', answer.content.decode())[1]


def test_a_file_is_previewed_and_then_taken_as_a_whole(county, sign_in, tmp_path):
    client = sign_in(county.affairs)
    preview = client.post(at("table", county), upload(GOOD))
    assert preview.status_code == 200
    assert not Station.objects.filter(code__startswith="B").exists()
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    assert not any("望江二家".encode("gbk") in content for content in kept)
    done = client.post(at("table-commit", county), {"file": sealed_in(preview)})
    assert "整份表格已导入" in done.content.decode()
    assert Station.objects.filter(code__in=["B0", "B1"]).count() == 2
    again = client.post(at("table", county), upload(GOOD))
    assert "不用导入" in again.content.decode()


def test_a_file_with_a_bad_row_shows_it_and_offers_no_import(county, sign_in):
    preview = sign_in(county.affairs).post(at("table", county), upload(GOOD + "B2,哪里的站,联络站,没有的街道\n"))
    assert preview.status_code == 422
    said = preview.content.decode()
    assert "本区县没有“没有的街道”" in said
    assert 'name="file"' not in said


def test_what_became_wrong_since_the_preview_is_not_taken(county, sign_in):
    client = sign_in(county.affairs)
    sealed = sealed_in(client.post(at("table", county), upload(GOOD)))
    county.street.name = "望江新街道"
    county.street.save()
    done = client.post(at("table-commit", county), {"file": sealed})
    assert done.status_code == 422
    assert not Station.objects.filter(code__startswith="B").exists()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "请先选择文件"),
        (upload("%PDF-1.7"), "不是表格"),
        (upload("甲,乙\n1,2\n"), "没有找到表头"),
        (upload("站码,站点名称,类型,街道\n"), "还没有填内容"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(county, sign_in, files, said):
    answer = sign_in(county.affairs).post(at("table", county), files)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_preview_belongs_to_who_made_it(county, sign_in):
    sealed = sealed_in(sign_in(county.affairs).post(at("table", county), upload(GOOD)))
    for file in (sealed + "x", "", sealed):
        refused = sign_in(county.vice_director).post(at("table-commit", county), {"file": file})
        assert refused.status_code == 422
        assert "重新选择文件" in refused.content.decode()
    assert sign_in(county.affairs).post(at("table-commit", county), {"file": sealed}).status_code == 200


def test_passwords_of_new_accounts_are_shown_once(county, sign_in):
    client = sign_in(county.affairs)
    rows = "姓名,用户名,角色,站点\n陈小站,chenxiao,站联络员,01\n"
    preview = client.post(at("table", county, "accounts"), upload(rows))
    done = client.post(at("table-commit", county, "accounts"), {"file": sealed_in(preview)})
    password = re.search(r"<code>([^<]+)</code>", done.content.decode())[1]
    assert Account.objects.get(username="chenxiao").check_password(password)
    assert "no-store" in done.headers["Cache-Control"]


def test_a_kind_that_is_not_offered_is_not_found(county, sign_in):
    assert sign_in(county.affairs).get(at("table", county)).status_code == 200
    assert sign_in(county.affairs).get(at("table", county, "weather")).status_code == 404


TERM = {
    "level": "city", "town": "", "name": "临江市人民代表大会", "number": "7", "starts_on": "2022-01-01", "ends_on": "2027-01-01",
}  # fmt: skip


def test_a_term_is_entered_before_its_deputies(county, sign_in):
    region("9901", "临江市", RegionLevel.CITY, parent=region("99", "东华省", RegionLevel.PROVINCE))
    client = sign_in(county.affairs)
    page = reverse("office:congresses", kwargs={"jurisdiction": county.code})
    deputies = upload("姓名,手机号,层级\n周海燕,13800138001,市\n", "名册.csv")
    assert "请先登记大会和届次" in client.post(at("table", county, "deputies"), deputies).content.decode()
    for changes in (
        {"ends_on": "2021-01-01"},
        {"level": "township"},
        {"level": "township", "town": county.street.code},
        {"number": "0"},
    ):
        assert client.post(page, TERM | changes).status_code == 422
    assert client.post(page, TERM).status_code == 302
    assert (
        client.post(page, TERM | {"number": "8", "starts_on": "2026-01-01", "ends_on": "2031-01-01"}).status_code == 422
    )
    assert "第7届" in client.get(page).content.decode()
    deputies = upload("姓名,手机号,层级\n周海燕,13800138001,市\n", "名册.csv")
    assert "新增 1" in client.post(at("table", county, "deputies"), deputies).content.decode()


def test_terms_are_entered_by_those_who_import(county, sign_in):
    page = reverse("office:congresses", kwargs={"jurisdiction": county.code})
    assert sign_in(county.affairs).get(page).status_code == 200
    assert sign_in(county.director).get(page).status_code == 403
