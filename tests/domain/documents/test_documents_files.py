"""Files as people and attackers send them: taken and made harmless, or refused with a sentence."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jiazhan.documents.files import refusals
from jiazhan.documents.files.checking import check, safe_name
from jiazhan.documents.files.pictures import MOST_PIXELS
from tests.domain.documents.samples import EXCEL_PARTS, PDF_BYTES, PROGRAM, WORD_PARTS, package, picture, saved


def ftyp(brand: bytes, *boxes: bytes) -> io.BytesIO:
    head = struct.pack(">I", 24) + b"ftyp" + brand + b"\0\0\0\0isom" + brand
    return io.BytesIO(head + b"".join(boxes) + b"\0" * 4096)


def handler(kind: bytes) -> bytes:
    return struct.pack(">I", 33) + b"hdlr" + b"\0" * 8 + kind + b"\0" * 13


def webm(codec: bytes) -> io.BytesIO:
    return io.BytesIO(
        b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + codec + b"\0" * 300
    )


VOICES = {
    "a.m4a": (ftyp(b"M4A ", handler(b"soun")), "audio/mp4"),
    "b.mp4": (ftyp(b"mp42", handler(b"soun")), "audio/mp4"),
    "c.webm": (webm(b"A_OPUS"), "audio/webm"),
    "d.mp3": (io.BytesIO(b"\xff\xfb\x90\x64" + b"\0" * 300), "audio/mpeg"),
    "e.amr": (io.BytesIO(b"#!AMR\n" + b"\0" * 300), "audio/amr"),
    "f.ogg": (io.BytesIO(b"OggS\0\x02" + b"\0" * 300), "audio/ogg"),
    "g.wav": (io.BytesIO(b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 300), "audio/wav"),
}


def refusal_of(content: io.BytesIO, name: str) -> refusals.FileRefused:
    with pytest.raises(refusals.FileRefused) as caught:
        check(content, name=name)
    return caught.value


def verdict(content: io.BytesIO, name: str) -> str:
    """The name of the file as it is kept, or the sentence of the refusal; anything else is an error."""
    try:
        return check(content, name=name).name
    except refusals.FileRefused as refusal:
        return str(refusal)


@pytest.mark.parametrize("name", VOICES)
def test_a_voice_message_of_any_phone_keeps_its_sound(name):
    content, media_type = VOICES[name]
    checked = check(content, name=name)
    assert (checked.media_type, checked.width) == (media_type, None)
    assert checked.content.read() == content.getvalue()


@pytest.mark.parametrize("film", [ftyp(b"mp42", b"\0" * 2_000_000, handler(b"vide")), webm(b"V_VP9")])
def test_a_film_does_not_pass_as_a_voice_message(film):
    assert isinstance(refusal_of(film, "录音.mp4"), refusals.KindNotAllowed)


@pytest.mark.parametrize(
    ("parts", "name", "suffix"), [(WORD_PARTS, "情况说明.docx", ".docx"), (EXCEL_PARTS, "名单.xlsx", ".xlsx")]
)
def test_word_and_excel_files_are_taken(parts, name, suffix):
    checked = check(package(parts), name=name)
    assert checked.name.endswith(suffix)
    assert checked.size > 0


def test_a_pdf_is_taken_and_one_cut_off_is_not():
    assert check(io.BytesIO(PDF_BYTES), name="材料.pdf").media_type == "application/pdf"
    assert isinstance(refusal_of(io.BytesIO(PDF_BYTES[:-10]), "材料.pdf"), refusals.UnreadableDocument)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PROGRAM, "现场.jpg"),
        (b"<html><script>alert(1)</script></html>", "page.png"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "pic.svg"),
        (b"#!/bin/sh\nrm -rf /\n", "a.pdf"),
        (b"GIF89a" + b"\0" * 100, "a.gif"),
        (b"\x7fELF" + b"\0" * 100, "a"),
        (b"Rar!\x1a\x07\x00" + b"\0" * 100, "a.docx"),
        (b"plain words", "a.txt"),
        (b"\0", "a.jpg"),
    ],
)
def test_what_is_not_a_picture_document_or_recording_is_refused_whatever_its_name(content, name):
    refusal = refusal_of(io.BytesIO(content), name)
    assert refusal.code == "file-kind"
    assert name in str(refusal)
    assert str(refusal).endswith("。")


def test_a_recording_named_as_a_picture_is_refused():
    content, _ = VOICES["e.amr"]
    assert refusal_of(content, "照片.jpg").code == "file-disguised"


def test_an_empty_file_is_refused():
    assert refusal_of(io.BytesIO(), "空.jpg").code == "file-empty"


class Endless(io.RawIOBase):
    """A file of a given size that costs no memory."""

    def __init__(self, head: bytes, size: int) -> None:
        self.head, self.size, self.at = head, size, 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = {0: 0, 1: self.at, 2: self.size}[whence] + offset
        return self.at

    def tell(self) -> int:
        return self.at

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, count: int = -1) -> bytes:
        count = min(count if count >= 0 else self.size, self.size - self.at)
        piece = (self.head[self.at : self.at + count]).ljust(count, b"\0")
        self.at += count
        return piece


@pytest.mark.parametrize(
    ("head", "most"), [(b"\xff\xd8\xff\xe0", 40), (PDF_BYTES[:-6], 50), (b"#!AMR\n", 20), (b"PK\x03\x04", 50)]
)
def test_a_file_over_the_limit_of_its_kind_says_how_large_it_may_be(head, most):
    refusal = refusal_of(Endless(head, most * 1024 * 1024 + 1), "大文件")
    assert refusal.code == "file-too-large"
    assert f"{most + 1} MB，最多收 {most} MB" in str(refusal)


# --- packages ---


def test_a_zip_bomb_in_a_word_file_is_refused_without_being_unpacked():
    bomb = package(WORD_PARTS | {"word/media/a.bin": b"\0" * 120_000_000})
    assert len(bomb.getvalue()) < 1_000_000
    assert refusal_of(bomb, "情况.docx").code == "document-bomb"


def test_many_small_bombs_are_a_bomb():
    bomb = package(EXCEL_PARTS | {f"xl/worksheets/sheet{number}.xml": b"<c/>" * 100_000 for number in range(30)})
    assert refusal_of(bomb, "表.xlsx").code == "document-bomb"


def test_a_package_of_too_many_parts_is_refused():
    assert (
        refusal_of(package(WORD_PARTS | {f"p{number}": b"" for number in range(5001)}), "a.docx").code
        == "document-bomb"
    )


def test_a_package_whose_directory_names_one_stream_many_times_is_refused():
    whole = bytearray(package(WORD_PARTS | {"word/media/a.bin": bytes(range(256)) * 8}, zipfile.ZIP_STORED).getvalue())
    directory, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    entries = bytes(whole[directory:end])
    last = entries[entries.rindex(b"PK\x01\x02") :]
    copies = 400
    count = struct.unpack("<H", whole[end + 10 : end + 12])[0] + copies
    tail = bytearray(whole[end:])
    tail[8:12] = struct.pack("<HH", count, count)
    tail[12:16] = struct.pack("<I", len(entries) + copies * len(last))
    overlapping = bytes(whole[:directory]) + entries + last * copies + bytes(tail)
    assert refusal_of(io.BytesIO(overlapping), "a.docx").code in {"document-bomb", "document-unreadable"}


def test_a_package_that_lies_about_a_size_is_refused():
    honest = package(WORD_PARTS).getvalue()
    true_size = len(WORD_PARTS["word/document.xml"])
    lying = honest.replace(struct.pack("<I", true_size), struct.pack("<I", 10))
    assert lying != honest
    assert refusal_of(io.BytesIO(lying), "a.docx").code == "document-unreadable"


def test_a_large_honest_sheet_is_not_taken_for_a_bomb():
    rows = "".join(f"<row r='{n}'><c><v>{zlib.crc32(str(n).encode())}</v></c></row>" for n in range(200_000)).encode()
    assert len(rows) > 5_000_000
    assert check(package(EXCEL_PARTS | {"xl/worksheets/sheet1.xml": rows}), name="台账.xlsx").name == "台账.xlsx"


def test_a_document_with_macros_or_a_password_or_damage_is_refused():
    macros = package(WORD_PARTS | {"word/vbaProject.bin": b"x"})
    assert refusal_of(macros, "a.docm").code == "document-macros"
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    assert (
        refusal_of(io.BytesIO(container + "EncryptedPackage".encode("utf-16-le")), "a.docx").code
        == "document-encrypted"
    )
    assert refusal_of(io.BytesIO(container), "a.doc").code == "file-kind"
    assert refusal_of(io.BytesIO(package(WORD_PARTS).getvalue()[:-30]), "a.docx").code == "document-unreadable"
    assert refusal_of(package({"a.txt": b"x"}), "a.docx").code == "file-kind"


@given(st.binary(max_size=400), st.integers(0, 60))
def test_a_damaged_package_is_refused_and_never_an_error(noise, at):
    whole = package(WORD_PARTS).getvalue()
    broken = whole[: at * 8] + noise + whole[at * 8 + len(noise) :]
    assert verdict(io.BytesIO(broken), "a.docx")


# --- pictures ---


@pytest.mark.parametrize(
    ("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "b.png"), ("WEBP", "c.webp"), ("HEIF", "d.heic")]
)
def test_a_picture_is_drawn_anew_as_jpeg_with_a_thumbnail(kind, name):
    checked = check(picture(kind), name=name)
    drawn = Image.open(checked.content)
    assert (drawn.format, drawn.size, checked.width, checked.height) == ("JPEG", (400, 300), 400, 300)
    assert checked.name == f"{name[0]}.jpg"
    assert Image.open(io.BytesIO(checked.thumbnail)).size == (320, 240)


def test_what_the_camera_wrote_about_the_place_is_dropped():
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[1] = "N"
    sent = picture(exif=exif, comment=b"13812345678")
    assert b"PhoneMaker" in sent.getvalue()
    checked = check(sent, name="a.jpg")
    kept = checked.content.read()
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert b"PhoneMaker" not in kept + checked.thumbnail
    assert b"13812345678" not in kept + checked.thumbnail


def test_a_picture_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    checked = check(picture(exif=exif), name="a.jpg")
    drawn = Image.open(checked.content)
    assert drawn.size == (300, 400)
    red, blue = drawn.getpixel((150, 50)), drawn.getpixel((150, 350))
    assert red[0] > 200 > blue[0]
    assert blue[2] > 200 > red[2]


def test_what_follows_the_picture_in_the_file_is_dropped():
    hidden = io.BytesIO(picture().getvalue() + PROGRAM + b"<script>alert(1)</script>")
    kept = check(hidden, name="a.jpg").content.read()
    assert PROGRAM not in kept
    assert b"<script>" not in kept


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_of_forty_megapixels_is_taken_at_the_size_of_a_screen(kind):
    checked = check(picture(kind, size=(8000, 5000)), name="大.jpg")
    assert (checked.width, checked.height) == (2560, 1600)


def test_a_picture_bomb_is_refused_before_it_is_decoded():
    def declared(width: int, height: int) -> io.BytesIO:
        head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
        body = b"".join(struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in chunks)
        return io.BytesIO(b"\x89PNG\r\n\x1a\n" + body)

    refusal = refusal_of(declared(60_000, 60_000), "炸弹.png")
    assert refusal.code == "picture-too-many-pixels"
    assert "3600 百万像素" in str(refusal)
    assert refusal_of(declared(100, 100), "残.png").code == "picture-unreadable"
    assert max(MOST_PIXELS.values()) <= 80_000_000


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_picture_cut_off_on_its_way_is_refused(kind):
    whole = picture(kind, size=(900, 700)).getvalue()
    assert refusal_of(io.BytesIO(whole[: len(whole) // 2]), "a.jpg").code == "picture-unreadable"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_frame_is_kept(kind):
    frames = [Image.new("RGB", (40, 40), color) for color in ("red", "blue", "lime")]
    moving = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    drawn = Image.open(check(moving, name="a.png").content)
    assert getattr(drawn, "n_frames", 1) == 1
    assert drawn.getpixel((20, 20))[0] > 200


def test_a_transparent_picture_stands_on_white():
    clear = saved(Image.new("RGBA", (40, 40), (255, 0, 0, 0)), "PNG")
    assert Image.open(check(clear, name="a.png").content).getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("mode", "kind"), [("CMYK", "JPEG"), ("L", "JPEG"), ("1", "PNG"), ("P", "PNG"), ("I;16", "PNG"), ("LA", "PNG")]
)
def test_pictures_of_every_colour_mode_are_taken(mode, kind):
    checked = check(saved(Image.new(mode, (50, 40)), kind), name="a.png")
    assert Image.open(checked.content).mode == "RGB"


@pytest.mark.parametrize("size", [(1, 1), (1, 30_000), (30_000, 1)])
def test_pictures_of_odd_shapes_are_taken(size):
    checked = check(picture("PNG", size=size) if min(size) > 1 else saved(Image.new("RGB", size), "PNG"), name="a.png")
    assert min(checked.width, checked.height) >= 1
    assert max(checked.width, checked.height) <= 2560


@given(st.binary(min_size=1, max_size=40), st.floats(0.01, 0.99), st.sampled_from(["JPEG", "PNG", "WEBP", "HEIF"]))
def test_a_damaged_picture_is_taken_or_refused_and_never_an_error(noise, where, kind):
    whole = picture(kind, size=(64, 48)).getvalue()
    at = int(len(whole) * where)
    assert verdict(io.BytesIO(whole[:at] + noise + whole[at + len(noise) :]), "a.jpg")


# --- names ---


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\张三\\现场.jpg", "现场.jpg"),
        ("照片\u202egpj.exe", "照片gpj.exe"),
        ('a"b;c\r\nSet-Cookie: x.jpg', "a_b_c Set-Cookie_ x.jpg"),
        ("", "未命名"),
        ("...", "未命名"),
        ("字" * 300 + ".jpg", "字" * 96 + ".jpg"),
    ],
)
def test_a_name_is_shown_without_what_could_mislead(given_name, kept):
    assert safe_name(given_name) == kept


@given(st.text(max_size=300))
def test_no_name_is_too_long_or_breaks_a_header(name):
    shown = safe_name(name)
    assert 0 < len(shown) <= 100
    assert not set(shown) & set('\r\n\0"/\\')


def test_a_program_hidden_in_the_name_of_a_picture_gets_the_suffix_of_what_it_is():
    assert check(picture(), name="现场.exe").name == "现场.exe.jpg"
