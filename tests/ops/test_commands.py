"""The command line: every command explains itself, says what it did, and refuses in one plain sentence."""

import os
import subprocess
import sys
from pathlib import Path

import click
import psycopg
import pytest
from click.testing import CliRunner

from jiazhan.config import postgres
from jiazhan.config.cli import main
from tests import database

COMMANDS = [
    "serve",
    "worker",
    "migrate",
    "account create",
    "demo code",
    "demo load",
    "regions import",
    "opinions import",
    "record verify",
    "bench",
]


def run(*words: str, home: Path) -> subprocess.CompletedProcess[str]:
    """The command as a person runs it, in a home of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JIAZHAN_", "DJANGO_"))}
    command = [sys.executable, "-m", "jiazhan.config.cli", *words, "--home", str(home)]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def all_commands(group: click.Group, before: tuple[str, ...] = ()) -> list[str]:
    found = []
    for name, command in group.commands.items():
        words = (*before, name)
        found += all_commands(command, words) if isinstance(command, click.Group) else [" ".join(words)]
    return found


def test_the_command_line_offers_what_the_manual_names():
    assert sorted(all_commands(main)) == sorted(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_explains_itself_in_chinese(command):
    done = CliRunner().invoke(main, [*command.split(), "--help"])
    assert done.exit_code == 0
    assert any("\u4e00" <= character <= "\u9fff" for character in done.output)


@pytest.mark.parametrize("words", ["regions import {}", "opinions import {} --station 990106-01"])
def test_a_file_that_is_not_there_is_named(words, tmp_path):
    missing = tmp_path / "没有.csv"
    done = CliRunner().invoke(main, words.format(missing).split())
    assert (done.exit_code, done.stderr) == (1, f"找不到文件 {missing}，请检查路径。\n")


def test_an_unknown_measurement_is_answered_with_those_that_exist():
    done = CliRunner().invoke(main, ["bench", "no-such"])
    assert done.exit_code == 1
    assert done.stderr.startswith("没有名为 no-such 的测量，可选：")


def test_a_database_without_tables_is_named_as_what_it_is(tmp_path):
    verified = run("record", "verify", home=tmp_path)
    assert (verified.returncode, verified.stderr) == (1, "数据库里还没有家站的表，请先运行 jiazhan migrate。\n")


def test_migrating_says_how_much_it_did_and_a_second_time_that_nothing_was_left(tmp_path):
    """The first steps of all are tried in test_serve; here one that was taken back."""
    database.migrated(tmp_path)
    with postgres.start(tmp_path) as server, psycopg.connect(server.url_owner) as connection:
        connection.execute("DROP TABLE django_session")
        connection.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    behind = run("migrate", "--check", home=tmp_path)
    assert (behind.returncode, behind.stderr[:11]) == (1, "数据库的表比程序旧 1")
    assert run("migrate", home=tmp_path).stdout == "数据表已更新：执行了 1 步迁移。\n"
    assert run("migrate", home=tmp_path).stdout == "数据表已是最新。\n"
    assert run("migrate", "--check", home=tmp_path).returncode == 0
    after = run("record", "verify", home=tmp_path)
    assert (after.returncode, after.stdout) == (0, "共 0 个地区、0 条记录，无改动。\n")


def test_data_of_another_version_is_refused_without_a_trace(tmp_path):
    data = tmp_path / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("14\n")
    if os.geteuid() == 0:
        os.chown(data, 65534, 65534)
    done = run("migrate", home=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{data} 由 PostgreSQL 14 建立")
    assert len(done.stderr.splitlines()) == 1


def test_a_setting_that_is_wrong_is_refused_with_what_it_should_be(tmp_path, monkeypatch):
    environment = os.environ | {"JIAZHAN_DEBUG": "yes", "DJANGO_SETTINGS_MODULE": "jiazhan.config.settings"}
    command = [sys.executable, "-m", "jiazhan.config.cli", "migrate", "--home", str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "环境变量 JIAZHAN_DEBUG 只能是 0 或 1，现在是 'yes'。\n")
