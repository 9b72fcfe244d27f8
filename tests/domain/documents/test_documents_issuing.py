"""Keeping files with a matter and issuing letters about it, on the database."""

import hashlib
import io
import threading
import uuid

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connections, transaction
from pypdf import PdfReader

from jiazhan.audit import services as audit
from jiazhan.audit.models import Entry
from jiazhan.documents import access, numbers, selectors, services
from jiazhan.documents.files.checking import check
from jiazhan.documents.models import Attachment, Document
from jiazhan.kernel import scope
from jiazhan.kernel.models import Counter
from jiazhan.people.models import Unit
from tests.domain.documents.conftest import COUNTY, NEIGHBOUR, NOW
from tests.domain.documents.samples import PDF_BYTES, picture, reply_letter, transfer_letter

AUTHOR = audit.Actor(kind="author", name="匿名")


def attach_picture(matter, by=AUTHOR):
    return services.attach(matter, check(picture(), name="张三13812345678.png"), by=by, at=NOW)


def whole(download: selectors.Download) -> bytes:
    return b"".join(download.pieces())


def test_a_picture_is_kept_with_its_matter_and_its_thumbnail(matter, clerk):
    attachment = attach_picture(matter, by=clerk)
    assert list(selectors.attachments_of(matter)) == [attachment]
    assert (attachment.media_type, attachment.width, attachment.height) == ("image/jpeg", 400, 300)
    assert attachment.uploaded_by == clerk
    kept = whole(selectors.attachment_download(attachment))
    assert hashlib.sha256(kept).hexdigest() == attachment.sha256
    assert len(whole(selectors.thumbnail_download(attachment))) < len(kept)


def test_an_anonymous_author_leaves_no_account_and_no_name_in_the_record(matter):
    attachment = attach_picture(matter)
    assert attachment.uploaded_by is None
    entry = Entry.objects.get(action="attachment.added")
    assert entry.subject_id == str(matter.pk)
    assert "13812345678" not in str(entry.detail)


def test_a_document_has_no_thumbnail_and_is_saved_not_shown(matter):
    attachment = services.attach(matter, check(io.BytesIO(PDF_BYTES), name="材料 1.pdf"), by=AUTHOR, at=NOW)
    assert selectors.thumbnail_download(attachment) is None
    headers = selectors.attachment_download(attachment).headers
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''%E6%9D%90%E6%96%99%201.pdf" in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Content-Length"] == str(len(PDF_BYTES))


def test_a_picture_is_shown_in_place_with_headers_that_any_server_can_send(matter):
    headers = selectors.attachment_download(attach_picture(matter)).headers
    assert headers["Content-Disposition"].startswith("inline; ")
    assert headers["Content-Type"] == "image/jpeg"
    for value in headers.values():
        value.encode("ascii")


def test_a_removed_file_is_out_of_view_once_and_the_reason_is_recorded(matter, clerk):
    attachment = attach_picture(matter)
    assert access.attachment_of(matter, attachment.pk) == attachment
    services.remove(attachment, reason="含他人肖像", by=clerk, at=NOW)
    assert not selectors.attachments_of(matter)
    with pytest.raises(access.NotVisible):
        access.attachment_of(matter, attachment.pk)
    with pytest.raises(services.AlreadyRemoved):
        services.remove(attachment, reason="含他人肖像", by=clerk, at=NOW)
    assert Entry.objects.get(action="attachment.removed").detail == {"reason": "含他人肖像"}


def test_a_file_is_reached_through_its_own_matter_only(matter, other_matter):
    attachment = attach_picture(matter)
    letter = services.issue(transfer_letter(), subject=matter, by=AUTHOR, at=NOW)
    assert access.attachment_of(matter, attachment.pk)
    assert access.document_of(matter, letter.pk)
    for reach in (
        lambda: access.attachment_of(other_matter, attachment.pk),
        lambda: access.document_of(other_matter, letter.pk),
        lambda: access.attachment_of(matter, uuid.uuid4()),
    ):
        with pytest.raises(access.NotVisible):
            reach()


def test_another_county_sees_no_file_and_no_letter(db, home):
    with scope.within([COUNTY]):
        matter = Counter.objects.create(jurisdiction=COUNTY, series="matter")
        attachment = attach_picture(matter)
        letter = services.issue(transfer_letter(), subject=matter, by=AUTHOR, at=NOW)
        assert selectors.by_verify_code(letter.verify_code) == letter
    with scope.within([NEIGHBOUR]):
        assert not Attachment.objects.filter(pk=attachment.pk)
        assert not Document.objects.exists()
        assert selectors.by_verify_code(letter.verify_code) is None


