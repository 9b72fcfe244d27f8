"""The command line `jiazhan`: what offices type to run and to feed their 家站."""

import click

from jiazhan.config.commands import accounts, database, demo, imports, measure, record, serving


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jiazhan", prog_name="jiazhan")
def main() -> None:
    """家站：人大代表与群众见面的开放平台。"""


main.add_command(serving.serve)
main.add_command(serving.worker)
main.add_command(database.migrate)
main.add_command(accounts.account)
main.add_command(demo.demo)
main.add_command(imports.regions)
main.add_command(imports.opinions)
main.add_command(record.record)
main.add_command(measure.bench)

if __name__ == "__main__":
    main()
