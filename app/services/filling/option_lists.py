"""The closed lists that forms name by `valuesKey`: what a person may choose, and how a choice reads."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.money import BudgetLine, LedgerEntry, Studio
from app.db.queries import money_lists
from app.db.queries.money_lists import BookingRow, LineRow
from app.domain import clock, semesters
from app.domain.identity import Actor
from app.domain.money import yuan
from app.domain.text import N_, sentence
from app.domain.vocabulary import (
    CATEGORY_TITLES,
    FUNDING_SOURCE_TITLES,
    LEDGER_KIND_TITLES,
    PAYMENT_METHOD_TITLES,
    Category,
    FundingSource,
    LedgerKind,
    PaymentMethod,
    Programme,
    Role,
)
from app.engine.forms import Option
from app.services.dossiers import options
from app.services.filling import application_lists, filing_lists, post_lists, rank_lists, round_lists
from app.services.filling.post_lists import is_running
from app.services.operations import parameters
from app.services.rulebook.rules import effective_rules
from app.services.texts import short

SPENDERS = frozenset({Role.STUDIO_HOST, Role.STUDIO_MEMBER})
TAKEN_BACK = (LedgerKind.REVERSAL, LedgerKind.REFUND)


@dataclass(frozen=True)
class _Asked:
    session: Session
    actor: Actor
    organization_id: int
    # None before the case begins.
    instance_id: int | None


def options_for(
    session: Session, actor: Actor, organization_id: int, keys: Iterable[str], instance_id: int | None = None
) -> Mapping[str, Sequence[Option]]:
    """Return what the person may choose from in an organisation, or in a case of it, for each list named."""
    asked = _Asked(session, actor, organization_id, instance_id)
    return {key: LISTS[key](asked) for key in keys}


def label_of(session: Session, key: str, value: object) -> str:
    """Return how a chosen value reads to whoever sees its case; an unknown value reads as itself."""
    reader = LABELS.get(key)
    found = reader(session, value) if reader else None
    return str(value) if found is None else found


def _own_studios(asked: _Asked) -> list[Option]:
    studios = asked.session.scalars(
        select(Studio)
        .where(
            Studio.id.in_(_studio_ids(asked)),
            Studio.organization_id == asked.organization_id,
            is_running(),
        )
        .order_by(Studio.id)
    )
    return [Option(studio.id, studio.name) for studio in studios]


def _studio_ids(asked: _Asked) -> set[int]:
    held = asked.actor.positions_in(asked.organization_id)
    return {holding.studio_id for holding in held if holding.role in SPENDERS and holding.studio_id is not None}


def _budget_lines(asked: _Asked) -> list[Option]:
    this = clock.today().year
    years = (this, this - 1) if any(_rule_values(asked, parameters.CARRY_OVER)) else (this,)
    rows = money_lists.lines_to_spend(asked.session, _studio_ids(asked), years)
    has_several = len({row.studio_name for row in rows}) > 1
    return [Option(row.id, _line_label(row, has_several=has_several)) for row in rows]


def _line_label(row: LineRow, *, has_several: bool = False) -> str:
    text = sentence(
        N_("%(title)s · %(year)d 年 · 还可用 %(left)s 元"),
        title=CATEGORY_TITLES[Category(row.category)],
        year=row.year,
        left=yuan(row.available),
    ).chinese()
    return f"{row.studio_name} · {text}" if has_several else text


def _categories(asked: _Asked) -> list[Option]:
    """Offer what the packs of the school's studios allow; the check knows the studio's own pack."""
    allowed = {category for value in _rule_values(asked, parameters.CATEGORIES) for category in value}
    return [Option(category, title) for category, title in CATEGORIES.items() if not allowed or category in allowed]


def _rule_values(asked: _Asked, parameter: str) -> list[Any]:
    """Return the values of a rule in the programmes of studios that the organisation adopted."""
    programmes = (Programme.CITY_STUDIO, Programme.SCHOOL_STUDIO)
    found = [effective_rules(asked.session, asked.organization_id, each).get(parameter) for each in programmes]
    return [rule.value for rule in found if rule is not None]


def _years(_asked: _Asked) -> list[Option]:
    this = clock.today().year
    return [Option(year, sentence(N_("%(year)d 年"), year=year).chinese()) for year in (this, this + 1)]


def _semesters(_asked: _Asked) -> list[Option]:
    return [Option(semester, semesters.titled(semester)) for semester in semesters.around(clock.today())]


def _bookings(asked: _Asked) -> list[Option]:
    if not asked.actor.holds(Role.FINANCE_OFFICER, asked.organization_id):
        return []
    rows = money_lists.bookings_to_take_back(asked.session, asked.organization_id)
    return [Option(row.id, _booking_label(row), _rest(row)) for row in rows]


def _booking_label(row: BookingRow) -> str:
    return f"{row.voucher_number} · {short(row.summary)} · {yuan(row.amount)} 元"


def _rest(row: BookingRow) -> str:
    return sentence(N_("还可冲销或退款 %(left)s 元"), left=yuan(row.left)).chinese()


def _of(titles: Mapping[str, str]) -> Callable[[_Asked], list[Option]]:
    return lambda _asked: [Option(value, title) for value, title in titles.items()]


def _title(titles: Mapping[str, str]) -> Callable[[Session, object], str | None]:
    return lambda _session, value: titles.get(str(value))


def _studio_name(session: Session, value: object) -> str | None:
    found = session.get(Studio, value) if isinstance(value, int) else None
    return found.name if found else None


def _line_name(session: Session, value: object) -> str | None:
    found = session.get(BudgetLine, value) if isinstance(value, int) else None
    if found is None:
        return None
    title = CATEGORY_TITLES[Category(found.category)]
    return sentence(N_("%(title)s · %(year)d 年"), title=title, year=found.budget.year).chinese()


def _booking_name(session: Session, value: object) -> str | None:
    found = session.get(LedgerEntry, value) if isinstance(value, int) else None
    return f"{found.voucher_number} · {short(found.summary)}" if found else None


def _semester_title(_session: Session, value: object) -> str:
    return semesters.titled(str(value))


def _year_name(_session: Session, value: object) -> str:
    return sentence(N_("%(year)s 年"), year=value).chinese()


KINDS: Mapping[str, str] = {kind: LEDGER_KIND_TITLES[kind] for kind in TAKEN_BACK}
SOURCES: Mapping[str, str] = {source: FUNDING_SOURCE_TITLES[source] for source in FundingSource}
METHODS: Mapping[str, str] = {method: PAYMENT_METHOD_TITLES[method] for method in PaymentMethod}
CATEGORIES: Mapping[str, str] = {category: CATEGORY_TITLES[category] for category in Category}

LISTS: Mapping[str, Callable[[_Asked], list[Option]]] = {
    "own_studios": _own_studios,
    "budget_lines": _budget_lines,
    "budget_years": _years,
    "expense_categories": _categories,
    "grant_sources": _of(SOURCES),
    "payment_methods": _of(METHODS),
    "booked_expenses": _bookings,
    "entry_kinds": _of(KINDS),
    "semesters": _semesters,
    "own_entries": lambda asked: options.own_entries(asked.session, asked.actor),
    "school_people": lambda asked: options.school_people(asked.session, asked.actor, asked.organization_id),
    "school_sanctions": lambda asked: options.school_sanctions(asked.session, asked.actor, asked.organization_id),
    "studios_to_change": lambda asked: post_lists.studios_to_change(asked.session, asked.actor, asked.organization_id),
    "studio_members": lambda asked: post_lists.studio_members(asked.session, asked.actor, asked.organization_id),
    "open_rounds": lambda asked: application_lists.open_rounds(asked.session, asked.organization_id),
    "open_rank_reviews": lambda asked: rank_lists.open_rank_reviews(asked.session, asked.actor, asked.organization_id),
    "ranks": _of(rank_lists.RANKS),
    "post_holders": lambda asked: post_lists.post_holders(asked.session, asked.organization_id),
    "round_candidates": lambda asked: round_lists.round_candidates(asked.session, asked.actor, asked.organization_id),
    "round_hosts": lambda asked: round_lists.round_hosts(asked.session, asked.organization_id),
    "round_members": lambda asked: round_lists.round_members(asked.session, asked.organization_id),
    "round_reserves": lambda asked: round_lists.round_reserves(asked.session, asked.organization_id),
    "filing_rows": lambda asked: filing_lists.filing_rows(asked.session, asked.organization_id, asked.instance_id),
    "letter_rows": lambda asked: filing_lists.letter_rows(asked.session, asked.organization_id, asked.instance_id),
    "supplement_applications": lambda asked: filing_lists.supplement_applications(asked.session, asked.organization_id),
    "filed_ranks": lambda asked: filing_lists.filed_ranks(asked.session, asked.organization_id),
}
LABELS: Mapping[str, Callable[[Session, object], str | None]] = {
    "own_studios": _studio_name,
    "budget_lines": _line_name,
    "budget_years": _year_name,
    "expense_categories": _title(CATEGORIES),
    "grant_sources": _title(SOURCES),
    "payment_methods": _title(METHODS),
    "booked_expenses": _booking_name,
    "entry_kinds": _title(KINDS),
    "semesters": _semester_title,
    "own_entries": options.name_of_entry,
    "school_people": options.name_of_person,
    "school_sanctions": options.name_of_entry,
    "studios_to_change": _studio_name,
    "studio_members": options.name_of_person,
    "open_rounds": application_lists.name_of_round,
    "open_rank_reviews": rank_lists.name_of_review,
    "ranks": _title(rank_lists.RANKS),
    "post_holders": options.name_of_person,
    "round_candidates": options.name_of_person,
    "round_hosts": options.name_of_person,
    "round_members": options.name_of_person,
    "round_reserves": options.name_of_person,
    "filing_rows": filing_lists.name_of_row,
    "letter_rows": filing_lists.name_of_row,
    "supplement_applications": filing_lists.name_of_application,
    "filed_ranks": filing_lists.name_of_rank,
}
