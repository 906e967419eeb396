"""docker-compose.yml as `docker compose` reads it, and its commands for processes of this machine."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from tests.servers.programs import ROOT

FILE = ROOT / "docker-compose.yml"
_VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


class Missing(Exception):
    """A variable without a default is not given."""


def read() -> dict[str, Any]:
    """Return the file as it is written."""
    content: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return content


def resolved(given: Mapping[str, str]) -> dict[str, Any]:
    """Return the file with its variables filled in. Raises Missing, as compose refuses to start."""
    content: dict[str, Any] = _filled(read(), given)
    return content


def _filled(node: Any, given: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        return {name: _filled(value, given) for name, value in node.items()}
    if isinstance(node, list):
        return [_filled(value, given) for value in node]
    return _VARIABLE.sub(lambda found: _value(found, given), node) if isinstance(node, str) else node


def _value(found: re.Match[str], given: Mapping[str, str]) -> str:
    name, kind, rest = found.groups()
    if given.get(name):
        return given[name]
    if kind == "-":
        return str(rest)
    raise Missing(f"{name}: {rest}")
