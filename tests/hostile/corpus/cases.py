"""A case of the corpus, and the harmless package that most cases are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.engine.handover.archives import write_archive
from app.engine.handover.layouts import laid_out
from app.engine.package import ProcessPackage, load_package

ROOT = Path(__file__).parents[3]
KEY = "annual_budget"
BUILT_IN = load_package(KEY, ROOT / "processes", ROOT / "forms")
# The rule of a file that is fit after all.
FIT = "fit"
# The rule of a file that is refused unread, and of one of which only the refusal matters.
TOO_LARGE, REFUSED = "too-large", "refused"


@dataclass(frozen=True)
class Case:
    """A file, and the rule that shows in the verdict on it."""

    name: str
    file: str
    make: Callable[[], bytes]
    rule: str


def fixed(name: str, file: str, content: bytes | str, rule: str) -> Case:
    """Return a case of a small content."""
    written = content.encode() if isinstance(content, str) else content
    return Case(name, file, lambda: written, rule)


def package(**changes: str) -> bytes:
    """Return the built-in package as a zip, some files replaced or added; `__` stands for a dot, `___` for a slash."""
    files = {name.replace("___", "/").replace("__", "."): text for name, text in changes.items()}
    return write_archive(laid_out(ProcessPackage(BUILT_IN.manifest, {**BUILT_IN.files, **files})))


def changed(old: str, new: str) -> str:
    """Return the built-in diagram with one place changed; raises ValueError where there is no such place."""
    if old not in BUILT_IN.diagram:
        raise ValueError(old)
    return BUILT_IN.diagram.replace(old, new, 1)


def escaped(text: str) -> str:
    """Return a text as it stands between two tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;")
