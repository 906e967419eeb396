"""Who may do what in a scenario: roles and four eyes, without organisations."""

from app.domain.errors import Forbidden, Invalid
from app.domain.text import N_
from app.engine.collectives import Terms
from app.engine.model import StartEvent, UserTask
from app.engine.paths import beside
from app.engine.scenarios.model import Complete, Stage


class Cast:
    """Remember who did what."""

    def __init__(self, stage: Stage) -> None:
        self._people = stage.people
        self._initiator = ""
        self._done: dict[str, str] = {}

    def start(self, start: StartEvent, person: str) -> None:
        """Let a person file the case; nobody where none is needed. Raises Forbidden."""
        if start.roles and not person:
            raise Forbidden(N_("请在 start 里写明谁发起：by。"))
        if start.roles and not self._people[person] & set(start.roles):
            raise Forbidden(N_("%(person)s没有可以发起的角色。"), person=person)
        self._initiator = person
        self._done[start.id] = person

    def allow(self, task: UserTask, path: str, person: str, above: str | None = None) -> None:
        """Tell whether a person may complete a task; `above` is the position it was put before. Raises Forbidden."""
        roles = self._people[person]
        is_asked = person == self._initiator if task.is_initiator else task.role in roles
        if not is_asked and (above not in roles or task.signature):
            raise Forbidden(N_("%(person)s不是“%(task)s”的办理人。"), person=person, task=task.name)
        if any(self._done.get(beside(path, name)) == person for name in task.distinct_from):
            raise Forbidden(N_("%(person)s已经办过前面的环节，“%(task)s”要换人办理。"), person=person, task=task.name)

    def roll(self, task: UserTask, path: str) -> set[str]:
        """Return the people whom a task of many people asks: who holds the role, and did nothing it is kept apart from."""
        kept_apart = {self._done.get(beside(path, name)) for name in task.distinct_from}
        return {person for person, roles in self._people.items() if task.role in roles and person not in kept_apart}

    def judged(self, terms: Terms) -> set[str]:
        """Return the people whom a task of many people judges."""
        initiator = {self._initiator} if terms.judges_initiator else set()
        return {str(person) for person in terms.about} | initiator

    def done(self, path: str, person: str) -> None:
        """Note that a person completed a task."""
        self._done[path] = person


def verdict_of(task: UserTask, step: Complete) -> str | None:
    """Return the verdict given, or the only one that there is. Raises Invalid."""
    if step.verdict is None and len(task.verdicts) <= 1:
        return task.verdicts[0] if task.verdicts else None
    if step.verdict not in task.verdicts:
        raise Invalid.field("verdict", N_("答复只能是：%(allowed)s。"), allowed="、".join(task.verdicts))
    return step.verdict
