"""people.xlsx: the template, and what each of its rows says, with every fault at its cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.domain import clock
from app.domain.errors import Invalid
from app.domain.policy import grantable_roles
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import ROLE_TITLES, OrganizationKind, Role
from app.services.accounts.people import PersonDraft, draft_errors
from app.services.accounts.sign_in import normalized
from app.services.accounts.terms import Term
from app.services.workbooks import MAX_ROWS, Cell, parse_day, read_rows

HEADS = ("姓名", "用户名（手机号）", "工号", "职务", "任职起", "任职止")
SHEET, TITLES_SHEET = "人员", "职务名称"
EXAMPLE = ("张晓明", "13800000000", "2019021", "班主任", "2026-09-01", "")
WIDTHS = (12, 20, 12, 22, 14, 14)
FIELDS = {"name": 0, "username": 1, "staff_number": 2}
ROLE, FROM, UNTIL = 3, 4, 5

Errors = dict[str, list[Sentence]]


@dataclass(frozen=True)
class Row:
    """A person with one position, and where it stands in the sheet."""

    draft: PersonDraft
    role: Role
    term: Term
    cells: tuple[str, ...]

    @property
    def username(self) -> str:
        """Return the username as it is stored."""
        return normalized(self.draft.username)


def titles_of(kind: OrganizationKind) -> list[str]:
    """Return the titles that people of such an organisation may have, in the order of the vocabulary."""
    allowed = grantable_roles(kind)
    return [title for role, title in ROLE_TITLES.items() if role in allowed]


def template(kind: OrganizationKind) -> bytes:
    """Return the workbook to fill in: an example row, and the allowed titles on a second sheet."""
    workbook = Workbook()
    sheet, titles = workbook.active, workbook.create_sheet(TITLES_SHEET)
    if not isinstance(sheet, Worksheet):
        raise TypeError(SHEET)
    allowed = titles_of(kind)
    for title in allowed:
        titles.append([title])
    titles.column_dimensions["A"].width = WIDTHS[ROLE]
    sheet.title = SHEET
    sheet.append(HEADS)
    sheet.append((*EXAMPLE[:ROLE], EXAMPLE[ROLE] if EXAMPLE[ROLE] in allowed else allowed[0], *EXAMPLE[FROM:]))
    _shape(sheet, len(allowed))
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _shape(sheet: Worksheet, titles: int) -> None:
    for number, width in enumerate(WIDTHS, start=1):
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    choice = DataValidation(type="list", formula1=f"{TITLES_SHEET}!$A$1:$A${titles}", allow_blank=True)
    choice.add(f"D2:D{MAX_ROWS + 1}")
    sheet.add_data_validation(choice)
    for cells in sheet[f"B2:F{MAX_ROWS // 10}"]:
        for cell in cells:
            cell.number_format = "@"  # text: a number would lose leading zeros


def read_people(stream: BinaryIO, kind: OrganizationKind) -> list[Row]:
    """Read people.xlsx; raises Invalid with the cells that are wrong, TooLarge."""
    lines = read_rows(stream, len(HEADS))
    _check_heads(next(lines, []))
    roles = {ROLE_TITLES[role]: role for role in grantable_roles(kind)}
    rows: list[Row] = []
    errors: Errors = {}
    for cells in lines:
        if _is_example(cells):
            continue
        row, found = _row(cells, roles)
        errors |= found
        if row is not None:
            rows.append(row)
    errors |= _contradictions(rows)
    if errors:
        raise Invalid(errors, N_("没有导入：请按单元格改好，再上传一次。"))
    if not rows:
        raise Invalid.field("file", N_("表里没有人员。请从第 2 行起填写。"))
    return rows


def _check_heads(cells: Sequence[Cell]) -> None:
    found = tuple(re.sub(r"\s", "", cell.text).replace("(", "（").replace(")", "）") for cell in cells)
    if found != HEADS:
        raise Invalid.field("file", N_("第一行要是：%(heads)s。请用下载的模板填写。"), heads="、".join(HEADS))


def _is_example(cells: Sequence[Cell]) -> bool:
    return (cells[0].text, cells[1].text) == EXAMPLE[:2]


def _row(cells: Sequence[Cell], roles: dict[str, Role]) -> tuple[Row | None, Errors]:
    errors: Errors = {
        cell.address: [sentence(N_("这一格是公式，请改成填好的值。"))] for cell in cells if cell.is_formula
    }
    draft = PersonDraft(cells[0].text, cells[1].text, cells[2].text)
    errors |= {cells[FIELDS[field]].address: found for field, found in draft_errors(draft).items()}
    role = roles.get(cells[ROLE].text)
    if role is None:
        errors[cells[ROLE].address] = [_role_error(cells[ROLE].text)]
    from_on, until_on = _day(cells[FROM], errors), _day(cells[UNTIL], errors)
    if from_on and until_on and until_on < from_on:
        errors[cells[UNTIL].address] = [sentence(N_("任职止不能早于任职起。"))]
    if errors or role is None:
        return None, errors
    return Row(draft, role, Term(from_on or clock.today(), until_on), tuple(cell.address for cell in cells)), {}


def _role_error(text: str) -> Sentence:
    if not text:
        return sentence(N_("请填职务，写法见“%(sheet)s”表。"), sheet=TITLES_SHEET)
    return sentence(N_("没有“%(title)s”这个职务，写法见“%(sheet)s”表。"), title=text[:30], sheet=TITLES_SHEET)


def _day(cell: Cell, errors: Errors) -> date | None:
    if not isinstance(cell.value, str):
        return cell.value
    if not cell.value or cell.is_formula:
        return None
    day = parse_day(cell.value)
    if day is None:
        errors[cell.address] = [sentence(N_("日期请写成 2026-09-01 这样。"))]
    return day


def _contradictions(rows: Sequence[Row]) -> Errors:
    """Find rows of one username that name two people, or say the same position twice."""
    errors: Errors = {}
    first: dict[str, Row] = {}
    seen: dict[tuple[str, Role], str] = {}
    for row in rows:
        known = first.setdefault(row.username, row)
        if known.draft.name.strip() != row.draft.name.strip():
            words = N_("这个用户名在 %(cell)s 是“%(name)s”，请核对。")
            errors[row.cells[1]] = [sentence(words, cell=known.cells[1], name=known.draft.name)]
        earlier = seen.setdefault((row.username, row.role), row.cells[ROLE])
        if earlier != row.cells[ROLE]:
            errors[row.cells[ROLE]] = [sentence(N_("和 %(cell)s 重复：同一人同一职务。"), cell=earlier)]
    return errors