def test_an_issued_letter_is_kept_with_its_hashes_and_can_be_checked(matter, clerk):
    letter = services.issue(transfer_letter(), subject=matter, by=clerk, at=NOW)
    kept = whole(selectors.pdf_download(letter))
    assert hashlib.sha256(kept).hexdigest() == letter.pdf_sha256
    assert selectors.is_same_pdf(letter, letter.pdf_sha256.upper())
    assert not selectors.is_same_pdf(letter, hashlib.sha256(kept + b" ").hexdigest())
    assert whole(selectors.docx_download(letter))[:2] == b"PK"
    text = PdfReader(io.BytesIO(kept)).pages[0].extract_text()
    assert numbers.grouped_code(letter.verify_code) in text
    entry = Entry.objects.get(action="document.issued")
    assert entry.detail["pdf_sha256"] == letter.pdf_sha256
    assert (letter.kind, letter.number, letter.issued_by) == ("transfer", "云溪口人工委转〔2026〕12号", clerk)
    assert list(selectors.documents_of(matter)) == [letter]


def test_a_code_is_found_however_it_is_typed_and_a_wrong_one_is_not(matter):
    letter = services.issue(reply_letter(), subject=matter, by=AUTHOR, at=NOW)
    grouped = numbers.grouped_code(letter.verify_code)
    for typed in (letter.verify_code, grouped, grouped.lower(), f" {grouped} ", grouped.replace("-", " ")):
        assert selectors.by_verify_code(typed) == letter
    for wrong in ("", "-", letter.verify_code[:-1], letter.verify_code + "A", "' OR 1=1", "\x00"):
        assert selectors.by_verify_code(wrong) is None


def test_a_number_is_issued_once(matter):
    services.issue(transfer_letter(), subject=matter, by=AUTHOR, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.issue(transfer_letter(), subject=matter, by=AUTHOR, at=NOW)
    assert services.issue(transfer_letter(number="云溪口人工委转〔2026〕13号"), subject=matter, by=AUTHOR, at=NOW)


def test_a_letter_renders_again_to_the_bytes_that_were_issued(matter):
    letter = services.issue(transfer_letter(), subject=matter, by=AUTHOR, at=NOW)
    letter.refresh_from_db()
    again = selectors.printed_together([letter]).pdf
    assert hashlib.sha256(again).hexdigest() == letter.pdf_sha256


def test_a_bench_of_letters_is_one_file(matter):
    letters = [
        services.issue(transfer_letter(number=f"云人工委转〔2026〕{count}号"), subject=matter, by=AUTHOR, at=NOW)
        for count in (1, 2, 3)
    ]
    assert len(PdfReader(io.BytesIO(selectors.printed_together(letters).pdf)).pages) == 6


def test_characters_that_could_not_be_printed_stand_in_the_record(matter):
    services.issue(transfer_letter(author="\U000249ec**"), subject=matter, by=AUTHOR, at=NOW)
    assert Entry.objects.get(action="document.issued").detail["unprintable"] == "U+249EC"


def test_a_file_name_keeps_the_number_and_title_of_the_letter(matter):
    letter = services.issue(reply_letter(), subject=matter, by=AUTHOR, at=NOW)
    assert selectors.pdf_download(letter).name == "云城管函〔2026〕45号 关于翠湖社区东门路灯不亮问题的答复函.pdf"


def test_letters_of_a_unit_are_numbered_by_year_without_gaps(matter):
    unit = Unit(jurisdiction=COUNTY, code="R01", name="云溪区人大常委会办公室", letter_prefix="云人工委转")
    other = Unit(jurisdiction=COUNTY, code="D01", name="云溪区城市管理局", short_name="云城管")

    def take(unit: Unit, year: int = 2026) -> str:
        return numbers.next_letter_number(unit, jurisdiction=COUNTY, year=year)

    assert take(unit) == "云人工委转〔2026〕1号"
    with transaction.atomic():
        assert take(unit) == "云人工委转〔2026〕2号"
        transaction.set_rollback(True)
    assert take(unit) == "云人工委转〔2026〕2号"
    assert take(other) == "云城管〔2026〕1号"
    assert take(unit, year=2027) == "云人工委转〔2027〕1号"


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_never_get_one_number():
    unit = Unit(jurisdiction=COUNTY, code="R01", name="办公室", letter_prefix="云人工委转")
    taken: list[str] = []

    def take() -> None:
        try:
            for _ in range(5):
                with scope.within([COUNTY]):
                    taken.append(numbers.next_letter_number(unit, jurisdiction=COUNTY, year=2026))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(f"云人工委转〔2026〕{count}号" for count in range(1, 16))


def test_codes_are_long_unlike_and_free_of_letters_that_look_alike():
    codes = {numbers.new_code() for _ in range(500)}
    assert len(codes) == 500
    assert not set("".join(codes)) & set("01OILU")
    assert numbers.verify_url("ABC", jurisdiction=COUNTY).endswith(f"/verify/{COUNTY}/ABC/")


def test_a_letter_that_is_taken_back_leaves_no_row(matter):
    with transaction.atomic():
        services.issue(transfer_letter(), subject=matter, by=AUTHOR, at=NOW)
        transaction.set_rollback(True)
    assert not Document.objects.exists()
    kept = services.issue(transfer_letter(), subject=matter, by=AUTHOR, at=NOW)
    assert default_storage.exists(selectors.pdf_download(kept).path)
