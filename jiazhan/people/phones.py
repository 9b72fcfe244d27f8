"""Phone numbers as people write them, made into the eleven digits that are stored."""

import re
import unicodedata

from django.utils.translation import gettext as _

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_BETWEEN = re.compile(r"[\s\-‐-―.·()]+")
_COUNTRY = re.compile(r"(?:\+|00)?86(?=1[3-9][0-9]{9}$)")


class NotAPhone(ValueError):
    """The text is no Chinese mobile number."""

    code = "not-a-phone"

    def __init__(self) -> None:
        super().__init__(_("这不是手机号码。请填写 11 位手机号，例如 13800138000。"))


def normalise(text: str) -> str:
    """The eleven digits of a mobile number written with +86, spaces, dashes or full-width digits. Raises NotAPhone."""
    digits = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    digits = _COUNTRY.sub("", digits)
    if not _MOBILE.fullmatch(digits):
        raise NotAPhone
    return digits


def digits_of(text: str) -> str:
    """The digits of a code as typed: full-width ones, spaces and dashes between them are forgiven."""
    return "".join(character for character in unicodedata.normalize("NFKC", text) if character in "0123456789")
