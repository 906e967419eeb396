"""A case's title and amount, from its process's templates; list rows carry copies."""

from typing import Any

from app.db.queries.step_locks import LockedCase
from app.engine.compiler import CompiledProcess
from app.services.texts import filled, looked_up

LONGEST = 120


def refresh(case: LockedCase, process: CompiledProcess) -> None:
    """Write the title and the amount that the values now give."""
    manifest = process.package.manifest
    case.title = filled(manifest.title_template, case.values)[:LONGEST] or manifest.title
    case.amount = _amount(case.values, manifest.amount)


def _amount(values: dict[str, Any], path: str | None) -> int | None:
    found = looked_up(values, path) if path else None
    return found if isinstance(found, int) else None
