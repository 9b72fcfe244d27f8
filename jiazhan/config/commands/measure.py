"""`jiazhan bench`: runs a measurement of the working copy's `benchmarks/`, which a wheel does not carry."""

import subprocess
import sys
from pathlib import Path

import click

from jiazhan.config.commands.surroundings import Refused

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("name", required=False)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def bench(name: str | None, options: tuple[str, ...]) -> None:
    """测量速度并印出机器与版本，如 jiazhan bench web。"""
    packages = [path.parent for path in BENCHMARKS.glob("*/__main__.py")]
    known = sorted(path.stem for path in [*BENCHMARKS.glob("[a-z]*.py"), *packages])
    if name not in known:
        choices = "、".join(known) or "(这里没有 benchmarks 文件夹，请在源码目录里运行)"
        raise Refused(f"没有名为 {name or '(空)'} 的测量，可选：{choices}。")
    done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *options], cwd=BENCHMARKS.parent)
    if done.returncode:
        raise Refused(f"测量 {name} 没有完成，原因见上。")
