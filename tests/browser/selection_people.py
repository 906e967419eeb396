"""The people of a demo school who take part in a round, each with a window of their own."""

from sqlalchemy import select

from app.db.collectives import CollectiveTask
from app.db.rounds import Round
from tests.browser.players import Players

TITLE = "第二批名班主任工作室主持人及成员评选"
OFFICE, OFFICE_TOO, LEADER, REVIEWER = "陆青", "邱牧", "陈国栋", "许文彬"
APPLICANT, RIVAL, MEMBER = "顾晓岚", "李若涵", "曾承安"
VOTER, OBJECTOR, HANDLER = "周敏", "范薇", "许安"
SCRUTINEERS = ("韩雪", "刘芸", "翟知燕")
PASSPHRASE = "半亩方塘 一鉴 开"
AT_A_DESK = {OFFICE, OFFICE_TOO, LEADER, *SCRUTINEERS, HANDLER}
POINTS = {APPLICANT: (28, 27, 18, 17), RIVAL: (24, 25, 16, 15)}


class Selection(Players):
    """The people of a school who hold a round."""

    at_a_desk = AT_A_DESK

    @property
    def round(self) -> Round:
        self.session.rollback()
        return self.session.scalars(select(Round).where(Round.title == TITLE)).one()

    def collective(self, element: str) -> CollectiveTask:
        wanted = CollectiveTask.instance_id == self.round.instance_id, CollectiveTask.element.endswith(element)
        return self.session.scalars(select(CollectiveTask).where(*wanted)).one()
