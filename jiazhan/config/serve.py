"""Runs 家站 on one machine: the embedded database, the web server and the worker, started and stopped together."""

import ctypes
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from types import FrameType
from typing import IO

import click

from jiazhan.config import postgres
from jiazhan.config.sources import migrations_fingerprint, static_fingerprint

DEATHS_ALLOWED, DEATHS_WITHIN = 5, 60.0
FIRST_ANSWER = 120  # seconds; a small machine that is busy with something else still gets there
PATIENCE = 30


class ServeRefusal(Exception):
    """家站 cannot run; the sentence says what to do next."""

    code = "serve"


class HomeTaken(ServeRefusal):
    code = "serve-home-taken"


class PortTaken(ServeRefusal):
    code = "serve-port-taken"


class KeepsDying(ServeRefusal):
    code = "serve-keeps-dying"


class NotPrepared(ServeRefusal):
    code = "serve-not-prepared"


class First(Enum):
    """What the first start of a home puts into its database."""

    DEMO = auto()
    EMPTY = auto()


@dataclass
class Child:
    """A process that is kept running until the whole stops."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: deque[float] = field(default_factory=deque)

    def start(self, members: IO[str]) -> None:
        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=_end_with(os.getpid()))
        members.write(f"{self.process.pid}\n")
        members.flush()

    def keep_alive(self, members: IO[str]) -> None:
        """Start it again where it died. Raises `KeepsDying` when that happened too often in a minute."""
        if self.process is None or self.process.poll() is None:
            return
        self._end_group(signal.SIGKILL)
        count_death(self.deaths, self.name)
        click.echo(f"{self.name}意外停止（退出码 {self.process.returncode}），正在重新启动……", err=True)
        self.start(members)

    def ask_to_stop(self) -> None:
        """Let it finish what it holds and take nothing new."""
        if self.process:
            with suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Wait for it to finish, then end what is left of it."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)
        self._end_group(signal.SIGKILL)
        self.process.wait()

    def _end_group(self, sign: signal.Signals) -> None:
        # The processes that it forked, too: a web worker left behind would hold the port.
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, sign)


def count_death(deaths: deque[float], name: str) -> None:
    """Note a death now. Raises `KeepsDying` at more than a few in a minute."""
    now = time.monotonic()
    deaths.append(now)
    while now - deaths[0] > DEATHS_WITHIN:
        deaths.popleft()
    if len(deaths) > DEATHS_ALLOWED:
        raise KeepsDying(f"{name}在一分钟内停止了 {len(deaths)} 次，家站已全部停下，请按上面的错误检查后再启动。")


def serve(home: Path, *, host: str, port: int, first: First) -> None:
    """Run until Ctrl-C or SIGTERM. Raises a `ServeRefusal` or a `PostgresRefusal`."""
    home.mkdir(parents=True, exist_ok=True)
    with _only_one(home) as members:
        _check_port(host, port)
        _run_all(home, members, host=host, port=port, first=first)


def _run_all(home: Path, members: IO[str], *, host: str, port: int, first: First) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiazhan.config.settings")
    os.environ.setdefault("JIAZHAN_ORIGIN", f"http://127.0.0.1:{port}")
    stop = _Stop()
    server, children = None, []
    database_deaths: deque[float] = deque()
    try:
        is_embedded = not os.environ.get("DATABASE_URL")
        if is_embedded:
            server = _start_database(home)
        _prepare(home, stop, first=first, is_embedded=is_embedded)
        children = [Child("网页服务", _web_command(host, port)), Child("后台任务", _jiazhan("worker"))]
        for child in children:
            child.start(members)
        _announce(home, host, port, stop, children, members)
        while not stop.asked:
            if server and server.process.poll() is not None:
                count_death(database_deaths, "数据库")
                click.echo("数据库意外停止，正在重新启动……", err=True)
                server.stop()
                server = postgres.start(home)
            for child in children:
                child.keep_alive(members)
            time.sleep(0.2)
    except _Stopped:
        pass
    finally:
        # The database last, so that nobody loses it while still answering.
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.stop()
        if server:
            server.stop()


@contextmanager
def _only_one(home: Path) -> Iterator[IO[str]]:
    """Hold the home for this process, and first end what one that was killed left running.

    The file lists this process and its children. Raises `HomeTaken`.
    """
    with (home / "serve.lock").open("a+") as members:
        members.seek(0)
        holder, *children = members.read().split() or [""]
        try:
            fcntl.flock(members, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HomeTaken(f"{home} 里的家站已经在运行（进程 {holder}），不必再启动一次。") from None
        for child in children:
            if _is_ours(int(child)):
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(int(child), signal.SIGKILL)
        members.truncate(0)
        members.write(f"{os.getpid()}\n")
        members.flush()
        yield members
        members.truncate(0)


def _is_ours(pid: int) -> bool:
    """Whether this number still belongs to a child of an earlier start, and not to another program since."""
    command = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True).stdout
    return "jiazhan.config" in command


class _Stopped(Exception):
    """Somebody asked to stop before all of it was running."""


class _Stop:
    """Whether somebody asked to stop."""

    def __init__(self) -> None:
        self.asked = False
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if not self.asked:
            click.echo("\n正在停止……", err=True)
        self.asked = True


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"端口 {port} 不能使用（{error.strerror}），请停止占用它的程序，或用 --port 换一个。"
            ) from error


def _start_database(home: Path) -> postgres.Server:
    if not (home / "postgres" / "data").exists():
        click.echo("正在建立数据库……", err=True)
    return postgres.start(home)


def _prepare(home: Path, stop: _Stop, *, first: First, is_embedded: bool) -> None:
    """Tables, static files and, on the first start, the demo; each only where its sources changed since."""
    stamps = home / "prepared.json"
    done: dict[str, str] = json.loads(stamps.read_text()) if stamps.exists() else {}

    def note(**facts: str) -> None:
        done.update(facts)
        fresh = stamps.with_suffix(".new")
        fresh.write_text(json.dumps(done))
        fresh.replace(stamps)

    migrations = migrations_fingerprint()
    if not is_embedded:
        _run(_jiazhan("migrate", "--check"), stop, "家站没有启动，原因见上。")
    elif done.get("migrations") != migrations:
        _run(_jiazhan("migrate"), stop, "数据表没有建好，原因见上。")
        note(migrations=migrations)
    static = static_fingerprint()
    if done.get("static") != static or not (home / "static").exists():
        click.echo("正在整理页面资源……", err=True)
        _run(
            _django("collectstatic", "--no-input", "--clear", "--verbosity", "0"),
            stop,
            "页面资源没有整理好，原因见上。",
        )
        note(static=static)
    if is_embedded and not done.get("demo"):
        if first is First.DEMO:
            # One that was cut short goes on where it stopped.
            _run(_jiazhan("demo", "load"), stop, "演示数据没有装入，原因见上。")
        note(demo=first.name)


def _announce(home: Path, host: str, port: int, stop: _Stop, children: list[Child], members: IO[str]) -> None:
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/"
    deadline = time.monotonic() + FIRST_ANSWER
    while not stop.asked and not _answers(address):
        for child in children:
            child.keep_alive(members)
        if time.monotonic() > deadline:
            raise NotPrepared(f"网页服务 {FIRST_ANSWER} 秒内没有应答，请按上面的错误检查后再启动。")
        time.sleep(0.05)
    if stop.asked:
        return
    click.echo(f"\n家站已启动：{address}")
    accounts = home / "demo-accounts.txt"
    if accounts.exists():
        click.echo(f"演示帐号:\n{accounts.read_text().rstrip()}")
    click.echo("按 Ctrl-C 停止。")


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=PATIENCE).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _run(command: list[str], stop: "_Stop", sentence: str) -> None:
    # In a session of its own, so that Ctrl-C is ours to answer.
    process = subprocess.Popen(command, start_new_session=True, preexec_fn=_end_with(os.getpid()))
    while process.poll() is None:
        if stop.asked:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
            raise _Stopped
        time.sleep(0.05)
    if process.returncode:
        raise NotPrepared(sentence)


def _jiazhan(*words: str) -> list[str]:
    return [sys.executable, "-m", "jiazhan.config.cli", *words]


def _django(*words: str) -> list[str]:
    return [sys.executable, "-m", "django", *words]


def _web_command(host: str, port: int) -> list[str]:
    options = {"interface": "wsgi", "host": host, "port": port, "workers": 2, "blocking-threads": 4}
    # Threads keep their database connection; a new one costs 20 ms.
    options |= {"blocking-threads-idle-timeout": 600, "workers-kill-timeout": 20, "log-level": "warning"}
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    return [sys.executable, "-m", "granian", *words, "--no-ws", "jiazhan.config.wsgi:application"]


def _end_with(parent: int):
    """For the child: end when its parent is killed, so that nothing is left holding the port or the database."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def arrange() -> None:
        if libc:
            libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
            if os.getppid() != parent:
                os._exit(1)

    return arrange
