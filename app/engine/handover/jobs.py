"""What the judging process is asked, and how it is written on the pipe."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.engine.types import Type, read_type


@dataclass(frozen=True)
class UploadJob:
    """A file that was handed over, and what holds where it was handed over."""

    file: str
    content: bytes
    # The files of the packages that may be called or edited, by key.
    known: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # The rules by key, each with its type; None where they are not known.
    parameters: Mapping[str, Type] | None = None
    # What holds in each organisation below that has callers of its own, by the organisation's name.
    below: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    def written(self) -> bytes:
        """Return the job for the pipe: a line of JSON, then the file."""
        held = {"known": dict(self.known), "below": dict(self.below)}
        return _line({"file": self.file, "parameters": _listed(self.parameters), **held}) + self.content


@dataclass(frozen=True)
class PathJob:
    """A path on this machine that `shenpi check` was pointed at."""

    path: Path
    forms: Path
    parameters: Mapping[str, Type] | None = None
    # The folder of the built-in packages, which hold everywhere; None where none do.
    processes: Path | None = None

    def written(self) -> bytes:
        """Return the job for the pipe: a line of JSON."""
        places = {"path": str(self.path), "forms": str(self.forms), "processes": str(self.processes or "")}
        return _line({**places, "parameters": _listed(self.parameters)})


def read_job(written: bytes) -> UploadJob | PathJob:
    """Read what `written` wrote."""
    line, _, content = written.partition(b"\n")
    head: dict[str, Any] = json.loads(line)
    listed = head["parameters"]
    parameters = None if listed is None else {key: read_type(data) for key, data in listed.items()}
    if "path" in head:
        processes = Path(head["processes"]) if head["processes"] else None
        return PathJob(Path(head["path"]), Path(head["forms"]), parameters, processes)
    return UploadJob(head["file"], content, head["known"], parameters, head["below"])


def _listed(parameters: Mapping[str, Type] | None) -> dict[str, Any] | None:
    return None if parameters is None else {key: parameters[key].as_data() for key in sorted(parameters)}


def _line(head: Mapping[str, Any]) -> bytes:
    return json.dumps(head).encode() + b"\n"
