"""Versions of an organisation: drafted from a file, submitted, published by a second person, retired (DESIGN §7)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, undefer

from app.db.people import Organization
from app.db.processes import ProcessDefinition, ProcessVersion
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.identity import Actor
from app.domain.policy import POLICY, Action, allows
from app.domain.text import N_, visible
from app.domain.vocabulary import Programme, VersionStatus
from app.engine.handover.archives import write_archive
from app.engine.handover.layouts import laid_out
from app.engine.handover.replacing import taken_code
from app.engine.package import ProcessPackage, package_from_files
from app.services.accounts.organizations import get_organization, place_of
from app.services.filling.submissions import LONGEST_COMMENT
from app.services.journal import record_organization
from app.services.publishing import definitions, publication_notices, versions
from app.services.publishing.judgements import Unfit, judge_again, judge_file
from app.services.rulebook.rules import effective_rules
from app.services.transactions import writing

TWO_PERSONS = "publication.two_persons"
_CHANGERS = POLICY[Action.CHANGE_PROCESSES][0].roles
_STATES: Mapping[VersionStatus, str] = {
    VersionStatus.DRAFT: N_("这一版还是草稿，要先提交。"),
    VersionStatus.SUBMITTED: N_("这一版已经提交，正在等人批准。"),
    VersionStatus.PUBLISHED: N_("这一版已经发布。"),
    VersionStatus.RETIRED: N_("这一版已经停用。"),
}


def draft(session: Session, actor: Actor, organization_id: int, file: str, content: bytes) -> ProcessVersion:
    """Keep a file that was handed over as a draft; the same file again is the same draft.

    Raises NotFound, Forbidden, and Unfit with every problem of the file.
    """
    organization = get_organization(session, actor, organization_id, Action.CHANGE_PROCESSES)
    package = judge_file(session, organization, file, content).package
    _refuse_taken_code(session, organization, package)
    with writing(session):
        organization = get_organization(session, actor, organization_id, Action.CHANGE_PROCESSES)
        definition = versions.definition_of(session, package.key)
        version = _same_draft(session, actor, organization, definition, package)
        if version is None:
            version = versions.new_version(session, definition, package)
            version.organization_id, version.drafted_by_id = organization.id, actor.person_id
            session.flush()
            _record(session, actor, version, "draft_process")
    return version


def submit(session: Session, actor: Actor, key: str, number: int) -> ProcessVersion:
    """Ask for a draft to be published. Raises NotFound, Forbidden and Conflict."""
    with writing(session):
        version = _own(session, actor, key, number, Action.CHANGE_PROCESSES)
        if version.status == VersionStatus.SUBMITTED and version.submitted_by_id == actor.person_id:
            return version
        _refuse_unless(version, VersionStatus.DRAFT)
        version.submitted_at, version.submitted_by_id = clock.now(), actor.person_id
        version.returned_at = version.returned_by_id = version.return_reason = None
        _record(session, actor, version, "submit_process")
        publication_notices.ask_for_approval(session, actor, version, organization_of(version))
    return version


def send_back(session: Session, actor: Actor, key: str, number: int, reason: str | None) -> ProcessVersion:
    """Make a submitted version a draft again, for a reason that whoever handed it in is told.

    Raises NotFound, Forbidden, Conflict, and Invalid without a reason.
    """
    told = visible(reason or "").strip()
    if not 0 < len(told) <= LONGEST_COMMENT:
        raise Invalid.field("reason", N_("请写明为什么退回、怎样改，不超过 %(most)d 字。"), most=LONGEST_COMMENT)
    with writing(session):
        version = returnable(session, actor, key, number)
        version.returned_at, version.returned_by_id, version.return_reason = clock.now(), actor.person_id, told
        _record(session, actor, version, "return_process", reason=told)
        publication_notices.tell_of_return(session, actor, version)
        version.submitted_at = version.submitted_by_id = None
    return version


def approve(session: Session, actor: Actor, key: str, number: int) -> ProcessVersion:
    """Publish a submitted version for its organisation and those below, once it has passed every check again.

    Raises NotFound, Forbidden, Conflict, and Unfit with every problem.
    """
    version = approvable(session, actor, key, number)
    if version.status == VersionStatus.PUBLISHED:
        return version
    judgement = judge_again(session, organization_of(version), package_from_files(version.files))
    with writing(session):
        version = approvable(session, actor, key, number)
        if version.status != VersionStatus.PUBLISHED:
            judgement.refuse_if_outdated(session, organization_of(version))
            version.published_at, version.approved_by_id = clock.now(), actor.person_id
            _record(session, actor, version, "publish_process")
            publication_notices.tell_of_approval(session, actor, version)
    return version


def retire(session: Session, actor: Actor, key: str, number: int) -> ProcessVersion:
    """Let a published version start no more cases; those that run stay on it. Raises as `submit` does."""
    with writing(session):
        version = retirable(session, actor, key, number)
        if version.status != VersionStatus.RETIRED:
            version.retired_at, version.retired_by_id = clock.now(), actor.person_id
            _record(session, actor, version, "retire_process")
    return version


def approvable(session: Session, actor: Actor, key: str, number: int) -> ProcessVersion:
    """Return a version that the person may publish now, or has published. Raises NotFound, Forbidden and Conflict."""
    version = _own(session, actor, key, number, Action.APPROVE_PROCESSES)
    if version.status == VersionStatus.PUBLISHED and version.approved_by_id == actor.person_id:
        return version
    _refuse_unless(version, VersionStatus.SUBMITTED)
    if is_for_another(session, actor, version):
        raise Forbidden(
            N_("交流程和提交的人不能自己批准，请另一位流程管理员、校长、法定代表人或者上级系统管理员来批准。")
        )
    if _has_later(session, version):
        raise Conflict(N_("已经发布了更新的版本，这一版不能再批准。"))
    return version


def returnable(session: Session, actor: Actor, key: str, number: int) -> ProcessVersion:
    """Return a submitted version that the person may send back. Raises NotFound, Forbidden and Conflict."""
    version = _own(session, actor, key, number, Action.APPROVE_PROCESSES)
    _refuse_unless(version, VersionStatus.SUBMITTED)
    return version


def is_for_another(session: Session, actor: Actor, version: ProcessVersion) -> bool:
    """Tell whether somebody else must approve a version, because the person drafted or submitted it."""
    is_own = actor.person_id in {version.drafted_by_id, version.submitted_by_id}
    return is_own and _needs_two(session, version)


def retirable(session: Session, actor: Actor, key: str, number: int) -> ProcessVersion:
    """Return a version that the person may retire now, or has retired. Raises NotFound, Forbidden and Conflict."""
    version = _own(session, actor, key, number, Action.CHANGE_PROCESSES)
    if version.status != VersionStatus.RETIRED or version.retired_by_id != actor.person_id:
        _refuse_unless(version, VersionStatus.PUBLISHED)
        _refuse_if_missed(session, version)
    return version


def package_archive(session: Session, actor: Actor, key: str, number: int) -> bytes:
    """Return a version as a zip, laid out as under `processes/` and `forms/`. Raises NotFound and Forbidden."""
    version = _in_sight(session, actor, _at(key, number))
    if not _may_take(actor, version):
        raise Forbidden
    return write_archive(laid_out(package_from_files(version.files)))


def versions_of(session: Session, actor: Actor, organization_id: int) -> list[ProcessVersion]:
    """Return the versions of an organisation, the latest first. Raises NotFound and Forbidden."""
    organization = get_organization(session, actor, organization_id, Action.APPROVE_PROCESSES)
    query = select(ProcessVersion).where(ProcessVersion.organization_id == organization.id)
    return list(session.scalars(query.order_by(ProcessVersion.id.desc())))


def organization_of(version: ProcessVersion) -> Organization:
    """Return the organisation of a version. Raises Forbidden for a built-in one, which the platform publishes."""
    if version.organization is None:
        raise Forbidden(N_("内置的流程随平台发布，请交一份本单位的。"))
    return version.organization


def _refuse_if_missed(session: Session, version: ProcessVersion) -> None:
    """Raise Conflict where a process that holds here or below calls this one, and no other version would be left."""
    organization = organization_of(version)
    if versions.would_hold_without(session, version, organization):
        return
    own = versions.effective_versions(session, organization)
    for one in (*own, *versions.published_below(session, organization)):
        place = one.organization or organization
        if _misses(session, one, version, place):
            raise Conflict(
                N_("%(place)s的“%(title)s”还在调用这个流程，请先停用它。"), place=place.name, title=one.title
            )


def _misses(session: Session, caller: ProcessVersion, gone: ProcessVersion, place: Organization) -> bool:
    """Tell whether a version calls one, there, that would leave it with none."""
    called = definitions.callees_in_force(session, definitions.part_of(caller), place)
    return any(found.id == gone.id for found in called.values())


def _refuse_taken_code(session: Session, organization: Organization, package: ProcessPackage) -> None:
    """Raise Unfit where an organisation below numbers its cases of another process under the same code."""
    for one in versions.published_below(session, organization):
        if one.code == package.manifest.code and one.definition.key != package.key:
            raise Unfit([taken_code(one.code, one.title)])


def _needs_two(session: Session, version: ProcessVersion) -> bool:
    """Tell whether a second person must approve: unless every rule that holds says otherwise.

    The programme that the process names does not matter: whoever drafts it chooses that.
    """
    held = [effective_rules(session, organization_of(version).id, each).get(TWO_PERSONS) for each in Programme]
    values = [rule.value for rule in held if rule is not None]
    return not values or any(value is not False for value in values)


def _has_later(session: Session, version: ProcessVersion) -> bool:
    later = select(ProcessVersion.id).where(
        ProcessVersion.definition_id == version.definition_id,
        ProcessVersion.organization_id == version.organization_id,
        ProcessVersion.number > version.number,
        ProcessVersion.published_at.is_not(None),
    )
    return session.scalar(later.limit(1)) is not None


def _own(session: Session, actor: Actor, key: str, number: int, action: Action) -> ProcessVersion:
    """Return a version of an organisation in which the person may do something, locked in a write transaction."""
    version = _in_sight(session, actor, _at(key, number).with_for_update(of=ProcessVersion))
    if not allows(actor, action, place_of(organization_of(version))):
        raise Forbidden
    return version


def _at(key: str, number: int) -> Select[Any]:
    return (
        select(ProcessVersion)
        .join(ProcessVersion.definition)
        .where(ProcessDefinition.key == key, ProcessVersion.number == number)
        .options(undefer(ProcessVersion.files))
        .execution_options(populate_existing=True)
    )


def _in_sight(session: Session, actor: Actor, query: Select[Any]) -> ProcessVersion:
    version: ProcessVersion | None = session.scalar(query)
    if version is None or not _sees(actor, version):
        raise NotFound
    return version


def _sees(actor: Actor, version: ProcessVersion) -> bool:
    """Tell whether a version is built in, stands in the person's sight, or holds where the person works."""
    organization = version.organization
    if organization is None or allows(actor, Action.SEE_ORGANIZATION, place_of(organization)):
        return True
    return version.published_at is not None and _holds_for(actor, organization)


