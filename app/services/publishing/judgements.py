"""Judging a package where it is to hold: in a process of its own, outside any transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.db.people import Organization
from app.domain.errors import Conflict, NotFound, ShenpiError
from app.domain.text import N_
from app.engine.handover.archives import write_archive
from app.engine.handover.children import judge_upload
from app.engine.handover.jobs import UploadJob
from app.engine.handover.layouts import laid_out
from app.engine.package import ProcessPackage, package_from_files
from app.engine.problems import Problem
from app.services.publishing.versions import effective_packages, effective_version, published_below
from app.services.rulebook.rule_packs import parameter_types

Below = dict[str, dict[str, dict[str, str]]]


class Unfit(ShenpiError):
    """What was handed over cannot be published; `problems` says why."""

    message = N_("流程文件有 %(count)d 处要改，请看列出的每一处。")

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(count=len(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Judgement:
    """A package that passed every check among the packages that held then, by key and hash."""

    package: ProcessPackage
    among: Mapping[str, str]

    def refuse_if_outdated(self, session: Session, organization: Organization) -> None:
        """Raise Conflict where a package that it may call has changed since."""
        if _hashes(effective_packages(session, organization)) != self.among:
            raise Conflict(N_("检查的时候别的流程有了变动，请再试一次。"))


def judge_file(
    session: Session, organization: Organization, file: str, content: bytes, below: Below | None = None
) -> Judgement:
    """Judge a file that was handed over. Raises Unfit with every problem."""
    held = effective_packages(session, organization)
    # Nothing may wait for the judging: it can take many seconds.
    session.rollback()
    known = {key: dict(package.files) for key, package in held.items()}
    verdict = judge_upload(UploadJob(file, content, known, parameter_types(), below or {}))
    if verdict.files is None:
        raise Unfit(verdict.problems)
    return Judgement(package_from_files(verdict.files), _hashes(held))


def judge_again(session: Session, organization: Organization, package: ProcessPackage) -> Judgement:
    """Judge a package that was kept: what it calls, and what calls it here or below, may have changed.

    Raises Unfit with every problem.
    """
    below = _callers_below(session, organization, package.key)
    return judge_file(session, organization, f"{package.key}.zip", write_archive(laid_out(package)), below)


def _callers_below(session: Session, organization: Organization, key: str) -> Below:
    """Return what holds in each organisation below that has versions of its own, and takes this one from above."""
    places = {one.organization_id: one.organization for one in published_below(session, organization)}
    found: Below = {}
    for place in places.values():
        if place is not None and _comes_from_above(session, key, place, organization):
            held = effective_packages(session, place)
            if any(f'"{key}"' in package.diagram for package in held.values()):
                found[f"{place.name}（{place.code}）"] = {each: dict(one.files) for each, one in held.items()}
    return found


def _comes_from_above(session: Session, key: str, place: Organization, organization: Organization) -> bool:
    try:
        held = effective_version(session, key, place)
    except NotFound:
        return False
    return held.organization is None or organization.path.startswith(held.organization.path)


def _hashes(packages: Mapping[str, ProcessPackage]) -> dict[str, str]:
    return {key: package.content_hash for key, package in packages.items()}
