"""What a first visit to a page loads: the page and everything that it names, in KB as sent compressed."""

import gzip
import re
from html.parser import HTMLParser

from benchmarks.web.load import Connection, get

_IN_STYLES = re.compile(r"url\(['\"]?([\w./-]+\.\w+)['\"]?\)")


class _Named(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        link = (
            given.get("href")
            if tag == "link" and given.get("rel") in {"stylesheet", "icon", "preload", "manifest"}
            else None
        )
        for address in (link, given.get("src")):
            if address and address.startswith("/"):
                self.found.add(address.partition("#")[0])


def of(port: int, path: str) -> tuple[float, dict[str, float]]:
    """KB in all, and of each part. What the server sends plain is weighed as a proxy would compress it."""
    connection = Connection(port)
    parts: dict[str, float] = {}

    def load(address: str) -> str:
        _status, head, body = connection.ask(get(address))
        packed = b"content-encoding" in head.lower()
        is_text = b"image/png" not in head and b"font/" not in head
        parts[address] = (len(body) if packed or not is_text else len(gzip.compress(body, 6))) / 1024
        return (gzip.decompress(body) if packed else body).decode(errors="replace")

    named = _Named()
    named.feed(load(path))
    for address in sorted(named.found):
        text = load(address)
        if address.endswith(".css"):
            for inner in _IN_STYLES.findall(text):
                load(inner if inner.startswith("/") else f"{address.rpartition('/')[0]}/{inner}")
    return sum(parts.values()), parts
