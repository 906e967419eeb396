"""The registers of what was verified in teachers' files: honours, service, ranks, titles, training and the rest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from app.db.queries import entries as queries
from app.db.queries.entries import Selection
from app.db.queries.posts import Workplace, workplaces
from app.db.registers import DossierEntry
from app.domain import clock
from app.domain.dossiers import Level, Look
from app.domain.errors import Invalid
from app.domain.identity import Actor
from app.domain.registers import Register
from app.domain.text import N_
from app.services.dossiers import looks, scope
from app.services.pages import Page, limit_of
from app.services.registers.filters import PAGE, Filters, Place, dated_page, path_of

# Entries that are read at once where all of a register is wanted.
BATCH = 500
PLACES = 20 * BATCH


@dataclass(frozen=True)
class EntryFilters(Filters):
    """What is asked of a register of entries; the organisation is one where the person works today."""

    level: Level | None = None
    category: str | None = None
    q: str | None = None


@dataclass(frozen=True)
class Row:
    """An entry with where its person works, and the attachments that prove it."""

    entry: DossierEntry
    workplaces: Sequence[Workplace]
    evidence: Sequence[str]


def entries(
    session: Session,
    actor: Actor,
    register: Register,
    filters: EntryFilters,
    *,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Row]:
    """Return a register's entries in the person's scope, the newest first; a look at somebody's file is noted.

    Raises NotFound for an organisation or a person out of sight, Invalid.
    """
    wanted = _selection(session, actor, register, filters)
    visible = _visible(session, actor, register)

    def read(after: Place | None, size: int) -> list[queries.Place]:
        return queries.page_of(session, visible, wanted, after=after, limit=size)

    page = dated_page(cursor, limit_of(limit, PAGE), read, lambda place: (place.from_on, place.id))
    _note_look(session, actor, register, {place.person_id for place in page.items}, filters.person_id)
    return Page(_rows(session, queries.load(session, [place.id for place in page.items])), page.next)


def every_entry(session: Session, actor: Actor, register: Register, filters: EntryFilters) -> Iterator[Row]:
    """Yield all of a register's entries in the person's scope, the newest first; whoever hands them on notes the look.

    Raises NotFound for an organisation or a person out of sight, Invalid.
    """
    wanted, visible = _selection(session, actor, register, filters), scope.visible_entries(session, actor)
    after: Place | None = None
    # Whoever is in sight is looked up with each page of places, so that these are many.
    while found := queries.page_of(session, visible, wanted, after=after, limit=PLACES):
        for first in range(0, len(found), BATCH):
            yield from _rows(session, queries.load(session, [place.id for place in found[first : first + BATCH]]))
        after = found[-1].from_on, found[-1].id


def count(session: Session, actor: Actor, register: Register, filters: EntryFilters) -> int:
    """Return how many entries there are. Raises NotFound, Invalid."""
    wanted = _selection(session, actor, register, filters)
    return queries.count(session, _visible(session, actor, register), wanted)


def years(session: Session, actor: Actor, register: Register) -> list[int]:
    """Return the years in which entries begin that the person may see, the newest first."""
    return queries.years(session, _visible(session, actor, register), register.kinds)


def _visible(session: Session, actor: Actor, register: Register) -> ColumnElement[bool]:
    return DossierEntry.person_id.in_(scope.people_in_sight(session, actor, register.action))


def _selection(session: Session, actor: Actor, register: Register, filters: EntryFilters) -> Selection:
    if filters.category is not None and filters.category not in register.categories:
        raise Invalid.field("category", N_("没有这一类，请从列出的类别里选。"))
    if filters.person_id is not None:
        scope.get_person(session, actor, filters.person_id)
    asked = {name: value for name, value in vars(filters).items() if name != "organization_id"}
    path = path_of(session, actor, filters.organization_id)
    return Selection(register.kinds, register.moment, clock.today(), path=path, **asked)


def _note_look(session: Session, actor: Actor, register: Register, shown: set[int], asked: int | None) -> None:
    """Note a look where the list is confidential, or tells of one person only and so is part of a file."""
    people = shown | ({asked} if asked is not None else set())
    if register.is_confidential or len(people) == 1:
        looks.note_many(session, actor, people, Look.REGISTER)


def _rows(session: Session, found: Sequence[DossierEntry]) -> list[Row]:
    places = workplaces(session, {entry.person_id for entry in found}, clock.today())
    proofs = queries.evidence(session, [entry.id for entry in found])
    return [Row(entry, places.get(entry.person_id, ()), proofs.get(entry.id, ())) for entry in found]
