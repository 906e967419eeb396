"""The lists of people from which a collective task takes its roll, which a case's values do not tell."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.objections import Objection
from app.db.rounds import Application, Round
from app.domain.rounds import ApplicationKind, ApplicationResult


def people_on(session: Session, name: str | None, instance_id: int) -> Collection[int] | None:
    """Return who is on a list that a task of a case names; None where it names none."""
    return LISTS[name](session, instance_id) if name is not None else None


def _objection_deciders(session: Session, instance_id: int) -> list[int]:
    found = session.scalar(select(Objection.deciders).where(Objection.instance_id == instance_id))
    return list(found or ())


def _chosen_hosts(session: Session, instance_id: int) -> list[int]:
    query = select(Application.person_id).join(Application.round).where(Round.instance_id == instance_id)
    is_meant = Application.kind == ApplicationKind.HOST, Application.result == ApplicationResult.CHOSEN
    return list(session.scalars(query.where(*is_meant)))


LISTS: Mapping[str, Callable[[Session, int], Collection[int]]] = MappingProxyType(
    {"objection_deciders": _objection_deciders, "chosen_hosts": _chosen_hosts}
)
