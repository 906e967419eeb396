"""Spreadsheets: those from outside are refused when too large, packed like a bomb, or with formulas; ours run none."""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import IO, Any, BinaryIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from app.domain.errors import Invalid, TooLarge
from app.domain.text import N_

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED_BYTES = 60 * 1024 * 1024
MAX_PARTS = 300
MAX_ROWS = 5000
# The last row that Excel has; a file may tell of one further down, and a reader would count up to it.
LAST_ROW = 1_048_576
PROLOGUE_BYTES = 4096
FORMULA, ERROR = "f", "e"
# A spreadsheet would run a cell that begins so as a formula.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_SEPARATED = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
# Fewer would leave open where the month ends.
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
BROKEN = N_("打不开这个文件。请用 Excel 或 WPS 另存为 .xlsx，再上传。")
# What a file that no spreadsheet program wrote makes its reader stumble over.
_BROKEN_BY = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    AttributeError,
    TypeError,
    LookupError,
    ValueError,
    ArithmeticError,
    SyntaxError,
)
UNPACKED_TOO_LARGE = N_("文件展开后太大，请只保留要导入的表。")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its address such as B7: a date, or text without spaces around it."""

    address: str
    value: str | date
    is_formula: bool = False
    # Such as #REF!: what a formula that broke left behind.
    is_error: bool = False

    @property
    def text(self) -> str:
        """Return the value as text; a date as 2026-09-01."""
        return self.value if isinstance(self.value, str) else self.value.isoformat()


def read_rows(stream: BinaryIO, columns: int) -> Iterator[list[Cell]]:
    """Yield the rows of the first sheet that are not empty, the head first; formulas are not evaluated.

    Raises Invalid at `file`, TooLarge.
    """
    yield from rows_of(next(iter(open_sheets(stream).values())), columns, MAX_ROWS)


def open_sheets(stream: BinaryIO) -> dict[str, Any]:
    """Return the sheets of a workbook by title, nothing of them read yet; raises Invalid at `file`, TooLarge."""
    check_container(stream)
    with _broken_at_file():
        workbook = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        if not workbook.worksheets:
            raise Invalid.field("file", BROKEN)
        return {sheet.title: sheet for sheet in workbook.worksheets}


def rows_of(sheet: Any, columns: int, most: int) -> Iterator[list[Cell]]:
    """Yield the rows of a sheet that are not empty, the head first; raises Invalid at `file`, TooLarge."""
    size = 0
    for count, row in enumerate(_filled_rows(sheet, columns)):
        # A text that many cells share is packed once only.
        size += sum(len(cell.text) for cell in row)
        if count > most:
            raise TooLarge(N_("一次最多导入 %(most)d 行，请分成几个文件。"), most=most)
        if size > MAX_UNPACKED_BYTES:
            raise TooLarge(UNPACKED_TOO_LARGE)
        yield row


def _filled_rows(sheet: Any, columns: int) -> Iterator[list[Cell]]:
    letters = [get_column_letter(column) for column in range(1, columns + 1)]
    with _broken_at_file():
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(max_col=columns), start=1):
            if number > LAST_ROW:
                raise Invalid.field("file", BROKEN)
            if all(cell.value is None for cell in cells):
                continue
            row = [_cell(cell, f"{letter}{number}") for cell, letter in zip(cells, letters, strict=False)]
            if any(cell.value for cell in row):
                yield row + [Cell(f"{letter}{number}", "") for letter in letters[len(row) :]]


@contextmanager
def _broken_at_file() -> Iterator[None]:
    try:
        yield
    except _BROKEN_BY as error:
        raise Invalid.field("file", BROKEN) from error


def check_container(stream: BinaryIO) -> None:
    """Refuse by the sizes that the container declares; more than declared is never unpacked.

    Raises Invalid at `file`, TooLarge.
    """
    stream.seek(0, 2)
    if stream.tell() > MAX_BYTES:
        raise TooLarge(N_("文件超过 %(most)d MB，请分成几个文件。"), most=MAX_BYTES // 1024**2)
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as container:
            parts = container.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise TooLarge(UNPACKED_TOO_LARGE)
            for part in parts:
                with container.open(part) as content:
                    if b"<!DOCTYPE" in content.read(PROLOGUE_BYTES):
                        raise Invalid.field("file", BROKEN)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise Invalid.field("file", BROKEN) from error
    stream.seek(0)


def _cell(cell: Any, address: str) -> Cell:
    value = cell.value
    if value is None:
        return Cell(address, "")
    if isinstance(value, datetime):
        return Cell(address, value.date())
    if isinstance(value, date):
        return Cell(address, value)
    kind = getattr(cell, "data_type", None)
    return Cell(address, _text(value), kind == FORMULA, kind == ERROR)


def _text(value: Any) -> str:
    # A mobile number typed as a number comes as 13800138000.0.
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # A database keeps no NUL.
    return str(value).replace("\x00", "").strip()


@contextmanager
def sheet_into(stream: IO[bytes], title: str, columns: Iterable[tuple[str, int]], freeze: str) -> Iterator[Any]:
    """Give a sheet with its bold heads and widths, to be filled row by row; write it once it is filled."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = freeze
    heads = []
    for number, (head, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
        cell = WriteOnlyCell(sheet, head)
        cell.font = Font(bold=True)
        heads.append(cell)
    sheet.append(heads)
    try:
        yield sheet
    except BaseException:
        # Only saving closes the sheet and removes the file that its rows were kept in.
        book.save(BytesIO())
        raise
    book.save(stream)


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def parse_day(text: str) -> date | None:
    """Return the day that people wrote, as in 2026-9-1, 2026年9月1日 or 20260901; None where it is no day."""
    match = _SEPARATED.fullmatch(text) or _EIGHT_DIGITS.fullmatch(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
