"""A process package: the files of one published version, and what its manifest says."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app.domain.canonical import content_hash
from app.domain.text import N_
from app.engine.handover.texts import texts_of
from app.engine.plans import Plan, check_plan
from app.engine.problems import Report

MANIFEST = "process.toml"
SCENARIOS = "scenarios.yaml"
_FORM_REFERENCE = re.compile(r'\bshenpi:form="([a-z0-9_]+)"')
_KEY = re.compile(r"[a-z][a-z0-9_]{1,62}")
# How tomllib says where it stopped.
_LINE = re.compile(r"at line (\d+)")
_REQUIRED = ("key", "title", "code", "category")
_LISTS = ("on_abandon", "rules", "summary")
_SWITCHES = ("restricted", "confidential")
_NOTICE = frozenset({"at", "text", "to"})
_LONGEST, _MOST = 200, 50
_OPTIONAL = ("programme", "start_hint", "title_template", "page", "amount", "withdrawal")


@dataclass(frozen=True)
class Notice:
    """Who is told which text when an element is reached."""

    at: str
    text: str
    # `initiator`, `signers`, or roles.
    to: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """What `process.toml` says about a process."""

    key: str
    title: str
    code: str
    category: str
    programme: str | None = None
    start_hint: str = ""
    title_template: str = ""
    # The page that its notices open, where that is not the case's: `/rank-reviews/{open_review.review}`.
    page: str = ""
    # Lines of label and value for lists: `工作室：{submit.studio}`.
    summary: tuple[str, ...] = ()
    amount: str | None = None
    # Operations run when an instance is withdrawn or cancelled.
    on_abandon: tuple[str, ...] = ()
    # The operation that tells whether the initiator may withdraw; without it, as long as nobody else has decided.
    withdrawal: str | None = None
    # Groups of rules, such as `expense`, that a case is pinned to.
    rules: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    # When the process begins by itself, where it is adopted.
    schedule: Plan | None = None
    # Nothing but a case's title leaves the platform.
    restricted: bool = False
    # Nobody sees its cases by office, only who has a part in them.
    confidential: bool = False


@dataclass(frozen=True)
class ProcessPackage:
    """One immutable version of a process: its manifest and all its files by name."""

    manifest: Manifest
    files: Mapping[str, str]

    @property
    def key(self) -> str:
        """Return the stable key of the process definition."""
        return self.manifest.key

    @property
    def diagram_file(self) -> str:
        """Return the name of the BPMN file."""
        return f"{self.key}.bpmn"

    @property
    def diagram(self) -> str:
        """Return the text of the BPMN file."""
        return self.files[self.diagram_file]

    @property
    def forms(self) -> dict[str, str]:
        """Return the text of each form by its name."""
        return dict(self._texts("forms/", ".json"))

    @property
    def decisions(self) -> dict[str, str]:
        """Return the text of each DMN file by the file's name."""
        return {name: text for name, text in self.files.items() if name.endswith(".dmn")}

    @cached_property
    def notices(self) -> dict[str, str]:
        """Return the text of each notice template by its name."""
        return dict(self._texts("notices/", ".txt"))

    @property
    def scenarios(self) -> str | None:
        """Return the text of the scenarios, if there are any."""
        return self.files.get(SCENARIOS)

    @cached_property
    def content_hash(self) -> str:
        """Return the SHA-256 over all files."""
        return content_hash(dict(self.files))

    def _texts(self, folder: str, suffix: str) -> Iterator[tuple[str, str]]:
        for name, text in sorted(self.files.items()):
            if name.startswith(folder) and name.endswith(suffix):
                yield name.removeprefix(folder).removesuffix(suffix), text


def load_package(key: str, processes: Path, forms: Path, lent: Path | None = None) -> ProcessPackage:
    """Read a package from its folders; a shared form joins when the diagram names it, from `lent` where `forms` has none.

    Raises PackageError.
    """
    folder = processes / key
    files = {path.relative_to(folder).as_posix(): path for path in _package_files(folder)}
    texts = texts_of({**files, **_form_files(forms / key)})
    wanted = {f"forms/{form}.json" for form in _FORM_REFERENCE.findall(texts.get(f"{key}.bpmn", ""))}
    shared = {**_form_files((lent or forms) / "shared"), **_form_files(forms / "shared")}
    texts |= texts_of({name: shared[name] for name in wanted & shared.keys() - texts.keys()})
    return package_from_files(texts)


