"""What a voucher says of its expense or reversal: the form's values in words."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.money import LedgerEntry
from app.db.processes import ProcessInstance
from app.db.work import Attachment
from app.domain.errors import NotFound
from app.domain.money import yuan
from app.domain.text import N_, sentence
from app.domain.vocabulary import CATEGORY_TITLES, Category, LedgerKind
from app.services.operations.expense import Expense, expense_in

NUMBER_GROUP = 4
DECLARATION = N_("不属于“三公”经费，不属于个人消费，不列支学校公用经费。")


def content(session: Session, case: ProcessInstance, entry: LedgerEntry) -> dict[str, Any]:
    """Return facts, items and invoices of the case that an entry books."""
    if entry.kind != LedgerKind.BOOKING:
        return {"facts": _reversal_facts(session, entry), "items": [], "invoices": [], "invoiced": ""}
    expense = expense_in(case.values)
    return {
        "facts": _expense_facts(entry, expense),
        "items": [
            {"name": item.name, "quantity": str(item.quantity), "amount": yuan(item.amount)} for item in expense.items
        ],
        "invoices": _invoices(session, expense),
        "invoiced": yuan(expense.invoiced),
    }


def _expense_facts(entry: LedgerEntry, expense: Expense) -> list[dict[str, Any]]:
    return [
        *_studio_facts(entry),
        _fact(N_("收款人"), expense.payee),
        _fact(N_("固定资产"), _assets(expense)),
        _fact(N_("用途"), expense.purpose, is_wide=True),
        _fact(N_("声明"), DECLARATION, is_wide=True),
    ]


def _reversal_facts(session: Session, entry: LedgerEntry) -> list[dict[str, Any]]:
    booked = session.get(LedgerEntry, entry.reverses_id)
    if booked is None:
        raise NotFound
    original = sentence(
        N_("凭证号 %(voucher)s，入账 %(amount)s 元：%(summary)s"),
        voucher=booked.voucher_number,
        amount=yuan(booked.amount),
        summary=booked.summary,
    )
    return [
        *_studio_facts(entry),
        _fact(N_("原来一笔"), original.chinese(), is_wide=True),
        _fact(N_("原因"), entry.summary, is_wide=True),
    ]


def _studio_facts(entry: LedgerEntry) -> list[dict[str, Any]]:
    category = CATEGORY_TITLES[Category(entry.category)]
    line = sentence(N_("%(title)s · %(year)d 年"), title=category, year=entry.year)
    return [_fact(N_("工作室"), entry.studio.name), _fact(N_("预算类别"), line.chinese())]


def _assets(expense: Expense) -> str:
    if not expense.fixed_assets:
        return N_("没有")
    return sentence(N_("有，存放在%(place)s"), place=expense.asset_place).chinese()


def _invoices(session: Session, expense: Expense) -> list[dict[str, str]]:
    ids = [invoice.attachment for invoice in expense.invoices if invoice.attachment]
    files = session.scalars(select(Attachment).where(Attachment.id.in_(ids)))
    names = {file.id: file.name for file in files}
    return [
        {
            "number": _grouped(invoice.number),
            "file": names.get(invoice.attachment or "", ""),
            "amount": yuan(invoice.amount),
        }
        for invoice in expense.invoices
    ]


def _grouped(number: str) -> str:
    """Write a long number in groups, as in 2644 0826 0001 0384 7562."""
    return " ".join(number[start : start + NUMBER_GROUP] for start in range(0, len(number), NUMBER_GROUP))


def _fact(label: str, value: str, *, is_wide: bool = False) -> dict[str, Any]:
    return {"label": label, "value": value, "wide": is_wide}
