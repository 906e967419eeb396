"""What people do: they apply, and do whatever waits for them, through the services."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.filings import FilingRun
from app.db.processes import ProcessInstance
from app.db.rank_reviews import RankReview
from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.domain.identity import Actor
from app.domain.vocabulary import Role, Verdict
from app.services import completions
from app.services.accounts.actors import load_actor
from app.services.completions import Completion
from app.services.filings import bulk_audits
from app.services.filings.row_lists import Wanted
from app.services.reading.cases import task_view
from app.services.starting import starts
from bench.september.cities import PASSWORD, Place

APPLICATION = {
    "rank": "junior_2",
    "homeroom_years": 3,
    "summary": "带班三年，班级两次评为校级先进。",
    "agreed": True,
}


@dataclass(frozen=True)
class Answer:
    """Who answers a task, and how; a collective task is answered by whom it is asked of."""

    role: Role
    verdict: Verdict
    values: Mapping[str, Any] = field(default_factory=dict)


ANSWERS = {
    "verify_application": Answer(Role.MORAL_EDUCATION_OFFICE, Verdict.ACCEPT, {"is_original": True}),
    "vote_application": Answer(Role.REVIEW_PANEL_MEMBER, Verdict.AGREE),
    "determine_rank": Answer(Role.LEADERSHIP_GROUP_LEADER, Verdict.AGREE),
    "prepare_notice": Answer(Role.MORAL_EDUCATION_OFFICE, Verdict.SUBMIT),
    "release_notice": Answer(Role.LEADERSHIP_GROUP_LEADER, Verdict.ACCEPT),
    "sign_list": Answer(Role.PRINCIPAL, Verdict.SIGN),
    "audit_rows": Answer(Role.BUREAU_CLERK, Verdict.SUBMIT),
    "confirm_rows": Answer(Role.BUREAU_REVIEWER, Verdict.ACCEPT),
    "aggregate": Answer(Role.BUREAU_CLERK, Verdict.SUBMIT),
    "sign_up": Answer(Role.BUREAU_LEADER, Verdict.AGREE),
}


class Hands:
    """The people of one place after the other, in one session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._actors: dict[int, Actor] = {}

    def apply(self, place: Place) -> int:
        """Let every homeroom teacher of a school apply; return how many did."""
        self._actors.clear()
        review = self.session.scalars(select(RankReview.id).where(RankReview.organization_id == place.id)).one()
        people = place.people.get(Role.HOMEROOM_TEACHER, [])
        for person in people:
            values = {"review": review, **APPLICATION}
            starts.start(self.session, self._actor(person), "rank_application", place.id, values)
        return len(people)

    def work(self, place: Place) -> int:
        """Let a place's people do all that waits for them, and what it leads to; return how much that was."""
        self._actors.clear()
        done = 0
        while waiting := self._waiting(place):
            for item_id, element, assignee in waiting:
                self._do(place, item_id, element.rpartition("/")[2], assignee)
            done += len(waiting)
        return done

    def _waiting(self, place: Place) -> list[tuple[int, str, int | None]]:
        query = (
            select(WorkItem.id, WorkItem.element, WorkItem.assignee_id)
            .join(ProcessInstance, ProcessInstance.id == WorkItem.instance_id)
            .where(ProcessInstance.organization_id == place.id, IS_OPEN)
            .order_by(WorkItem.id)
        )
        found = [(one.id, one.element, one.assignee_id) for one in self.session.execute(query)]
        self.session.rollback()
        return found

    def _do(self, place: Place, item_id: int, element: str, assignee: int | None) -> None:
        answer = ANSWERS[element]
        actor = self._actor(assignee or place.one(answer.role))
        if element == "audit_rows":
            self._audit(place, actor)
        item = self.session.get_one(WorkItem, item_id)
        values = {**answer.values, **({"seen_on": clock.today().isoformat()} if answer.values else {})}
        asked = Completion(item.revision, answer.verdict, values)
        if answer.verdict == Verdict.SIGN:
            signature = task_view(self.session, actor, item_id).signature
            signed = signature.content_hash if signature else None
            asked = Completion(item.revision, answer.verdict, values, password=PASSWORD, content_hash=signed)
        completions.complete(self.session, actor, item_id, asked)
        self.session.expunge_all()

    def _audit(self, place: Place, actor: Actor) -> None:
        """Accept at once all that a bureau's year has to audit."""
        run = self.session.scalars(select(FilingRun).where(FilingRun.organization_id == place.id)).one()
        run_id, wanted = run.id, Wanted()
        found = bulk_audits.found(self.session, run, wanted)
        if found.count:
            bulk_audits.accept_found(self.session, actor, run_id, wanted, found.mark)

    def _actor(self, person_id: int) -> Actor:
        if person_id not in self._actors:
            self._actors[person_id] = load_actor(self.session, person_id)
            self.session.rollback()
        return self._actors[person_id]
