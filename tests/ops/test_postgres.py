"""The launcher of the embedded PostgreSQL: what it makes, whom it refuses, and what it survives."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from jiazhan.config import postgres
from jiazhan.config.postgres_programs import WHEEL_BIN, BinariesMissing

HOLD = """
import sys, time
from jiazhan.config import postgres
postgres.start(sys.argv[1])
print("up", flush=True)
time.sleep(60)
"""
ONCE = "import sys, time; from jiazhan.config import postgres\nwith postgres.start(sys.argv[1]): time.sleep(1)"


@pytest.fixture
def home(tmp_path):
    """A folder below one that only we may enter, which is what root's own clones look like."""
    return tmp_path / "home"


def rows(home: Path) -> set[int]:
    with psycopg.connect(postgres.url(home, postgres.OWNER)) as connection:
        return {number for (number,) in connection.execute("SELECT number FROM note")}


def make_table(home: Path) -> None:
    with psycopg.connect(postgres.url(home, postgres.OWNER)) as connection:
        connection.execute("CREATE TABLE note (number integer)")
        connection.execute("INSERT INTO note VALUES (0)")


def test_neither_role_of_a_new_home_can_bypass_row_level_security(home):
    with postgres.start(home) as server:
        for url, role in ((server.url_app, postgres.APP), (server.url_owner, postgres.OWNER)):
            with psycopg.connect(url) as connection:
                query = "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
                assert connection.execute(query).fetchone() == (role, False, False)


def test_the_owner_can_hand_a_function_to_the_search_role_and_the_application_cannot(home):
    take_role = f"SET ROLE {postgres.SEARCH}"
    with postgres.start(home) as server:
        with psycopg.connect(server.url_owner) as connection:
            connection.execute(take_role)
        with psycopg.connect(server.url_app) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(take_role)


def test_data_is_checked_by_sums_and_sorted_the_same_everywhere(home):
    query = "SELECT current_setting('data_checksums'), datcollate FROM pg_database WHERE datname = current_database()"
    with postgres.start(home) as server, psycopg.connect(server.url_app) as connection:
        assert connection.execute(query).fetchone() == ("on", "C.UTF-8")


def test_the_log_never_quotes_what_people_wrote(home):
    with postgres.start(home) as server, psycopg.connect(server.url_owner, autocommit=True) as connection:
        connection.execute("CREATE TABLE said (words text UNIQUE)")
        insert = "INSERT INTO said VALUES ('张大妈的电话')"
        connection.execute(insert)
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(insert)
    logs = "".join(log.read_text() for log in (home / "postgres" / "data" / "log").iterdir())
    assert "duplicate key" in logs
    assert "张大妈" not in logs


def test_every_acknowledged_row_is_back_after_kill_9_under_inserts(home):
    acknowledged = []
    server = postgres.start(home)
    make_table(home)

    def insert() -> None:
        with psycopg.connect(server.url_owner, autocommit=True) as connection:
            for number in range(1, 1_000_000):
                try:
                    connection.execute("INSERT INTO note VALUES (%s)", [number])
                except psycopg.OperationalError:
                    return
                acknowledged.append(number)

    writer = threading.Thread(target=insert)
    writer.start()
    while len(acknowledged) < 500:
        time.sleep(0.01)
    for pid in postgres._servers_on(home / "postgres" / "data"):
        # A short-lived one, of autovacuum, may be gone by itself.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    writer.join()
    server.stop()
    with postgres.start(home):
        assert rows(home) >= set(acknowledged)


def test_a_postmaster_that_died_alone_does_not_block_the_next_start(home):
    server = postgres.start(home)
    make_table(home)
    with psycopg.connect(server.url_owner):
        server.process.kill()
        server.stop()
        with postgres.start(home):
            assert rows(home) == {0}


def test_a_launcher_killed_with_9_leaves_nothing_that_blocks_the_next_start(home):
    launcher = subprocess.Popen([sys.executable, "-c", HOLD, home], stdout=subprocess.PIPE)
    with launcher.stdout:
        assert launcher.stdout.readline() == b"up\n"
        launcher.kill()
        launcher.wait()
    with postgres.start(home):
        make_table(home)
        assert rows(home) == {0}


def test_a_process_number_that_another_program_took_over_does_not_block_the_start(home):
    with postgres.start(home):
        make_table(home)
        content = (home / "postgres" / "data" / "postmaster.pid").read_text()
    _, *others = content.splitlines()
    (home / "postgres" / "data" / "postmaster.pid").write_text("\n".join([str(os.getpid()), *others]))
    with postgres.start(home):
        assert rows(home) == {0}


def test_a_second_start_on_the_same_home_names_the_process_that_holds_it(home):
    with postgres.start(home), pytest.raises(postgres.HomeBusy, match=f"进程 {os.getpid()} "):
        postgres.start(home)
    with postgres.start(home):
        assert postgres.is_running(home)


def test_of_two_starts_at_once_one_serves_and_the_other_is_refused(home):
    starts = [subprocess.Popen([sys.executable, "-c", ONCE, home], stderr=subprocess.PIPE) for _ in range(2)]
    ends = sorted((start.communicate()[1].decode(), start.returncode) for start in starts)
    assert ends[0] == ("", 0)
    assert "HomeBusy" in ends[1][0]


def test_a_command_joins_the_server_that_runs_and_does_not_stop_it(home):
    with postgres.start(home):
        with postgres.running(home):
            make_table(home)
        assert rows(home) == {0}


def test_a_command_starts_the_server_where_none_runs_and_stops_it(home):
    with postgres.running(home):
        make_table(home)
    assert not postgres.is_running(home)


def test_data_of_another_version_is_refused_with_what_to_do(home):
    with postgres.start(home):
        make_table(home)
    version = home / "postgres" / "data" / "PG_VERSION"
    ours = version.read_text()
    version.write_text("14\n")
    with pytest.raises(postgres.VersionMismatch, match="由 PostgreSQL 14 建立"):
        postgres.start(home)
    version.write_text(ours)
    with postgres.start(home):
        assert rows(home) == {0}


def test_a_creation_that_was_cut_short_is_begun_anew(home):
    (home / "postgres" / "data.new" / "base").mkdir(parents=True)
    with postgres.start(home):
        make_table(home)
        assert rows(home) == {0}


def test_a_path_too_long_for_a_socket_still_serves(tmp_path):
    home = tmp_path / ("云溪区" * 10) / "home"
    with postgres.start(home):
        make_table(home)
        assert rows(home) == {0}


def test_a_folder_without_the_programs_is_refused_and_named(home, tmp_path, monkeypatch):
    monkeypatch.setenv("JIAZHAN_PG_BIN", str(tmp_path))
    with pytest.raises(BinariesMissing, match=str(tmp_path)):
        postgres.start(home)
    monkeypatch.delenv("JIAZHAN_PG_BIN")
    with postgres.start(home):
        assert postgres.is_running(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")
def test_programs_closed_to_the_account_are_copied_to_where_it_reaches_them(tmp_path, monkeypatch):
    package, *_ = WHEEL_BIN.split("/")
    installed = Path(find_spec(package).origin).parents[1]
    for part in installed.glob(f"{package}*"):
        shutil.copytree(part, tmp_path / "closed" / part.name, symlinks=True)
    monkeypatch.syspath_prepend(tmp_path / "closed")
    home = settings.HOME / tmp_path.name
    home.mkdir(mode=0o755)
    with postgres.start(home) as server:
        assert Path(server.process.args[0]).is_relative_to(home)
