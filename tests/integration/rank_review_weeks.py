"""A school's review of ranks walked week by week, from its opening to its effect, with everybody whom it concerns."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import NamedTuple

from sqlalchemy import select

from app.db.filings import FilingBatch, FilingRow, FilingRun
from app.db.people import Organization
from app.db.rank_reviews import RankReview
from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.domain.clock import SHANGHAI
from app.domain.filings import RowStatus, RowVerdict
from app.domain.vocabulary import OrganizationKind, Programme, Role
from app.services.filings import auditing
from app.services.filings.auditing import Audit
from app.services.reading import cases
from app.services.rulebook import rules
from app.services.starting import schedules, starts
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.conftest import Browser, Site
from tests.integration.dossier_world import add_keepers
from tests.integration.filing_world import adopted, hired
from tests.integration.rank_review_world import LONG_AGO, PANEL, SUMMER, act, apply, open_review, post, verify, vote
from tests.integration.school import PASSWORD, School

# What each signs in as, by what they are here.
WHO = {
    "teacher": "teacher",
    "colleague": "host",
    "office": "office",
    "panel": "finance",
    "leader": "leader",
    "principal": "legal",
    "district_clerk": "clerk",
    "district_reviewer": "district_reviewer",
    "district_leader": "district_leader",
    "city_clerk": "city_clerk",
    "city_reviewer": "city_reviewer",
    "city_leader": "city_leader",
    "neighbour_office": "other_office",
    "neighbour_district": "neighbour_clerk",
}
STAFF = {
    "leader": ("school", "蒋正言", Role.LEADERSHIP_GROUP_LEADER),
    "district_reviewer": ("district", "区里崔颖", Role.BUREAU_REVIEWER),
    "district_leader": ("district", "区里汪洋", Role.BUREAU_LEADER),
    "city_clerk": ("city", "市里罗文", Role.BUREAU_CLERK),
    "city_reviewer": ("city", "市里彭立", Role.BUREAU_REVIEWER),
    "city_leader": ("city", "市里钱进", Role.BUREAU_LEADER),
    "neighbour_clerk": ("neighbour", "邻区赵晨", Role.BUREAU_CLERK),
}
STARTS = {"rank_application", "rank_supplement"}
# What the pages offer to do: the page, and the words of the offer.
ACTS = {
    "withdraw": ("own", "撤回"),
    "vote": ("review", "/votes"),
    "audit_district": ("district", "写上审核意见"),
    "urge_district": ("district", "催办没有报的"),
    "audit_city": ("city", "写上审核意见"),
    "urge_city": ("city", "催办没有报的"),
}
KNOWN = {HTTPStatus.OK, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
_TASK = re.compile(r'"/tasks/(\d+)"')


class Look(NamedTuple):
    """What a person finds after signing in: the tasks in the inbox, which pages open, what may be started and done."""

    tasks: str = ""
    opens: str = ""
    starts: str = ""
    acts: str = ""


def day(month: int, number: int, hour: int = 10) -> datetime:
    return datetime(2026, month, number, hour, tzinfo=SHANGHAI)


@dataclass
class Weeks:
    """A review that goes from week to week."""

    site: Site
    review: int = 0
    case: int = 0
    slips: list[str] = field(default_factory=list)
    # By when each task was to be done that lay in an inbox.
    dues: dict[str, str] = field(default_factory=dict)

    @property
    def world(self) -> School:
        assert self.site.world is not None
        return self.site.world

    def walk(self) -> Iterator[str]:
        """Bring the review into one week after the other, stand in it, and name it."""
        for at, week in (
            (day(9, 1, 8), self.opened),
            (day(9, 1), self.verifying),
            (day(9, 2), self.voting),
            (day(9, 3), self.determining),
            (day(9, 11), self.signing),
            (day(9, 14), self.filed),
            (day(9, 21), self.aggregated),
            (day(9, 28), self.effective),
        ):
            week(at)
            with self._standing(at):
                yield week.__name__

    def opened(self, at: datetime) -> None:
        """The review has begun by itself, and nobody has applied."""
        self.review = open_review(self.world, at).id

    def verifying(self, at: datetime) -> None:
        """A teacher has applied."""
        self.case = apply(self.world, "teacher", at)

    def voting(self, at: datetime) -> None:
        """The office has seen the originals."""
        verify(self.world, self.case, at)

    def determining(self, at: datetime) -> None:
        """The panel has voted."""
        vote(self.world, self.case, at=at)

    def signing(self, at: datetime) -> None:
        """The school has determined the rank, and the window is closed."""
        act(self.world, self.case, "leader", "agree", at)
        self._settle(at)

    def filed(self, at: datetime) -> None:
        """The principal has signed, and the list lies with the district."""
        act(self.world, self._review_case, "legal", "sign", at)
        self._settle(at)

    def aggregated(self, at: datetime) -> None:
        """The district has passed the list and signed it up."""
        self._audit("district", "clerk", "district_reviewer", at)
        run = self.run("district")
        self._do(run, "clerk", "submit", at)
        self._do(run, "district_leader", "agree", at)

    def effective(self, at: datetime) -> None:
        """The city has filed it."""
        self._audit("city", "city_clerk", "city_reviewer", at)

    def run(self, where: str) -> FilingRun:
        self.world.session.rollback()
        place = self.world.organizations[where]
        return self.world.session.scalars(select(FilingRun).filter_by(organization_id=place)).one()

    def look(self, name: str) -> Look:
        """Sign in as somebody, and look at the inbox, at each page, and at what may be started."""
        browser = self._signed_in(WHO[name])
        inbox = set(map(int, _TASK.findall(browser.get("/inbox").text)))
        found = {word: browser.get(path) for word, path in self._pages().items()}
        texts = {word: answer.text for word, answer in found.items() if answer.status_code == HTTPStatus.OK}
        self.slips += [
            f"{name} {word} {one.status_code}" for word, one in found.items() if one.status_code not in KNOWN
        ]
        items = self._open_items()
        own = [(one.element.rpartition("/")[2], one.due_at) for number, one in items.items() if number in inbox]
        self.dues |= {element: clock.shanghai(due).date().isoformat() for element, due in own if due}
        self._try_others(name, browser, [one for number, one in items.items() if number not in inbox])
        readable = self._cases(WHO[name])
        if name == "teacher" and "application" in readable:
            texts["own"] = browser.get(f"/cases/{self.case}").text
        return Look(
            " ".join(sorted(element for element, _due in own)),
            " ".join(word for word in (*found, *readable) if word in texts or word in readable),
            " ".join(sorted(self._startable(WHO[name]) & STARTS)),
            " ".join(word for word, (page, sign) in ACTS.items() if sign in texts.get(page, "")),
        )

    def _signed_in(self, username: str) -> Browser:
        opened = self.site.browser()
        opened.get("/sign-in")
        assert opened.post("/sign-in", {"username": username, "password": PASSWORD}).status_code == HTTPStatus.FOUND
        return opened

    def _startable(self, username: str) -> set[str]:
        self.world.session.rollback()
        found = starts.startable(self.world.session, self.world.actor(username))
        return {one.version.definition.key for one in found}

    def _cases(self, username: str) -> list[str]:
        """Return which of the cases somebody may read: their pages are dear, and ask the same."""
        wanted = {self._review_case: "review's", self.case: "application"}
        actor = self.world.actor(username)
        readable = cases.readable(self.world.session, actor, [one for one in wanted if one])
        return [word for number, word in wanted.items() if number in readable]

    @property
    def _review_case(self) -> int:
        self.world.session.rollback()
        return self.world.session.get_one(RankReview, self.review).instance_id

    def _pages(self) -> Mapping[str, str]:
        self.world.session.rollback()
        batch = self.world.session.scalar(select(FilingBatch.id))
        pages = {
            "review": f"/rank-reviews/{self.review}",
            "list": f"/filings/lists/{batch}" if batch else "",
            "district": f"/filings/{self.run('district').id}",
            "city": f"/filings/{self.run('city').id}",
        }
        return {word: path for word, path in pages.items() if path}

    def _open_items(self) -> dict[int, WorkItem]:
        self.world.session.rollback()
        return {one.id: one for one in self.world.session.scalars(select(WorkItem).where(IS_OPEN))}

    def _try_others(self, name: str, browser: Browser, items: list[WorkItem]) -> None:
        """Note each task that answers to somebody who does not have it in the inbox."""
        for one in {item.element: item for item in items}.values():
            status = browser.post(f"/tasks/{one.id}", {"verdict": "submit"}).status_code
            if status not in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
                self.slips.append(f"{name} {one.element} {status}")

    def _audit(self, where: str, clerk: str, reviewer: str, at: datetime) -> None:
        session, run = self.world.session, self.run(where)
        pending = auditing.rows_of(run).where(FilingRow.status == RowStatus.PENDING)
        rows: dict[int, int | None] = {one.id: one.revision for one in session.scalars(pending)}
        with clock.frozen(at):
            auditing.audit(session, self.world.actor(clerk), run.id, rows, Audit(RowVerdict.ACCEPT))
        self._do(run, clerk, "submit", at)
        self._do(run, reviewer, "accept", at)

    def _do(self, run: FilingRun, name: str, verdict: str, at: datetime) -> None:
        act(self.world, run.instance_id, name, verdict, at)
        self._settle(at)

    def _settle(self, at: datetime) -> None:
        with clock.frozen(at):
            for _turn in range(3):
                ticks.tick(self.world.session)

    @contextmanager
    def _standing(self, at: datetime) -> Iterator[None]:
        with clock.frozen(at):
            yield


def begin(site: Site) -> Weeks:
    """Give the small world the rules of ranks, a panel and bureaus, and a review that begins each September."""
    made = Weeks(site)
    world = add_keepers(made.world)
    session, places = world.session, world.organizations
    with clock.frozen(SUMMER), writing(session):
        places["neighbour"] = _district(world)
        adopted(session, places["sibling"])
        for name, (where, title, role) in STAFF.items():
            world.people[name] = hired(session, places[where], name, title, role)
        session.add_all(post(world, name, "school", Role.REVIEW_PANEL_MEMBER) for name in PANEL)
        session.add(post(world, "teacher", "school", Role.HOMEROOM_TEACHER))
    rules.adopt_pack(session, world.actor("city_admin"), places["city"], Programme.RANK, "s4", LONG_AGO)
    with clock.frozen(SUMMER):
        rules.change_rule(
            session,
            world.actor("city_admin"),
            places["city"],
            "rank",
            "rank.notice_working_days",
            0,
            from_on=SUMMER.date(),
            reason="本市不公示",
        )
        schedules.adopt(session, world.actor("admin"), "rank_review", places["school"])
    return made


def _district(world: School) -> int:
    city = world.session.get_one(Organization, world.organizations["city"])
    made = Organization(
        code="YC", name="映川区教育局", kind=OrganizationKind.DISTRICT, parent_id=city.id, path=f"{city.path}0/"
    )
    world.session.add(made)
    world.session.flush()
    made.path = f"{city.path}{made.id}/"
    return made.id
