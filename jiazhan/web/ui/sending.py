"""Sending a kept file: whole, or the part of it that a player asks for (RFC 9110 §14). Safari plays no sound without."""

import re

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse

from jiazhan.documents.selectors import Download

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def sent(request: HttpRequest, download: Download | None, *, cache: str = "") -> HttpResponse:
    """The answer with a file in pieces; 404 where there is none, such as a thumbnail of what is no picture.

    One range is answered with 206, one that lies behind the end with 416; several, or what is no range, with the whole.
    `cache`: a Cache-Control in place of the private one.
    """
    if download is None:
        raise Http404
    headers = download.headers | {"Accept-Ranges": "bytes"}
    if cache:
        headers["Cache-Control"] = cache
    if download.etag:
        headers["ETag"] = download.etag
    size = int(headers["Content-Length"])
    asked = _asked(request, download, size)
    if asked is None:
        return StreamingHttpResponse(download.pieces(), headers=headers)
    start, end = asked
    if start >= end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    headers |= {"Content-Range": f"bytes {start}-{end - 1}/{size}", "Content-Length": str(end - start)}
    return StreamingHttpResponse(download.pieces(start, end), status=206, headers=headers)


def _asked(request: HttpRequest, download: Download, size: int) -> tuple[int, int] | None:
    """Where the part that is asked for starts and ends (exclusive, at most the size); None for the whole."""
    found = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if found is None or found.groups() == ("", ""):
        return None
    if (known := request.headers.get("If-Range")) and known != download.etag:
        # Part of another file than the one that it has.
        return None
    first, last = found.groups()
    if not first:
        # The last so many bytes.
        return max(0, size - int(last)) if int(last) else size, size
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last) + 1, size) if last else size
