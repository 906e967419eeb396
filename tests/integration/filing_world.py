"""A school that files the ranks it determined, in the small world, with the people of its bureaus."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.filings import FilingBatch, FilingRow, FilingRun
from app.db.messages import Message
from app.db.people import Organization, Person, Position
from app.db.processes import ProcessInstance
from app.db.rank_reviews import RankApplication, RankReview
from app.db.schedules import Schedule
from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.domain.dossiers import Rank
from app.domain.filings import RowStatus, RowVerdict
from app.domain.identity import Actor
from app.domain.ranks import (
    RankApplicationKind,
    RankApplicationResult,
    RankApplicationStatus,
    RankReviewStage,
)
from app.domain.vocabulary import Programme, Role
from app.services import completions
from app.services.accounts import passwords
from app.services.accounts.actors import load_actor
from app.services.completions import Completion
from app.services.files import attachments
from app.services.filings import auditing, batches, runs
from app.services.filings.auditing import Audit
from app.services.publishing import definitions
from app.services.reading.cases import task_view
from app.services.rulebook import rules
from app.services.starting import starts
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.school import PASSWORD, PDF, School
from tests.integration.selection_world import applying

YEAR = 2026
NOON = datetime(YEAR, 11, 27, 12, tzinfo=clock.SHANGHAI)
DAY = timedelta(days=1)
STAFF = {
    "office": ("school", "政教处白露", Role.MORAL_EDUCATION_OFFICE),
    "district_clerk": ("district", "区里郑宁", Role.BUREAU_CLERK),
    "district_reviewer": ("district", "区里崔颖", Role.BUREAU_REVIEWER),
    "district_leader": ("district", "区里汪洋", Role.BUREAU_LEADER),
    "city_clerk": ("city", "市里罗文", Role.BUREAU_CLERK),
    "city_reviewer": ("city", "市里彭立", Role.BUREAU_REVIEWER),
}


@dataclass
class Filing:
    """A school with determined applications, and what tests do with its batch."""

    school: School
    review: int = 0
    people: dict[str, int] = field(default_factory=dict)

    @property
    def place(self) -> int:
        return self.school.organizations["school"]

    def settle(self) -> None:
        """Let what is in the outbox arrive."""
        for _ in range(4):
            ticks.tick(self.school.session)
        self.school.session.rollback()
        self.school.session.expire_all()

    def upload(self, name: str) -> str:
        return attachments.store(
            self.school.session, self.school.files, self.actor(name), "扫描件.pdf", BytesIO(PDF)
        ).id

    def actor(self, name: str) -> Actor:
        self.school.session.rollback()
        return load_actor(self.school.session, self.people[name])

    def file(self) -> FilingBatch:
        """File what the school determined, as its review does."""
        with writing(self.school.session):
            runs.expect(self.school.session, self.place, YEAR)
        with writing(self.school.session):
            made = batches.open_batch(self.school.session, self.review).id
        self.settle()
        return self.school.session.get_one(FilingBatch, made)

    def run(self, where: str) -> FilingRun:
        place = self.school.organizations[where]
        return self.school.session.scalars(select(FilingRun).filter_by(organization_id=place, school_year=YEAR)).one()

    def rows(self) -> list[FilingRow]:
        self.school.session.expire_all()
        return list(self.school.session.scalars(select(FilingRow).order_by(FilingRow.id)))

    def audit(self, where: str, by: str, verdict: RowVerdict, *rows: FilingRow, reason: str = "") -> int:
        run = self.run(where).id
        chosen = {row.id: row.revision for row in rows}
        return auditing.audit(self.school.session, self.actor(by), run, chosen, Audit(verdict, reason))

    def waiting(self, instance: int) -> list[str]:
        self.school.session.expire_all()
        query = select(WorkItem.element).where(WorkItem.instance_id == instance, IS_OPEN)
        return list(self.school.session.scalars(query))

    def item(self, instance: int | None) -> int:
        """Return the one open task of a case."""
        self.school.session.expire_all()
        return self.school.session.scalars(select(WorkItem.id).where(WorkItem.instance_id == instance, IS_OPEN)).one()

    def do(self, instance: int, element: str, by: str, verdict: str, values: dict[str, Any] | None = None) -> None:
        """Answer the open task at an element of a case."""
        actor, session = self.actor(by), self.school.session
        query = select(WorkItem).where(WorkItem.instance_id == instance, WorkItem.element == element, IS_OPEN)
        item = session.scalars(query).one()
        seen = task_view(session, actor, item.id)
        completion = Completion(
            revision=item.revision,
            verdict=verdict,
            values=values or {},
            comment="请重新核对" if verdict == "return" else None,
            password=PASSWORD if verdict == "sign" else None,
            content_hash=seen.signature.content_hash if seen.signature else None,
        )
        completions.complete(session, actor, item.id, completion)
        self.settle()

    def pass_all(self, where: str) -> None:
        """Let a bureau accept all rows that lie with it, by two people."""
        run = self.run(where)
        rows = list(self.school.session.scalars(auditing.rows_of(run).where(FilingRow.status == RowStatus.PENDING)))
        self.audit(where, f"{where}_clerk", RowVerdict.ACCEPT, *rows)
        self.confirm(where)

    def confirm(self, where: str) -> None:
        """Hand in what was prepared, and confirm it."""
        case = self.run(where).instance_id
        self.do(case, "audit_rows", f"{where}_clerk", "submit")
        self.do(case, "confirm_rows", f"{where}_reviewer", "accept")

    def case(self, instance: int | None) -> ProcessInstance:
        self.school.session.expire_all()
        return self.school.session.get_one(ProcessInstance, instance)


@pytest.fixture(autouse=True)
def in_the_year() -> Iterator[None]:
    """Let the clock stand in the year that is filed, for all tests of a module that imports this."""
    with clock.frozen(NOON):
        yield


def filing(school: School, *, is_direct: bool = False, count: int = 3, **changed: Any) -> Filing:
    """Make a school whose review determined some ranks."""
    session = school.session
    made = Filing(school, people=dict(school.people))
    admin, city = school.actor("city_admin"), school.organizations["city"]
    rules.adopt_pack(session, admin, city, Programme.RANK, "s4", date(2019, 1, 1))
    for parameter, value in changed.items():
        name = parameter.replace("__", ".", 1)
        rules.change_rule(session, admin, city, "rank", name, value, from_on=clock.today(), reason="本市规定")
    with writing(session):
        for name, (where, title, role) in STAFF.items():
            made.people[name] = hired(session, school.organizations[where], name, title, role)
        if is_direct:
            place = session.get_one(Organization, made.place)
            place.parent_id = city
            place.path = f"{session.get_one(Organization, city).path}{place.id}/"
        adopted(session, school.organizations["sibling"])
    made.review = _review(made, count)
    return made


def adopted(session: Session, place: int) -> None:
    """Let the review begin by itself in a school a year from now."""
    plan = {"starts": "yearly 09-01", "catch_up": "latest", "values": {}}
    session.add(Schedule(process_key="rank_review", organization_id=place, next_at=clock.now() + 300 * DAY, **plan))


def after_the_year() -> datetime:
    """Return a moment at which a year that is open now has ended."""
    return datetime.combine(runs.until(YEAR) + 2 * DAY, time(12), clock.SHANGHAI)


def hired(session: Session, place: int, username: str, name: str, role: Role) -> int:
    person = Person(username=username, name=name, password_hash=passwords.hash_one_time(PASSWORD))
    session.add(person)
    session.flush()
    session.add(Position(person_id=person.id, organization_id=place, role=role, from_on=clock.today() - DAY))
    return person.id


def _review(made: Filing, count: int) -> int:
    """Keep a review with so many determined applications; their cases are whatever there is."""
    school, session = made.school, made.school.session
    with writing(session):
        definitions.publish_built_in(session, applying())
    begun = ({"number": number, "about": 1} for number in range(count + 1))
    cases = [starts.start(session, school.actor("teacher"), "applying", made.place, each).instance for each in begun]
    with writing(session):
        review = RankReview(
            organization_id=made.place,
            instance_id=cases[0],
            school_year=YEAR,
            stage=RankReviewStage.SIGNING,
            dates={"file_by": (clock.today() + 30 * DAY).isoformat()},
            signed_hash="0" * 64,
        )
        session.add(review)
        session.flush()
        names = ("host", "member", "teacher")[:count]
        session.add_all(
            _application(review, school.people[name], case) for name, case in zip(names, cases[1:], strict=True)
        )
        return review.id


def _application(review: RankReview, person_id: int, case: int) -> RankApplication:
    return RankApplication(
        review_id=review.id,
        instance_id=case,
        person_id=person_id,
        organization_id=review.organization_id,
        kind=RankApplicationKind.FIRST,
        rank=Rank.INTERMEDIATE_2,
        held=None,
        status=RankApplicationStatus.SETTLED,
        result=RankApplicationResult.DETERMINED,
        explanation={},
        counts={"agree": 5},
    )


def told(world: Filing, name: str) -> list[tuple[str, Any]]:
    """Return what was sent of a name: about what, and what became of it."""
    found = world.school.session.scalars(select(Message).where(Message.name == name).order_by(Message.id))
    return [(one.key, one.payload.get("result", one.payload)) for one in found]


def mended(*rows: FilingRow, **changed: str) -> dict[str, Any]:
    return {"rows": [{"row": row.id, "note": "补上了证书"} | changed for row in rows]}
