"""The rows of an import: which column stands where, and what each cell says, with every mistake at its cell."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, BinaryIO

from app.domain.errors import Invalid
from app.domain.exports import PASSED_BY
from app.domain.money import NotMoney, parse_yuan
from app.domain.sheets import SHEETS, CellKind, Column, Sheet, SheetKind, Spoken
from app.domain.text import N_, Sentence, sentence
from app.services.workbooks import Cell, open_sheets, parse_day, rows_of

MOST_ROWS = 50_000
# More than any sheet of ours has: columns that people added are told of.
MOST_COLUMNS = 16
LONGEST_SHOWN = 30
# What people add for themselves, and what an export adds: no import reads it.
OWN_NOTES = PASSED_BY | {"序号", "备注"}


@dataclass
class Mistakes:
    """What is wrong, by the address of the cell; the first sentence on a cell stays."""

    found: dict[str, Sentence] = field(default_factory=dict)

    def add(self, address: str, message: str, **params: object) -> None:
        """Keep a sentence about a cell."""
        self.found.setdefault(address, sentence(message, **params))

    def say(self, address: str, words: Sentence) -> None:
        """Keep a sentence that stands already."""
        self.found.setdefault(address, words)


@dataclass(frozen=True, slots=True)
class Line:
    """A row with the cells and the values read from them, by the names of the columns; empty cells have no value."""

    sheet: Sheet
    number: int
    cells: Mapping[str, Cell]
    values: Mapping[str, Any]

    def at(self, column: str) -> str:
        """Return the address of a cell: B7, or 人员!B7 in a workbook of several sheets."""
        return self.cells[column].address

    def head(self, column: str) -> str:
        """Return the head of a column as the file has it."""
        return next(one.head for one in self.sheet.columns if one.name == column)

    def texts(self) -> dict[str, str]:
        """Return what the row says under its heads, without the empty cells."""
        return {
            column.head: self.cells[column.name].text for column in self.sheet.columns if self.cells[column.name].text
        }


Lines = Mapping[str, Sequence[Line]]
Noted = Callable[[int], None]
Places = Mapping[str, int | None]


def read_lines(kind: SheetKind, stream: BinaryIO, mistakes: Mistakes, noted: Noted, own: Spoken | None = None) -> Lines:
    """Read a workbook and return its rows by sheet; each row is noted by how many were read.

    `own` are heads and words beside those of the template. Raises Invalid at `file` where there is nothing to read, TooLarge.
    """
    titled = _sheets(kind, stream)
    lines: dict[str, list[Line]] = {}
    for sheet in SHEETS[kind]:
        place = f"{sheet.title}!" if len(SHEETS[kind]) > 1 else ""
        found = titled.get(sheet.title)
        lines[sheet.title] = (
            list(_read(sheet, place, found, mistakes, noted, own or Spoken())) if found is not None else []
        )
    if not mistakes.found and not any(lines.values()):
        raise Invalid.field("file", N_("表里没有内容。请从第 2 行起填写。"))
    return lines


def _sheets(kind: SheetKind, stream: BinaryIO) -> Mapping[str, Any]:
    """Return the sheets by the titles that the import knows; a single one may be called as people like."""
    found = open_sheets(stream)
    titles = [sheet.title for sheet in SHEETS[kind]]
    if len(titles) == 1:
        return {titles[0]: next(iter(found.values()))}
    if titles[0] not in found:
        raise Invalid.field("file", N_("文件里没有“%(title)s”这张表，请用下载的模板填写。"), title=titles[0])
    return found


def _read(sheet: Sheet, place: str, found: Any, mistakes: Mistakes, noted: Noted, own: Spoken) -> Iterator[Line]:
    rows = rows_of(found, MOST_COLUMNS, MOST_ROWS)
    heads = next(rows, [])
    columns = _columns(sheet, place, heads, mistakes, own)
    if columns is None:
        return
    told = replace(sheet, columns=tuple(own.column(one, _head(heads, columns[one.name])) for one in sheet.columns))
    for count, row in enumerate(rows, start=1):
        noted(count)
        cells = {name: row[index] if index is not None else _beyond(row) for name, index in columns.items()}
        if tuple(cell.text for cell in cells.values()) != sheet.example:
            yield _line(told, place, cells, mistakes, own)


def _in_our_words(cell: Cell, words: Mapping[str, str]) -> Cell:
    return replace(cell, value=words[cell.text]) if cell.text in words else cell


def _head(heads: Sequence[Cell], index: int | None) -> str | None:
    return None if index is None else heads[index].text.strip("*＊ ")


def _columns(sheet: Sheet, place: str, heads: Sequence[Cell], mistakes: Mistakes, own: Spoken) -> Places | None:
    """Return where each column stands, in the sheet's order; None where the heads are wrong.

    A column that may be empty may be missing, and stands nowhere.
    """
    told = {column.name for column in sheet.columns}
    known = {_plain(head): name for head, name in own.heads.items() if name in told}
    known |= {_plain(column.head): column.name for column in sheet.columns}
    passed_by = OWN_NOTES | {_plain(head) for head, name in own.heads.items() if name not in told}
    names = [known.get(_plain(cell.text)) for cell in heads]
    before = len(mistakes.found)
    missing = [own.column(one, None).head for one in sheet.columns if one.is_required and one.name not in names]
    if missing:
        mistakes.add(f"{place}A1", N_("第一行缺少这些列：%(heads)s。请用下载的模板填写。"), heads="、".join(missing))
    where: dict[str, int] = {}
    for index, (cell, name) in enumerate(zip(heads, names, strict=True)):
        if name in where:
            mistakes.add(place + cell.address, N_("“%(head)s”这一列有两次，请留一列。"), head=cell.text)
        elif name is not None:
            where[name] = index
        elif cell.text and _plain(cell.text) not in passed_by:
            words = N_("不认识“%(head)s”这一列，请用模板里的列名。")
            mistakes.add(place + cell.address, words, head=cell.text[:LONGEST_SHOWN])
    return {column.name: where.get(column.name) for column in sheet.columns} if len(mistakes.found) == before else None


def _beyond(row: Sequence[Cell]) -> Cell:
    """Return the empty cell of a column that the sheet does not have."""
    return Cell(row[-1].address, "")


def _plain(head: str) -> str:
    return re.sub(r"[\s*＊]", "", head).replace("(", "（").replace(")", "）")


def _line(sheet: Sheet, place: str, cells: Mapping[str, Cell], mistakes: Mistakes, own: Spoken) -> Line:
    number = int(re.sub(r"\D", "", next(iter(cells.values())).address))
    placed = {name: Cell(place + cell.address, cell.value) for name, cell in cells.items()} if place else cells
    values: dict[str, Any] = {}
    for column in sheet.columns:
        try:
            value = _value(column, _in_our_words(cells[column.name], own.words.get(column.name, {})))
        except _Wrong as wrong:
            mistakes.say(placed[column.name].address, wrong.words)
            continue
        if value is not None:
            values[column.name] = value
    return Line(sheet, number, placed, values)


class _Wrong(Exception):
    """Tell why a cell cannot be read."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__()
        self.words = sentence(message, **params)


