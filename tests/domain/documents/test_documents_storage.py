"""Where files lie: by hash, whole or not at all."""

import io
import resource
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from jiazhan.documents.files import refusals, storage


def files_under(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


def test_the_same_content_is_kept_once_and_found_by_its_hash(home):
    first = storage.put(io.BytesIO(b"words"), jurisdiction="990106", name="a")
    again = storage.put(io.BytesIO(b"words"), jurisdiction="990106", name="b")
    other = storage.put(io.BytesIO(b"other"), jurisdiction="990106", name="a")
    assert first == again != other
    assert len(files_under(home)) == 2
    with default_storage.open(storage.path_of(first, jurisdiction="990106")) as file:
        assert file.read() == b"words"


def test_jurisdictions_do_not_share_files(home):
    for code in ("990106", "990107"):
        storage.put(io.BytesIO(b"words"), jurisdiction=code, name="a")
    assert len(files_under(home)) == 2


def test_a_stored_file_cannot_be_read_by_everybody_on_the_machine(home):
    storage.put(io.BytesIO(b"words"), jurisdiction="990106", name="a")
    (kept,) = files_under(home)
    assert kept.stat().st_mode & 0o007 == 0


def test_a_full_disk_is_a_friendly_refusal_and_leaves_nothing_behind(home):
    # The kernel itself stops the writing, as a full disk would.
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, before[1]))
    try:
        with pytest.raises(refusals.NotStored) as refusal:
            storage.put(io.BytesIO(b"x" * 3_000_000), jurisdiction="990106", name="现场.jpg")
        small = storage.put(io.BytesIO(b"x" * 1_000_000), jurisdiction="990106", name="现场.jpg")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert refusal.value.code == "storage-full"
    assert "现场.jpg" in str(refusal.value)
    assert [path.name for path in files_under(home)] == [small]


def test_a_write_that_breaks_off_leaves_nothing_behind(home):
    class Broken(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"half"
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        default_storage.save("990106/ab/abcd", Broken(b"half and half"))
    assert files_under(home) == []
