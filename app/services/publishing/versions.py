"""Versions of processes: which hold where, and adding one."""

from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, contains_eager, undefer

from app.db.people import Organization
from app.db.processes import ProcessDefinition, ProcessVersion
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.domain.policy import Action
from app.engine.package import ProcessPackage, package_from_files
from app.services.accounts.organizations import in_scope


def definition_of(session: Session, key: str) -> ProcessDefinition:
    """Return the definition under a key, made where there is none, and lock it."""
    query = select(ProcessDefinition).where(ProcessDefinition.key == key).with_for_update()
    found = session.scalar(query)
    if found is None:
        found = ProcessDefinition(key=key)
        try:
            with session.begin_nested():
                session.add(found)
        except IntegrityError:
            # Another organisation was quicker with the same key.
            return session.scalars(query).one()
    return found


def new_version(session: Session, definition: ProcessDefinition, package: ProcessPackage) -> ProcessVersion:
    """Add a version under the next number of its definition, which the caller has locked."""
    manifest = package.manifest
    last = select(func.max(ProcessVersion.number)).where(ProcessVersion.definition_id == definition.id)
    version = ProcessVersion(
        definition=definition,
        number=(session.scalar(last) or 0) + 1,
        title=manifest.title,
        code=manifest.code,
        category=manifest.category,
        is_confidential=manifest.confidential,
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


def published_below(session: Session, organization: Organization) -> list[ProcessVersion]:
    """Return the versions of their own that hold in organisations below."""
    below = and_(Organization.path.startswith(organization.path, autoescape=True), Organization.id != organization.id)
    query = (
        select(ProcessVersion)
        .join(ProcessVersion.definition)
        .join(ProcessVersion.organization)
        .options(contains_eager(ProcessVersion.definition), contains_eager(ProcessVersion.organization))
        .where(below, ProcessVersion.published_at.is_not(None), ProcessVersion.retired_at.is_(None))
    )
    # The last that an organisation published is the one that holds there.
    latest = {
        (one.organization_id, one.definition_id): one for one in session.scalars(query.order_by(ProcessVersion.number))
    }
    return list(latest.values())


def titles_in_sight(session: Session, actor: Actor) -> dict[str, str]:
    """Return what the processes published in the person's sight are called, by key, in the order of their categories.

    Where several organisations have the process, what holds where the person works names it, the nearest first.
    """
    above = {int(part) for held in actor.holdings for part in held.organization_path.strip("/").split("/")}
    seen = (
        select(ProcessDefinition.key, ProcessVersion.title, ProcessVersion.category, ProcessVersion.definition_id)
        .join(ProcessVersion.definition)
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
    holds = or_(ProcessVersion.organization_id.is_(None), ProcessVersion.organization_id.in_(above))
    nearness = (case((holds, 1), else_=0), func.coalesce(func.length(Organization.path), 0), ProcessVersion.number)
    # The last of a key is the nearest.
    titles = {row.key: row for row in session.execute(seen.order_by(*nearness))}
    rows = sorted(titles.values(), key=lambda row: (row.category, row.definition_id))
    return {row.key: row.title for row in rows}


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
    )


def _nearest(session: Session, query: Select[Any], organization: Organization) -> list[ProcessVersion]:
    """Return of each process the version that is nearest to the organisation, the latest there, in the order of categories."""
    levels = _levels(organization)
    found: dict[int, ProcessVersion] = {}
    for version in session.scalars(query):
        held = found.get(version.definition_id)
        if held is None or _rank(version, levels) > _rank(held, levels):
            found[version.definition_id] = version
    return sorted(found.values(), key=lambda version: (version.category, version.definition_id))


def _levels(organization: Organization) -> list[int]:
    return [int(part) for part in organization.path.strip("/").split("/")]


def _rank(version: ProcessVersion, levels: list[int]) -> tuple[int, int]:
    depth = -1 if version.organization_id is None else levels.index(version.organization_id)
    return depth, version.number
