"""Pictures, drawn anew: without what the camera wrote about place and owner, upright, and of a size for the screen."""

import io
import threading
from dataclasses import dataclass
from typing import IO

import pillow_heif
from PIL import Image, ImageCms, ImageOps

from .kinds import HEIC, JPEG, PNG, WEBP, Kind
from .refusals import FileRefused, TooManyPixels, UnreadablePicture

LONGEST_SIDE = 2560
THUMBNAIL_SIDE = 320
# JPEG is decoded at a fraction of its size; the others are decoded whole, at 4 bytes a pixel.
MOST_PIXELS = {JPEG: 80_000_000, PNG: 50_000_000, WEBP: 50_000_000, HEIC: 50_000_000}
_FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP", HEIC: "HEIF"}
_LARGE = 4_000_000
# Two large pictures at once take at most 400 MB in a process; a third waits.
_large_ones = threading.Semaphore(2)

pillow_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = None  # the limits above refuse with a sentence, before anything is decoded


@dataclass(frozen=True)
class Redrawn:
    """A picture as JPEG with its measures, and its thumbnail."""

    content: bytes
    width: int
    height: int
    thumbnail: bytes


def redraw(file: IO[bytes], kind: Kind, *, name: str, longest: int = LONGEST_SIDE) -> Redrawn:
    """The picture (of several frames the first) as JPEG, its longest side at most `longest`, EXIF dropped.

    Raises TooManyPixels before decoding, UnreadablePicture where it is cut off or damaged.
    """
    file.seek(0)
    try:
        with Image.open(file, formats=[_FORMATS[kind]]) as picture:
            pixels = picture.width * picture.height
            if pixels > MOST_PIXELS[kind]:
                raise TooManyPixels(name=name, pixels=pixels // 1_000_000, most=MOST_PIXELS[kind] // 1_000_000)
            if pixels > _LARGE:
                with _large_ones:
                    return _redraw(picture, longest)
            return _redraw(picture, longest)
    except FileRefused:
        raise
    except Exception as error:  # decoders fail in a dozen ways on what an attacker wrote
        raise UnreadablePicture(name=name) from error
    finally:
        file.seek(0)


def _redraw(picture: Image.Image, longest: int) -> Redrawn:
    picture.seek(0)
    picture.draft("RGB", (longest, longest))
    profile = picture.info.get("icc_profile")
    picture.load()
    picture.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    upright = _flat(ImageOps.exif_transpose(picture), profile)
    upright.info.clear()  # comments and XMP would be written again
    small = upright.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Redrawn(_jpeg(upright, 85), upright.width, upright.height, _jpeg(small, 78))


def _flat(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """On white, in sRGB; a picture of 16 bits is brought to 8 first."""
    if picture.mode.startswith("I") or picture.mode == "F":
        picture = ImageOps.autocontrast(picture.convert("F").convert("L"))
    if picture.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        return paper
    if profile and picture.mode in {"RGB", "CMYK", "L"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            return converted if converted is not None else picture.convert("RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            return picture.convert("RGB")
    return picture.convert("RGB")


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True, exif=b"", icc_profile=None)
    return out.getvalue()
