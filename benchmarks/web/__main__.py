"""`jiazhan bench web`: the real pages over 100,000 matters in a county and 1,000,000 in its city.

    script/bench web [--home FOLDER] [--seconds 6] [--only NAME] [--server granian|gunicorn] [--threads 4]

Fills the home once (some minutes, 10 GB); later runs use it. Serves as `jiazhan serve` does and prints what the pages do.
Nothing of the product is turned off. The sender of each matter has an address of its own, told as a proxy in front of the
server tells it, so that the limit for one address is counted and not reached.
"""

import argparse
import os
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
PORT = 8790


def main() -> None:
    options = _options()
    home = options.home.resolve()
    os.environ |= {"JIAZHAN_HOME": str(home), "JIAZHAN_PROXIES": "1", "JIAZHAN_SMS": "file"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiazhan.config.settings")
    import django

    django.setup()
    from benchmarks.web import seeding, serving
    from jiazhan.config import postgres

    facts = seeding.prepare(home)
    serving.collect_static()
    with postgres.start(home):
        print(_report(options, home, facts))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="jiazhan bench web")
    parser.add_argument("--home", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--server", choices=("granian", "gunicorn"), default="granian")
    parser.add_argument("--threads", type=int, default=0, help="of each worker; 0: as `jiazhan serve` has it")
    return parser.parse_args()


def _report(options: argparse.Namespace, home: Path, facts: dict[str, object]) -> str:
    from benchmarks.web import load, pages, serving, statements, visitors, weight
    from benchmarks.web.report import WARM, Report
    from jiazhan.config.demo.names import COUNTY
    from jiazhan.places.models import Station

    random, report = Random(1), Report("web")
    report.heading(
        server=options.server,
        facts=f"{facts['matters']:,} matters, {facts['size']}, texts of {facts['texts']}; filled in {facts['seconds']} s: {facts['steps']}",
    )
    cases = [each for each in pages.cases(random) if options.only in each.name]
    with serving.serving(PORT, server=options.server, threads=options.threads) as session:

        def spent() -> tuple[float, float]:
            return load.cpu_of(session=session, home=home)

        for case in cases:
            report.measure(case, port=PORT, seconds=options.seconds, spent=spent)
        if options.only in "public intake":
            stations = list(Station.objects.filter(jurisdiction=COUNTY, kind="liaison_station").order_by("code"))
            count = round(200 * (options.seconds + WARM))
            each = [visitors.senders(station, count // len(stations) + 1, random) for station in stations]
            requests = [request for group in each for request in group]
            random.shuffle(requests)
            sql = statements.number(requests[:20])
            warm = round(len(requests) * 0.15)
            load.measure(PORT, requests[20:warm], expect=302, seconds=60, once=True, spent=spent)
            many = load.measure(PORT, requests[warm:], expect=302, seconds=options.seconds, once=True, spent=spent)
            aims = f"≥ 100/s, peer 14/s: × {many.rate / 14:.0f}"
            report.row("public intake, last step", "100,000", many, alone=0, sql=sql, aims=aims)
        if not options.only:
            for path in ("/", cases[-2].paths[0], cases[-3].paths[0], f"/say/{COUNTY}/YX003/"):
                total, parts = weight.of(PORT, path)
                report.say(f"first visit of {path[:40]}: {total:.1f} KB gzipped in {len(parts)} requests (≤ 80)")
    return f"\nkept in {report.write().relative_to(ROOT)}"


if __name__ == "__main__":
    main()
