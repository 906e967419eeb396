"""Registers of money and studios: lists that integrations read, each within the caller's scope."""

from typing import Any

from flask import Response, jsonify
from pydantic import Field

from app.domain.vocabulary import Category, FundingSource, LedgerKind, Role, StudioLevel
from app.services.money import budgets, ledger
from app.services.money.ledger_views import Filters
from app.services.pages import Page
from app.services.registers.appointments import AppointmentFilters, appointments
from app.services.registers.evaluations import EvaluationFilters, evaluations
from app.services.studios.studio_register import StudioFilters, studios
from app.views.api.answering import OK, listed
from app.views.api.family import Family
from app.views.api.fields import Answer, MaybeDay, MaybeId, MaybeText, MaybeYear, Paging
from app.views.api.register_rows import (
    AppointmentRow,
    EvaluationRow,
    RegisteredStudio,
    appointment_row,
    evaluation_row,
    studio_row,
)
from app.views.database import get_session
from app.views.session import current_actor

family = Family("registers", "台账")


class OfYear(Paging):
    year: MaybeYear = Field(None, description="年度")


class Entries(OfYear):
    organization: MaybeId = Field(None, description="单位，含下级")
    studio: MaybeId = None
    category: Category | None = None
    source: FundingSource | None = None
    kind: LedgerKind | None = None


class Asked(OfYear):
    organization: MaybeId = Field(None, description="单位，含下级")
    person: MaybeId = Field(None, description="本人")
    as_of: MaybeDay = Field(None, description="哪一天的情况")


class OfStudios(Asked):
    level: StudioLevel | None = None
    q: MaybeText = Field(None, description="名称或主持人")


class OfEvaluations(Asked):
    studio: MaybeId = None


class OfAppointments(OfEvaluations):
    role: Role | None = None


class Rows(Answer):
    items: list[dict[str, Any]]
    next: str | None


class StudioRows(Answer):
    items: list[RegisteredStudio]
    next: str | None


class EvaluationRows(Answer):
    items: list[EvaluationRow]
    next: str | None


class AppointmentRows(Answer):
    items: list[AppointmentRow]
    next: str | None


@family.get("/registers/studios", summary="工作室", responses={OK: StudioRows})
def of_studios(query: OfStudios) -> Response:
    """Return the studios of the organisations in sight."""
    wanted = StudioFilters(**asked(query), level=query.level, q=query.q)
    page = studios(get_session(), current_actor(), wanted, cursor=query.cursor, limit=query.limit)
    return listed(map(studio_row, page.items), page.next)


@family.get("/registers/evaluations", summary="工作室的考核等级", responses={OK: EvaluationRows})
def of_evaluations(query: OfEvaluations) -> Response:
    """Return the grades of studios."""
    wanted = EvaluationFilters(**asked(query), studio_id=query.studio)
    page = evaluations(get_session(), current_actor(), wanted, cursor=query.cursor, limit=query.limit)
    return listed(map(evaluation_row, page.items), page.next)


@family.get("/registers/appointments", summary="任职：职务、单位、起止", responses={OK: AppointmentRows})
def of_appointments(query: OfAppointments) -> Response:
    """Return who holds or held which post."""
    wanted = AppointmentFilters(**asked(query), role=query.role, studio_id=query.studio)
    page = appointments(get_session(), current_actor(), wanted, cursor=query.cursor, limit=query.limit)
    return listed(map(appointment_row, page.items), page.next)


@family.get("/registers/budgets", summary="预算：核定、占用、已入账、可用，单位分", responses={OK: Rows})
def of_budgets(query: OfYear) -> Response:
    """Return budgets."""
    page = budgets.register(get_session(), current_actor(), year=query.year, cursor=query.cursor, limit=query.limit)
    return _rows(page)


@family.get("/registers/ledger", summary="入账、冲销和退款，单位分", responses={OK: Rows})
def of_ledger(query: Entries) -> Response:
    """Return ledger entries."""
    wanted = Filters(
        year=query.year,
        studio_id=query.studio,
        organization_id=query.organization,
        category=query.category,
        source=query.source,
        kind=query.kind,
    )
    return _rows(ledger.register(get_session(), current_actor(), wanted, cursor=query.cursor, limit=query.limit))


def asked(query: Asked) -> dict[str, Any]:
    """Return what is asked of every register, under the names of its filters."""
    return {
        "organization_id": query.organization,
        "person_id": query.person,
        "year": query.year,
        "as_of": query.as_of,
    }


def _rows(page: Page[dict[str, Any]]) -> Response:
    return jsonify({"items": list(page.items), "next": page.next})
