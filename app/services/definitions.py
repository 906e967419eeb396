"""Process definitions: built-in packages are seeded from files; versions are immutable and parsed once."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.db.people import Organization
from app.db.processes import ProcessDefinition, ProcessVersion
from app.domain import clock
from app.domain.errors import NotFound
from app.engine.compiler import CompiledProcess, compile_process
from app.engine.package import ProcessPackage, load_package, package_from_files
from app.services.transactions import writing

# One entry a version that is in use; entries are immutable, so a race only parses twice.
_parsed: dict[str, CompiledProcess] = {}


def package_keys(processes: Path) -> list[str]:
    """Return the keys of the packages that lie in a folder."""
    return sorted(path.parent.name for path in processes.glob("*/process.toml"))


def seed_built_in(session: Session, processes: Path, forms: Path) -> list[str]:
    """Publish the packages on disk as built-in versions where their content is new; return those keys."""
    packages = [load_package(key, processes, forms) for key in package_keys(processes)]
    with writing(session):
        return [package.manifest.key for package in packages if publish_built_in(session, package)]


def publish_built_in(session: Session, package: ProcessPackage) -> bool:
    """Publish a package as the built-in version where its content is new, in the transaction that is open."""
    definition = _definition(session, package)
    latest = session.scalar(
        select(ProcessVersion)
        .where(ProcessVersion.definition_id == definition.id, ProcessVersion.organization_id.is_(None))
        .order_by(ProcessVersion.number.desc())
        .limit(1)
    )
    if latest is not None and latest.content_hash == package.content_hash:
        return False
    compile_process(package)
    session.add(
        ProcessVersion(
            definition_id=definition.id,
            number=latest.number + 1 if latest else 1,
            content_hash=package.content_hash,
            files=dict(package.files),
            published_at=clock.now(),
        )
    )
    return True


def effective_version(session: Session, key: str, organization: Organization) -> ProcessVersion:
    """Return the version that holds for an organisation: its own, else the nearest above, else built in.

    Raises NotFound.
    """
    levels = [int(part) for part in organization.path.strip("/").split("/")]
    versions = session.scalars(
        select(ProcessVersion)
        .join(ProcessVersion.definition)
        .where(
            ProcessDefinition.key == key,
            ProcessVersion.retired_at.is_(None),
            or_(ProcessVersion.organization_id.is_(None), ProcessVersion.organization_id.in_(levels)),
        )
    ).all()
    if not versions:
        raise NotFound
    return max(versions, key=lambda version: (_depth(version, levels), version.number))


def compiled(version: ProcessVersion) -> CompiledProcess:
    """Return the parsed version, shared by all its instances."""
    found = _parsed.get(version.content_hash)
    if found is None:
        found = _parsed[version.content_hash] = compile_process(package_from_files(version.files))
    return found


def definitions(session: Session) -> Sequence[ProcessDefinition]:
    """Return all definitions in the order of their categories."""
    return session.scalars(select(ProcessDefinition).order_by(ProcessDefinition.category, ProcessDefinition.id)).all()


def _depth(version: ProcessVersion, levels: list[int]) -> int:
    return -1 if version.organization_id is None else levels.index(version.organization_id)


def _definition(session: Session, package: ProcessPackage) -> ProcessDefinition:
    manifest = package.manifest
    found = session.scalar(select(ProcessDefinition).where(ProcessDefinition.key == manifest.key))
    if found is None:
        found = ProcessDefinition(key=manifest.key)
        session.add(found)
    found.title, found.code, found.category = manifest.title, manifest.code, manifest.category
    session.flush()
    return found
