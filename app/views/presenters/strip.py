"""Where a case stands, as a strip of at most seven steps: automatic ones stand together."""

from datetime import datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.domain.identity import Actor
from app.engine.model import DecisionTask, EndEvent, ServiceTask, UserTask
from app.engine.paths import beside
from app.services.reading import history
from app.services.reading.cases import CaseView
from app.services.reading.history import StripStep
from app.services.reading.strip_steps import main_step
from app.views.presenters.acts import wait_words
from app.views.presenters.checks import check_lines
from app.views.presenters.collectives import progress_words
from app.views.presenters.inbox import short_day

STATES = {"done": "done", "now": "now", "ahead": "todo"}
Step = dict[str, Any]
AUTOMATIC = (ServiceTask, DecisionTask)


def strip(session: Session, actor: Actor, view: CaseView) -> list[Step]:
    """Return the steps of the strip macro."""
    found = _with_revision(session, view, history.strip(session, view))
    steps = [
        _step(actor, view, one)
        for is_automatic, run in groupby(found, key=lambda one: _is_automatic(view, one))
        for one in (_merged(list(run)) if is_automatic else run)
    ]
    return _without_booking(view, steps)


def _is_automatic(view: CaseView, one: StripStep) -> bool:
    return isinstance(view.process.element(one.element), AUTOMATIC)


def _merged(run: list[StripStep]) -> list[StripStep]:
    """Let the first of several automatic steps stand for all."""
    state = "done" if all(one.state == "done" for one in run) else run[0].state
    return [StripStep(run[0].element, run[0].name, state, (), run[0].at)]


def _without_booking(view: CaseView, steps: list[Step]) -> list[Step]:
    """Leave out the automatic step before the end: the end says the same."""
    if len(steps) > 1 and isinstance(view.process.element(steps[-1]["element"]), EndEvent):
        kept = steps[:-2] if isinstance(view.process.element(steps[-2]["element"]), AUTOMATIC) else steps[:-1]
        return [*kept, steps[-1]]
    return steps


def _with_revision(session: Session, view: CaseView, found: list[StripStep]) -> list[StripStep]:
    """Mark the step that is being revised: its task stands beside the main line."""
    if any(one.state == "now" for one in found):
        return found
    for item in view.open_items:
        task = view.process.element(item.element)
        if isinstance(task, UserTask) and task.edits:
            people = tuple(history.handlers(session, item))
            edited = main_step(view.process, beside(item.element, task.edits))
            revised = StripStep(edited, task.name, "now", people, item.due_at)
            return [revised if one.element == edited else one for one in found]
    return found


def _step(actor: Actor, view: CaseView, one: StripStep) -> Step:
    lines = check_lines(view.case.values.get(one.element)) if one.state == "done" else []
    return {
        "element": one.element,
        "title": one.name,
        "state": STATES[one.state],
        "lines": lines or _lines(actor, one),
    }


def _lines(actor: Actor, one: StripStep) -> list[str]:
    if one.standing is not None:
        at = _due(one.at) if one.state == "now" else short_day(one.at) if one.at else ""
        return [progress_words(one.standing), at]
    if one.wait is not None:
        return [wait_words(one.wait), _("到%(day)s", day=short_day(one.at)) if one.at else ""]
    if one.state == "now":
        who = _("您") if actor.name in one.people else "、".join(one.people) or _("安排人员")
        words = _("等%(who)s的意见", who=who) if one.is_for_opinion else _("等%(who)s", who=who)
        return [words, _due(one.at)]
    if one.state == "done":
        return [*one.people, short_day(one.at) if one.at else ""]
    return [*one.people[:2], _("之后")]


def _due(at: datetime | None) -> str:
    return _("%(day)s前", day=short_day(at)) if at else ""
