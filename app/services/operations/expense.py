"""An expense as its form was filled in."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DRAFT = "submit_draft"
# Letters of other scripts look like Latin ones.
_PRINTED = re.compile(r"[0-9A-Z\u4e00-\u9fff]+")


@dataclass(frozen=True)
class Item:
    """A thing bought; the amount is the row's total in fen."""

    name: str
    quantity: int
    amount: int


@dataclass(frozen=True)
class Invoice:
    """An invoice with its number in the one form that is compared, the amount in fen."""

    number: str
    amount: int
    attachment: str | None

    @property
    def is_printable(self) -> bool:
        """Tell whether an invoice can bear the number: digits, Latin letters, Chinese."""
        return _PRINTED.fullmatch(self.number) is not None


@dataclass(frozen=True)
class Expense:
    """The start form of `expense_approval`."""

    studio: int | None
    budget_line: int | None
    category: str | None
    purpose: str
    payee: str
    items: tuple[Item, ...]
    invoices: tuple[Invoice, ...]
    fixed_assets: bool
    asset_place: str
    declared: bool

    @property
    def total(self) -> int:
        """Return the items' sum in fen."""
        return sum(item.amount for item in self.items)

    @property
    def invoiced(self) -> int:
        """Return the invoices' sum in fen."""
        return sum(invoice.amount for invoice in self.invoices)


def expense_in(values: Mapping[str, Any]) -> Expense:
    """Read the expense from a case's values; what is missing is empty."""
    draft = values.get(DRAFT) or {}
    return Expense(
        studio=draft.get("studio"),
        budget_line=draft.get("budget_line"),
        category=draft.get("category"),
        purpose=draft.get("purpose") or "",
        payee=draft.get("payee") or "",
        items=tuple(_item(row) for row in draft.get("items") or ()),
        invoices=tuple(_invoice(row) for row in draft.get("invoices") or ()),
        fixed_assets=bool(draft.get("fixed_assets")),
        asset_place=draft.get("asset_place") or "",
        declared=bool(draft.get("declared")),
    )


def invoice_number(text: str) -> str:
    """Bring an invoice number into its one form: half-width, upper case, letters and digits only.

    What a printed number cannot tell apart, hyphens, spaces, invisible marks, must not make a second number.
    """
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())


def _item(row: Mapping[str, Any]) -> Item:
    return Item(row.get("name") or "", row.get("quantity") or 1, row.get("amount") or 0)


def _invoice(row: Mapping[str, Any]) -> Invoice:
    return Invoice(invoice_number(row.get("number") or ""), row.get("amount") or 0, row.get("attachment"))
