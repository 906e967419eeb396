"""The studios of a school as an import finds them, and writing those that it brings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.money import Studio
from app.db.people import Organization, Position
from app.db.registers import StudioBalance, StudioGrade
from app.domain import clock
from app.domain.grades import Grade
from app.domain.vocabulary import Role, StudioLevel
from app.services.accounts.terms import Term, place_person
from app.services.attention import unheld_checks
from app.services.registers.sheets.plans import Keeper
from app.services.studios.studios import PROGRAMME_OF


@dataclass(frozen=True)
class Standing:
    """A studio in the register."""

    id: int
    level: StudioLevel
    from_on: date
    until_on: date
    posts: frozenset[tuple[int, Role]]
    grades: Mapping[str, Grade]
    balances: Mapping[date, int]


@dataclass(frozen=True)
class Post:
    """Who belongs to a studio, as what, from when."""

    person_id: int
    role: Role
    from_on: date


@dataclass(frozen=True)
class Grading:
    """A grade of an earlier period."""

    period: str
    grade: Grade
    graded_on: date
    issuer: str


@dataclass(frozen=True)
class Balance:
    """What was left on a day, in fen."""

    as_of: date
    amount: int


@dataclass
class Founding:
    """A studio as the sheets tell of it, and as it stands already."""

    name: str
    level: StudioLevel
    from_on: date
    until_on: date
    standing: Standing | None
    posts: list[Post] = field(default_factory=list)
    grades: list[Grading] = field(default_factory=list)
    balances: list[Balance] = field(default_factory=list)


def standing(session: Session, organization_id: int) -> dict[str, Standing]:
    """Return the studios of a school by name, with their people, grades and balances, in four statements."""
    studios = list(session.scalars(select(Studio).where(Studio.organization_id == organization_id)))
    ids = [studio.id for studio in studios]
    posts = session.execute(
        select(Position.studio_id, Position.person_id, Position.role).where(Position.studio_id.in_(ids))
    ).all()
    grades = session.scalars(select(StudioGrade).where(StudioGrade.studio_id.in_(ids))).all()
    balances = session.scalars(select(StudioBalance).where(StudioBalance.studio_id.in_(ids))).all()
    return {
        studio.name: Standing(
            studio.id,
            StudioLevel(studio.level),
            studio.from_on,
            studio.until_on,
            frozenset((person_id, Role(role)) for id_, person_id, role in posts if id_ == studio.id),
            {one.period: Grade(one.grade) for one in grades if one.studio_id == studio.id},
            {one.as_of: one.amount for one in balances if one.studio_id == studio.id},
        )
        for studio in studios
    }


def write(session: Session, keeper: Keeper, foundings: Iterable[Founding]) -> None:
    """Write new studios with their people, and what is new of those that stand already."""
    for founding in foundings:
        known = founding.standing
        studio_id = known.id if known else _found(session, keeper, founding)
        periods = known.grades if known else {}
        session.add_all(
            StudioGrade(studio_id=studio_id, entered_by_id=keeper.person_id, **vars(one))
            for one in founding.grades
            if one.period not in periods
        )
        session.add_all(
            StudioBalance(studio_id=studio_id, entered_by_id=keeper.person_id, **vars(one)) for one in founding.balances
        )
    session.flush()
    unheld_checks.recheck(session, keeper.organization_id)


def _found(session: Session, keeper: Keeper, founding: Founding) -> int:
    studio = Studio(
        organization_id=keeper.organization_id,
        name=founding.name,
        level=founding.level,
        programme=PROGRAMME_OF[founding.level],
        from_on=founding.from_on,
        until_on=founding.until_on,
    )
    session.add(studio)
    session.flush()
    for post in founding.posts:
        _place(session, keeper, founding, post, studio.id)
    return studio.id


def _place(session: Session, keeper: Keeper, founding: Founding, post: Post, studio_id: int) -> None:
    if founding.until_on >= clock.today():
        term, school = Term(post.from_on, founding.until_on), session.get_one(Organization, keeper.organization_id)
        place_person(session, post.person_id, school, post.role, term, studio_id)
        return
    # Over already: nobody's account opens again for it.
    session.add(
        Position(
            person_id=post.person_id,
            organization_id=keeper.organization_id,
            role=post.role,
            studio_id=studio_id,
            from_on=post.from_on,
            until_on=founding.until_on,
        )
    )
