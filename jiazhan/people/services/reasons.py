"""The reason that goes with an act which must be explained."""

from django.utils.translation import gettext as _

from jiazhan.kernel.text import clean_line


class ReasonMissing(Exception):
    """An act that must be explained came without a reason."""

    code = "reason-missing"

    def __init__(self) -> None:
        super().__init__(_("请写明原因，至少 4 个字；原因会记入记录。"))


def required(reason: str) -> str:
    """The reason on one line, at most 200 characters. Raises ReasonMissing for less than four."""
    reason = clean_line(reason)[:200]
    if len(reason) < 4:
        raise ReasonMissing
    return reason
