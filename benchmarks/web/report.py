"""What a measurement prints and keeps."""

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.web import load, statements
from benchmarks.web.load import Measured

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results"
COLUMNS = f"{'':34}{'rows':>10}{'requests/s':>11}{'p50':>7}{'p95':>7}{'alone p95':>10}{'CPU web':>9}{'CPU db':>8}{'SQL':>5}{'most':>5}  target, peer"

WARM = 1.5


@dataclass(frozen=True)
class Case:
    """A page with its addresses, who asks for it, and what it is to reach."""

    name: str
    paths: list[str]
    cookies: str = ""
    # Requests a second to reach, statements to stay within, p95 in ms of one request at a time and of four to stay within.
    rate: int = 0
    statements: int = 0
    alone: int = 0
    together: int = 0
    peer: float = 0
    rows: str = ""

    @property
    def requests(self) -> list[bytes]:
        return [load.get(path, self.cookies) for path in self.paths]


class Report:
    """Prints lines as they come, and keeps them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: list[str] = []

    def say(self, line: str = "") -> None:
        print(line, flush=True)
        self.lines.append(line)

    def heading(self, *, server: str, facts: str) -> None:
        """The machine, the versions, what was filled, and how to read the columns."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            database = cursor.fetchone()[0]
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        self.say(
            f"{datetime.now():%Y-%m-%d %H:%M}, {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}"
        )
        self.say(
            f"Python {platform.python_version()}, Django {version('django')}, {server} {version(server)}, PostgreSQL {database}"
        )
        self.say(facts)
        self.say("2 workers, 4 connections; times in ms; CPU in ms for each request, of web workers and of PostgreSQL;")
        self.say(
            f"SQL: statements of the usual and of the worst request. Load of the machine before: {os.getloadavg()[0]:.1f}"
        )
        self.say()
        self.say(COLUMNS)

    def row(self, name: str, rows: str, many: Measured, *, alone: float, sql: tuple[int, int], aims: str) -> None:
        self.say(
            f"{name:34}{rows:>10}{many.rate:11.0f}{many.p50:7.1f}{many.p95:7.1f}{alone or 0:10.1f}"
            f"{many.cpu_web:9.2f}{many.cpu_database:8.2f}{sql[0]:5}{sql[1]:5}  {aims}"
        )

    def measure(self, case: Case, *, port: int, seconds: float, spent: Callable[[], tuple[float, float]]) -> None:
        """A row for a page: its statements, then four visitors at once, then one alone."""
        requests = case.requests
        sql = statements.number(requests[:40])
        load.measure(port, requests, expect=200, seconds=WARM, spent=spent)
        many = load.measure(port, requests, expect=200, seconds=seconds, spent=spent)
        one = load.measure(port, requests, expect=200, seconds=seconds / 2, connections=1, spent=spent)
        aims = [f"≥ {case.rate}/s"] * bool(case.rate) + [f"≤ {case.statements} SQL"] * bool(case.statements)
        aims += [f"≤ {case.alone} ms alone"] * bool(case.alone) + [f"p95 ≤ {case.together} ms"] * bool(case.together)
        aims += [f"peer {case.peer:g}/s: × {many.rate / case.peer:.0f}"] if case.peer else []
        self.row(case.name, case.rows, many, alone=one.p95, sql=sql, aims=", ".join(aims))

    def write(self) -> Path:
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"{self.name}-{datetime.now():%Y%m%d-%H%M%S}.txt"
        path.write_text("\n".join(self.lines) + "\n")
        return path
