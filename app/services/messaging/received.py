"""What the messages that a case waited for brought it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.model import CallActivity, MessageEvent
from app.engine.paths import values_at
from app.services.reading.cases import CaseView


@dataclass(frozen=True)
class Received:
    """The fields that came to an event, by their names."""

    element: str
    name: str
    values: Mapping[str, Any]


def received(view: CaseView) -> list[Received]:
    """Return what came, in the order of the diagram, as far as the case's values may be shown."""
    return list(_received(view, ()))


def _received(view: CaseView, calls: tuple[str, ...]) -> Iterator[Received]:
    for element in view.process.part_at(calls).model.elements.values():
        path = "/".join((*calls, element.id))
        if isinstance(element, CallActivity):
            yield from _received(view, (*calls, element.id))
        elif isinstance(element, MessageEvent):
            held = values_at(view.values, path)
            values = {name: held[name] for name in element.fields if name in held}
            if values:
                yield Received(path, element.name, values)
