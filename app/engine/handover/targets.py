"""What `shenpi check` may be pointed at: a package's folder, a folder of packages, or a diagram alone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from app.domain.text import N_
from app.engine.checks import Registry, check_package, load_siblings
from app.engine.handover.fitness import check_fitness
from app.engine.handover.parts import PARTS, check_part
from app.engine.handover.texts import bytes_at, text_at, texts_of
from app.engine.handover.uploads import MAX_UPLOAD, read_upload
from app.engine.package import MANIFEST, ProcessPackage, load_package, package_from_files
from app.engine.problems import PackageError, Problem, Report
from app.engine.xml import BPMN, parse_xml

FORMS = "forms"
Packages = Mapping[str, ProcessPackage]
_NONE: Packages = MappingProxyType({})


@dataclass(frozen=True)
class Known:
    """What holds where it is checked: the folder of installed forms, the registry, the packages that are built in."""

    forms: Path
    registry: Registry
    built_in: Packages


def check_path(path: Path, forms: Path, registry: Registry | None = None, built_in: Packages = _NONE) -> list[Problem]:
    """Check whatever stands at a path, among the packages that are built in.

    `forms` has a folder of forms for each of those, and the shared ones.
    """
    known = Known(forms, registry or Registry(), built_in)
    if (path / MANIFEST).is_file():
        return _check_folder(path, known)
    if path.is_dir():
        return _check_within(path, known)
    if path.suffix in PARTS | {".zip"}:
        return _check_file(path, known)
    if path.suffix == ".bpmn" and (path.parent / MANIFEST).is_file() and path.stem == path.parent.name:
        return _check_folder(path.parent, known)
    return _check_diagram(path, known)


def _check_folder(folder: Path, known: Known) -> list[Problem]:
    """Check a package's folder with the forms in `../../forms/KEY`; its siblings and those built in may be called."""
    forms = folder.parent.parent / FORMS
    try:
        package = load_package(folder.name, folder.parent, forms, known.forms)
    except PackageError as error:
        return list(error.problems)
    siblings = load_siblings(folder, forms, known.forms)
    return check_fitness(package, {**known.built_in, **siblings}, known.registry)


def _check_within(folder: Path, known: Known) -> list[Problem]:
    """Check the packages, diagrams, decisions and forms of a folder; one without any was hardly meant."""
    alone = [*folder.glob("*.bpmn"), *folder.glob("*.dmn"), *_forms_within(folder)]
    found = sorted([*(manifest.parent for manifest in folder.glob(f"*/{MANIFEST}")), *alone])
    if found:
        return [problem for one in found for problem in check_path(one, known.forms, known.registry, known.built_in)]
    report = Report(folder.name)
    report.add("", "file", N_("这里没有流程：要有 process.toml 的文件夹，或者 .bpmn、.dmn 文件，或者 forms 里的表单。"))
    return report.problems


def _forms_within(folder: Path) -> list[Path]:
    """Return the forms of a process, `forms/KEY`, or of all."""
    if folder.name == FORMS:
        return [*folder.glob("*/*.json")]
    return [*folder.glob("*.json")] if folder.parent.name == FORMS else []


def _check_file(path: Path, known: Known) -> list[Problem]:
    """Check an archive with a whole package, or a single file of one."""
    report = Report(path.name)
    try:
        if path.suffix != ".zip":
            return check_part(path.name, path.suffix, text_at(path, report))
        package = read_upload(path.name, bytes_at(path, MAX_UPLOAD, report), {})
    except PackageError as error:
        return list(error.problems)
    return check_fitness(package, known.built_in, known.registry)


def _check_diagram(path: Path, known: Known) -> list[Problem]:
    try:
        package = package_of_diagram(text_at(path, Report(path.name)), path.name, known.forms)
    except PackageError as error:
        return list(error.problems)
    callees = {**known.built_in, **load_siblings(path, known.forms)}
    problems = check_package(package, callees, known.registry)
    # The manifest was made up here: what is wrong with it is nobody's fault.
    return [_in_file(problem, path.name) for problem in problems if problem.file != MANIFEST]


def _in_file(problem: Problem, name: str) -> Problem:
    """Name the diagram as it is called where it lies, not as its package would call it."""
    return replace(problem, file=name) if problem.file.endswith(".bpmn") else problem


def package_of_diagram(text: str, file: str, forms: Path) -> ProcessPackage:
    """Make a package of a diagram alone, with the forms that its process key already has. Raises PackageError."""
    report = Report(file)
    process = parse_xml(text, report).find(f"{BPMN}process")
    key = process.get("id", "") if process is not None else ""
    if not key.isidentifier():
        report.add("", "process", N_("文件里要有一个流程，它的编号只用小写字母、数字和下划线。"))
    report.stop_if_wrong()
    texts = texts_of({f"forms/{path.name}": path for path in (forms / key).glob("*.json")})
    return package_from_files({MANIFEST: _manifest(key, process.get("name", "")), f"{key}.bpmn": text, **texts})


def _manifest(key: str, title: str) -> str:
    values: Mapping[str, str] = {"key": key, "title": title or key, "code": "XX", "category": N_("未分类")}
    return "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items())
