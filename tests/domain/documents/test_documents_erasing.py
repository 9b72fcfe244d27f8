"""What was taken out of view is deleted for good some weeks later; what somebody still holds is not (个保法第47条)."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from jiazhan.audit.selectors import entries_of
from jiazhan.documents import selectors, services, tasks
from jiazhan.documents.files import storage
from jiazhan.documents.files.checking import check
from jiazhan.documents.parameters import ERASE_AFTER
from jiazhan.kernel import parameters
from jiazhan.kernel.models import Parameter
from jiazhan.opinions.services import joining
from jiazhan.opinions.services.authors import ANONYMOUS
from tests.domain.documents import samples
from tests.domain.opinions import walking
from tests.factories import NOW, County, nonce, opinion

SOON, LATER = NOW + timedelta(days=29), NOW + timedelta(days=31)


@pytest.fixture
def county(db):
    county = County()
    with county.within():
        yield county


def kept(subject, county, content=b"#!AMR\nspoken words", name="13800138000.amr"):
    return services.attach(subject, check(io.BytesIO(content), name=name), by=county.officer, at=NOW)


def lies_there(attachment):
    return default_storage.exists(storage.path_of(attachment.sha256, jurisdiction=attachment.jurisdiction))


def removed(attachment, county):
    return services.remove(attachment, reason="拍错了。", by=county.officer, at=NOW)


def test_a_removed_file_is_erased_after_a_month_and_not_before(county):
    file = removed(kept(opinion(county), county), county)
    other = kept(opinion(county), county, b"#!AMR\nother words")
    assert services.erase_removed(at=SOON) == 0
    assert lies_there(file)
    assert services.erase_removed(at=LATER) == 1
    assert services.erase_removed(at=LATER) == 0
    file.refresh_from_db()
    assert not lies_there(file)
    assert (file.erased_at, file.name) == (LATER, "")
    assert lies_there(other)
    assert [each.action for each in entries_of(file)] == ["attachment.removed", "attachment.erased"]
    assert "13800138000" not in str([each.detail for each in entries_of(file)])


def test_the_small_picture_goes_too(county):
    picture = removed(kept(opinion(county), county, samples.picture("JPEG").getvalue(), "门口.jpg"), county)
    small = storage.path_of(picture.thumbnail_sha256, jurisdiction=county.code)
    assert default_storage.exists(small)
    services.erase_removed(at=LATER)
    assert not default_storage.exists(small)
    assert not lies_there(picture)


def test_a_content_that_another_file_holds_stays_for_it(county):
    first = removed(kept(opinion(county), county), county)
    second = kept(opinion(county), county)
    assert first.sha256 == second.sha256
    assert services.erase_removed(at=LATER) == 1
    assert b"".join(selectors.attachment_download(second).pieces()) == b"#!AMR\nspoken words"
    services.remove(second, reason="也拍错了。", by=county.officer, at=LATER)
    services.erase_removed(at=LATER + timedelta(days=31))
    assert not lies_there(second)


def test_what_is_kept_anew_after_the_erasure_is_there(county):
    removed(kept(opinion(county), county), county)
    services.erase_removed(at=LATER)
    assert lies_there(kept(opinion(county), county))


def test_a_place_says_how_long_it_waits(county):
    file = removed(kept(opinion(county), county), county)
    Parameter.objects.create(name=ERASE_AFTER, area=county.code, value=7)
    parameters.forget()
    services.erase_removed(at=NOW + timedelta(days=6))
    assert lies_there(file)
    services.erase_removed(at=NOW + timedelta(days=8))
    assert not lies_there(file)


def test_the_files_of_a_matter_that_is_taken_back_are_out_of_view_at_once_and_erased_later(county):
    matter = opinion(county)
    picture = kept(matter, county, samples.picture("JPEG").getvalue(), "门口.jpg")
    joining.withdraw(matter, by=walking.author_of(matter), at=NOW)
    assert not selectors.attachments_of(matter).exists()
    services.erase_removed(at=LATER)
    assert not lies_there(picture)


def test_where_others_stand_behind_it_only_the_voice_of_who_leaves_goes(county):
    matter = opinion(county)
    voice, picture = kept(matter, county), kept(matter, county, samples.picture("JPEG").getvalue(), "门口.jpg")
    joining.join(matter, author=ANONYMOUS, note="", nonce=nonce(), at=NOW)
    joining.withdraw(matter, by=walking.author_of(matter), at=NOW)
    assert list(selectors.attachments_of(matter)) == [picture]
    services.erase_removed(at=LATER)
    assert not lies_there(voice)
    assert lies_there(picture)


def test_the_worker_erases_at_night(county):
    file = kept(opinion(county), county)
    services.remove(file, reason="拍错了。", by=county.officer, at=timezone.now() - timedelta(days=31))
    tasks.erase_removed(timestamp=0)
    assert not lies_there(file)
