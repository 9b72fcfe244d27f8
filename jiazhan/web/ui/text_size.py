"""Elder mode: the size of text and targets that a visitor chose, kept in a cookie and read without a database."""

COOKIE = "text_size"
SIZES = ("large", "largest")


def text_size(request):
    """The chosen size (`large`, `largest`), or an empty string for the standard one."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in SIZES else ""
