"""The diagrams of a case, lit where it stands: its own, and those of the processes that it calls."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.engine.compiler import CompiledProcess
from app.engine.model import CallActivity, Gateway
from app.services import incidents
from app.services.reading import history
from app.services.reading.cases import CaseView

Calls = tuple[str, ...]


def calls_at(view: CaseView, text: str) -> Calls:
    """Return the chain of calls that a text such as `panel_review` names. Raises NotFound."""
    calls = tuple(text.split("/")) if text else ()
    if calls and calls not in set(_all_calls(view.process, ())):
        raise NotFound
    return calls


def title(view: CaseView, calls: Calls) -> str:
    """Return what a diagram is called."""
    return view.process.part_at(calls).package.manifest.title


def drawn(session: Session, view: CaseView, calls: Calls) -> dict[str, Any]:
    """Return a diagram with what of it is done, open, and failed."""
    part = view.process.part_at(calls)
    waiting = [*(item.element for item in view.open_items), *(standing.task.element for standing in view.asked)]
    now = _within(calls, waiting)
    done = _within(calls, history.visited(session, view.case.id))
    failed = (one.element for one in incidents.open_incidents(session, view.case.id) if one.element)
    return {
        "xml": part.package.diagram,
        # What a gateway decided, the flows behind it show.
        "done": [one for one in done if one not in now and not isinstance(part.model.elements[one], Gateway)],
        "now": now,
        "failed": _within(calls, failed),
        "words": {"done": _("已办"), "now": _("现在"), "failed": _("出错")},
    }


def others(view: CaseView, calls: Calls) -> list[dict[str, str]]:
    """Return links to the other diagrams of the case, its own first."""
    every = [(), *_all_calls(view.process, ())]
    return [
        {"href": _address(view, one), "title": view.process.element("/".join(one)).name if one else title(view, ())}
        for one in every
        if one != calls
    ]


def _address(view: CaseView, calls: Calls) -> str:
    return url_for("cases.diagram", instance_id=view.case.id, call="/".join(calls) or None)


def _all_calls(process: CompiledProcess, calls: Calls) -> Iterator[Calls]:
    for call in process.part_at(calls).model.of_kind(CallActivity):
        yield (*calls, call.id)
        yield from _all_calls(process, (*calls, call.id))


def _within(calls: Calls, paths: Iterable[str]) -> list[str]:
    """Return the elements of one diagram that paths lead to or through."""
    split = (tuple(path.split("/")) for path in paths)
    return list(
        dict.fromkeys(names[len(calls)] for names in split if names[: len(calls)] == calls and names[len(calls) :])
    )
