"""The register of evaluations: which grade a studio was given for which period, by whom."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.orm import Session, contains_eager

from app.db.money import Studio
from app.db.people import Organization, Position
from app.db.queries.posts import has_post
from app.db.registers import StudioGrade
from app.domain.identity import Actor
from app.domain.policy import Action
from app.domain.vocabulary import Role
from app.services.accounts.organizations import in_scope
from app.services.pages import Page, limit_of
from app.services.registers.filters import PAGE, Filters, Place, dated_page, path_of


@dataclass(frozen=True)
class EvaluationFilters(Filters):
    """What is asked of the evaluations; the person is one who hosts or hosted the studio."""

    studio_id: int | None = None


def evaluations(
    session: Session, actor: Actor, filters: EvaluationFilters, *, cursor: str | None = None, limit: int | None = None
) -> Page[StudioGrade]:
    """Return grades in the person's scope, those given last first. Raises NotFound, Invalid."""
    path = path_of(session, actor, filters.organization_id)
    conditions = [graded_studios(actor), *_conditions(filters, path)]
    return dated_page(
        cursor,
        limit_of(limit, PAGE),
        lambda after, size: _read(session, conditions, after, size),
        lambda grade: (grade.graded_on, grade.id),
    )


def graded_studios(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the studios whose grades a person may read; it speaks of their organisations, too."""
    own = [held.studio_id for held in actor.holdings if held.studio_id is not None]
    return or_(Studio.id.in_(own), in_scope(actor, Action.SEE_GRADES))


def _read(session: Session, conditions: list[ColumnElement[bool]], after: Place | None, size: int) -> list[StudioGrade]:
    query = (
        select(StudioGrade)
        .join(StudioGrade.studio)
        .join(Studio.organization)
        .where(*conditions)
        .options(contains_eager(StudioGrade.studio).contains_eager(Studio.organization))
        .order_by(StudioGrade.graded_on.desc(), StudioGrade.id.desc())
        .limit(size)
    )
    if after is not None:
        query = query.where(tuple_(StudioGrade.graded_on, StudioGrade.id) < tuple_(*after))
    return list(session.scalars(query))


def _conditions(filters: EvaluationFilters, path: str | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if path is not None:
        found.append(Organization.path.startswith(path, autoescape=True))
    if filters.studio_id is not None:
        found.append(Studio.id == filters.studio_id)
    if filters.person_id is not None:
        found.append(has_post((Position.role == Role.STUDIO_HOST) & (Position.person_id == filters.person_id)))
    if filters.year is not None:
        found.append(StudioGrade.graded_on.between(date(filters.year, 1, 1), date(filters.year, 12, 31)))
    if filters.as_of is not None:
        found.append(StudioGrade.graded_on <= filters.as_of)
    return found