def _may_take(actor: Actor, version: ProcessVersion) -> bool:
    organization = version.organization
    if organization is not None and allows(actor, Action.APPROVE_PROCESSES, place_of(organization)):
        return True
    changers = [held for held in actor.holdings if held.role in _CHANGERS]
    return any(organization is None or held.organization_path.startswith(organization.path) for held in changers)


def _holds_for(actor: Actor, organization: Organization) -> bool:
    return any(held.organization_path.startswith(organization.path) for held in actor.holdings)


def _same_draft(
    session: Session, actor: Actor, organization: Organization, definition: ProcessDefinition, package: ProcessPackage
) -> ProcessVersion | None:
    """Return the person's latest draft where it is the very same: a double click makes no second one."""
    latest = session.scalar(
        select(ProcessVersion)
        .where(
            ProcessVersion.definition_id == definition.id,
            ProcessVersion.organization_id == organization.id,
            ProcessVersion.drafted_by_id == actor.person_id,
        )
        .order_by(ProcessVersion.number.desc())
        .limit(1)
    )
    is_same = latest is not None and latest.content_hash == package.content_hash
    return latest if latest is not None and is_same and latest.status == VersionStatus.DRAFT else None


def _refuse_unless(version: ProcessVersion, status: VersionStatus) -> None:
    if version.status != status:
        raise Conflict(_STATES[version.status])


def _record(session: Session, actor: Actor, version: ProcessVersion, action: str, **more: str | None) -> None:
    details = {"process": version.definition.key, "version": version.number, "hash": version.content_hash, **more}
    record_organization(session, organization_of(version).id, actor, action, details)
