"""The one person whom a task asks by name, as the values of the case say when it opens."""

from collections.abc import Mapping
from typing import Any

from app.engine.compiler import CompiledProcess
from app.engine.expressions import parse
from app.engine.model import UserTask
from app.engine.values import CaseValues, Inputs


def person_of(process: CompiledProcess, path: str, values: Mapping[str, Any], context: Mapping[str, Any]) -> Any:
    """Return who is asked at a path: a person's id, in a scenario a name; None where nobody is. Raises ExpressionError."""
    task = process.element(path)
    if not isinstance(task, UserTask) or not task.person:
        return None
    names = CaseValues(process, Inputs(values, context)).names(tuple(path.split("/")[:-1]))
    return parse(task.person).evaluate(names)
