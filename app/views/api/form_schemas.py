"""Forms as a client gets them: form-js JSON, with the options of each list filled in."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from app.engine.compiler import Part
from app.engine.forms import Form, Option
from app.engine.model import StartEvent, UserTask
from app.services.reading.cases import TaskView

Options = Mapping[str, Sequence[Option]]


def start_schema(process: Part, options: Options) -> dict[str, Any] | None:
    """Return the start form of a process."""
    return _schema(process, process.model.start, options, frozenset())


def schema_of(view: TaskView) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Return a task's form and its values, without what the task may not show."""
    hidden = _hidden(view.form, view.task.id)
    shown = _schema(view.view.process.part_of(view.item.element), view.task, view.options, hidden)
    return shown, {key: value for key, value in view.values.items() if key not in hidden}


def _schema(
    process: Part, element: StartEvent | UserTask, options: Options, hidden: frozenset[str]
) -> dict[str, Any] | None:
    if not element.form:
        return None
    found: dict[str, Any] = json.loads(process.package.forms[element.form])
    found["components"] = _filled(found["components"], options, hidden)
    return found


def _filled(components: list[dict[str, Any]], options: Options, hidden: frozenset[str]) -> list[dict[str, Any]]:
    return [_component(one, options) for one in components if one.get("key", one.get("path")) not in hidden]


def _component(one: dict[str, Any], options: Options) -> dict[str, Any]:
    if "components" in one:
        one["components"] = _filled(one["components"], options, frozenset())
    if "valuesKey" in one:
        one["values"] = [
            {"value": option.value, "label": option.label, **({"hint": option.hint} if option.hint else {})}
            for option in options.get(one["valuesKey"], ())
        ]
    return one


def _hidden(form: Form | None, element: str) -> frozenset[str]:
    fields = form.fields.items() if form else ()
    return frozenset(key for key, field in fields if field.access.mode(element) == "hidden")
