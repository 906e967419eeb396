"""Registers as Excel files: whatever a person may see of them, some hundred rows in memory at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, TypeVar

from sqlalchemy.orm import Session

from app.domain import clock
from app.domain.dossiers import ENTRY_FORMS, LEVEL_TITLES, EntryKind, Level, Look
from app.domain.exports import APPOINTMENTS, EVALUATIONS, OTHERS, STUDIOS, columns_of
from app.domain.grades import GRADE_TITLES, Grade
from app.domain.identity import Actor
from app.domain.policy import Action
from app.domain.rank_columns import RANK, ROW_NUMBER, as_columns, titles_in
from app.domain.registers import Register
from app.domain.sheets import HONOUR_OF, Column
from app.domain.vocabulary import ROLE_TITLES, STUDIO_LEVEL_TITLES, Role, StudioLevel
from app.services.accounts.organizations import organizations_for
from app.services.dossiers import looks
from app.services.pages import LARGEST, Page
from app.services.ranks.columns import Held
from app.services.registers.appointments import AppointmentFilters, appointments
from app.services.registers.entries import EntryFilters, Row, every_entry
from app.services.registers.evaluations import EvaluationFilters, evaluations
from app.services.studios.studio_register import StudioFilters, StudioRow, studios
from app.services.workbooks import harmless, sheet_into

Item = TypeVar("Item")
Told = Mapping[str, Any]
OF_KIND = {kind: title for title, kind in HONOUR_OF.items()}


@dataclass(frozen=True)
class Export:
    """A list to be written: its title, its columns, and its rows as they come."""

    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Told]


def export_entries(
    session: Session,
    actor: Actor,
    register: Register,
    filters: EntryFilters,
    stream: IO[bytes],
    own: Held | None = None,
) -> None:
    """Write a register of entries, in columns and words of one's own where they are told; it is a look at the file of everybody in it.

    Raises NotFound for an organisation or a person out of sight, Invalid.
    """
    numbered = {one.id for one in organizations_for(session, actor, Action.SEE_NUMBERS)}
    people: set[int] = set()
    titles = titles_in(own.words) if own else {}

    def rows() -> Iterator[Told]:
        for number, row in enumerate(every_entry(session, actor, register, filters), start=1):
            people.add(row.entry.person_id)
            is_numbered = row.entry.person_id == actor.person_id or any(one.id in numbered for one in row.workplaces)
            told = _entry(row, is_numbered=is_numbered)
            yield {ROW_NUMBER: number, **told, RANK: titles.get(told[RANK], told[RANK])}

    columns = as_columns(own.columns, own.words) if own and own.columns else columns_of(register)
    write(Export(register.title, columns, rows()), stream)
    looks.note_many(session, actor, people, Look.EXPORT)


def export_appointments(session: Session, actor: Actor, filters: AppointmentFilters, stream: IO[bytes]) -> None:
    """Write the posts in the person's scope. Raises NotFound, Invalid."""
    found = _every(lambda cursor: appointments(session, actor, filters, cursor=cursor, limit=LARGEST))
    rows = (
        {
            "person": position.person.name,
            "organization": position.organization.name,
            "role": ROLE_TITLES[Role(position.role)],
            "studio": studio,
            "from_on": position.from_on,
            "until_on": position.until_on,
        }
        for position, studio in found
    )
    write(Export(*OTHERS[APPOINTMENTS], rows), stream)


def export_evaluations(session: Session, actor: Actor, filters: EvaluationFilters, stream: IO[bytes]) -> None:
    """Write the grades of studios in the person's scope. Raises NotFound, Invalid."""
    found = _every(lambda cursor: evaluations(session, actor, filters, cursor=cursor, limit=LARGEST))
    rows = (
        {
            "studio": grade.studio.name,
            "organization": grade.studio.organization.name,
            "period": grade.period,
            "grade": GRADE_TITLES[Grade(grade.grade)],
            "graded_on": grade.graded_on,
            "issuer": grade.issuer,
        }
        for grade in found
    )
    write(Export(*OTHERS[EVALUATIONS], rows), stream)


def export_studios(session: Session, actor: Actor, filters: StudioFilters, stream: IO[bytes]) -> None:
    """Write the studios in the person's scope. Raises NotFound, Invalid."""
    found = _every(lambda cursor: studios(session, actor, filters, cursor=cursor, limit=LARGEST))
    write(Export(*OTHERS[STUDIOS], map(_studio, found)), stream)


def write(export: Export, stream: IO[bytes]) -> None:
    """Write a list as a workbook; no text in it is taken for a formula."""
    columns = ((column.head, column.width) for column in export.columns)
    with sheet_into(stream, export.title, columns, freeze="B2") as sheet:
        for row in export.rows:
            sheet.append([_plain(row.get(column.name)) for column in export.columns])


def _plain(value: Any) -> str | int:
    if value is None:
        return ""
    return value if isinstance(value, int) else harmless(str(value))


def _entry(row: Row, *, is_numbered: bool) -> Told:
    entry = row.entry
    kind = EntryKind(entry.kind)
    told: dict[str, Any] = {column: getattr(entry, column) for column in ENTRY_FORMS[kind].labels}
    category, level = told.get("category"), told.get("level")
    told["category"] = ENTRY_FORMS[kind].categories[category] if category else None
    told["level"] = LEVEL_TITLES[Level(level)] if level else None
    return told | {
        "person": entry.person.name,
        "username": entry.person.username if is_numbered else None,
        "of": OF_KIND.get(kind),
        "organization": "、".join(one.name for one in row.workplaces),
        "verified_at": entry.verified_at_place.name,
        "verified_by": entry.verified_by.name,
        "verified_on": clock.shanghai(entry.verified_at).date(),
    }


def _studio(row: StudioRow) -> Told:
    studio = row.studio
    by_role = {"hosts": Role.STUDIO_HOST, "mentors": Role.STUDIO_MENTOR, "members": Role.STUDIO_MEMBER}
    return {
        **{column: "、".join(person.name for person in row.people(role)) for column, role in by_role.items()},
        "studio": studio.name,
        "organization": studio.organization.name,
        "level": STUDIO_LEVEL_TITLES[StudioLevel(studio.level)],
        "from_on": studio.from_on,
        "until_on": studio.until_on,
        "ended_on": studio.ended_on,
    }


def _every(read: Callable[[str | None], Page[Item]]) -> Iterator[Item]:
    """Yield the rows of all pages."""
    page = read(None)
    yield from page.items
    while page.next is not None:
        page = read(page.next)
        yield from page.items
