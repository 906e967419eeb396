"""A whole round in the small world: an office that opens it, a leadership group, candidates, voters, scrutineers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.db.collectives import CollectiveTask
from app.db.people import Person
from app.db.processes import ProcessInstance
from app.db.rounds import Application, Round
from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.domain.identity import Actor
from app.domain.vocabulary import Programme, Role
from app.services import completions
from app.services.accounts.actors import load_actor
from app.services.completions import Completion
from app.services.rulebook import rules
from app.services.starting import starts
from app.services.timing import calendars, ticks
from tests.integration.ballot_world import KEEPERS, hire
from tests.integration.prepared import grant
from tests.integration.school import School

GROUP = {
    "legal": Role.LEADERSHIP_GROUP_LEADER,
    "deputy": Role.LEADERSHIP_GROUP_DEPUTY,
    "finance": Role.LEADERSHIP_GROUP_MEMBER,
}
WINDOW = 3


def working_day(count: int) -> date:
    """Return the day so many working days from today."""
    return calendars.national().add_working_days(clock.today(), count).on


def round_values(**changes: Any) -> dict[str, Any]:
    """Return what the office fills in to open a round: what it leaves out is the rules'."""
    today = clock.today()
    return {
        "title": "第二批名班主任工作室主持人评选",
        "seats": 1,
        "term_from": (today + timedelta(days=90)).isoformat(),
        "term_until": (today + timedelta(days=800)).isoformat(),
        "apply_from": today.isoformat(),
        "apply_until": working_day(WINDOW).isoformat(),
        **changes,
    }


@dataclass
class Selecting:
    """A school that holds rounds, with what its people do in them again and again."""

    school: School
    office: int = 0
    candidates: Sequence[int] = field(default_factory=tuple)
    members: Sequence[int] = field(default_factory=tuple)

    def settle(self) -> None:
        """Let messages and times arrive."""
        for _ in range(6):
            ticks.tick(self.school.session)

    def actor(self, person: int) -> Actor:
        self.school.session.rollback()
        return load_actor(self.school.session, person)

    def open(self, where: str = "school", **changes: Any) -> Round:
        """Open a round by the office of the school, or of the city."""
        place = self.school.organizations[where]
        session = self.school.session
        case = starts.start(session, self.actor(self.office), "host_selection", place, round_values(**changes)).instance
        return self.round_of(case)

    def round_of(self, case: int) -> Round:
        self.school.session.rollback()
        query = select(Round).where(Round.instance_id == case).execution_options(populate_existing=True)
        return self.school.session.scalars(query).one()

    def again(self, seen: Round) -> Round:
        return self.round_of(seen.instance_id)

    def case_of(self, seen: Round) -> ProcessInstance:
        self.school.session.rollback()
        return self.school.session.get_one(ProcessInstance, seen.instance_id, populate_existing=True)

    def apply(self, seen: Round, person: int, kind: str = "host", where: str = "school", **changes: Any) -> int:
        """Apply in a round from a school; return the case."""
        filled = {
            "round": seen.id,
            "kind": kind,
            "homeroom_years": 6,
            "work": "带班六年，以班级自主管理见长。",
            "agreed": True,
            **({"plan": "带年轻班主任做主题班会。", "stays": True} if kind == "host" else {"accepts_allocation": True}),
            **changes,
        }
        place = self.school.organizations[where]
        return starts.start(self.school.session, self.actor(person), "host_application", place, filled).instance

    def application(self, case: int) -> Application:
        self.school.session.rollback()
        query = select(Application).where(Application.instance_id == case).execution_options(populate_existing=True)
        return self.school.session.scalars(query).one()

    def item(self, case: int, element: str, person: int | None = None) -> WorkItem:
        """Return the open task at an element of a case; a person's own of many."""
        self.school.session.rollback()
        wanted = select(WorkItem).where(WorkItem.instance_id == case, IS_OPEN, WorkItem.element.endswith(element))
        if person is not None:
            wanted = wanted.where(WorkItem.assignee_id == person)
        return self.school.session.scalars(wanted).one()

    def do(
        self, case: int, element: str, person: int, verdict: str = "submit", values: dict[str, Any] | None = None
    ) -> None:
        """Complete a task of a case."""
        self._complete(self.item(case, element), person, verdict, values or {})

    def respond(self, case: int, element: str, person: int, values: dict[str, Any]) -> None:
        """Answer one's own place on a roll."""
        self._complete(self.item(case, element, person), person, "submit", values)

    def holder(self, role: Role, number: int = 0) -> int:
        """Return who was hired for a role."""
        self.school.session.rollback()
        return self.school.session.scalars(select(Person.id).where(Person.username == f"{role}{number}")).one()

    def task_of(self, case: int, element: str) -> CollectiveTask:
        self.school.session.rollback()
        wanted = CollectiveTask.instance_id == case, CollectiveTask.element.endswith(element)
        return self.school.session.scalars(
            select(CollectiveTask).where(*wanted).order_by(CollectiveTask.id.desc()).limit(1)
        ).one()

    def _complete(self, item: WorkItem, person: int, verdict: str, values: dict[str, Any]) -> None:
        why = "已核对" if verdict in {"return", "refuse"} else None
        asked, item_id = Completion(item.revision, verdict, values, comment=why), item.id
        completions.complete(self.school.session, self.actor(person), item_id, asked)


def selecting_city(school: School) -> Selecting:
    """Let the city have an office and a leadership group, the district a reviewer, and schools whoever may apply."""
    office = hire(school, 1, Role.BUREAU_CLERK, where="city")[0]
    hire(school, 1, Role.LEADERSHIP_GROUP_LEADER, where="city")
    hire(school, 2, Role.LEADERSHIP_GROUP_MEMBER, where="city")
    hire(school, 1, Role.BUREAU_REVIEWER, where="district")
    return Selecting(school, office, hire(school, 1, Role.HOMEROOM_TEACHER))


def selecting(school: School, *, candidates: int = 3, members: int = 2) -> Selecting:
    """Let the school have its own rules, an office, a leadership group, and homeroom teachers who may apply."""
    place = school.organizations["school"]
    rules.adopt_pack(school.session, school.actor("admin"), place, Programme.SCHOOL_STUDIO, "s0", date(2019, 1, 1))
    for name, role in GROUP.items():
        grant(school, name, role)
    for name in KEEPERS:
        grant(school, name, Role.TEACHER)
    return Selecting(
        school,
        hire(school, 1, Role.MORAL_EDUCATION_OFFICE)[0],
        hire(school, candidates, Role.HOMEROOM_TEACHER),
        hire(school, members, Role.HOMEROOM_TEACHER, start=candidates),
    )


class Days:
    """The clock of a test, which jumps."""

    def __init__(self) -> None:
        self.frozen = clock.frozen(clock.now())
        self.frozen.__enter__()

    def go(self, to: datetime) -> None:
        self.leave()
        self.frozen = clock.frozen(to)
        self.frozen.__enter__()

    def leave(self) -> None:
        self.frozen.__exit__(None, None, None)


def close_window(world: Selecting, seen: Round, days: Days) -> None:
    """Let the day after the window come."""
    until = datetime.fromisoformat(f"{world.again(seen).dates['apply_until']}T00:10:00+08:00")
    days.go(until + timedelta(days=1))
    world.settle()
