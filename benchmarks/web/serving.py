"""The web server under measurement, started as `jiazhan serve` starts it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.web import load

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def serving(port: int, *, server: str = "granian", threads: int = 0) -> Iterator[int]:
    """Yields the server's session, whose processes are its workers."""
    process = subprocess.Popen(_command(port, server, threads), start_new_session=True, cwd=ROOT)
    try:
        _wait(process, port)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _command(port: int, server: str, threads: int) -> list[str]:
    from jiazhan.config import serve

    if server == "gunicorn":
        words = f"-m gunicorn -k gthread -w 2 --threads {threads or 4} --keep-alive 75 -b 127.0.0.1:{port} jiazhan.config.wsgi:application"
        return [sys.executable, *words.split()]
    command = serve._web_command("127.0.0.1", port)
    if threads:
        command[command.index("--blocking-threads") + 1] = str(threads)
    return command


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(600):
        if process.poll() is not None:
            sys.exit("the web server did not start")
        try:
            status, _head, _body = load.Connection(port).ask(load.get("/"))
        except OSError:
            time.sleep(0.1)
            continue
        if status == 200:
            return
        sys.exit(f"the front page answered {status}")
    sys.exit("the web server does not answer")


def collect_static() -> None:
    """The style sheet and scripts, where the server looks for them."""
    words = ["-m", "django", "collectstatic", "--no-input", "--clear", "--verbosity", "0"]
    if subprocess.run([sys.executable, *words], cwd=ROOT).returncode:
        sys.exit("not prepared, see above")
