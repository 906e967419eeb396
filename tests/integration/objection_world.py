"""An objection in the small world: a notice of two names, its handler, and a group that may conclude."""

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.db.notices import Notice
from app.db.objections import Objection
from app.db.people import Person, Position
from app.db.work import WorkItem
from app.domain import clock
from app.domain.vocabulary import Role, WorkItemStatus
from app.services import completions
from app.services.accounts.actors import load_actor
from app.services.collective import collective_responses
from app.services.completions import Completion
from app.services.files import attachments
from app.services.objections import raising
from app.services.objections.checking import Typed
from app.services.objections.raising import Vault
from app.services.objections.seals import Seal
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.notice_world import POSTED_AT, Office
from tests.integration.school import PDF, School

SECRET = "云山苍苍，江水泱泱，先生之风，山高水长。"
RAISED_AT = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
REASON = "申报表里的获奖时间和证书不一致，我在年级部看过原件。"
GIST = {"gist": "获奖时间和证书是否一致。"}
REPORT = {"findings": "查了证书原件，时间不一致。", "advice": "uphold"}
OBJECTOR, COLLEAGUE = "欧阳静姝", "上官云岫"


class Inquiry:
    """A notice with the people who may have a part in an objection to it."""

    def __init__(self, school: School, folder: Path) -> None:
        self.school, self.session = school, school.session
        self.office = Office(school)
        self.handler = self.hire("督导", Role.SUPERVISION_OFFICE)
        self.other_handler = self.hire("纪检", Role.DISCIPLINE_COMMITTEE)
        members = [self.hire(f"组员{n}", Role.LEADERSHIP_GROUP_MEMBER) for n in (1, 2)]
        self.group = [self.office.leader, *members]
        self.reviewer = self.hire("区里", Role.BUREAU_REVIEWER, "district")
        self.objector, self.colleague = (self.hire(name, Role.TEACHER) for name in (OBJECTOR, COLLEAGUE))
        self.vault = Vault(Seal(SECRET), folder)
        self.notice = self.office.post()

    def hire(self, name: str, role: Role, place: str = "school") -> int:
        """Make a person who holds a role; nobody signs in here."""
        with writing(self.session):
            person = Person(username=f"{name}{role}", name=name, password_hash="-")
            self.session.add(person)
            self.session.flush()
            self.give(person.id, role, place)
            return person.id

    @property
    def seal(self) -> Seal:
        return self.vault.seal

    def give(self, person: int, role: Role, place: str = "school") -> None:
        with writing(self.session):
            here = self.school.organizations[place]
            since = POSTED_AT.date() - timedelta(days=30)
            self.session.add(Position(person_id=person, organization_id=here, role=role, from_on=since))

    def upload(self, person: int, name: str = "证书.pdf") -> str:
        actor = load_actor(self.session, person)
        return attachments.store(self.session, self.vault.folder, actor, name, BytesIO(PDF)).id

    def raise_it(self, by: int | None = None, key: Any = None, at: datetime = RAISED_AT, **changes: Any) -> Objection:
        """Object to the host, as the objector in time unless told otherwise."""
        typed = Typed(**{"person_id": self.school.people["host"], "reason": REASON, **changes})
        with clock.frozen(at):
            actor = load_actor(self.session, by or self.objector)
            return raising.raise_objection(self.session, self.vault, actor, self.notice.id, typed, key)

    def do(self, objection: Objection, person: int, values: Any, verdict: str = "submit", comment: str = "") -> None:
        with clock.frozen(RAISED_AT):
            item = self.school.open_item(objection.instance_id)
            given = Completion(item.revision, verdict, values, comment or None)
            completions.complete(self.session, load_actor(self.session, person), item.id, given)

    def investigate(self, objection: Objection, **gist: Any) -> None:
        """Read, hear, and report."""
        self.do(objection, self.handler, {**GIST, **gist})
        self.do(objection, self.school.people["host"], {"statement": "填错了。"})
        self.do(objection, self.handler, REPORT)

    def conclude(self, objection: Objection, verdict: str) -> None:
        """Let everybody on the roll answer alike."""
        with clock.frozen(RAISED_AT):
            for item in self.seats(objection):
                actor = load_actor(self.session, int(item.assignee_id or 0))
                given = Completion(item.revision, verdict)
                completions.complete(self.session, actor, item.id, given)
            ticks.tick(self.session)

    def recuse(self, objection: Objection, person: int) -> None:
        with clock.frozen(RAISED_AT):
            item = next(one for one in self.seats(objection) if one.assignee_id == person)
            collective_responses.recuse(self.session, load_actor(self.session, person), item.id, "同一个工作室")

    def seats(self, objection: Objection) -> list[WorkItem]:
        self.session.rollback()
        is_open = WorkItem.instance_id == objection.instance_id, WorkItem.status == WorkItemStatus.OPEN
        return list(self.session.scalars(select(WorkItem).where(*is_open, WorkItem.collective_id.is_not(None))))

    def reply(self, objection: Objection) -> None:
        self.do(objection, self.handler, {"reply": "经核查，结论如上，理由见核查。"})
        with clock.frozen(RAISED_AT):
            ticks.tick(self.session)

    def again(self, objection: Objection) -> Objection:
        self.session.rollback()
        return self.session.get_one(Objection, objection.id, populate_existing=True)

    def names_left(self) -> set[int]:
        self.session.rollback()
        notice = self.session.get_one(Notice, self.notice.id, populate_existing=True)
        return {one.person_id for one in notice.names if one.left_at is not None}
