"""Time of a letter: a reused compiler against a naive call for each, PDF and DOCX, one by one and all in one file.

Run: uv run python benchmarks/letters.py
"""

import os
import platform
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django
import typst

django.setup()

from jiazhan.documents.letters import fonts, pdf, word  # noqa: E402
from tests.domain.documents.samples import poster, receipt, reply_letter, transfer_letter  # noqa: E402

BENCH = 200


def milliseconds(act: Callable[[int], object], times: int) -> float:
    """Of one act, on average, after one that warms up."""
    act(-1)
    start = time.perf_counter()
    for number in range(times):
        act(number)
    return (time.perf_counter() - start) / times * 1000


def naive(number: int) -> object:
    data, _lost = pdf._inputs((transfer_letter(matter_number=f"n{number}"),))
    return typst.compile(
        str(pdf.LAYOUTS / "main.typ"),
        root=str(pdf.LAYOUTS),
        font_paths=list(fonts.folders()),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": data},
    )


def bench(number: int) -> object:
    return pdf.render(*[transfer_letter(matter_number=f"b{number}-{each}") for each in range(BENCH)])


def main() -> None:
    packages = ", ".join(f"{name} {version(name)}" for name in ("typst", "docxtpl", "segno"))
    print(f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}")
    print(f"Python {platform.python_version()}, {packages}")
    one = milliseconds(lambda number: pdf.render(transfer_letter(matter_number=f"t{number}")), 100)
    rows = [
        ("transfer letter, 2 pages, PDF", one),
        ("the same, a new compiler for each", milliseconds(naive, 10)),
        (f"the same, of {BENCH} in one PDF", milliseconds(bench, 1) / BENCH),
        ("the same, DOCX", milliseconds(lambda number: word.render(transfer_letter(matter_number=str(number))), 50)),
        ("reply letter, PDF", milliseconds(lambda number: pdf.render(reply_letter(number=str(number))), 100)),
        ("receipt, PDF", milliseconds(lambda number: pdf.render(receipt(matter_number=str(number))), 100)),
        ("poster A4, PDF", milliseconds(lambda number: pdf.render(poster(name=f"站{number}")), 100)),
    ]
    for label, time_of_one in rows:
        print(f"{label:<36} {time_of_one:8.1f} ms   × {time_of_one / one:.2f}")


if __name__ == "__main__":
    main()
