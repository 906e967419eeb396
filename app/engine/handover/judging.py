"""Judge a job, inside the process that may be killed for it."""

from collections.abc import Mapping
from dataclasses import replace

from app.domain.text import N_
from app.engine.checks import Registry, load_packages
from app.engine.handover.fitness import caller_problems, check_fitness
from app.engine.handover.jobs import PathJob, UploadJob
from app.engine.handover.targets import check_path
from app.engine.handover.uploads import plain_name, read_upload
from app.engine.handover.verdicts import Verdict, refused, refused_for
from app.engine.package import ProcessPackage, package_from_files
from app.engine.problems import PackageError

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
    built_in = {} if job.processes is None else load_packages(job.processes, job.forms)
    return refused(check_path(job.path, job.forms, Registry(parameters=job.parameters), built_in))


def _judge_upload(job: UploadJob, file: str) -> Verdict:
    package = read_upload(file, job.content, job.known)
    registry = Registry(parameters=job.parameters)
    problems = check_fitness(package, _packages(job.known), registry)
    for place, known in job.below.items():
        found = caller_problems(package, _packages(known), registry)
        problems += [replace(problem, file=f"{place} · {problem.file}") for problem in found]
    return refused(problems) if problems else Verdict((), package.files)


def _packages(known: Mapping[str, Mapping[str, str]]) -> dict[str, ProcessPackage]:
    return {key: package_from_files(files) for key, files in known.items()}
