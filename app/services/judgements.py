"""Judging a package where it is to hold: in a process of its own, outside any transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.db.people import Organization
from app.domain.errors import Conflict, ShenpiError
from app.domain.text import N_
from app.engine.handover.archives import write_archive
from app.engine.handover.children import judge_upload
from app.engine.handover.jobs import UploadJob
from app.engine.handover.layouts import laid_out
from app.engine.package import ProcessPackage, package_from_files
from app.engine.problems import Problem
from app.services.rule_packs import parameter_types
from app.services.versions import effective_packages


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


def judge_file(session: Session, organization: Organization, file: str, content: bytes) -> Judgement:
    """Judge a file that was handed over. Raises Unfit with every problem."""
    held = effective_packages(session, organization)
    # Nothing may wait for the judging: it can take many seconds.
    session.rollback()
    known = {key: dict(package.files) for key, package in held.items()}
    verdict = judge_upload(UploadJob(file, content, known, parameter_types()))
    if verdict.files is None:
        raise Unfit(verdict.problems)
    return Judgement(package_from_files(verdict.files), _hashes(held))


def judge_again(session: Session, organization: Organization, package: ProcessPackage) -> Judgement:
    """Judge a package that was kept: what it calls may have changed. Raises Unfit with every problem."""
    return judge_file(session, organization, f"{package.key}.zip", write_archive(laid_out(package)))


def _hashes(packages: Mapping[str, ProcessPackage]) -> dict[str, str]:
    return {key: package.content_hash for key, package in packages.items()}
