"""`jiazhan record verify`: proves that nothing in the record was altered."""

import click

from jiazhan.config.commands.surroundings import Refused, database_running, in_home

# Whoever removed a jurisdiction from one table has to have removed it from all of them.
JURISDICTIONS = """
    SELECT jurisdiction FROM audit_head UNION SELECT jurisdiction FROM audit_seal
     UNION SELECT jurisdiction FROM audit_entry ORDER BY 1
"""


@click.group()
def record() -> None:
    """业务记录（只增不改，逐条相连）。"""


@record.command()
@click.option("--jurisdiction", "only", metavar="CODE", help="只核对这一个地区；不写则全部核对。")
@in_home
def verify(only: str | None) -> None:
    """核对记录链：逐条重算，指出第一处断开的地方。"""
    with database_running():
        from django.db import connections

        from jiazhan.audit import verification
        from jiazhan.kernel.scope import within

        # As the owner, since the application itself sees no jurisdiction that it does not name.
        with connections["owner"].cursor() as cursor:
            cursor.execute(JURISDICTIONS)
            known = [code for (code,) in cursor.fetchall()]
        if only and only not in known:
            raise Refused(f"地区 {only} 还没有任何记录，请检查代码。")
        broken = entries = 0
        chosen = [only] if only else known
        for code in chosen:
            with within([code]):
                result = verification.verify(code)
            if isinstance(result, verification.Broken):
                broken += 1
                click.echo(f"{code} 第 {result.number} 条（编号 {result.entry_id or '无'}）：{result.why}。", err=True)
            else:
                entries += result.entries
                click.echo(f"{code}：{result.entries} 条完整，末条摘要 {result.digest}")
    if broken:
        raise Refused(f"有 {broken} 个地区的记录链断开，请保留现场并与备份核对。")
    click.echo(f"共 {len(chosen)} 个地区、{entries} 条记录，无改动。")
