"""What `shenpi check` may be pointed at: a package's folder, a folder of packages, or a diagram alone."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from app.domain.text import N_
from app.engine.checks.facts import Registry
from app.engine.checks.package import check_folder, check_package, load_siblings
from app.engine.handover.parts import PARTS, check_part
from app.engine.handover.texts import bytes_at, text_at, texts_of
from app.engine.handover.uploads import MAX_UPLOAD, read_upload
from app.engine.package import MANIFEST, ProcessPackage, package_from_files
from app.engine.problems import PackageError, Problem, Report
from app.engine.xml import BPMN, parse_xml


def check_path(path: Path, forms: Path, registry: Registry | None = None) -> list[Problem]:
    """Check whatever stands at a path; `forms` is the folder with a folder of forms for each process."""
    if (path / MANIFEST).is_file():
        return check_folder(path, forms, registry)
    if path.is_dir():
        return _check_within(path, forms, registry)
    if path.suffix in PARTS | {".zip"}:
        return _check_file(path, registry)
    if path.suffix == ".bpmn" and (path.parent / MANIFEST).is_file() and path.stem == path.parent.name:
        return check_folder(path.parent, forms, registry)
    return _check_diagram(path, forms, registry)


def _check_within(folder: Path, forms: Path, registry: Registry | None) -> list[Problem]:
    """Check the packages, diagrams and decisions of a folder; one without any was hardly meant."""
    alone = [*folder.glob("*.bpmn"), *folder.glob("*.dmn")]
    found = sorted([*(manifest.parent for manifest in folder.glob(f"*/{MANIFEST}")), *alone])
    if found:
        return [problem for one in found for problem in check_path(one, forms, registry)]
    report = Report(folder.name)
    report.add("", "file", N_("这里没有流程：要有 process.toml 的文件夹，或者 .bpmn、.dmn 文件。"))
    return report.problems


def _check_file(path: Path, registry: Registry | None) -> list[Problem]:
    """Check an archive with a whole package, or a single file of one."""
    report = Report(path.name)
    try:
        if path.suffix != ".zip":
            return check_part(path.name, path.suffix, text_at(path, report))
        package = read_upload(path.name, bytes_at(path, MAX_UPLOAD, report), {})
    except PackageError as error:
        return list(error.problems)
    return check_package(package, {}, registry)


def _check_diagram(path: Path, forms: Path, registry: Registry | None) -> list[Problem]:
    try:
        package = package_of_diagram(text_at(path, Report(path.name)), path.name, forms)
    except PackageError as error:
        return list(error.problems)
    problems = check_package(package, load_siblings(path, forms), registry)
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
