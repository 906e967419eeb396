"""From the bytes and the name of a file that was handed over to a package."""

from collections.abc import Mapping
from pathlib import PurePath, PureWindowsPath

from app.domain.text import N_
from app.engine.handover.archives import read_archive
from app.engine.handover.layouts import arranged
from app.engine.handover.texts import text_of, texts_of
from app.engine.package import MANIFEST, ProcessPackage, package_from_files
from app.engine.problems import PackageError, Problem, Report
from app.engine.reader import read_model
from app.engine.xml import BPMN, parse_xml

MAX_UPLOAD = 5_000_000
_LONGEST_NAME = 120
_DIAGRAMS = frozenset({".bpmn", ".xml"})
# What an edited diagram takes along from the process that holds: its scenarios tell of the old drawing.
_KEPT = (MANIFEST, "forms/", "notices/")


def plain_name(name: str) -> str:
    """Return the last part of a file's name, as far as it can be shown."""
    last = PureWindowsPath(PurePath(name.replace("\x00", "")).name).name
    return "".join(sign for sign in last if sign.isprintable())[:_LONGEST_NAME] or "file"


def read_upload(file: str, content: bytes, known: Mapping[str, Mapping[str, str]]) -> ProcessPackage:
    """Return the package that a file makes, together with what holds already. Raises PackageError."""
    report = Report(file)
    if len(content) > MAX_UPLOAD:
        report.add("", "size", N_("文件太大，最多 %(limit)d 字节，请删去多余的内容。"), limit=MAX_UPLOAD)
    elif not content:
        report.add("", "file", N_("文件是空的，请核对是不是选错了文件。"))
    report.stop_if_wrong()
    suffix = PurePath(file).suffix.lower()
    if suffix == ".zip":
        return read_package_archive(content, report)
    if suffix in _DIAGRAMS:
        return _package_of_diagram(text_of(file, content, report), known, report)
    report.add("", "file", N_("请交流程图（.bpmn），或者把整个流程打成 .zip。"))
    raise PackageError(report.problems)


def read_package_archive(content: bytes, report: Report) -> ProcessPackage:
    """Return the package in an archive. Raises PackageError."""
    files = arranged(read_archive(content, report), report)
    package = package_from_files(texts_of(files))
    for name in package.files:
        if name.endswith(".bpmn") and name != package.diagram_file:
            report.add("", "archive", N_("一个流程只有一张图，请把“%(name)s”拿出来。"), name=name)
    report.stop_if_wrong()
    return package


def _package_of_diagram(text: str, known: Mapping[str, Mapping[str, str]], report: Report) -> ProcessPackage:
    """Put an edited diagram in the place of the one that holds under its key."""
    process = parse_xml(text, report).find(f"{BPMN}process")
    key = process.get("id", "") if process is not None else ""
    if key not in known:
        raise PackageError(_problems_of_stranger(key, text, report))
    kept = {name: held for name, held in known[key].items() if name.startswith(_KEPT) or name.endswith(".dmn")}
    return package_from_files({**kept, f"{key}.bpmn": text})


def _problems_of_stranger(key: str, text: str, report: Report) -> list[Problem]:
    """Say that a diagram alone is not enough, and what else its author will have to change."""
    message = N_("这里没有编号为“%(key)s”的流程。新的流程请连同 process.toml 和表单打成 .zip 一起交。")
    report.add(key, "package", message, key=key)
    try:
        read_model(key, report.file, text)
    except PackageError as error:
        return [*report.problems, *error.problems]
    return report.problems
