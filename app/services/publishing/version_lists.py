"""The versions that a person answers for: which one holds, who handed in and approved, what may be done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from app.db.people import Person
from app.db.processes import ProcessVersion
from app.domain.errors import Forbidden
from app.domain.identity import Actor
from app.domain.policy import Action, allows, may_anywhere
from app.domain.vocabulary import VersionStatus
from app.services.accounts.organizations import in_scope, place_of
from app.services.publishing.publications import is_for_another, organization_of

MOST_LISTED = 100
_WAITING = frozenset({VersionStatus.DRAFT, VersionStatus.SUBMITTED})


@dataclass(frozen=True)
class Listed:
    """A version as a list shows it; `names` are of the people who acted on it, by id."""

    version: ProcessVersion
    names: Mapping[int, str]
    is_in_force: bool
    may_submit: bool
    may_approve: bool
    may_return: bool
    may_retire: bool

    @property
    def is_waiting(self) -> bool:
        """Tell whether the version is still to be published."""
        return self.version.status in _WAITING


def versions_in_charge(session: Session, actor: Actor) -> list[Listed]:
    """Return the latest versions of all organisations for which the person may publish. Raises Forbidden."""
    if not may_anywhere(actor, Action.APPROVE_PROCESSES):
        raise Forbidden
    query = select(ProcessVersion).join(ProcessVersion.organization).where(in_scope(actor, Action.APPROVE_PROCESSES))
    newest = query.options(contains_eager(ProcessVersion.organization))
    found = session.scalars(newest.order_by(ProcessVersion.id.desc()).limit(MOST_LISTED)).all()
    names = names_of(session, found)
    return [_listed(session, actor, each, found, names) for each in found]


def names_of(session: Session, found: Iterable[ProcessVersion]) -> dict[int, str]:
    """Return the names of the people who handed in, submitted, returned, approved or retired the versions."""
    people = {
        person
        for each in found
        for person in (
            each.drafted_by_id,
            each.submitted_by_id,
            each.returned_by_id,
            each.approved_by_id,
            each.retired_by_id,
        )
    }
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(people - {None})))
    return dict(rows.all())


def _listed(
    session: Session, actor: Actor, version: ProcessVersion, found: Sequence[ProcessVersion], names: Mapping[int, str]
) -> Listed:
    status, may_change = version.status, allows(actor, Action.CHANGE_PROCESSES, place_of(organization_of(version)))
    # What is later stands in the list too: the list ends at the oldest.
    later = [each for each in found if _is_later(each, version)]
    is_overtaken = any(each.published_at is not None for each in later)
    return Listed(
        version=version,
        names=names,
        is_in_force=status == VersionStatus.PUBLISHED
        and not any(each.status == VersionStatus.PUBLISHED for each in later),
        may_submit=status == VersionStatus.DRAFT and may_change,
        may_approve=status == VersionStatus.SUBMITTED
        and not is_overtaken
        and not is_for_another(session, actor, version),
        may_return=status == VersionStatus.SUBMITTED,
        may_retire=status == VersionStatus.PUBLISHED and may_change,
    )


def _is_later(other: ProcessVersion, version: ProcessVersion) -> bool:
    """Tell whether another version is a later one of the same process and organisation."""
    is_same = (other.definition_id, other.organization_id) == (version.definition_id, version.organization_id)
    return is_same and other.number > version.number
