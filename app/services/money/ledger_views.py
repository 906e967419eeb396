"""What is asked of the ledger, and what a person gets to read of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.db.money import LedgerEntry
from app.domain.vocabulary import Category, FundingSource, LedgerKind
from app.services.pages import Page


@dataclass(frozen=True)
class Filters:
    """What a person asks of the ledger; `organization_id` includes all below it."""

    year: int | None = None
    studio_id: int | None = None
    organization_id: int | None = None
    category: Category | None = None
    source: FundingSource | None = None
    kind: LedgerKind | None = None
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True)
class Choices:
    """What a person may narrow the ledger to; studios as id and name."""

    years: Sequence[int]
    studios: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Total:
    """The sum in fen of the entries that share a key, and how many they are."""

    key: str
    title: str
    amount: int
    count: int


@dataclass(frozen=True)
class Line:
    """An entry with its case's serial and its parts by source, in fen."""

    entry: LedgerEntry
    serial: str
    sources: Mapping[str, int]


@dataclass(frozen=True)
class Ledger:
    """Totals of the whole selection and one page of its entries; `across` by category and source, fen and count."""

    amount: int
    count: int
    by_category: Sequence[Total]
    by_source: Sequence[Total]
    across: Mapping[tuple[str, str], tuple[int, int]]
    by_studio: Sequence[Total]
    page: Page[Line]
