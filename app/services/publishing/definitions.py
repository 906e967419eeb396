"""Process definitions: built-in packages are seeded from files; versions are immutable and parsed once."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock

from cachetools import LRUCache
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.db.people import Organization
from app.db.processes import ProcessDefinition, ProcessInstance, ProcessVersion
from app.domain import clock
from app.domain.errors import NotFound
from app.engine.compiler import CompiledProcess, Part, compile_process, read_part
from app.engine.model import CallActivity
from app.engine.package import ProcessPackage, load_package, package_from_files
from app.services.publishing import versions
from app.services.transactions import writing

# One entry a version that is in use, and one a version with the versions that it calls, by content hash;
# entries are immutable, so a race only parses twice. A bureau's schools have versions of their own: the longest
# unused goes first.
MOST_KEPT = 256
_parts: LRUCache[str, Part] = LRUCache(MOST_KEPT)
_compiled: LRUCache[tuple[str, ...], CompiledProcess] = LRUCache(MOST_KEPT)
_lock = Lock()


def package_keys(processes: Path) -> list[str]:
    """Return the keys of the packages that lie in a folder."""
    return sorted(path.parent.name for path in processes.glob("*/process.toml"))


def seed_built_in(session: Session, processes: Path, forms: Path) -> list[str]:
    """Publish the packages on disk as built-in versions where their content is new; return those keys.

    They may call each other. Raises PackageError.
    """
    packages = {key: load_package(key, processes, forms) for key in package_keys(processes)}
    with writing(session):
        return [key for key, package in packages.items() if publish_built_in(session, package, packages)]


def publish_built_in(
    session: Session, package: ProcessPackage, callees: Mapping[str, ProcessPackage] | None = None
) -> bool:
    """Publish a package as the built-in version where its content is new, in the transaction that is open.

    Raises PackageError.
    """
    definition = versions.definition_of(session, package.key)
    latest = _latest_built_in(session, ProcessDefinition.id == definition.id)
    if latest is not None and latest.content_hash == package.content_hash:
        return False
    compile_process(package, callees)
    versions.new_version(session, definition, package).published_at = clock.now()
    return True


def callees_in_force(session: Session, part: Part, organization: Organization) -> dict[str, ProcessVersion]:
    """Return the versions that hold for an organisation of all that a part calls, the called ones' own included.

    One that nobody has published is left out.
    """
    found: dict[str, ProcessVersion] = {}
    waiting = [part]
    while waiting:
        for call in waiting.pop().model.of_kind(CallActivity):
            version = _version_or_none(session, call.called, organization) if call.called not in found else None
            if version is not None:
                found[call.called] = version
                waiting.append(part_of(version))
    return found


def part_of(version: ProcessVersion) -> Part:
    """Return the parsed version by itself, without what it calls."""
    with _lock:
        found = _parts.get(version.content_hash)
    if found is None:
        found = read_part(package_from_files(version.files))
        with _lock:
            _parts[version.content_hash] = found
    return found


def on_abandon(session: Session, package: ProcessPackage) -> tuple[str, ...]:
    """Return what a version gives back where a case of it is abandoned, and what the built-in one has learnt to since."""
    latest = _latest_built_in(session, ProcessDefinition.key == package.key)
    learnt = part_of(latest).package.manifest.on_abandon if latest else ()
    return tuple(dict.fromkeys((*package.manifest.on_abandon, *learnt)))


def of_case(session: Session, case: ProcessInstance) -> CompiledProcess:
    """Return what a case runs on: its version with the called ones that it is pinned to."""
    return compiled(session, case.version.content_hash, case.callees)


def compiled(session: Session, version: str, callees: Mapping[str, str]) -> CompiledProcess:
    """Return a version with those that it calls, all named by content hash; shared by all its instances."""
    key = (version, *(callees[name] for name in sorted(callees)))
    with _lock:
        found = _compiled.get(key)
    if found is None:
        packages = _packages(session, key)
        called = {name: packages[content] for name, content in callees.items()}
        found = compile_process(packages[version], called)
        with _lock:
            _compiled[key] = found
    return found


def _latest_built_in(session: Session, wanted: ColumnElement[bool]) -> ProcessVersion | None:
    query = select(ProcessVersion).join(ProcessVersion.definition)
    query = query.where(wanted, ProcessVersion.organization_id.is_(None)).order_by(ProcessVersion.number.desc())
    return session.scalar(query.limit(1))


def _version_or_none(session: Session, key: str, organization: Organization) -> ProcessVersion | None:
    try:
        return versions.effective_version(session, key, organization)
    except NotFound:
        return None


def _packages(session: Session, contents: Iterable[str]) -> dict[str, ProcessPackage]:
    query = select(ProcessVersion.content_hash, ProcessVersion.files).where(ProcessVersion.content_hash.in_(contents))
    return {row.content_hash: package_from_files(row.files) for row in session.execute(query)}
