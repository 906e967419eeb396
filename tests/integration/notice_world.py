"""A public notice in the small world: the office that lists names, a colleague who prepares, the leader who releases."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.db.notices import Notice
from app.db.processes import ProcessInstance
from app.domain import clock
from app.domain.vocabulary import Programme, Role
from app.services import completions
from app.services.accounts.actors import load_actor
from app.services.completions import Completion
from app.services.rulebook import rules
from app.services.starting import starts
from app.services.timing import ticks
from tests.integration.ballot_world import hire
from tests.integration.school import School

POSTED_AT = datetime.fromisoformat("2026-11-19T16:20:00+08:00")
ENDS_ON = "2026-11-26"
INTRO = "经年级部推荐、领导小组评议，拟表彰下列同志。"
TITLE = "关于2026年优秀班主任拟表彰名单的公示"


class Office:
    """Who keeps the notices of a school."""

    def __init__(self, school: School) -> None:
        self.school = school
        place, admin = school.organizations["school"], school.actor("admin")
        rules.adopt_pack(school.session, admin, place, Programme.SCHOOL_STUDIO, "s0", date(2019, 9, 1))
        with clock.frozen(POSTED_AT):
            self.writer, self.colleague = hire(school, 2, Role.MORAL_EDUCATION_OFFICE)
            self.leader = hire(school, 1, Role.LEADERSHIP_GROUP_LEADER)[0]

    def start(self, *names: str) -> int:
        """List people, and return the case."""
        rows = [{"id": self.school.people[name], "line": "优秀班主任"} for name in names or ("host", "teacher")]
        place = self.school.organizations["school"]
        values = {"title": TITLE, "intro": INTRO, "names": rows}
        actor = load_actor(self.school.session, self.writer)
        return starts.start(self.school.session, actor, "school_notice", place, values).instance

    def do(self, case: int, person: int, verdict: str, comment: str | None = None) -> None:
        item = self.school.open_item(case)
        given = Completion(item.revision, verdict, comment=comment)
        completions.complete(self.school.session, load_actor(self.school.session, person), item.id, given)

    def post(self, *names: str) -> Notice:
        """Post a notice on the world's day of posting."""
        with clock.frozen(POSTED_AT):
            case = self.start(*names)
            self.do(case, self.writer, "submit")
            self.do(case, self.leader, "accept")
            ticks.tick(self.school.session)
        return self.notice_of(case)

    def tick(self, at: str) -> None:
        with clock.frozen(datetime.fromisoformat(at)):
            ticks.tick(self.school.session)

    def notice_of(self, case: int) -> Notice:
        self.school.session.rollback()
        query = select(Notice).where(Notice.instance_id == case).order_by(Notice.id.desc()).limit(1)
        return self.school.session.scalars(query.execution_options(populate_existing=True)).one()

    def again(self, notice: Notice) -> Notice:
        return self.notice_of(notice.instance_id)

    def outcome(self, notice: Notice) -> Any:
        self.school.session.rollback()
        return self.school.session.get_one(ProcessInstance, notice.instance_id, populate_existing=True).outcome
