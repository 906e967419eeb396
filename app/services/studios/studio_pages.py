"""What the page of a studio tells: its people, its money and grades for those who may read them, what is planned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.money import Studio
from app.db.people import Organization, Position
from app.db.queries import money
from app.db.queries.money import YearSums
from app.db.queries.posts import Workplace, of_studios, workplaces
from app.db.registers import StudioBalance, StudioGrade
from app.domain import clock
from app.domain.errors import Forbidden
from app.domain.identity import Actor
from app.services.money import money_scope
from app.services.registers.evaluations import graded_studios
from app.services.studios import plans, studio_register
from app.services.studios.plans import Activity


@dataclass(frozen=True)
class Money:
    """A studio's budgets by year, and what it had left before its money was kept here."""

    years: Sequence[YearSums]
    balances: Sequence[StudioBalance]


@dataclass(frozen=True)
class StudioPage:
    """A studio with its people; `money` and `grades` are none for those who may not read them."""

    studio: Studio
    posts: Sequence[Position]
    former: Sequence[Position]
    # Where its people work, by person.
    workplaces: Mapping[int, Sequence[Workplace]]
    activities: Sequence[Activity]
    money: Money | None
    grades: Sequence[StudioGrade] | None


def studio_page(session: Session, actor: Actor, studio_id: int) -> StudioPage:
    """Return what a person may read of a studio. Raises NotFound for one out of sight."""
    studio, today = studio_register.get_studio(session, actor, studio_id), clock.today()
    posts = of_studios(session, [studio_id]).get(studio_id, [])
    held = studio_register.held_on(studio, posts, today)
    return StudioPage(
        studio=studio,
        posts=held,
        former=[post for post in posts if post not in held],
        workplaces=workplaces(session, [post.person_id for post in held], today),
        activities=plans.to_come(session, studio_id, today),
        money=_money(session, actor, studio_id),
        grades=_grades(session, actor, studio_id),
    )


def _money(session: Session, actor: Actor, studio_id: int) -> Money | None:
    try:
        scope = money_scope.budget_studios(actor)
    except Forbidden:
        return None
    if session.scalar(select(Studio.id).where(Studio.id == studio_id, scope)) is None:
        return None
    balances = select(StudioBalance).where(StudioBalance.studio_id == studio_id).order_by(StudioBalance.as_of.desc())
    return Money(money.sums_by_year(session, studio_id), list(session.scalars(balances)))


def _grades(session: Session, actor: Actor, studio_id: int) -> Sequence[StudioGrade] | None:
    may_read = select(Studio.id).join(Organization).where(Studio.id == studio_id, graded_studios(actor))
    if session.scalar(may_read) is None:
        return None
    query = select(StudioGrade).where(StudioGrade.studio_id == studio_id)
    return list(session.scalars(query.order_by(StudioGrade.graded_on.desc(), StudioGrade.id.desc())))
