"""`jiazhan serve`: all of it starts, stops, and comes back after any part is killed."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from jiazhan.config import postgres

PATIENCE = 180


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Serving:
    """One `jiazhan serve` in a process of its own."""

    def __init__(self, home: Path, port: int):
        self.home, self.port = home, port
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("JIAZHAN_", "DJANGO_"))
        }
        words = ["serve", "--empty", "--port", str(port), "--home", str(home)]
        self.output = home.with_suffix(".log")
        with self.output.open("wb") as log:
            command = [sys.executable, "-m", "jiazhan.config.cli", *words]
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5).close()
        except urllib.error.HTTPError as answer:
            answer.close()
            return answer.code < 500
        except OSError:
            return False
        return True

    def wait_until(self, condition) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.05)

    def wait_until_announced(self) -> None:
        self.wait_until(lambda: "按 Ctrl-C 停止" in self.output.read_text())

    def members(self) -> list[int]:
        return [int(pid) for pid in (self.home / "serve.lock").read_text().split()]

    def postmaster(self) -> int:
        return int((self.home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@pytest.fixture(scope="module")
def beginnings(tmp_path_factory):
    """A home with nothing in it, whose first start was interrupted and whose second went on to the end: what the first
    said, how each ended, and the home, so that the other tests need not migrate again."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    first = Serving(home, free_port())
    first.wait_until(lambda: postgres.is_running(home))
    ends = [first.interrupt()]
    said = first.output.read_text()
    second = Serving(home, free_port())
    second.wait_until_announced()
    ends.append(second.interrupt())
    return said, ends, home


@pytest.fixture
def serving(beginnings, tmp_path):
    home = tmp_path / "home"
    subprocess.run(["cp", "-a", beginnings[2], home], check=True)
    serving = Serving(home, free_port())
    serving.wait_until_announced()
    yield serving
    if serving.process.poll() is None:
        serving.process.kill()
        serving.process.wait()
    for pid in serving.members()[1:]:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def test_ctrl_c_stops_all_of_it_cleanly(serving):
    members = [*serving.members(), serving.postmaster()]
    assert serving.answers()
    assert serving.interrupt() == 0
    assert "家站已停止" in serving.output.read_text()
    for pid in members:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_start_after_kill_9_finds_the_way_free(serving):
    serving.process.kill()
    serving.process.wait()
    again = Serving(serving.home, serving.port)
    again.wait_until_announced()
    assert again.answers()
    assert again.interrupt() == 0


def test_the_database_comes_back_by_itself_with_what_was_acknowledged(serving):
    url = postgres.url(serving.home, postgres.OWNER)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE note AS SELECT 1 AS number")
    killed = serving.postmaster()
    os.kill(killed, signal.SIGKILL)
    serving.wait_until(lambda: postgres.is_running(serving.home) and serving.postmaster() != killed)
    serving.wait_until(serving.answers)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT number FROM note").fetchall() == [(1,)]


def test_the_web_server_comes_back_by_itself(serving):
    os.kill(serving.members()[1], signal.SIGKILL)
    serving.wait_until(lambda: len(serving.members()) == 4)
    serving.wait_until(serving.answers)


def test_a_second_start_on_the_same_home_is_refused_with_the_first_ones_number(serving):
    second = Serving(serving.home, free_port())
    assert second.process.wait(PATIENCE) == 1
    assert (
        second.output.read_text()
        == f"{serving.home} 里的家站已经在运行（进程 {serving.process.pid}），不必再启动一次。\n"
    )
    assert serving.answers()


def test_a_port_in_use_is_named(serving, tmp_path):
    second = Serving(tmp_path / "other", serving.port)
    assert second.process.wait(PATIENCE) == 1
    assert second.output.read_text().startswith(f"端口 {serving.port} 不能使用")


def test_ctrl_c_during_the_first_start_stops_it_and_the_next_goes_on(beginnings):
    said, ends, _home = beginnings
    assert "Traceback" not in said
    assert ends == [0, 0]
