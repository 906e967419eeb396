"""Paths as people read them: names from the start on."""

from collections.abc import Iterable, Mapping

from app.domain.text import N_
from app.engine.checks.soundness.nets import Move
from app.engine.graph import Edges
from app.engine.model import Element, Gateway

_MOST, _FIRST, _LAST = 12, 5, 6
_ARROW = " → "


def name_of(item: Element) -> str:
    """Return what an element is called; a gateway without a name by what it does."""
    if item.name:
        return item.name
    return N_("网关 %s") % item.id if isinstance(item, Gateway) else item.id


def names_on(moves: Iterable[Move], elements: Mapping[str, Element]) -> list[str]:
    """Return the elements that tokens passed, those left out that a token only came to and unnamed gateways."""
    passed = [elements[move.element] for move in moves if not move.is_arrival]
    return [item.id for item in passed if item.name or not isinstance(item, Gateway)]


def written(names: Iterable[str], elements: Mapping[str, Element]) -> str:
    """Return a path as text, its middle left out where it is long."""
    known: list[str] = []
    for name in names:
        if not known or known[-1] != name:
            known.append(name)
    texts = [name_of(elements[name]) for name in known]
    if len(texts) > _MOST:
        texts = [*texts[:_FIRST], "…", *texts[-_LAST:]]
    return _ARROW.join(texts)


def shortest(edges: Edges, start: str, target: str) -> list[str]:
    """Return the elements on a shortest way, or nothing where there is none."""
    before: dict[str, str | None] = {start: None}
    waiting = [start]
    for name in waiting:
        for other in edges[name]:
            if other not in before:
                before[other] = name
                waiting.append(other)
    path: list[str] = []
    step: str | None = target if target in before else None
    while step is not None:
        path.append(step)
        step = before[step]
    return path[::-1]
