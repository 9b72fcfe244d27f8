"""Importing administrative areas, and giving development zones and other areas outside the standard codes of their own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.kernel import pinyin, text
from jiazhan.places.models import FormerName, Region

from . import region_files
from .region_files import Cover, Faulty, Listing

Progress = Callable[[int, int], None]
CHUNK = 20_000
LOCK = 860_001
# More than these would be closed by a file that does not say what it covers: it is taken for incomplete.
MOST_VANISHED, MOST_SHARE = 200, 0.1


class TooManyVanish(Exception):
    """The file would close so many areas that it looks incomplete; whoever knows better names what it covers."""

    code = "regions-too-many-vanish"

    def __init__(self, count: int, prefixes: Sequence[str]) -> None:
        super().__init__(count, prefixes)
        self.count, self.prefixes = count, tuple(prefixes)

    def __str__(self) -> str:
        return _(
            "按这份表要停用 %(count)s 个区划，表可能不完整，没有导入。确认完整的话，请写明它覆盖的范围再导入：--covers %(prefixes)s"
        ) % {"count": self.count, "prefixes": ",".join(self.prefixes[:5])}


class AreaRefused(Exception):
    """The area cannot be added or closed as asked; the message says why."""

    code = "area-refused"


@dataclass(frozen=True)
class Imported:
    """How many areas were added, renamed, closed, opened again or left as they were, and what the file covered."""

    added: int = 0
    renamed: int = 0
    closed: int = 0
    reopened: int = 0
    unchanged: int = 0
    covered: tuple[str, ...] = ()

    @property
    def changed_nothing(self) -> bool:
        return not (self.added or self.renamed or self.closed or self.reopened)

    def __str__(self) -> str:
        if self.changed_nothing:
            return _("%(count)s 个区划与现有的一致，没有改动。") % {"count": f"{self.unchanged:,}"}
        counts = {
            _("新增"): self.added, _("改名"): self.renamed, _("停用"): self.closed, _("恢复"): self.reopened, _("未变"): self.unchanged,
        }  # fmt: skip
        return "、".join(f"{word} {count:,} 个" for word, count in counts.items() if count) + "。"


def _quiet(done: int, total: int) -> None:
    """No progress wanted."""


def import_regions(
    path: Path, *, at: datetime, progress: Progress = _quiet, covers: Sequence[str] | None = None
) -> Imported:
    """Bring the areas in line with a table of code, name and parent; nothing is ever deleted.

    New areas are added, renamed ones keep their former name until the day of `at`, areas that the table no longer lists are
    closed on it, those that come back are opened again. The same table once more changes nothing.

    Closing is limited to what the file covers: by its shape (region_files.Listing.covers: a file of one county closes
    nothing outside it, a file without communities closes none but those of streets that vanished), or exactly the prefixes
    in `covers`. Provinces are never closed by absence.

    Raises spreadsheets.Unreadable, Faulty (bad codes, duplicates, orphans, cycles: refused as a whole) and TooManyVanish.
    """
    listing = region_files.read(path)
    on = timezone.localdate(at)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        total = len(listing.areas)
        _stage(cursor, listing)
        covered = listing.covers(covers)
        vanished = _vanished(cursor, covered, checked=covers is None)
        _refuse_orphans(cursor, listing)
        renamed = _rename(cursor, on)
        reopened = _update(
            cursor,
            "UPDATE places_region r SET ends_on = NULL FROM listed l WHERE l.code = r.code AND r.ends_on IS NOT NULL",
        )
        added = _add(cursor, on, total, progress)
        closed = _close(cursor, on) if vanished else 0
        changed = _update(cursor, "SELECT count(*) FROM touched")
        cursor.execute("DROP TABLE listed, touched, vanished, fresh")
    progress(total, total)
    unchanged = total - added - changed
    return Imported(added, renamed, closed, reopened, unchanged, tuple(cover.prefix for cover in covered))


@transaction.atomic
def add_area(code: str, name: str, *, on: date | None = None) -> Region:
    """Add an area outside the standard (a development zone, the demo's county), or return the same one that is there.

    Raises AreaRefused for a code that is none, one whose area above is missing or closed, or one that names another area.
    """
    name = text.clean_line(name)
    if not (code.isascii() and code.isdigit() and len(code) in region_files.LENGTHS):
        raise AreaRefused(_("代码“%(code)s”不对，应为 2、4、6、9 或 12 位数字。") % {"code": code})
    if not 0 < len(name) <= region_files.MOST_NAME:
        raise AreaRefused(_("请填写区划名称，最多 60 个字。"))
    if present := Region.objects.select_for_update().filter(pk=code).first():
        if present.name != name or present.ends_on:
            raise AreaRefused(_("代码 %(code)s 已经是%(name)s了，请换一个。") % {"code": code, "name": present.name})
        return present
    above = code[: region_files.ABOVE.get(len(code), 0)]
    if above and not Region.objects.filter(pk=above, ends_on=None).exists():
        raise AreaRefused(_("上级 %(above)s 不存在或已停用，请先添加上级。") % {"above": above})
    full, initials = pinyin.spell(name)
    region = Region.objects.create(
        code=code, name=name, parent_id=above or None, level=region_files.LENGTHS[len(code)], pinyin=full[:200],
        initials=initials[:60], starts_on=on,
    )  # fmt: skip
    _set_terms([region])
    return region


@transaction.atomic
def add_areas(areas: Sequence[tuple[str, str]], *, on: date | None = None) -> int:
    """Add many areas (code, name) at once, upper ones first; those that are there are left alone. Returns how many are new."""
    there = set(Region.objects.filter(pk__in=[code for code, _name in areas]).values_list("pk", flat=True))
    return len([add_area(code, name, on=on) for code, name in sorted(areas) if code not in there])


@transaction.atomic
def close_area(region: Region, *, on: date) -> int:
    """Close an area with all below it from a day on; returns how many. Their stations and matters stay as they are."""
    starts = region.starts_on
    if starts and on <= starts:
        raise AreaRefused(_("停用日期要晚于启用日期。"))
    return Region.objects.filter(code__startswith=region.code, ends_on=None).update(ends_on=on)


@transaction.atomic
def rename_area(region: Region, name: str, *, on: date) -> Region:
    """Give an area another name from a day on; the old one is kept. The same name changes nothing."""
    region = Region.objects.select_for_update().get(pk=region.pk)
    name = text.clean_line(name)
    if not 0 < len(name) <= region_files.MOST_NAME:
        raise AreaRefused(_("请填写区划名称，最多 60 个字。"))
    if name != region.name:
        FormerName.objects.create(region=region, name=region.name, until=on)
        full, initials = pinyin.spell(name)
        region.name, region.pinyin, region.initials = name, full[:200], initials[:60]
        region.save(update_fields=["name", "pinyin", "initials"])
        _set_terms([region])
    return region


def _set_terms(regions: Sequence[Region]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE places_region SET terms = array_to_tsvector(%s) WHERE code = %s",
            [(list(dict.fromkeys(text.bigrams(region.name))), region.pk) for region in regions],
        )


def _stage(cursor: Any, listing: Listing) -> None:
    """Copy the file into a table of this transaction, and list which areas differ from it."""
    cursor.execute("CREATE TEMP TABLE listed (code varchar PRIMARY KEY, name varchar, parent varchar)")
    with cursor.copy("COPY listed (code, name, parent) FROM STDIN") as copy:
        for area in listing.areas:
            copy.write_row((area.code, area.name, area.parent or None))
    cursor.execute("ANALYZE listed")
    cursor.execute(
        """
        CREATE TEMP TABLE touched AS
        SELECT l.code FROM listed l JOIN places_region r USING (code) WHERE r.name <> l.name OR r.ends_on IS NOT NULL
        """
    )
    cursor.execute("CREATE TEMP TABLE vanished (code varchar PRIMARY KEY)")


def _vanished(cursor: Any, covers: Sequence[Cover], *, checked: bool) -> int:
    """Collect the open areas that the file covers and does not list, with all below them."""
    within = "r.code LIKE %s AND length(r.code) > 2 AND r.ends_on IS NULL"
    known = 0
    for cover in covers:
        below = f"{cover.prefix}_%"
        cursor.execute(
            f"""
            INSERT INTO vanished SELECT r.code FROM places_region r
             WHERE {within} AND length(r.code) <= %s AND NOT EXISTS (SELECT FROM listed l WHERE l.code = r.code)
            ON CONFLICT DO NOTHING
            """,
            [below, cover.depth],
        )
        if checked:
            cursor.execute(
                f"SELECT count(*) FROM places_region r WHERE {within} AND length(r.code) <= %s", [below, cover.depth]
            )
            known += cursor.fetchone()[0]
    cursor.execute("SELECT count(*) FROM vanished")
    count = int(cursor.fetchone()[0])
    if checked and count > MOST_VANISHED and count > known * MOST_SHARE:
        raise TooManyVanish(count, [cover.prefix for cover in covers])
    if count:
        # What lies deeper than the file goes goes with the area above it.
        for cover in covers:
            cursor.execute(
                """
                INSERT INTO vanished SELECT r.code FROM places_region r JOIN vanished v ON v.code = left(r.code, %s)
                 WHERE r.code LIKE %s AND r.ends_on IS NULL AND length(r.code) > %s
                """,
                [cover.depth, f"{cover.prefix}_%", cover.depth],
            )
    return count


def _refuse_orphans(cursor: Any, listing: Listing) -> None:
    """A parent that the file does not list must be there, open, and not about to be closed by the same file."""
    if not listing.outside:
        return
    cursor.execute(
        """
        SELECT code FROM places_region r WHERE code = ANY (%s) AND ends_on IS NULL
           AND NOT EXISTS (SELECT FROM vanished v WHERE v.code = r.code)
        """,
        [list(listing.outside)],
    )
    if missing := listing.outside.keys() - {row[0] for row in cursor.fetchall()}:
        orphans = [area for area in listing.areas if area.parent in missing]
        raise Faulty([
            _("第 %(line)s 行：%(name)s(%(code)s)的上级 %(parent)s 既不在表里，也不在系统里。") % area._asdict() for area in orphans
        ])  # fmt: skip


def _rename(cursor: Any, on: date) -> int:
    cursor.execute("SELECT r.code, l.name FROM listed l JOIN places_region r USING (code) WHERE r.name <> l.name")
    renamed = cursor.fetchall()
    cursor.execute(
        """
        INSERT INTO places_formername (region_id, name, until)
        SELECT r.code, r.name, %s FROM listed l JOIN places_region r USING (code) WHERE r.name <> l.name
        """,
        [on],
    )
    rows = [(name, *pinyin.spell(name), list(dict.fromkeys(text.bigrams(name))), code) for code, name in renamed]
    cursor.executemany(
        "UPDATE places_region SET name = %s, pinyin = left(%s, 200), initials = left(%s, 60), terms = array_to_tsvector(%s)"
        " WHERE code = %s",
        rows,
    )
    return len(renamed)


def _add(cursor: Any, on: date, total: int, progress: Progress) -> int:
    """Insert what is new, upper areas first. An area of the first import has no first day: it was there before."""
    cursor.execute("SELECT EXISTS (SELECT FROM places_region)")
    starts_on = on if cursor.fetchone()[0] else None
    cursor.execute(
        "SELECT l.code, l.name, l.parent FROM listed l LEFT JOIN places_region r USING (code) WHERE r.code IS NULL ORDER BY l.code"
    )
    fresh = cursor.fetchall()
    done, spell = total - len(fresh), pinyin.speller()
    columns = "code, name, parent_id, level, pinyin, initials, starts_on"
    cursor.execute(f"CREATE TEMP TABLE fresh AS SELECT {columns}, '' AS terms FROM places_region LIMIT 0")
    for chunk in _chunks(fresh):
        with cursor.copy(f"COPY fresh ({columns}, terms) FROM STDIN") as copy:
            for code, name, parent in chunk:
                full, initials = spell(name)
                level, terms = region_files.LENGTHS[len(code)], " ".join(dict.fromkeys(text.bigrams(name)))
                copy.write_row((code, name, parent, level, full[:200], initials[:60], starts_on, terms))
        cursor.execute(
            f"""
            INSERT INTO places_region ({columns}, terms)
            SELECT {columns}, array_to_tsvector(string_to_array(terms, ' ')) FROM fresh
            """
        )
        cursor.execute("TRUNCATE fresh")
        done += len(chunk)
        progress(done, total)
    return len(fresh)


def _close(cursor: Any, on: date) -> int:
    """An area that began today ends tomorrow: a period holds at least one day."""
    return _update(
        cursor,
        "UPDATE places_region r SET ends_on = greatest(%s, r.starts_on + 1) FROM vanished v WHERE v.code = r.code",
        [on],
    )


def _chunks(rows: list[Any]) -> Any:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


def _update(cursor: Any, query: str, values: Sequence[Any] = ()) -> int:
    cursor.execute(query, values)
    if query.startswith("SELECT"):
        return int(cursor.fetchone()[0])
    return int(cursor.rowcount)
