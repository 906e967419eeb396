"""Whom a task asks that the case names: one person, or the holders of a position, as its values say when it opens."""

from collections.abc import Mapping
from typing import Any

from app.engine.compiler import CompiledProcess
from app.engine.expressions import parse
from app.engine.model import UserTask
from app.engine.values import CaseValues, Inputs


def person_of(process: CompiledProcess, path: str, values: Mapping[str, Any], context: Mapping[str, Any]) -> Any:
    """Return who is asked at a path: a person's id, in a scenario a name, or a position; None where nobody is.

    Raises ExpressionError.
    """
    task = process.element(path)
    if not isinstance(task, UserTask) or not task.person:
        return None
    names = CaseValues(process, Inputs(values, context)).names(tuple(path.split("/")[:-1]))
    return parse(task.person).evaluate(names)
