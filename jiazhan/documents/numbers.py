"""The numbers of letters: 文号 of a unit and a year, and the code by which anyone can check a letter."""

import secrets

from django.conf import settings

from jiazhan.kernel.numbering import next_number
from jiazhan.people.models import Unit

# Without 0 O 1 I L U: nothing to misread, and no words.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 12


def next_letter_number(unit: Unit, *, jurisdiction: str, year: int) -> str:
    """The unit's next 文号 of the year, such as 云人工委转〔2026〕12号; without gaps, as the transaction decides."""
    prefix = unit.letter_prefix or unit.short_name or unit.name
    return next_number_of(prefix, series=unit.code, jurisdiction=jurisdiction, year=year)


def next_number_of(prefix: str, *, series: str, jurisdiction: str, year: int) -> str:
    """As `next_letter_number`, for an organ that is no unit here: a congress's own desk."""
    count = next_number(f"letter:{series}:{year}", jurisdiction=jurisdiction)
    return f"{prefix}〔{year}〕{count}号"


def new_code() -> str:
    """Twelve random letters and digits, 59 bits: not to be guessed."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def grouped_code(code: str) -> str:
    """For people: 7KQ2-M9XD-4TAB."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def bare_code(typed: str) -> str:
    """As stored, whatever a person typed around it."""
    return "".join(each for each in typed.upper() if each.isalnum())


def verify_url(code: str, *, jurisdiction: str) -> str:
    """The public address that a letter's QR code leads to."""
    return f"{settings.ORIGIN}/verify/{jurisdiction}/{code}/"
