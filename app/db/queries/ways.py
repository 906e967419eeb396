"""The ways in which an open task can be a person's, each a range of an index in the order of deadlines.

Assigned, in the queue of a position, put before one because it is late, to sign as a deputy; and for each person away whom one stands in for,
assigned or in a queue again. What a way looks for is a parameter, how many there are is its shape.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    exists,
    literal_column,
    or_,
    select,
)

from app.db.ballots import has_voted
from app.db.base import BigKey
from app.db.people import SigningAuthorization
from app.db.processes import ProcessInstance
from app.db.queries.offices import is_authorized
from app.db.work import IS_OPEN, OPENS_SEAL, WorkItem, WorkItemExclusion
from app.domain.vocabulary import WorkItemKind

Condition = ColumnElement[bool]
ME = bindparam("me", type_=BigKey)
_TODAY: BindParameter[date] = bindparam("today", type_=Date)
# A chain of three absences has two people between its ends.
_MOST_BETWEEN = 2


class Office(NamedTuple):
    """A position in whose queue tasks wait."""

    organization_id: int
    role: str
    studio_id: int | None


class Away(NamedTuple):
    """Somebody away, whose tasks in one organisation are looked for; no processes means all."""

    organization_id: int
    principal_id: int
    through: Sequence[int]
    offices: Sequence[Office]
    processes: frozenset[str] | None


class AwayShape(NamedTuple):
    """What makes the ways of one person away differ from another's."""

    offices: int
    has_processes: bool


class Shape(NamedTuple):
    """How many ways there are: no own ones where only others' tasks are looked for."""

    offices: int
    away: tuple[AwayShape, ...] = ()
    is_own: bool = True


def shape_of(offices: Sequence[Office], away: Iterable[Away], *, is_own: bool = True) -> Shape:
    """Return the shape of a person's ways."""
    shapes = (AwayShape(len(one.offices), one.processes is not None) for one in away)
    return Shape(len(offices), tuple(shapes), is_own)


def naming(me: int, today: date, offices: Iterable[Office], away: Iterable[Away]) -> dict[str, Any]:
    """Return the parameters that name a person's ways."""
    named: dict[str, Any] = {"me": me, "today": today} | _naming_offices("", offices)
    for number, one in enumerate(away):
        named |= _naming_away(number, one, me) | _naming_offices(f"{number}_", one.offices)
    return named


def ways(shape: Shape) -> Iterator[Select[Any]]:
    """Yield a selection of id, deadline and the number of the person away, from 1 on, for each way; 0 for own ones."""
    if shape.is_own:
        yield from _own_ways(shape.offices)
    for number, one in enumerate(shape.away):
        yield from _ways_for(number, one)


def _own_ways(offices: int) -> Iterator[Select[Any]]:
    is_open = _open(0)
    # Who has voted finds the ballot on its page alone: the work item itself does not change.
    yield is_open.where(WorkItem.assignee_id == ME, ~has_voted())
    queued = is_open.where(WorkItem.assignee_id.is_(None))
    yield from (queued.where(_is_in_queue(str(number))) for number in range(offices))
    if offices:
        late = is_open.where(WorkItem.escalated_to.is_not(None), ~WorkItem.is_signature)
        yield late.where(or_(*map(_is_put_before, map(str, range(offices)))))
    as_deputy = and_(SigningAuthorization.deputy_id == ME, is_authorized(_TODAY))
    yield queued.join(SigningAuthorization, _is_covered()).where(WorkItem.is_signature, as_deputy)


def _ways_for(number: int, one: AwayShape) -> Iterator[Select[Any]]:
    """Yield the ways of somebody away: never signatures, opinions asked by name, or places on rolls."""
    open_ones = _open(number + 1).where(
        WorkItem.organization_id == _id(f"place_{number}"),
        ~WorkItem.is_signature,
        WorkItem.collective_id.is_(None),
        WorkItem.kind == WorkItemKind.TASK,
        _is_unbarred(number),
    )
    if one.has_processes:
        meant = bindparam(f"processes_{number}", type_=String, expanding=True)
        open_ones = open_ones.where(WorkItem.process_key.in_(meant))
    yield open_ones.where(WorkItem.assignee_id == _id(f"principal_{number}"))
    queued = open_ones.where(WorkItem.assignee_id.is_(None))
    yield from (queued.where(_is_in_queue(f"{number}_{office}")) for office in range(one.offices))


def _open(number: int) -> Select[Any]:
    columns: tuple[Any, ...] = (WorkItem.id, WorkItem.due_at, literal_column(str(number), Integer).label("way"))
    is_excluded = exists().where(WorkItemExclusion.work_item_id == WorkItem.id, WorkItemExclusion.person_id == ME)
    return select(*columns).where(IS_OPEN, ~is_excluded)


def _is_put_before(key: str) -> Condition:
    """Return the condition of a late task that was escalated to a position."""
    organization, role, _studio = _office_names(key)
    return and_(WorkItem.organization_id == bindparam(organization), WorkItem.escalated_to == bindparam(role))


def _is_in_queue(key: str) -> Condition:
    organization, role, studio = _office_names(key)
    in_studio = or_(WorkItem.studio_id.is_(None), WorkItem.studio_id == bindparam(studio))
    return and_(WorkItem.organization_id == bindparam(organization), WorkItem.role == bindparam(role), in_studio)


def _is_covered() -> Condition:
    return and_(
        WorkItem.organization_id == SigningAuthorization.organization_id, WorkItem.role == SigningAuthorization.role
    )


def _is_unbarred(number: int) -> Condition:
    """Return the condition that nobody in whose place one would act is excluded, no own case, and no seal to open."""
    between = [_id(f"through_{number}_{place}") for place in range(_MOST_BETWEEN)]
    is_barred = exists().where(
        WorkItemExclusion.work_item_id == WorkItem.id,
        WorkItemExclusion.person_id.in_([_id(f"principal_{number}"), *between]),
    )
    is_own = exists().where(
        ProcessInstance.id == WorkItem.instance_id,
        ProcessInstance.initiator_id.in_([ME, *(_id(f"starter_{number}_{place}") for place in range(_MOST_BETWEEN))]),
    )
    return and_(~is_barred, ~is_own, ~OPENS_SEAL)


def _naming_offices(prefix: str, offices: Iterable[Office]) -> dict[str, Any]:
    keyed = ((_office_names(f"{prefix}{number}"), office) for number, office in enumerate(offices))
    return {name: value for names, office in keyed for name, value in zip(names, office, strict=True)}


def _naming_away(number: int, one: Away, me: int) -> dict[str, Any]:
    """Return the parameters of somebody away; where fewer stand between, others are named again."""
    blank = [None] * _MOST_BETWEEN
    between = list(enumerate([*one.through, *blank][:_MOST_BETWEEN]))
    named: dict[str, Any] = {f"place_{number}": one.organization_id, f"principal_{number}": one.principal_id}
    named |= {f"through_{number}_{place}": person or one.principal_id for place, person in between}
    named |= {f"starter_{number}_{place}": person or me for place, person in between}
    return named if one.processes is None else named | {f"processes_{number}": sorted(one.processes)}


def _office_names(key: str) -> tuple[str, str, str]:
    return f"organization_{key}", f"role_{key}", f"studio_{key}"


def _id(name: str) -> BindParameter[int]:
    return bindparam(name, type_=BigKey)
