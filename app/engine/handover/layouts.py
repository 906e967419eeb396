"""Where the files of a package lie in an archive: as under `processes/` and `forms/`, or all in one folder."""

import re
from collections.abc import Iterator, Mapping

from app.domain.text import N_
from app.engine.package import MANIFEST, SCENARIOS, ProcessPackage
from app.engine.problems import Report

_OWN = re.compile(
    rf"{re.escape(MANIFEST)}|{re.escape(SCENARIOS)}|[^/]+\.(?:bpmn|dmn)|notices/[^/]+\.txt|forms/[^/]+\.json"
)
_FORM = re.compile(r"forms/[^/]+/([^/]+\.json)")


def arranged(paths: Mapping[str, bytes], report: Report) -> dict[str, bytes]:
    """Return the files of the one package in an archive by their name in it. Raises PackageError."""
    base = _base_of(paths, report)
    report.stop_if_wrong()
    names = dict(_named(paths, base or ""))
    for path in paths.keys() - names.keys():
        report.add("", "archive", N_("压缩包里的“%(name)s”不属于流程，请拿出来。"), name=path[:80])
    if len(set(names.values())) < len(names):
        report.add("", "archive", N_("同一张表单在压缩包里有两份，请只留一份。"))
    report.stop_if_wrong()
    return {name: paths[path] for path, name in names.items()}


def laid_out(package: ProcessPackage) -> dict[str, str]:
    """Return a package's files by their path in the layout of `processes/` and `forms/`."""
    key = package.key
    return {
        f"forms/{key}/{name.removeprefix('forms/')}" if name.startswith("forms/") else f"processes/{key}/{name}": text
        for name, text in package.files.items()
    }


def _base_of(paths: Mapping[str, bytes], report: Report) -> str | None:
    """Return the folder of the manifest, with its slash."""
    found = [path.removesuffix(MANIFEST) for path in paths if path == MANIFEST or path.endswith(f"/{MANIFEST}")]
    if len(found) == 1:
        return found[0]
    if found:
        report.add("", "archive", N_("压缩包里有几个流程，请每个流程单独打包。"))
    elif any(path.startswith(("xl/", "word/", "ppt/")) for path in paths):
        report.add("", "archive", N_("这是 Office 文档，不是流程包。请交 .bpmn 文件，或者带 process.toml 的 .zip。"))
    else:
        report.add("", "archive", N_("压缩包里没有 process.toml，请把它和流程图、表单一起打包。"))
    return None


def _named(paths: Mapping[str, bytes], base: str) -> Iterator[tuple[str, str]]:
    """Yield each file that belongs to the package with its name there."""
    *above, _key, _end = base.split("/") if base.count("/") > 1 else ("", "", "")
    outer = "/".join(above[:-1]) + "/" if len(above) > 1 else ""
    has_own_layout = bool(above) and above[-1] == "processes"
    for path in paths:
        inside = path.removeprefix(base) if path.startswith(base) else ""
        form = _FORM.fullmatch(path.removeprefix(outer) if has_own_layout else inside)
        if _OWN.fullmatch(inside):
            yield path, inside
        elif form:
            yield path, f"forms/{form[1]}"
