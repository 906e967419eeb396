"""A small school's round, walked from stage to stage with everybody whom it concerns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import select, update

from app.db.collectives import CollectiveTask
from app.db.notices import Notice
from app.db.objections import Objection
from app.db.people import Person
from app.db.rounds import Round
from app.db.selections import DecisionSheet
from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.domain.identity import Actor
from app.domain.vocabulary import Programme, Role
from app.services import completions
from app.services.accounts import passwords
from app.services.ballots import counting, openings, votes
from app.services.completions import Completion
from app.services.rulebook import rules
from app.services.transactions import writing
from tests.integration.ballot_world import hire
from tests.integration.conftest import Site
from tests.integration.prepared import grant
from tests.integration.round_world import Days, Selecting, close_window
from tests.integration.school import PASSWORD, School

WORDS = ("松风 明月 半亩", "清泉 石上 三更", "疏影 横斜 暗香")
REASON = "申报表里的获奖时间和证书不一致，我在年级部看过原件。"
# Who is hired beside the small world's people: the position, where, and from which number the usernames count.
HIRED = {
    "host": (Role.HOMEROOM_TEACHER, "school", 0),
    "rival": (Role.HOMEROOM_TEACHER, "school", 1),
    "member": (Role.HOMEROOM_TEACHER, "school", 2),
    "voter": (Role.HOMEROOM_TEACHER, "school", 3),
    "group": (Role.LEADERSHIP_GROUP_MEMBER, "school", 0),
    "candidate": (Role.LEADERSHIP_GROUP_MEMBER, "school", 1),
    "scrutineer": (Role.TEACHER, "school", 0),
    "second": (Role.TEACHER, "school", 1),
    "third": (Role.TEACHER, "school", 2),
    "supervision": (Role.SUPERVISION_OFFICE, "school", 0),
    "office": (Role.MORAL_EDUCATION_OFFICE, "school", 0),
    "other_office": (Role.MORAL_EDUCATION_OFFICE, "sibling", 1),
    "district_clerk": (Role.BUREAU_CLERK, "district", 0),
    "city_clerk": (Role.BUREAU_CLERK, "city", 1),
}
# What each of them signs in as.
USERS = {
    **{name: f"{role}{number}" for name, (role, _where, number) in HIRED.items()},
    "teacher": "teacher",
    "leader": "legal",
    "deputy": "deputy",
    "finance": "finance",
    "admin": "admin",
    "other_principal": "other_legal",
}
SCRUTINEERS = ("scrutineer", "second", "third")
GROUP = ("leader", "deputy", "group", "candidate")
APPLICANTS = ("host", "rival", "candidate", "member")


@dataclass
class Walk:
    """A round that goes from stage to stage."""

    site: Site
    world: Selecting
    people: Mapping[str, int]
    round: Round
    days: Days
    cases: dict[str, int] = field(default_factory=dict)
    # Who met what nobody should.
    slips: list[tuple[str, str]] = field(default_factory=list)

    def stages(self) -> Iterator[str]:
        """Bring the round into one stage after the other, and name it."""
        for stage in (
            self.applying,
            self.checking,
            self.reviewing,
            self.voting,
            self.counting,
            self.deciding,
            self.noticing,
            self.appointing,
            self.ended,
        ):
            stage()
            self.world.settle()
            yield stage.__name__

    def applying(self) -> None:
        """The round is open and nobody has applied."""

    def checking(self) -> None:
        """Everybody has applied, nobody is accepted."""
        for name in APPLICANTS:
            kind = "member" if name == "member" else "host"
            self.cases[name] = self.world.apply(self.round, self.people[name], kind)

    def reviewing(self) -> None:
        """The group scores; the office has asked three to be scrutineers."""
        for case in self.cases.values():
            self.world.do(case, "check_application", self.people["office"], "accept")
        close_window(self.world, self.round, self.days)
        three = dict(zip(("first", "second", "third"), (self.people[one] for one in SCRUTINEERS), strict=True))
        self.do("arrange_vote", "office", values=three)

    def voting(self) -> None:
        """All scores are in and the ballot is open."""
        for name in GROUP:
            scored = [self.people[one] for one in ("host", "rival", "candidate") if one != name]
            rows = [
                {"candidate": one, "points": [30 - at, 25, 20, 18], "opinion": "好"} for at, one in enumerate(scored)
            ]
            self.world.respond(self.round.instance_id, "score_candidates", self.people[name], {"scores": rows})
        self.world.settle()
        for name, words in zip(SCRUTINEERS, WORDS, strict=True):
            openings.set_passphrase(self.school.session, self.actor(name), self.ballot, words)

    def counting(self) -> None:
        """Everybody has voted and the ballot has ended."""
        for name in ("host", "rival", "member", "voter"):
            votes.vote(self.school.session, self.actor(name), self.ballot, [str(self.people["host"])])
        due_at = self.world.task_of(self.round.instance_id, "vote").due_at
        assert due_at is not None
        self.days.go(due_at + timedelta(minutes=1))

    def deciding(self) -> None:
        """The ballots are counted."""
        session, words = self.school.session, dict(zip(SCRUTINEERS, WORDS, strict=True))
        counting.count(session, self.actor("scrutineer"), self.ballot, words["scrutineer"])
        for name in ("second", "scrutineer"):
            counting.confirm(session, self.actor(name), self.ballot, words[name])

    def noticing(self) -> None:
        """The names are posted, and a teacher has objected to one."""
        self.do("determine_hosts", "leader", values={"hosts": [self.people["host"]], "departures": []})
        placed = [{"person": self.people["member"], "host": self.people["host"]}]
        self.do("determine_members", "leader", values={"members": placed})
        self.do("prepare_notice", "office")
        self.do("release_notice", "leader", "accept")
        self.days.go(clock.now() + timedelta(hours=20))
        browser = self.site.browser(USERS["teacher"])
        browser.get(f"/notices/{self.notice}/object")
        asked = {"person": self.people["host"], "reason": REASON}
        assert browser.post(f"/notices/{self.notice}/object", asked).status_code == 302

    def appointing(self) -> None:
        """The objection is dismissed, the notice has ended, and who was put up is asked to accept."""
        self.object("receive_objection", "supervision", values={"gist": "获奖时间和证书是否一致。"})
        self.object("hear_person", "host", values={"statement": "一致。"})
        self.object("investigate_objection", "supervision", values={"findings": "原件一致。", "advice": "dismiss"})
        for name in ("leader", "deputy", "group", "candidate"):
            self.dismiss(name)
        self.world.settle()
        self.object("write_reply", "supervision", values={"reply": "经核查，时间一致。"})
        self.days.go(clock.now() + timedelta(days=20))

    def ended(self) -> None:
        """Those put up have accepted."""
        for name in ("host", "member"):
            self.world.do(self.cases[name], "accept_appointment", self.people[name], "accept")

    @property
    def school(self) -> School:
        return self.world.school

    @cached_property
    def ballot(self) -> int:
        return self.world.task_of(self.round.instance_id, "vote").id

    @cached_property
    def panel(self) -> int:
        return self.world.task_of(self.round.instance_id, "score_candidates").id

    @cached_property
    def notice(self) -> int:
        return self.school.session.scalars(select(Notice.id)).one()

    @cached_property
    def objection(self) -> Objection:
        return self.school.session.scalars(select(Objection)).one()

    def actor(self, name: str) -> Actor:
        return self.world.actor(self.people[name])

    def do(self, element: str, name: str, verdict: str = "submit", values: Any = None) -> None:
        self.world.do(self.round.instance_id, element, self.people[name], verdict, values)
        self.world.settle()

    def object(self, element: str, name: str, values: Any) -> None:
        self.world.do(self.objection.instance_id, element, self.people[name], "submit", values)
        self.world.settle()

    def dismiss(self, name: str) -> None:
        """Conclude that the objection does not hold, for who is asked."""
        case, person = self.objection.instance_id, self.people[name]
        item = self.world.item(case, "conclude_objection", person)
        completions.complete(self.school.session, self.actor(name), item.id, Completion(item.revision, "disagree"))

    def open_items(self) -> dict[int, WorkItem]:
        """Return the open tasks of the round, of its applications and of its objection."""
        self.school.session.rollback()
        cases = [self.round.instance_id, *self.cases.values()]
        cases += self.school.session.scalars(select(Objection.instance_id))
        query = select(WorkItem).where(WorkItem.instance_id.in_(cases), IS_OPEN)
        return {one.id: one for one in self.school.session.scalars(query)}

    def pages(self) -> dict[str, str]:
        """Return the pages about the round that there are by now, by a word for each."""
        session, number = self.school.session, self.round.id
        found = {
            "round": f"/rounds/{number}",
            "dates": f"/rounds/{number}/dates",
            "case": f"/cases/{self.round.instance_id}",
        }
        found |= {f"{name}'s": f"/cases/{case}" for name, case in self.cases.items() if name in {"host", "rival"}}
        elements = set(
            session.scalars(select(CollectiveTask.element).where(CollectiveTask.instance_id == self.round.instance_id))
        )
        if any(one.endswith("score_candidates") for one in elements):
            found["scores"] = f"/panels/{self.panel}"
        if any(one.endswith("vote") for one in elements):
            found["ballot"] = f"/ballots/{self.ballot}"
        if session.scalar(select(DecisionSheet.id).limit(1)):
            found["decision"] = f"/rounds/{number}/decision"
        if session.scalar(select(Notice.id)):
            found["notice"] = f"/notices/{self.notice}"
        if session.scalar(select(Objection.id)):
            found |= {
                "objection": f"/objections/{self.objection.id}",
                "inquiry": f"/cases/{self.objection.instance_id}",
            }
        return found


def begin(site: Site, days: Days) -> Walk:
    """Let the small world have everybody whom a round concerns, and open one."""
    assert site.world is not None
    world, session = site.world, site.session
    place = world.organizations["school"]
    rules.adopt_pack(session, world.actor("admin"), place, Programme.SCHOOL_STUDIO, "s0", date(2019, 1, 1))
    for role, where, number in HIRED.values():
        hire(world, 1, role, start=number, where=where)
    rows: Any = session.execute(select(Person.username, Person.id))
    found: dict[str, int] = dict(iter(rows))
    people = {name: found[username] for name, username in USERS.items()}
    with writing(session):
        # Quick to check: everybody signs in at each stage.
        session.execute(update(Person).values(password_hash=passwords.hash_one_time(PASSWORD)))
        for name, number in people.items():
            session.execute(update(Person).where(Person.id == number).values(name=name))
    everybody = replace(world, people=people)
    grant(everybody, "leader", Role.LEADERSHIP_GROUP_LEADER)
    grant(everybody, "deputy", Role.LEADERSHIP_GROUP_DEPUTY)
    grant(everybody, "candidate", Role.HOMEROOM_TEACHER)
    selecting = Selecting(everybody, people["office"])
    return Walk(site, selecting, people, selecting.open(), days)
