"""Finding the people whom the rows of an import name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from app.db.people import Person, Position
from app.domain.sheets import NAME, USERNAME
from app.domain.text import N_
from app.domain.vocabulary import WORKING_ROLES
from app.services.accounts.sign_in import normalized
from app.services.accounts.terms import not_ended
from app.services.registers.sheets.lines import Line, Mistakes

CHUNK = 500


@dataclass(frozen=True)
class Known:
    """A person who may be named."""

    id: int
    name: str
    is_active: bool = True


@dataclass(frozen=True)
class Staff:
    """Those who may be named: the people of a school, now or once, and by username some of elsewhere."""

    by_name: Mapping[str, list[Known]]
    by_username: Mapping[str, Known]

    def find(self, line: Line, mistakes: Mistakes) -> Known | None:
        """Return the person of a row, or say at its cells why it names nobody."""
        if NAME not in line.values:
            return None
        return self._by_username(line, mistakes) if USERNAME in line.values else self._by_name(line, mistakes)

    def _by_username(self, line: Line, mistakes: Mistakes) -> Known | None:
        username, name = line.values[USERNAME], line.values[NAME]
        person = self.by_username.get(normalized(username))
        # Whoever is not of this school is as unknown as who is nowhere.
        if person is None:
            mistakes.add(line.at(USERNAME), N_("本校没有用户名是“%(username)s”的人。"), username=username[:64])
        elif person.name != name:
            words = N_("用户名 %(username)s 在本校是“%(name)s”，请核对。")
            mistakes.add(line.at(NAME), words, username=username, name=person.name)
        return person if person is not None and person.name == name else None

    def _by_name(self, line: Line, mistakes: Mistakes) -> Known | None:
        name = line.values[NAME]
        found = self.by_name.get(name, [])
        if not found:
            mistakes.add(line.at(NAME), N_("本校没有“%(name)s”。请核对姓名，或先在“人员”里加上。"), name=name[:50])
        elif len(found) > 1:
            words = N_("本校有 %(count)d 位“%(name)s”，请填%(head)s。")
            mistakes.add(line.at(USERNAME), words, count=len(found), name=name, head=line.head(USERNAME))
        return found[0] if len(found) == 1 else None


@dataclass
class _Found:
    by_name: dict[str, list[Known]] = field(default_factory=dict)
    by_username: dict[str, Known] = field(default_factory=dict)


def staff_of(session: Session, organization_id: int) -> Staff:
    """Return who works at a school; the files of who left it, and of guests in its studios, are kept elsewhere."""
    works = and_(Position.organization_id == organization_id, Position.role.in_(WORKING_ROLES), not_ended())
    return _staff(session, works)


def studio_people(session: Session, organization_id: int, lines: Iterable[Line]) -> Staff:
    """Return who may belong to a school's studios: its own people, their guests, and whom rows name by username."""
    return _staff(session, Position.organization_id == organization_id, lines)


def _staff(session: Session, is_here: ColumnElement[bool], lines: Iterable[Line] = ()) -> Staff:
    here = select(Position.person_id).where(is_here)
    found = _Found()
    for known, username in _people(session, Person.id.in_(here)):
        found.by_name.setdefault(known.name, []).append(known)
        found.by_username[username] = known
    wanted = sorted({normalized(line.values[USERNAME]) for line in lines if USERNAME in line.values})
    for start in range(0, len(wanted), CHUNK):
        of_them = Person.username.in_(wanted[start : start + CHUNK])
        found.by_username |= {username: known for known, username in _people(session, of_them & Person.is_active)}
    return Staff(found.by_name, found.by_username)


def _people(session: Session, which: ColumnElement[bool]) -> Iterable[tuple[Known, str]]:
    rows = session.execute(
        select(Person.id, Person.name, Person.is_active, Person.username).where(which).order_by(Person.id)
    )
    return [(Known(id_, name, is_active), username) for id_, name, is_active, username in rows]
