"""Who may do what in a scenario: roles and four eyes, without organisations."""

from dataclasses import replace

from app.domain.errors import Forbidden, Invalid
from app.domain.handling import AGREED, BEGINS_A_ROUND
from app.domain.policy import ADMIN_ROLE
from app.domain.text import N_
from app.domain.vocabulary import Role, body_of
from app.engine.collectives import Terms
from app.engine.model import StartEvent, UserTask
from app.engine.paths import beside
from app.engine.scenarios.model import Complete, Stage
from app.engine.scenarios.seats import Around, Seat, seat

ADMINISTRATORS = frozenset(ADMIN_ROLE.values())


class Cast:
    """Remember who did what."""

    def __init__(self, stage: Stage) -> None:
        self._people = stage.people
        self._lists = stage.options
        self._initiator = ""
        self._done: dict[str, str] = {}
        self._agreed: set[str] = set()

    def start(self, start: StartEvent, person: str) -> None:
        """Let a person file the case; nobody where none is needed. Raises Forbidden."""
        if start.roles and not person:
            raise Forbidden(N_("请在 start 里写明谁发起：by。"))
        if start.roles and not self._people[person] & set(start.roles):
            raise Forbidden(N_("%(person)s没有可以发起的角色。"), person=person)
        self._initiator = person
        self._done[start.id] = person

    def seat(self, task: UserTask, path: str, named: str = "") -> Seat:
        """Return for whom a task waits as it opens; `named` is the one person whom the case names."""
        if task.is_person:
            return Seat(named) if named in set(Role) else Seat(None, named=named)
        apart = {self._done.get(beside(path, name)) for name in task.distinct_from}
        around = Around(lambda role: self._holders(role) - apart, self._initiator, frozenset(self._agreed))
        return seat(task, around)

    def name(self, seat: Seat, by: str, to: str) -> Seat:
        """Let somebody name who does a task that nobody can do. Raises Forbidden."""
        if seat.role is not None and self._holders(seat.role) - seat.barred:
            raise Forbidden(N_("这一步有人能办，不用指定。"))
        if not (by == self._initiator if seat.is_asked else self._people[by] & ADMINISTRATORS):
            raise Forbidden(N_("%(person)s不能指定由谁办。"), person=by)
        if to in seat.barred:
            raise Forbidden(N_("%(person)s要回避，请指定别人。"), person=to)
        return replace(seat, named=to)

    def allow(self, task: UserTask, path: str, person: str, seat: Seat, above: str | None = None) -> None:
        """Tell whether a person may complete a task; `above` is the position it was put before. Raises Forbidden."""
        roles = self._people[person]
        is_asked = person == self._initiator if task.is_initiator else seat.holds(person, roles)
        if not is_asked and (above not in roles or task.signature):
            raise Forbidden(N_("%(person)s不是“%(task)s”的办理人。"), person=person, task=task.name)
        if any(self._done.get(beside(path, name)) == person for name in task.distinct_from):
            raise Forbidden(N_("%(person)s已经办过前面的环节，“%(task)s”要换人办理。"), person=person, task=task.name)

    def roll(self, task: UserTask, path: str) -> set[str]:
        """Return the people whom a task of many people asks: who holds the role, and did nothing it is kept apart from."""
        asked = body_of(task.role)
        kept_apart = {self._done.get(beside(path, name)) for name in task.distinct_from}
        found = {person for person, roles in self._people.items() if roles & asked and person not in kept_apart}
        listed = self._lists.get((task.collective.among if task.collective else None) or "")
        return found if listed is None else found & {str(option.value) for option in listed}

    def assistants(self) -> set[str]:
        """Return the assistants of homeroom teachers, who vote where the ballot says so."""
        return self._holders(Role.ASSISTANT_HOMEROOM_TEACHER)

    def judged(self, terms: Terms) -> set[str]:
        """Return the people whom a task of many people judges."""
        initiator = {self._initiator} if terms.judges_initiator else set()
        return {str(person) for person in terms.about} | initiator

    def done(self, path: str, person: str, verdict: str | None) -> None:
        """Note that a person completed a task; what is handed in or returned begins another round."""
        self._done[path] = person
        if verdict in BEGINS_A_ROUND:
            self._agreed.clear()
        elif verdict in AGREED:
            self._agreed.add(person)

    def _holders(self, role: str) -> set[str]:
        return {person for person, roles in self._people.items() if role in roles}


def verdict_of(task: UserTask, step: Complete) -> str | None:
    """Return the verdict given, or the only one that there is. Raises Invalid."""
    if step.verdict is None and len(task.verdicts) <= 1:
        return task.verdicts[0] if task.verdicts else None
    if step.verdict not in task.verdicts:
        raise Invalid.field("verdict", N_("答复只能是：%(allowed)s。"), allowed="、".join(task.verdicts))
    return step.verdict
