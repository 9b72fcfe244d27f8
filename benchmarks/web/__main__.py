"""`jiazhan bench web`: the real pages over 100,000 matters in a county and 1,000,000 in its city.

    script/bench web [--home FOLDER] [--seconds 6] [--only NAME] [--server granian|gunicorn] [--threads 4]

Fills the home once (some minutes, 10 GB); later runs use it. Serves as `jiazhan serve` does and prints what the pages do.
Nothing of the product is turned off. The sender of each matter has an address of its own, told as a proxy in front of the
server tells it, so that the limit for one address is counted and not reached.
"""

import argparse
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results"
PORT = 8790
WARM = 1.5


def main() -> None:
    options = _options()
    home = options.home.resolve()
    os.environ |= {"JIAZHAN_HOME": str(home), "JIAZHAN_PROXIES": "1", "JIAZHAN_SMS": "file"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiazhan.config.settings")
    import django

    django.setup()
    from benchmarks.web import seeding
    from jiazhan.config import postgres

    facts = seeding.prepare(home)
    _run([sys.executable, "-m", "django", "collectstatic", "--no-input", "--clear", "--verbosity", "0"])
    with postgres.start(home):
        print(_report(options, home, facts))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="jiazhan bench web")
    parser.add_argument("--home", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--server", choices=("granian", "gunicorn"), default="granian")
    parser.add_argument("--threads", type=int, default=0, help="of each worker; 0: as `jiazhan serve` has it")
    return parser.parse_args()


class _Report:
    """Prints lines as they come, and keeps them."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str = "") -> None:
        print(line, flush=True)
        self.lines.append(line)

    def write(self) -> Path:
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"web-{datetime.now():%Y%m%d-%H%M%S}.txt"
        path.write_text("\n".join(self.lines) + "\n")
        return path


def _report(options: argparse.Namespace, home: Path, facts: dict[str, object]) -> str:
    from benchmarks.web import load, pages, statements, visitors, weight
    from jiazhan.config.demo.names import COUNTY
    from jiazhan.places.models import Station

    random, report = Random(1), _Report()
    _heading(report, options, facts)
    cases = [each for each in pages.cases(random) if options.only in each.name]
    report.say(
        f"{'':34}{'rows':>10}{'requests/s':>11}{'p50':>7}{'p95':>7}{'alone p95':>10}{'CPU web':>9}{'CPU db':>8}{'SQL':>5}{'most':>5}  target, peer"
    )
    with _serving(options) as session:

        def spent() -> tuple[float, float]:
            return load.cpu_of(session=session, home=home)

        for case in cases:
            requests = case.requests
            sql = statements.number(requests[:40])
            load.measure(PORT, requests, expect=200, seconds=WARM, spent=spent)
            many = load.measure(PORT, requests, expect=200, seconds=options.seconds, spent=spent)
            one = load.measure(PORT, requests, expect=200, seconds=options.seconds / 2, connections=1, spent=spent)
            aims = [f"≥ {case.rate}/s"] * bool(case.rate) + [f"≤ {case.statements} SQL"] * bool(case.statements)
            aims += [f"≤ {case.alone} ms alone"] * bool(case.alone)
            aims += [f"peer {case.peer:g}/s: × {many.rate / case.peer:.0f}"] if case.peer else []
            _row(report, case.name, case.rows, many, one.p95, sql, ", ".join(aims))
        if options.only in "public intake":
            stations = list(Station.objects.filter(jurisdiction=COUNTY, kind="liaison_station").order_by("code"))
            count = round(200 * (options.seconds + WARM))
            each = [visitors.senders(station, count // len(stations) + 1, random) for station in stations]
            requests = [request for group in each for request in group]
            random.shuffle(requests)
            sql = statements.number(requests[:20])
            warm = round(len(requests) * 0.15)
            load.measure(PORT, requests[20:warm], expect=302, seconds=60, once=True, spent=spent)
            many = load.measure(PORT, requests[warm:], expect=302, seconds=options.seconds, once=True, spent=spent)
            _row(
                report,
                "public intake, last step",
                "100,000",
                many,
                0,
                sql,
                f"≥ 100/s, peer 14/s: × {many.rate / 14:.0f}",
            )
        if not options.only:
            for path in ("/", cases[-2].paths[0], cases[-3].paths[0], f"/say/{COUNTY}/YX003/"):
                total, parts = weight.of(PORT, path)
                report.say(f"first visit of {path[:40]}: {total:.1f} KB gzipped in {len(parts)} requests (≤ 80)")
    return f"\nkept in {report.write().relative_to(ROOT)}"


def _heading(report: _Report, options: argparse.Namespace, facts: dict[str, object]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        database = cursor.fetchone()[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    report.say(
        f"{datetime.now():%Y-%m-%d %H:%M}, {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}"
    )
    report.say(
        f"Python {platform.python_version()}, Django {version('django')}, {options.server} {version(options.server)}, PostgreSQL {database}"
    )
    report.say(
        f"{facts['matters']:,} matters, {facts['size']}, texts of {facts['texts']}; filled in {facts['seconds']} s: {facts['steps']}"
    )
    report.say("2 workers, 4 connections; times in ms; CPU in ms for each request, of web workers and of PostgreSQL;")
    report.say(
        f"SQL: statements of the usual and of the worst request. Load of the machine before: {os.getloadavg()[0]:.1f}"
    )
    report.say()


def _row(report: _Report, name: str, rows: str, many, alone: float, sql: tuple[int, int], aims: str) -> None:  # type: ignore[no-untyped-def]
    report.say(
        f"{name:34}{rows:>10}{many.rate:11.0f}{many.p50:7.1f}{many.p95:7.1f}{alone or 0:10.1f}"
        f"{many.cpu_web:9.2f}{many.cpu_database:8.2f}{sql[0]:5}{sql[1]:5}  {aims}"
    )


@contextmanager
def _serving(options: argparse.Namespace) -> Iterator[int]:
    process = subprocess.Popen(_command(options), start_new_session=True, cwd=ROOT)
    try:
        _wait(process)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _command(options: argparse.Namespace) -> list[str]:
    from jiazhan.config import serve

    if options.server == "gunicorn":
        words = f"-m gunicorn -k gthread -w 2 --threads {options.threads or 4} --keep-alive 75 -b 127.0.0.1:{PORT} jiazhan.config.wsgi:application"
        return [sys.executable, *words.split()]
    command = serve._web_command("127.0.0.1", PORT)
    if options.threads:
        command[command.index("--blocking-threads") + 1] = str(options.threads)
    return command


def _wait(process: subprocess.Popen[bytes]) -> None:
    from benchmarks.web import load

    for _ in range(600):
        if process.poll() is not None:
            sys.exit("the web server did not start")
        try:
            status, _head, _body = load.Connection(PORT).ask(load.get("/"))
        except OSError:
            time.sleep(0.1)
            continue
        if status == 200:
            return
        sys.exit(f"the front page answered {status}")
    sys.exit("the web server does not answer")


def _run(command: list[str]) -> None:
    if subprocess.run(command, cwd=ROOT).returncode:
        sys.exit("not prepared, see above")


if __name__ == "__main__":
    main()
