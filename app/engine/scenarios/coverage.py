"""Which elements and flows the scenarios of a process never reach."""

from collections.abc import Iterable, Sequence

from app.engine.changes import Visit, VisitKind
from app.engine.model import Flow, Gateway, ProcessModel


def missing_elements(model: ProcessModel, steps: Iterable[Sequence[Visit]]) -> tuple[str, ...]:
    """Return the ids of nodes and flows of the process itself that no step reached, in drawn order."""
    reached: set[str] = set()
    for visits in steps:
        for place, visit in enumerate(visits):
            if visit.kind is not VisitKind.CANCELLED:
                reached.add(visit.element)
            if visit.kind is VisitKind.COMPLETED:
                reached |= _flows_taken(model, visit.element, visits[place + 1 :])
    everything = (*model.elements, *(flow.id for flow in model.flows))
    return tuple(name for name in everything if name not in reached)


def _flows_taken(model: ProcessModel, name: str, later: Sequence[Visit]) -> set[str]:
    """Read the flows out of the order of elements: a choice took the first of its targets that came after it."""
    element = model.elements.get(name)
    out = [flow for flow in model.flows if flow.source == name]
    if isinstance(element, Gateway) and element.kind == "exclusive":
        told = {flow.id: _told_by(model, flow) for flow in out}
        chosen = next((visit.element for visit in later if any(visit.element in one for one in told.values())), None)
        out = [flow for flow in out if chosen in told[flow.id]]
    elif _is_race(model, name):
        out = []
    return {flow.id for flow in out} | {flow.id for flow in _won_race(model, name)}


def _told_by(model: ProcessModel, flow: Flow) -> set[str]:
    """Return the elements by which a flow's target shows: an event gateway does by the events that wait behind it."""
    if not _is_race(model, flow.target):
        return {flow.target}
    return {one.target for one in model.flows if one.source == flow.target}


def _is_race(model: ProcessModel, name: str) -> bool:
    element = model.elements.get(name)
    return isinstance(element, Gateway) and element.kind == "event"


def _won_race(model: ProcessModel, name: str) -> list[Flow]:
    """Return the flow from an event gateway to the event that happened: it is taken only then."""
    return [flow for flow in model.flows if flow.target == name and _is_race(model, flow.source)]
