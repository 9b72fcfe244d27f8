"""`jiazhan bench suggestions`: the real pages over 50,000 proposals of five years in one county.

    script/bench suggestions [--home FOLDER] [--seconds 6] [--only NAME]

Fills the home once (two or three minutes, 3 GB); later runs use it. Serves as `jiazhan serve` does and prints what the
pages do. Nothing of the product is turned off.
"""

import argparse
import os
from contextlib import nullcontext
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
PORT = 8791


def main() -> None:
    options = _options()
    home = options.home.resolve()
    os.environ |= {"JIAZHAN_HOME": str(home), "JIAZHAN_SMS": "file"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiazhan.config.settings")
    import django

    django.setup()
    from benchmarks.suggestions import seeding
    from benchmarks.web import serving
    from jiazhan.config import postgres

    facts = seeding.prepare(home)
    serving.collect_static()
    with postgres.start(home):
        _report(options, home, facts)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="jiazhan bench suggestions")
    parser.add_argument("--home", type=Path, default=ROOT / "var" / "bench-suggestions")
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--only", default="", help="cases whose name holds this")
    return parser.parse_args()


def _report(options: argparse.Namespace, home: Path, facts: dict[str, object]) -> None:
    from benchmarks.suggestions import acts, pages
    from benchmarks.web import load, serving
    from benchmarks.web.report import Report

    report = Report("suggestions")
    report.heading(
        server="granian",
        facts=f"{facts['proposals']:,} proposals, {facts['size']}, texts of {facts['texts']}; filled in {facts['seconds']} s: {facts['steps']}",
    )
    with serving.serving(PORT) as session:

        def spent() -> tuple[float, float]:
            return load.cpu_of(session=session, home=home)

        for case in pages.cases(Random(1)):
            if options.only in case.name:
                with acts.going_on(home) if case.name in pages.COUNTED_ANEW else nullcontext():
                    report.measure(case, port=PORT, seconds=options.seconds, spent=spent)
    print(f"\nkept in {report.write().relative_to(ROOT)}")


if __name__ == "__main__":
    main()
