"""The scripts of everyday: they parse in any shell, and the bootstrap takes an interpreter that runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = [*sorted(path for path in (ROOT / "script").iterdir() if path.suffix != ".py"), ROOT / ".ci" / "run"]
BROKEN = "#!/bin/sh\necho 'pyenv: python3: command not found' >&2\nexit 127\n"


@pytest.fixture
def copy(tmp_path):
    """The scripts in a folder without an environment, with a `programs` folder to be first on PATH."""
    made = [ROOT / ".tools" / place for place in ("venv/bin/uv", "pip/bin/uv", "wheel/uv")]
    uv = shutil.which("uv") or next(filter(Path.is_file, made), None)
    if uv is None:
        pytest.skip("没有 uv，这里只测试它已经在的情形。")
    shutil.copytree(ROOT / "script", tmp_path / "script")
    programs = tmp_path / "programs"
    programs.mkdir()
    write(programs / "uv", f'#!/bin/sh\nexec "{uv}" "$@"\n')
    write(tmp_path / "script" / "probe", '. "$(dirname "$0")/bootstrap"\nprintf "%s" "${UV_PYTHON:-}"\n')
    return tmp_path


def write(program: Path, text: str) -> None:
    program.write_text(text)
    program.chmod(0o755)


def chosen(copy: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    environment["PATH"] = f"{copy / 'programs'}:/usr/bin:/bin"
    return subprocess.run(
        ["sh", copy / "script" / "probe"], env=environment, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_parses(script):
    shell = "bash" if script.parent.name == ".ci" else "sh"
    assert subprocess.run([shell, "-n", script]).returncode == 0


def test_the_first_python_is_taken_when_it_runs(copy):
    write(copy / "programs" / "python3", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    assert Path(chosen(copy)).samefile(sys.executable)


def test_a_shim_that_fails_is_passed_over_for_the_next_python(copy):
    write(copy / "programs" / "python3", BROKEN)
    write(copy / "programs" / "python3.14", BROKEN)
    write(copy / "programs" / "python3.13", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    assert Path(chosen(copy)).samefile(sys.executable)


def test_where_no_python_is_new_enough_uv_is_asked_for_one(copy):
    for name in ("python3", "python3.14", "python3.13", "python3.12", "python3.11"):
        write(copy / "programs" / name, BROKEN)
    assert chosen(copy) == "3.13"


def test_an_environment_that_works_keeps_its_interpreter(copy):
    (copy / ".venv" / "bin").mkdir(parents=True)
    write(copy / ".venv" / "bin" / "python", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    assert chosen(copy) == ""
