"""Judge a job, inside the process that may be killed for it."""

from collections.abc import Mapping
from dataclasses import replace

from app.domain.text import N_
from app.engine.checks import Registry, check_package, check_path
from app.engine.handover.jobs import PathJob, UploadJob
from app.engine.handover.replacing import check_code, check_replacement, check_rules_kept
from app.engine.handover.uploads import plain_name, read_upload
from app.engine.handover.verdicts import Verdict, refused, refused_for
from app.engine.package import ProcessPackage, package_from_files
from app.engine.problems import PackageError, Problem
from app.engine.scenarios import problems_of, run_scenarios

TOO_DEEP = N_("内容一层套一层太深，请减少层数。")


def judge(job: UploadJob | PathJob) -> Verdict:
    """Return what is wrong with what was handed over, or the package that it makes."""
    file = plain_name(job.file if isinstance(job, UploadJob) else job.path.name)
    try:
        return _judge_path(job) if isinstance(job, PathJob) else _judge_upload(job, file)
    except PackageError as error:
        return refused(error.problems)
    except RecursionError:
        return refused_for(file, "depth", TOO_DEEP)


def _judge_path(job: PathJob) -> Verdict:
    return refused(check_path(job.path, job.forms, Registry(parameters=job.parameters)))


def _judge_upload(job: UploadJob, file: str) -> Verdict:
    package = read_upload(file, job.content, job.known)
    packages = {key: package_from_files(files) for key, files in job.known.items()}
    held = packages.get(package.key)
    others = {key: one for key, one in packages.items() if key != package.key}
    registry = Registry(parameters=job.parameters)
    problems = [*check_package(package, others, registry), *check_code(package, others.values())]
    if held is not None:
        problems += [*check_replacement(package, held), *_caller_problems(package, packages, registry)]
    problems = problems or [*check_rules_kept(package), *_scenario_problems(package, others)]
    return refused(problems) if problems else Verdict((), package.files)


def _caller_problems(
    package: ProcessPackage, packages: Mapping[str, ProcessPackage], registry: Registry
) -> list[Problem]:
    """Check what calls a package once more, with it in place of the one that holds: what is wrong now and was not."""
    now = {**packages, package.key: package}
    found: list[Problem] = []
    for caller in packages.values():
        if f'calledElement="{package.key}"' in caller.diagram:
            before = check_package(caller, packages, registry)
            found += [problem for problem in check_package(caller, now, registry) if problem not in before]
    return found


def _scenario_problems(package: ProcessPackage, callees: dict[str, ProcessPackage]) -> list[Problem]:
    """Run the scenarios that came along; what they do not reach keeps nobody from publishing."""
    if package.scenarios is None:
        return []
    report = run_scenarios(package, callees)
    return problems_of(replace(report, missing=()))
