"""Web servers under the same pages: granian against gunicorn's threads, each with 2 workers and 4 connections.

Run on a home with data, while nothing serves it:
JIAZHAN_HOME=var uv run --with gunicorn python -m benchmarks.servers / /login/
"""

import os
import platform
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from importlib.metadata import version
from pathlib import Path

from jiazhan.config import postgres

PORT, CONNECTIONS, SECONDS, ROUNDS = 8799, 4, 5.0, 2
APPLICATION = "jiazhan.config.wsgi:application"
TICK = 1000 / os.sysconf("SC_CLK_TCK")
SERVERS = {
    "granian, 4 threads": f"granian --interface wsgi --port {PORT} --workers 2 --blocking-threads 4 --no-ws --log-level error",
    "granian, 1 thread": f"granian --interface wsgi --port {PORT} --workers 2 --blocking-threads 1 --no-ws --log-level error",
    "gunicorn, 4 threads": f"gunicorn -k gthread -b 127.0.0.1:{PORT} -w 2 --threads 4 --keep-alive 30 --log-level error",
    "gunicorn, 1 process each": f"gunicorn -k sync -b 127.0.0.1:{PORT} -w 2 --log-level error",
}


@contextmanager
def running(command: str) -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-m", *command.split(), APPLICATION], start_new_session=True)
    try:
        while not answers():
            if process.poll() is not None:
                sys.exit(f"did not start: {command}")
            time.sleep(0.1)
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        time.sleep(0.5)


def answers() -> bool:
    try:
        get(HTTPConnection("127.0.0.1", PORT, timeout=10), "/")
    except OSError:
        return False
    return True


def get(connection: HTTPConnection, page: str) -> None:
    connection.request("GET", page)
    answer = connection.getresponse()
    answer.read()
    if answer.status >= 400:
        sys.exit(f"{page} answered {answer.status}")


def cpu(session: int) -> float:
    """Milliseconds that the processes of a session have used so far."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            total += int(fields[11]) + int(fields[12])
    return total * TICK


def load(page: str, seconds: float) -> list[float]:
    """Milliseconds of each answer, over a few connections that stay open."""
    times: list[float] = []
    end = time.perf_counter() + seconds

    def visit() -> None:
        connection = HTTPConnection("127.0.0.1", PORT, timeout=30)
        while (start := time.perf_counter()) < end:
            get(connection, page)
            times.append((time.perf_counter() - start) * 1000)

    visitors = [threading.Thread(target=visit) for _ in range(CONNECTIONS)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    return times


def main() -> None:
    pages = sys.argv[1:] or ["/"]
    os.environ["DJANGO_SETTINGS_MODULE"] = "jiazhan.config.settings"
    home = Path(os.environ.setdefault("JIAZHAN_HOME", str(Path(__file__).resolve().parent.parent / "var")))
    packages = ", ".join(f"{name} {version(name)}" for name in ("django", "granian", "gunicorn"))
    print(f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}")
    print(
        f"Python {platform.python_version()}, {packages}; {CONNECTIONS} connections, {SECONDS:.0f} s, best of {ROUNDS}"
    )
    with postgres.running(home):
        for page in pages:
            print(f"\n{page}\n{'':26}{'requests/s':>12}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms each':>13}")
            for name, command in SERVERS.items():
                rows = [measured(command, page) for _ in range(ROUNDS)]
                rate, p50, p95, each = max(rows)
                print(f"{name:26}{rate:12.0f}{p50:9.1f}{p95:9.1f}{each:13.2f}")


def measured(command: str, page: str) -> tuple[float, float, float, float]:
    with running(command) as session:
        load(page, 1.5)
        before = cpu(session)
        times = load(page, SECONDS)
        used = cpu(session) - before
    return len(times) / SECONDS, statistics.median(times), statistics.quantiles(times, n=20)[18], used / len(times)


if __name__ == "__main__":
    main()