def package_from_files(files: Mapping[str, str]) -> ProcessPackage:
    """Build a package from the texts of its files. Raises PackageError."""
    report = Report(MANIFEST)
    if MANIFEST not in files:
        report.add("", "manifest", N_("缺少 process.toml，请添上。"))
    report.stop_if_wrong()
    manifest = read_manifest(files[MANIFEST])
    if f"{manifest.key}.bpmn" not in files:
        report.add("key", "manifest", N_("缺少流程图 %(name)s，请添上。"), name=f"{manifest.key}.bpmn")
    report.stop_if_wrong()
    return ProcessPackage(manifest, dict(sorted(files.items())))


def _package_files(folder: Path) -> Iterator[Path]:
    for pattern in (MANIFEST, SCENARIOS, "*.bpmn", "*.dmn", "notices/*.txt"):
        yield from folder.glob(pattern)


def _form_files(folder: Path) -> dict[str, Path]:
    return {f"forms/{path.name}": path for path in folder.glob("*.json")}


def read_manifest(text: str) -> Manifest:
    """Read the text of `process.toml`. Raises PackageError."""
    report = Report(MANIFEST)
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line = _LINE.search(str(error))
        report.add("", "manifest", N_("process.toml 第 %(line)s 行读不出来，请改正写法。"), line=line[1] if line else 1)
        data = {}
    report.stop_if_wrong()
    _check_manifest(data, report)
    report.stop_if_wrong()
    notices = tuple(Notice(row["at"], row["text"], tuple(row["to"])) for row in data.get("notices", ()))
    lists = {name: tuple(data.get(name, ())) for name in _LISTS}
    schedule = Plan(**data["schedule"]) if "schedule" in data else None
    return Manifest(**{**data, **lists, "notices": notices, "schedule": schedule})


def _check_manifest(data: Mapping[str, object], report: Report) -> None:
    for name in _REQUIRED:
        if not data.get(name):
            report.add(name, "manifest", N_("process.toml 里没有 %(name)s，请写上。"), name=name)
    for name in sorted(data.keys() - {*_REQUIRED, *_OPTIONAL, *_LISTS, *_SWITCHES, "notices", "schedule"}):
        report.add(name, "manifest", N_("process.toml 里的 %(name)s 不认识，请删去。"), name=name)
    _check_kinds(data, report)
    for name in _SWITCHES:
        if not isinstance(data.get(name, False), bool):
            report.add(name, "manifest", N_("process.toml 里的 %(name)s 只能写 true 或 false。"), name=name)
    if "schedule" in data:
        check_plan(data["schedule"], report)


def _check_kinds(data: Mapping[str, object], report: Report) -> None:
    for name in data.keys() & {*_REQUIRED, *_OPTIONAL}:
        if not isinstance(text := data[name], str) or len(text) > _LONGEST:
            message = N_("process.toml 里的 %(name)s 要写成文字，不超过 %(limit)d 个字。")
            report.add(name, "manifest", message, name=name, limit=_LONGEST)
    if isinstance(key := data.get("key"), str) and key and not _KEY.fullmatch(key):
        report.add("key", "manifest", N_("流程的 key 只能用小写字母、数字和下划线。"))
    for name in _LISTS:
        if not _is_list_of_texts(data.get(name, [])):
            report.add(name, "manifest", N_("%(name)s 要写成名称的列表。"), name=name)
    for name in _unknown_in_notices(data.get("notices", [])):
        report.add("notices", "manifest", N_("[[notices]] 里的 %(name)s 不认识，只能写 at、text 和 to。"), name=name)
    if not _are_notices(data.get("notices", [])):
        report.add("notices", "manifest", N_("每个 [[notices]] 都要写 at、text 和 to：到哪一步、用哪份文字、告诉谁。"))


def _unknown_in_notices(value: object) -> list[str]:
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    return sorted({name for row in rows for name in row} - _NOTICE)


def _are_notices(value: object) -> bool:
    return isinstance(value, list) and len(value) <= _MOST and all(_is_notice(row) for row in value)


def _is_notice(row: object) -> bool:
    return (
        isinstance(row, dict)
        and row.keys() >= _NOTICE
        and isinstance(row["at"], str)
        and isinstance(row["text"], str)
        and _is_list_of_texts(row["to"])
    )


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and len(value) <= _MOST and all(isinstance(item, str) for item in value)