def _value(column: Column, cell: Cell) -> Any:
    if cell.is_formula:
        raise _Wrong(N_("这一格是公式，请改成填好的值。"))
    if cell.is_error:
        raise _Wrong(N_("这一格是 %(text)s，请填上正确的内容。"), text=cell.text)
    if not cell.value:
        if column.is_required:
            raise _Wrong(N_("请填写%(head)s。"), head=column.head)
        return None
    return _READERS[column.kind](column, cell)


def _text(column: Column, cell: Cell) -> str:
    del column
    return " ".join(cell.text.split())


def _day(column: Column, cell: Cell) -> date:
    del column
    found = day_of(cell)
    if found is None:
        raise _Wrong(N_("日期请写成 2024-09-01 这样，现在是“%(text)s”。"), text=cell.text[:LONGEST_SHOWN])
    return found


def _choice(column: Column, cell: Cell) -> str:
    if cell.text not in column.choices:
        told = {"head": column.head, "choices": "、".join(column.told), "text": cell.text[:LONGEST_SHOWN]}
        raise _Wrong(N_("%(head)s只能填：%(choices)s；现在是“%(text)s”。"), **told)
    return cell.text


def _money(column: Column, cell: Cell) -> int:
    del column
    try:
        return parse_yuan(cell.text)
    except NotMoney as error:
        raise _Wrong(error.sentence.message, **error.sentence.params) from error


_READERS: Mapping[CellKind, Callable[[Column, Cell], Any]] = {
    CellKind.TEXT: _text,
    CellKind.DAY: _day,
    CellKind.CHOICE: _choice,
    CellKind.MONEY: _money,
}


def day_of(cell: Cell) -> date | None:
    """Return the date of a cell, as people write it too; None for what is no date."""
    if not isinstance(cell.value, str):
        return cell.value
    return parse_day(cell.value)


def every(lines: Lines) -> Iterable[Line]:
    """Return the rows of all sheets."""
    return (line for rows in lines.values() for line in rows)
