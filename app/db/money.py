"""Studios, their budgets, reservations, the ledger, invoice numbers and assets."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, Code, CreatedAt, Fen, InstanceKey, Key, Name, OrganizationKey, PersonKey, StudioKey
from app.db.people import Organization, Person
from app.domain.vocabulary import Category, FundingSource, LedgerKind, PaymentMethod, Programme, StudioLevel


class Studio(Base):
    """A homeroom teachers' studio of a school, with its term; its people are positions with its id."""

    __tablename__ = "studio"
    __table_args__ = (
        UniqueConstraint("organization_id", "name"),
        CheckConstraint("until_on >= from_on", name="term"),
    )
    id: Mapped[Key]
    organization_id: Mapped[OrganizationKey] = mapped_column(index=True)
    name: Mapped[Name]
    level: Mapped[StudioLevel] = mapped_column(String(16))
    programme: Mapped[Programme] = mapped_column(String(24))
    from_on: Mapped[date]
    until_on: Mapped[date]
    ended_on: Mapped[date | None]
    created_at: Mapped[CreatedAt]
    organization: Mapped[Organization] = relationship()


class Budget(Base):
    """A studio's confirmed budget of a year."""

    __tablename__ = "budget"
    __table_args__ = (UniqueConstraint("studio_id", "year"),)
    id: Mapped[Key]
    studio_id: Mapped[StudioKey]
    year: Mapped[int]
    instance_id: Mapped[InstanceKey]
    confirmed_at: Mapped[CreatedAt]
    studio: Mapped[Studio] = relationship()
    grants: Mapped[list["Grant"]] = relationship(back_populates="budget", order_by="Grant.id")
    lines: Mapped[list["BudgetLine"]] = relationship(back_populates="budget", order_by="BudgetLine.id")


class Grant(Base):
    """Money granted to a budget by one source, in fen."""

    __tablename__ = "grant"
    __table_args__ = (UniqueConstraint("budget_id", "source"), CheckConstraint("amount >= 0", name="amount"))
    id: Mapped[Key]
    budget_id: Mapped[int] = mapped_column(ForeignKey("budget.id"))
    source: Mapped[FundingSource] = mapped_column(String(24))
    amount: Mapped[Fen]
    budget: Mapped[Budget] = relationship(back_populates="grants")


class BudgetLine(Base):
    """A category's part of a budget; `reserved` and `booked` are kept under the row's lock, in fen."""

    __tablename__ = "budget_line"
    __table_args__ = (
        UniqueConstraint("budget_id", "category"),
        CheckConstraint("reserved >= 0 AND booked >= 0", name="counters"),
        CheckConstraint("reserved + booked <= amount", name="not_overspent"),
    )
    id: Mapped[Key]
    budget_id: Mapped[int] = mapped_column(ForeignKey("budget.id"))
    category: Mapped[Category] = mapped_column(String(24))
    amount: Mapped[Fen]
    reserved: Mapped[int] = mapped_column(BigInteger, default=0)
    booked: Mapped[int] = mapped_column(BigInteger, default=0)
    budget: Mapped[Budget] = relationship(back_populates="lines")

    @property
    def available(self) -> int:
        """Return what may still be spent, in fen."""
        return self.amount - self.reserved - self.booked


class Reservation(Base):
    """Money of a line held for one open case, in fen."""

    __tablename__ = "reservation"
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("budget_line.id"), index=True)
    amount: Mapped[Fen]
    created_at: Mapped[CreatedAt]


class InvoiceUse(Base):
    """An invoice number held or booked by one case; live numbers are unique on the platform."""

    __tablename__ = "invoice_use"
    __table_args__ = (
        Index(
            "uq_invoice_use_live_number",
            "number",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
    )
    id: Mapped[Key]
    number: Mapped[Code]
    amount: Mapped[Fen]
    instance_id: Mapped[InstanceKey] = mapped_column(index=True)
    created_at: Mapped[CreatedAt]
    released_at: Mapped[datetime | None]


class LedgerEntry(Base):
    """A booked movement of money, never changed; reversals and refunds are negative entries of their own."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index("ix_ledger_entry_scope", "organization_id", "year"),
        Index("ix_ledger_entry_line", "line_id"),
        UniqueConstraint("instance_id"),
    )
    id: Mapped[Key]
    kind: Mapped[LedgerKind] = mapped_column(String(16))
    organization_id: Mapped[OrganizationKey]
    studio_id: Mapped[StudioKey]
    line_id: Mapped[int] = mapped_column(ForeignKey("budget_line.id"))
    year: Mapped[int]
    category: Mapped[Category] = mapped_column(String(24))
    instance_id: Mapped[InstanceKey]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    amount: Mapped[Fen]
    summary: Mapped[Name]
    voucher_number: Mapped[Code]
    paid_on: Mapped[date]
    payment_method: Mapped[PaymentMethod] = mapped_column(String(24))
    booked_by_id: Mapped[PersonKey]
    booked_at: Mapped[CreatedAt]
    studio: Mapped[Studio] = relationship()
    organization: Mapped[Organization] = relationship()
    booked_by: Mapped[Person] = relationship()


class LedgerAllocation(Base):
    """The part of a ledger entry that one source paid, in fen."""

    __tablename__ = "ledger_allocation"
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), primary_key=True)
    source: Mapped[FundingSource] = mapped_column(String(24), primary_key=True)
    amount: Mapped[Fen]


class Asset(Base):
    """A fixed asset bought by a booked expense."""

    __tablename__ = "asset"
    id: Mapped[Key]
    organization_id: Mapped[OrganizationKey] = mapped_column(index=True)
    studio_id: Mapped[StudioKey]
    instance_id: Mapped[InstanceKey]
    name: Mapped[Name]
    quantity: Mapped[int]
    amount: Mapped[Fen]
    place: Mapped[Name]
    acquired_on: Mapped[date]
