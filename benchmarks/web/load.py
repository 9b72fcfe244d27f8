"""Four visitors who keep their connections open, and what the machine spends on them.

A small client over plain sockets: it sends bytes made beforehand, so that little of the machine goes into it.
"""

import os
import socket
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

HOST, CONNECTIONS = "127.0.0.1", 4
TICK = 1000 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    rate: float
    p50: float
    p95: float
    cpu_web: float
    cpu_database: float
    count: int


class Unexpected(Exception):
    """A page answered with another status than it should."""


def get(path: str, cookies: str = "") -> bytes:
    return _head("GET", path, cookies, "") + b"\r\n"


def post(path: str, body: bytes, cookies: str, address: str) -> bytes:
    """As a proxy passes it on, with the visitor's own address."""
    more = f"X-Forwarded-For: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    return _head("POST", path, cookies, more) + b"\r\n" + body


def _head(method: str, path: str, cookies: str, more: str) -> bytes:
    cookie = f"Cookie: {cookies}\r\n" if cookies else ""
    return f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\n{cookie}{more}".encode()


class Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Status, headers and body of the answer."""
        self.socket.sendall(request)
        answer = b""
        while (end := answer.find(b"\r\n\r\n")) < 0:
            answer += self._more()
        head, body = answer[:end], answer[end + 4 :]
        lower = head.lower()
        if b"transfer-encoding: chunked" in lower:
            while not body.endswith(b"0\r\n\r\n"):
                body += self._more()
            body = _joined(body)
        else:
            where = lower.index(b"content-length:")
            length = int(lower[where + 15 :].split(b"\r\n", 1)[0])
            while len(body) < length:
                body += self._more()
        return int(head.split(b" ", 2)[1]), head, body

    def _more(self) -> bytes:
        if not (more := self.socket.recv(262_144)):
            raise ConnectionResetError("the server closed the connection")
        return more


def _joined(chunks: bytes) -> bytes:
    whole = b""
    while chunks:
        size, _, rest = chunks.partition(b"\r\n")
        length = int(size, 16)
        whole, chunks = whole + rest[:length], rest[length + 2 :] if length else b""
    return whole


def measure(
    port: int, requests: list[bytes], *, expect: int, seconds: float, connections: int = CONNECTIONS,
    once: bool = False, spent: Callable[[], tuple[float, float]],
) -> Measured:  # fmt: skip
    """Send the requests round and round, or each once, from several connections for a while."""
    turns = count()
    times: list[float] = []
    refused: list[str] = []
    before, start = spent(), time.perf_counter()

    def visit() -> None:
        connection = Connection(port)
        while (now := time.perf_counter()) - start < seconds:
            turn = next(turns)
            if once and turn >= len(requests):
                break
            status, head, _body = connection.ask(requests[turn % len(requests)])
            times.append((time.perf_counter() - now) * 1000)
            if status != expect:
                refused.append(f"{requests[turn % len(requests)][:120]!r} answered {status}: {head[:200]!r}")
                break

    visitors = [threading.Thread(target=visit) for _ in range(connections)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    took, after = time.perf_counter() - start, spent()
    if refused:
        raise Unexpected(refused[0])
    number = len(times)
    quantiles = statistics.quantiles(times, n=20) if number > 1 else times * 20
    return Measured(
        number / took, statistics.median(times), quantiles[18],
        (after[0] - before[0]) / number, (after[1] - before[1]) / number, number,
    )  # fmt: skip


def cpu_of(*, session: int, home: Path) -> tuple[float, float]:
    """Milliseconds that the web server's processes and the database's have used so far."""
    web = database = 0
    postmaster = int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        used = int(fields[11]) + int(fields[12])
        if int(fields[3]) == session:
            web += used
        elif int(fields[1]) == postmaster or stat.parent.name == str(postmaster):
            # Of the postmaster also what ended backends used.
            database += used + (int(fields[13]) + int(fields[14]) if stat.parent.name == str(postmaster) else 0)
    return web * TICK, database * TICK
