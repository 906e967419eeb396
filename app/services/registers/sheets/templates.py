"""The workbooks to fill in: heads, an example row, choices to pick from, and a sheet that explains each column."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.domain.sheets import SHEETS, CellKind, Column, Sheet, SheetKind
from app.domain.text import N_

# Rows that are prepared: as text, so that a number keeps its leading zeros and a date stays as it was typed.
PREPARED = 500
HELP = N_("填写说明")
HELP_HEADS = (N_("表"), N_("列"), N_("必填"), N_("怎么填"), N_("例子"))
HELP_WIDTHS = (14, 18, 8, 56, 28)
REQUIRED = N_("必填")
# As the sheet's head in the look: required columns are darker.
FILLS = {True: PatternFill("solid", fgColor="D5E4EA"), False: PatternFill("solid", fgColor="EEF3F5")}
BY_KIND = {CellKind.DAY: N_("写成 2024-09-01 这样。"), CellKind.MONEY: N_("写成 1120.00 这样，单位元。")}


def template(kind: SheetKind) -> bytes:
    """Return the workbook to fill in."""
    return _workbook(SHEETS[kind])


def _workbook(sheets: tuple[Sheet, ...]) -> bytes:
    workbook = Workbook()
    assert workbook.active is not None  # noqa: S101 - a new workbook has a sheet
    workbook.remove(workbook.active)
    for sheet in sheets:
        _add(workbook.create_sheet(sheet.title), sheet)
    _explain(workbook.create_sheet(HELP), sheets)
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def own_template(title: str, columns: tuple[Column, ...]) -> bytes:
    """Return an empty workbook in a bureau's own columns."""
    return _workbook((Sheet(title, columns),))


def _add(made: Worksheet, sheet: Sheet) -> None:
    made.append([column.head for column in sheet.columns])
    made.append(sheet.example)
    made.freeze_panes = "A2"
    for number, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(number)
        head = made.cell(1, number)
        head.font, head.fill = Font(bold=True), FILLS[column.is_required]
        made.cell(2, number).font = Font(color="74868F")
        made.column_dimensions[letter].width = column.width
        if column.choices:
            _offer(made, letter, column)
        for row in range(2, PREPARED + 2):
            made.cell(row, number).number_format = "@"


def _offer(made: Worksheet, letter: str, column: Column) -> None:
    choice = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
    choice.add(f"{letter}2:{letter}{PREPARED + 1}")
    made.add_data_validation(choice)


def _explain(made: Worksheet, sheets: tuple[Sheet, ...]) -> None:
    made.append(HELP_HEADS)
    for number, width in enumerate(HELP_WIDTHS, start=1):
        made.cell(1, number).font = Font(bold=True)
        made.column_dimensions[get_column_letter(number)].width = width
    for sheet in sheets:
        for column in sheet.columns:
            made.append(
                [sheet.title, column.head, REQUIRED if column.is_required else "", told(column), column.example]
            )
    for row in made.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = "@"


def told(column: Column) -> str:
    """Return how a column is filled in."""
    choices = N_("只能填：%(choices)s。") % {"choices": "、".join(column.choices)} if column.choices else ""
    return choices + (column.hint or BY_KIND.get(column.kind, ""))
