"""Refusals of services as sentences on a page: whoever was refused reads why, and finds what they had typed."""

from django.http import Http404

from jiazhan.kernel.workflow import StepRefused
from jiazhan.opinions.access import NotYours


def sentence_of(error: Exception) -> str:
    """The sentence of a refusal. Raises the error again where it is none: not found, or a fault of the program."""
    ours = type(error).__module__.startswith("jiazhan.") and hasattr(error, "code")
    if not ours or isinstance(error, Http404):
        raise error
    return str(error)


def status_of(error: Exception) -> int:
    """403 for somebody else's step, 409 where the matter has moved on, else 422: the words have to be mended."""
    return 403 if isinstance(error, NotYours) else 409 if isinstance(error, StepRefused) else 422
