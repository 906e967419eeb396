"""The statistics of ranks as an Excel file: a row for each school, with its district, and all together."""

from collections.abc import Iterator
from typing import IO, Any

from app.domain.dossiers import RANK_TITLES
from app.domain.sheets import CellKind, Column
from app.domain.text import N_
from app.services.ranks.statistics import Statistics, Unit
from app.services.registers.sheets.exports import Export, write

TITLE = N_("职级统计")
TOTAL = N_("合计")
COLUMNS = (
    Column("organization", N_("学校"), width=28),
    Column("above", N_("主管教育局"), width=24),
    Column("as_of", N_("截至"), kind=CellKind.DAY),
    Column("homeroom_teachers", N_("班主任"), kind=CellKind.WHOLE),
    *(Column(rank, title, kind=CellKind.WHOLE) for rank, title in RANK_TITLES.items()),
    Column("unranked", N_("没有职级"), kind=CellKind.WHOLE),
    Column("withheld", N_("不分列"), kind=CellKind.WHOLE),
)


def export_statistics(found: Statistics, stream: IO[bytes]) -> None:
    """Write the statistics by school."""
    write(Export(TITLE, COLUMNS, _rows(found)), stream)


def _rows(found: Statistics) -> Iterator[dict[str, Any]]:
    names = {unit.organization.id: unit.organization.name for unit in (found.total, *found.units)}
    for unit in found.schools:
        above = names.get(unit.organization.parent_id or 0, "")
        yield {"organization": unit.organization.name, "above": above, "as_of": found.as_of, **counts(unit)}
    yield {"organization": TOTAL, "as_of": found.as_of, **counts(found.total)}


def counts(unit: Unit) -> dict[str, int | None]:
    """Return the figures of a unit; without a confirmed list, or below the smallest group, there are none."""
    is_known, is_shown = unit.confirmed > 0, unit.shown > 0
    by_rank = {str(rank): unit.by_rank.get(rank, 0) if is_shown else None for rank in RANK_TITLES}
    return {
        "homeroom_teachers": unit.homeroom_teachers if is_known else None,
        **by_rank,
        "unranked": unit.unranked if is_shown else None,
        "withheld": unit.withheld if is_known else None,
    }
