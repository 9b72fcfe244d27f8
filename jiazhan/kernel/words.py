"""Words that an act cannot do without: cleaned, not empty, not endless."""

from django.utils.translation import gettext as _

from . import text as texts

LIMIT = 5000


class WordsMissing(Exception):
    """A reason or an opinion that the act needs was left empty."""

    code = "words-missing"

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(_("请写明%(what)s，再提交。") % {"what": what})


class WordsTooLong(Exception):
    """More than a person can be expected to read."""

    code = "words-too-long"

    def __init__(self, what: str, limit: int, length: int) -> None:
        self.what, self.limit = what, limit
        super().__init__(
            _("%(what)s最多 %(limit)s 字，现在有 %(length)s 字，请精简后再提交。")
            % {"what": what, "limit": limit, "length": length}
        )


def required(text: str, what: str, *, limit: int = LIMIT) -> str:
    """The text made clean. Raises WordsMissing for nothing but blanks, WordsTooLong beyond `limit`."""
    cleaned = optional(text, what, limit=limit)
    if not cleaned:
        raise WordsMissing(what)
    return cleaned


def optional(text: str, what: str, *, limit: int = LIMIT) -> str:
    """The text made clean; may be empty. Raises WordsTooLong beyond `limit`."""
    cleaned = texts.clean(text)
    if len(cleaned) > limit:
        raise WordsTooLong(what, limit, len(cleaned))
    return cleaned
