"""Spreadsheets from outside: refused when too large, packed like a bomb, or with formulas."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from app.domain.errors import Invalid, TooLarge
from app.domain.text import N_

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED_BYTES = 60 * 1024 * 1024
MAX_PARTS = 300
MAX_ROWS = 5000
PROLOGUE_BYTES = 4096
FORMULA = "f"
BROKEN = N_("打不开这个文件。请用 Excel 或 WPS 另存为 .xlsx，再上传。")


@dataclass(frozen=True)
class Cell:
    """A cell with its address such as B7: a date, or text without spaces around it."""

    address: str
    value: str | date
    is_formula: bool = False

    @property
    def text(self) -> str:
        """Return the value as text; a date as 2026-09-01."""
        return self.value if isinstance(self.value, str) else self.value.isoformat()


def read_rows(stream: BinaryIO, columns: int) -> Iterator[list[Cell]]:
    """Yield the rows of the first sheet that are not empty, the head first; formulas are not evaluated.

    Raises Invalid at `file`, TooLarge.
    """
    _check_container(stream)
    try:
        workbook = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()
        count = 0
        for number, cells in enumerate(sheet.iter_rows(max_col=columns), start=1):
            row = [_cell(cell, column, number) for column, cell in enumerate(cells, start=1)]
            row += [_cell(None, column, number) for column in range(len(row) + 1, columns + 1)]
            if any(cell.value for cell in row):
                count += 1
                if count > MAX_ROWS + 1:
                    raise TooLarge(N_("一次最多导入 %(most)d 行，请分成几个文件。"), most=MAX_ROWS)
                yield row
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, SyntaxError) as error:
        raise Invalid.field("file", BROKEN) from error


def _check_container(stream: BinaryIO) -> None:
    """Refuse by the sizes that the container declares; more than declared is never unpacked."""
    stream.seek(0, 2)
    if stream.tell() > MAX_BYTES:
        raise TooLarge(N_("文件超过 %(most)d MB，请分成几个文件。"), most=MAX_BYTES // 1024**2)
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as container:
            parts = container.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise TooLarge(N_("文件展开后太大，请只保留要导入的表。"))
            for part in parts:
                with container.open(part) as content:
                    if b"<!DOCTYPE" in content.read(PROLOGUE_BYTES):
                        raise Invalid.field("file", BROKEN)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise Invalid.field("file", BROKEN) from error
    stream.seek(0)


def _cell(cell: Any, column: int, row: int) -> Cell:
    address = f"{get_column_letter(column)}{row}"
    value = getattr(cell, "value", None)
    if isinstance(value, datetime):
        return Cell(address, value.date())
    if isinstance(value, date):
        return Cell(address, value)
    is_formula = getattr(cell, "data_type", None) == FORMULA
    return Cell(address, _text(value), is_formula)


def _text(value: Any) -> str:
    # A mobile number typed as a number comes as 13800138000.0.
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
