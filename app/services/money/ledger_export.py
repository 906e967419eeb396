"""The ledger as a spreadsheet."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from openpyxl.cell import WriteOnlyCell

from app.domain import clock
from app.domain.text import N_
from app.domain.vocabulary import (
    CATEGORY_TITLES,
    FUNDING_SOURCE_TITLES,
    LEDGER_KIND_TITLES,
    PAYMENT_METHOD_TITLES,
    Category,
    FundingSource,
    LedgerKind,
    PaymentMethod,
)
from app.services.money.ledger_views import Line
from app.services.workbooks import harmless, sheet_into

MONEY_FORMAT = "#,##0.00"
FEN_PER_YUAN = 100
COLUMNS = (
    (N_("编号"), 22),
    (N_("种类"), 8),
    (N_("单位"), 28),
    (N_("工作室"), 24),
    (N_("年度"), 8),
    (N_("类别"), 18),
    (N_("摘要"), 44),
    (N_("金额（元）"), 14),
    *((title, 14) for title in FUNDING_SOURCE_TITLES.values()),
    (N_("凭证号"), 14),
    (N_("付款日期"), 12),
    (N_("付款方式"), 10),
    (N_("入账人"), 10),
    (N_("入账时间"), 18),
)


def workbook_of(lines: Iterable[Line]) -> bytes:
    """Return ledger lines as an xlsx file, amounts in yuan."""
    written = BytesIO()
    with sheet_into(written, N_("台账"), COLUMNS, freeze="B2") as sheet:
        for line in lines:
            sheet.append([_cell(sheet, value) for value in _row(line)])
    return written.getvalue()


def _row(line: Line) -> list[str | int | float]:
    entry = line.entry
    return [
        line.serial,
        LEDGER_KIND_TITLES[LedgerKind(entry.kind)],
        entry.organization.name,
        entry.studio.name,
        entry.year,
        CATEGORY_TITLES[Category(entry.category)],
        entry.summary,
        entry.amount / FEN_PER_YUAN,
        *(line.sources.get(source, 0) / FEN_PER_YUAN for source in FundingSource),
        entry.voucher_number,
        entry.paid_on.isoformat(),
        PAYMENT_METHOD_TITLES[PaymentMethod(entry.payment_method)],
        entry.booked_by.name,
        f"{clock.shanghai(entry.booked_at):%Y-%m-%d %H:%M}",
    ]


def _cell(sheet: Any, value: str | float) -> Any:
    cell = WriteOnlyCell(sheet, harmless(value) if isinstance(value, str) else value)
    if isinstance(value, float):
        cell.number_format = MONEY_FORMAT
    return cell
