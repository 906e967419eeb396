"""Versions of processes: which hold where, and adding one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, contains_eager, undefer

from app.db.people import Organization
from app.db.processes import ProcessDefinition, ProcessVersion
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.domain.policy import Action
from app.engine.package import Manifest, ProcessPackage, package_from_files
from app.services.organizations import in_scope


def definition_of(session: Session, manifest: Manifest) -> ProcessDefinition:
    """Return the definition under a key, made where there is none, and lock it."""
    query = select(ProcessDefinition).where(ProcessDefinition.key == manifest.key).with_for_update()
    found = session.scalar(query)
    if found is None:
        found = ProcessDefinition(
            key=manifest.key, title=manifest.title, code=manifest.code, category=manifest.category
        )
        try:
            with session.begin_nested():
                session.add(found)
        except IntegrityError:
            # Another organisation was quicker with the same key.
            return session.scalars(query).one()
    return found


def new_version(session: Session, definition: ProcessDefinition, package: ProcessPackage) -> ProcessVersion:
    """Add a version under the next number of its definition, which the caller has locked."""
    last = select(func.max(ProcessVersion.number)).where(ProcessVersion.definition_id == definition.id)
    version = ProcessVersion(
        definition=definition,
        number=(session.scalar(last) or 0) + 1,
        content_hash=package.content_hash,
        files=dict(package.files),
    )
    session.add(version)
    return version


def effective_version(session: Session, key: str, organization: Organization) -> ProcessVersion:
    """Return the version that holds for an organisation: its own, else the nearest above, else built in.

    Raises NotFound.
    """
    found = _nearest(session, _published(organization).where(ProcessDefinition.key == key), organization)
    if not found:
        raise NotFound
    return found[0]


def would_hold_without(session: Session, version: ProcessVersion, organization: Organization) -> bool:
    """Tell whether another version of the process would hold for an organisation if this one were gone."""
    query = _published(organization).where(
        ProcessVersion.definition_id == version.definition_id, ProcessVersion.id != version.id
    )
    return session.scalars(query).first() is not None


def effective_versions(session: Session, organization: Organization) -> list[ProcessVersion]:
    """Return the versions that hold for an organisation, one a process, in the order of their categories."""
    return _nearest(session, _published(organization), organization)


def effective_packages(session: Session, organization: Organization) -> dict[str, ProcessPackage]:
    """Return the packages that hold for an organisation, by key."""
    query = _published(organization).options(undefer(ProcessVersion.files))
    found = _nearest(session, query, organization)
    return {version.definition.key: package_from_files(version.files) for version in found}


def definitions_in_sight(session: Session, actor: Actor) -> Sequence[ProcessDefinition]:
    """Return the definitions that hold somewhere in the person's sight, in the order of their categories."""
    above = {int(part) for held in actor.holdings for part in held.organization_path.strip("/").split("/")}
    seen = (
        select(ProcessVersion.definition_id)
        .outerjoin(ProcessVersion.organization)
        .where(ProcessVersion.published_at.is_not(None))
        .where(
            or_(
                ProcessVersion.organization_id.is_(None),
                ProcessVersion.organization_id.in_(above),
                in_scope(actor, Action.SEE_ORGANIZATION),
            )
        )
    )
    query = select(ProcessDefinition).where(ProcessDefinition.id.in_(seen))
    return session.scalars(query.order_by(ProcessDefinition.category, ProcessDefinition.id)).all()


def _published(organization: Organization) -> Select[Any]:
    return (
        select(ProcessVersion)
        .join(ProcessVersion.definition)
        .options(contains_eager(ProcessVersion.definition))
        .where(
            ProcessVersion.published_at.is_not(None),
            ProcessVersion.retired_at.is_(None),
            or_(ProcessVersion.organization_id.is_(None), ProcessVersion.organization_id.in_(_levels(organization))),
        )
        .order_by(ProcessDefinition.category, ProcessDefinition.id)
    )


def _nearest(session: Session, query: Select[Any], organization: Organization) -> list[ProcessVersion]:
    """Return of each process the version that is nearest to the organisation, the latest there."""
    levels = _levels(organization)
    found: dict[int, ProcessVersion] = {}
    for version in session.scalars(query):
        held = found.get(version.definition_id)
        if held is None or _rank(version, levels) > _rank(held, levels):
            found[version.definition_id] = version
    return list(found.values())


def _levels(organization: Organization) -> list[int]:
    return [int(part) for part in organization.path.strip("/").split("/")]


def _rank(version: ProcessVersion, levels: list[int]) -> tuple[int, int]:
    depth = -1 if version.organization_id is None else levels.index(version.organization_id)
    return depth, version.number
