"""Random acts of several people on one task: whatever they do, nothing is asked twice and nothing is stuck.

Each walk draws acts, people and whether the page was stale; what is refused changes nothing. After every act
the invariants hold, and at the end the case can be brought to its end.
"""

import random

import pytest
from sqlalchemy import select

from app.db.work import IS_OPEN, WorkItem
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.vocabulary import UNDONE, WorkItemKind, WorkItemStatus
from app.services import completions, doctor, journal
from app.services.acts import claims, consultations, handovers, transfers
from app.services.acts.consultations import When
from app.services.acts.item_acts import Asked
from app.services.completions import Completion
from app.services.reading.cases import case_view, task_view
from tests.integration.plans import staff_office, start_plan
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
REFUSALS = (Conflict, Forbidden, Invalid, NotFound)
PEOPLE = ("teacher", "member", "finance", "legal", "admin", "host", "other_finance")
STEPS = 20


class Walk:
    """One case, and people who act on whatever of it is not done."""

    def __init__(self, school: School, seed: int) -> None:
        self.school, self.chance = school, random.Random(seed)  # noqa: S311 - a game
        self.case, self.done = start_plan(school), 0

    def items(self) -> list[WorkItem]:
        self.school.session.rollback()
        query = select(WorkItem).where(WorkItem.instance_id == self.case, WorkItem.status.in_(UNDONE))
        return list(self.school.session.scalars(query.where(WorkItem.element == "office_review").order_by(WorkItem.id)))

    def act(self) -> None:
        chance, school = self.chance, self.school
        item = chance.choice(self.items())
        name, other = chance.choice(PEOPLE), school.people[chance.choice(PEOPLE)]
        asked = Asked(school.actor(name), item.id, chance.choice([None, item.revision, item.revision + 1]))
        people = [school.people[one] for one in chance.sample(PEOPLE, chance.randint(0, 3))]
        acts = {
            "claim": lambda: claims.claim(school.session, asked),
            "release": lambda: claims.release(school.session, asked, "放回"),
            "transfer": lambda: transfers.transfer(school.session, asked, other, "转办"),
            "delegate": lambda: consultations.delegate(school.session, asked, other),
            "before": lambda: consultations.add_signers(school.session, asked, people, When.BEFORE),
            "after": lambda: consultations.add_signers(school.session, asked, people, When.AFTER),
            "recall": lambda: consultations.recall(school.session, asked, "收回"),
            "hand_over": lambda: handovers.hand_over(
                school.session, asked.actor, item.assignee_id or other, other, "交接"
            ),
            "answer": lambda: self._answer(item, chance.choice(["disagree", "agree", "remark"])),
        }
        act = acts[chance.choice([*acts, "answer", "answer"])]
        try:
            act()
        except REFUSALS:
            return
        self.done += 1

    def _answer(self, item: WorkItem, verdict: str) -> None:
        """Let who has an opinion to give, or the task, answer it."""
        holder = next((name for name, one in self.school.people.items() if one == item.assignee_id), "teacher")
        if item.kind == WorkItemKind.TASK and not self._has_signers(item):
            return  # that would end the walk
        given = Completion(item.revision, verdict if item.parent_id else "agree", comment="看过")
        completions.complete(self.school.session, self.school.actor(holder), item.id, given)

    def _has_signers(self, item: WorkItem) -> bool:
        return any(one.parent_id == item.id and one.status == WorkItemStatus.WAITING for one in self.items())

    def check(self) -> bool:
        """Check the invariants; return whether the task is still there."""
        items = self.items()
        tasks = [one for one in items if one.kind == WorkItemKind.TASK]
        if not tasks:
            assert items == []
            return False
        assert len(tasks) == 1
        asked = [one for one in items if one.kind != WorkItemKind.TASK]
        assert (tasks[0].status == WorkItemStatus.WAITING) == any(one.status == WorkItemStatus.OPEN for one in asked)
        assert len({one.assignee_id for one in asked}) == len(asked) <= 10
        assert tasks[0].assignee_id not in {one.assignee_id for one in asked}
        assert all(one.parent_id == tasks[0].id for one in asked)
        return True

    def finish(self) -> None:
        """Bring the case to its end: an administrator takes all back, the office and the deputy principal agree."""
        school = self.school
        while (open_items := self._open()) or self.items():
            task = next((one for one in self.items() if one.kind == WorkItemKind.TASK), None)
            if task is not None and len(self.items()) > 1:
                consultations.recall(school.session, Asked(school.actor("admin"), task.id), "收回")
                continue
            item = open_items[0]
            fallback = "teacher" if item.element == "office_review" else "deputy"
            name = next((one for one, person in school.people.items() if person == item.assignee_id), fallback)
            revision = task_view(school.session, school.actor(name), item.id).item.revision
            completions.complete(school.session, school.actor(name), item.id, Completion(revision, "agree"))

    def _open(self) -> list[WorkItem]:
        self.school.session.rollback()
        query = select(WorkItem).where(WorkItem.instance_id == self.case, IS_OPEN, WorkItem.parent_id.is_(None))
        return list(self.school.session.scalars(query))


@pytest.mark.parametrize("first", [0, 100])
def test_whatever_people_do_nothing_is_asked_twice_and_nothing_is_stuck(school: School, first: int) -> None:
    staff_office(school)
    done = 0
    for seed in range(first, first + 3):
        walk = Walk(school, seed)
        for _step in range(STEPS):
            walk.act()
            if not walk.check():
                break
        walk.finish()
        done += walk.done
        assert case_view(school.session, school.actor("host"), walk.case).case.outcome == "filed"
    assert done > 8
    assert doctor.examine(school.session) == []
    assert list(journal.verify(school.session)) == []
