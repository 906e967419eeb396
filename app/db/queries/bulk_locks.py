"""What a start of many cases holds and reads, as statements built once."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, Integer, String, bindparam, select

from app.db.among import among
from app.db.base import table_of
from app.db.people import Organization
from app.db.prepared import Question
from app.db.processes import ProcessInstance, SerialCounter


class LockedOrganization(NamedTuple):
    """An organisation held by this transaction."""

    id: int
    code: str
    name: str
    path: str
    parent_id: int | None


_organization, _case, _counter = map(table_of, (Organization, ProcessInstance, SerialCounter))
_LOCK = Question(
    select(*(_organization.c[name] for name in LockedOrganization._fields))
    .where(among(_organization.c.id, "organizations"))
    .order_by(_organization.c.id)
    .with_for_update(key_share=True)
)
_STARTED = Question(select(_case.c.start_key).where(among(_case.c.start_key, "keys")))
_LAST = Question(
    select(_counter.c.organization_id, _counter.c.last).where(
        _counter.c.code == bindparam("code", type_=String),
        _counter.c.year == bindparam("year", type_=Integer),
        among(_counter.c.organization_id, "organizations"),
    )
)


def lock_organizations(connection: Connection, organizations: Collection[int]) -> list[LockedOrganization]:
    """Hold organisations until the commit, always in the same order, without hindering rows that only refer to them."""
    found = _LOCK.all(connection, {"organizations": sorted(set(organizations))})
    return [LockedOrganization(*row) for row in found]


def started(connection: Connection, keys: Collection[str]) -> set[str]:
    """Return those of some keys for which a case was started."""
    return {key for (key,) in _STARTED.all(connection, {"keys": list(keys)})}


def last_numbers(connection: Connection, code: str, year: int, organizations: Collection[int]) -> dict[int, int]:
    """Return the last number of a process in a year, by organisation, where there is one."""
    asked = {"code": code, "year": year, "organizations": list(organizations)}
    return dict(_LAST.all(connection, asked))
