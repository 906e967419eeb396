"""Reading the files of a package, one by one, each within the size that its kind may have."""

from collections.abc import Mapping
from pathlib import Path, PurePath
from types import MappingProxyType

from app.domain.text import N_
from app.engine.handover.encodings import read_text
from app.engine.problems import PackageError, Problem, Report

# In bytes. A drawing of the permitted size, its layout included, stays far below.
LARGEST_DIAGRAM = 1_000_000
_LARGEST: Mapping[str, int] = MappingProxyType({".json": 800_000, ".yaml": 800_000, ".toml": 100_000, ".txt": 20_000})


def text_of(name: str, content: bytes, report: Report) -> str:
    """Return the text of a file. Raises PackageError."""
    return read_text(content, report, _largest(name))


def text_at(path: Path, report: Report) -> str:
    """Return the text of a file on this machine. Raises PackageError."""
    return text_of(path.name, bytes_at(path, _largest(path.name), report), report)


def bytes_at(path: Path, largest: int, report: Report) -> bytes:
    """Return what a regular file holds, no more than one byte too many. Raises PackageError."""
    content = b""
    try:
        if path.is_file():
            with path.open("rb") as stream:
                content = stream.read(largest + 1)
        else:
            report.add("", "file", N_("这不是一个文件，请检查路径。"))
    except OSError:
        report.add("", "file", N_("文件读不出来，请检查路径和权限。"))
    report.stop_if_wrong()
    return content


def texts_of(files: Mapping[str, bytes | Path]) -> dict[str, str]:
    """Return the text of each file by its name in the package. Raises PackageError with the problems of all."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for name, source in files.items():
        report = Report(name)
        try:
            texts[name] = text_at(source, report) if isinstance(source, Path) else text_of(name, source, report)
        except PackageError as error:
            problems += error.problems
    if problems:
        raise PackageError(problems)
    return texts


def _largest(name: str) -> int:
    return _LARGEST.get(PurePath(name).suffix.lower(), LARGEST_DIAGRAM)
