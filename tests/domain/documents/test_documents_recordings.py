"""A recording is kept without what the device wrote beside the sound, and the sound is the same to the last byte."""

import io
import wave

import pytest

from jiazhan.documents.files.checking import check

SOUND = bytes(range(1, 251)) * 8
PLACE = b"+30.2741+120.1551/"


def box(name, *parts):
    content = b"".join(parts)
    return (len(content) + 8).to_bytes(4, "big") + name + content


def handler():
    return box(b"mdia", box(b"hdlr", b"\0" * 8 + b"soun" + b"\0" * 13), box(b"meta", PLACE))


def m4a():
    told = box(b"udta", box(b"loci", PLACE), box(b"\xa9nam", "柳林小区王家门口".encode()))
    return b"".join(
        [
            box(b"ftyp", b"M4A \0\0\0\0M4A isom"),
            box(b"moov", box(b"mvhd", b"\0" * 100), box(b"trak", handler(), told), told),
            box(b"mdat", SOUND),
            # A box with a long size.
            (1).to_bytes(4, "big") + b"uuid" + (16 + len(PLACE)).to_bytes(8, "big") + PLACE,
        ]
    )


def id3(words):
    length = bytes((len(words) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x04\0\0" + length + words


def wav():
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(SOUND)
    plain = out.getvalue()
    told = b"LIST" + (4 + len(PLACE)).to_bytes(4, "little") + b"INFO" + PLACE
    body = plain[8:] + told + b"\0" * (len(told) % 2)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def kept(content, name):
    return check(io.BytesIO(content), name=name).content.read()


def test_an_m4a_loses_place_and_title_and_every_offset_stays():
    before = m4a()
    after = kept(before, "新录音 12.m4a")
    assert PLACE in before
    assert PLACE not in after
    assert "王家".encode() not in after
    assert len(after) == len(before)
    assert after.index(SOUND) == before.index(SOUND)
    assert b"loci" not in after
    assert after.count(b"free") == 4


def test_a_wav_loses_its_words_and_plays_the_same():
    before = wav()
    after = kept(before, "a.wav")
    assert PLACE in before
    assert PLACE not in after
    with wave.open(io.BytesIO(after)) as sound:
        assert sound.readframes(10_000) == SOUND


def test_an_mp3_loses_the_tags_before_and_behind_the_sound():
    sound = b"\xff\xfb\x90\x64" + SOUND
    tail = b"TAG" + "王家门口".encode().ljust(125, b"\0")
    assert kept(id3(PLACE) + id3(b"more") + sound + tail, "a.mp3") == sound
    assert kept(sound, "a.mp3") == sound


@pytest.mark.parametrize("cut", [20, 40, 60, 150, 400])
def test_a_damaged_recording_is_no_reason_to_fail(cut):
    for name, content in (("a.m4a", m4a()), ("a.wav", wav()), ("a.mp3", id3(PLACE) + b"\xff\xfb\x90\x64" + SOUND)):
        assert kept(content[:cut], name)
