"""Ceilings on an expense, and the words and payees that its signers should look at."""

from collections.abc import Iterable, Iterator
from typing import Any

from app.domain.money import yuan
from app.domain.text import N_, sentence
from app.domain.vocabulary import CATEGORY_TITLES, Category
from app.services.operations import parameters
from app.services.operations.expense import Expense
from app.services.operations.findings import Findings

WORD_RULES = (parameters.SUSPICIOUS_WORDS, parameters.PERSONAL_WORDS, parameters.SCHOOL_WORDS)


def check_category(expense: Expense, findings: Findings) -> None:
    """Demand a category that the rules allow, and a sum within its ceiling for one expense."""
    allowed = findings.rule(parameters.CATEGORIES, default=list(Category))
    if expense.category not in allowed or expense.category not in set(Category):
        findings.fault("category", N_("经费不能用于这个类别，请选允许的类别。"), parameters.CATEGORIES)
        return
    title = CATEGORY_TITLES[Category(expense.category)]
    ceiling = findings.rule(parameters.CEILINGS, default={}).get(expense.category)
    if ceiling is not None and expense.total > ceiling:
        message = N_("“%(title)s”每笔最多 %(ceiling)s 元，本单 %(total)s 元。")
        findings.fault(
            "items", message, parameters.CEILINGS, title=title, ceiling=yuan(ceiling), total=yuan(expense.total)
        )
    elif ceiling is not None:
        message = N_("没有超过“%(title)s”每笔 %(ceiling)s 元的上限")
        findings.passed(message, parameters.CEILINGS, title=title, ceiling=yuan(ceiling))


def check_lectures(expense: Expense, findings: Findings) -> None:
    """Demand that no lecture costs more than the ceiling of one."""
    ceiling = findings.rule(parameters.LECTURE_CEILING)
    if ceiling is None or expense.category != Category.EXPERTS:
        return
    message = N_("外聘专家讲课每次最多 %(ceiling)s 元，这一行平均每次 %(each)s 元。")
    is_over = False
    for place, item in enumerate(expense.items):
        if item.amount > ceiling * item.quantity:
            is_over = True
            each = -(-item.amount // item.quantity)
            findings.fault(
                f"items.{place}.amount", message, parameters.LECTURE_CEILING, ceiling=yuan(ceiling), each=yuan(each)
            )
    if not is_over:
        findings.passed(
            N_("讲课费没有超过每次 %(ceiling)s 元的上限"), parameters.LECTURE_CEILING, ceiling=yuan(ceiling)
        )


def flags(expense: Expense, findings: Findings) -> list[dict[str, Any]]:
    """Return the words and payees that the signers should look at; they block nothing."""
    found = []
    for parameter in WORD_RULES:
        words = findings.rule(parameter, default=())
        found += [_flag(word, field, title, parameter) for word, field, title in _in_texts(expense, words)]
    for word in _longest(expense.payee, findings.rule(parameters.SUSPICIOUS_PAYEES, default=())):
        found.append(_flag(word, "payee", N_("收款人"), parameters.SUSPICIOUS_PAYEES))
    return found


def _in_texts(expense: Expense, words: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    listed = tuple(words)
    for word in _longest(expense.purpose, listed):
        yield word, "purpose", N_("用途")
    for place, item in enumerate(expense.items):
        for word in _longest(item.name, listed):
            yield word, f"items.{place}.name", N_("明细")


def _longest(text: str, words: Iterable[str]) -> list[str]:
    """Return the words in the text, without those that only stand inside a longer one of them."""
    present = [word for word in words if word and word in text]
    return [word for word in present if not any(word != other and word in other for other in present)]


def _flag(word: str, field: str, title: str, parameter: str) -> dict[str, Any]:
    text = sentence(N_("%(title)s里出现“%(word)s”"), title=title, word=word).chinese()
    return {"word": word, "field": field, "parameter": parameter, "text": text}
