"""A bureau's own columns for lists of ranks: what stands under which head, and which mappings are right."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.exports import columns_of
from app.domain.registers import REGISTERS
from app.domain.sheets import Column
from app.domain.text import N_, Sentence, sentence

STANDARD = columns_of(REGISTERS["ranks"])
# Beside the register's own: counted from 1, and left empty for a bureau to fill in.
ROW_NUMBER, EMPTY = "row_number", ""
SOURCES = {**{column.name: column.head for column in STANDARD}, ROW_NUMBER: N_("序号"), EMPTY: N_("留空")}
# Without these no import can read what was filled in.
REQUIRED = tuple(column.name for column in STANDARD if column.is_required)
LONGEST_HEAD, MOST = 30, 16


@dataclass(frozen=True)
class OwnColumn:
    """A head as a bureau writes it, and what of the register stands below it."""

    head: str
    column: str


def check_columns(columns: Sequence[OwnColumn]) -> dict[str, list[Sentence]]:
    """Return what is wrong with a mapping, by the place of the column; an empty one is right."""
    faults: dict[str, list[Sentence]] = {}
    for place, one in enumerate(columns):
        fault = _fault(one, columns[:place])
        if fault is not None:
            faults[f"columns.{place}"] = [fault]
    missing = [SOURCES[name] for name in REQUIRED if name not in {one.column for one in columns}]
    if columns and missing:
        faults["columns"] = [sentence(N_("还缺这些内容，不然填好的表导不进来：%(heads)s。"), heads="、".join(missing))]
    if len(columns) > MOST:
        faults["columns"] = [sentence(N_("最多 %(most)d 列。"), most=MOST)]
    return faults


def _fault(one: OwnColumn, before: Sequence[OwnColumn]) -> Sentence | None:
    if not 0 < len(one.head) <= LONGEST_HEAD:
        return sentence(N_("请写列名，最多 %(most)d 个字。"), most=LONGEST_HEAD)
    if one.column not in SOURCES:
        return sentence(N_("没有这一项内容，请从列出的里面选。"))
    if one.head in {each.head for each in before}:
        return sentence(N_("“%(head)s”写了两次，请换一个列名。"), head=one.head)
    if one.column != EMPTY and one.column in {each.column for each in before}:
        return sentence(N_("“%(head)s”已经放在前面的一列里。"), head=SOURCES[one.column])
    taken = next((column for column in STANDARD if column.head == one.head and column.name != one.column), None)
    if taken is not None:
        return sentence(N_("“%(head)s”是平台自己的列名，下面只能放它原来的内容。"), head=one.head)
    return None


def as_columns(columns: Sequence[OwnColumn]) -> tuple[Column, ...]:
    """Return the columns of a list with a bureau's heads."""
    widths = {column.name: column.width for column in STANDARD}
    return tuple(Column(one.column, one.head, width=widths.get(one.column, 14)) for one in columns)
