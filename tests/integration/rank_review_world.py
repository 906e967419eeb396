"""The small world in a September: the review of ranks begins by itself, a panel and a leader judge."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.db.filings import FilingBatch
from app.db.people import Position
from app.db.processes import ProcessInstance
from app.db.rank_reviews import RankApplication, RankReview
from app.db.work import IS_OPEN, Notification, WorkItem
from app.domain import clock
from app.domain.clock import SHANGHAI
from app.domain.filings import RowStatus
from app.domain.vocabulary import Programme, Role
from app.services import completions
from app.services.completions import Completion
from app.services.filings import answers
from app.services.rulebook import rules
from app.services.starting import schedules, starts
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.dossier_world import add_keepers
from tests.integration.school import School

PROCESS = "rank_application"
SUMMER = datetime(2026, 7, 1, 8, tzinfo=SHANGHAI)
FIRST = datetime(2026, 9, 1, 8, tzinfo=SHANGHAI)
FILED = datetime(2026, 9, 22, 10, tzinfo=SHANGHAI)
CLOSED = datetime(2026, 9, 11, 8, tzinfo=SHANGHAI)
LONG_AGO = date(2019, 9, 1)
PANEL = ("deputy", "finance", "director")
# What the votes say that must say why.
WHY = {"disagree": "材料还不够。", "abstain": "不了解情况。"}
SUMMARY = "带班三年，班级两次评为校级先进。"
POSTS = (
    *((name, "school", Role.REVIEW_PANEL_MEMBER) for name in PANEL),
    ("legal", "school", Role.LEADERSHIP_GROUP_LEADER),
    ("teacher", "school", Role.HOMEROOM_TEACHER),
)


def add_ranks(world: School) -> School:
    """Give the school the rules of ranks, a panel and a leader, and have its review begin each September."""
    add_keepers(world)
    with writing(world.session):
        world.session.add_all(post(world, *one) for one in POSTS)
    school = world.organizations["school"]
    rules.adopt_pack(world.session, world.actor("admin"), school, Programme.RANK, "s4", LONG_AGO)
    with clock.frozen(SUMMER):
        schedules.adopt(world.session, world.actor("admin"), "rank_review", school)
    return world


def post(world: School, name: str, where: str, role: Role) -> Position:
    """Return a position of somebody, held for years."""
    return Position(
        person_id=world.people[name], organization_id=world.organizations[where], role=role, from_on=LONG_AGO
    )


def tick(world: School, at: datetime) -> None:
    """Let the platform do all that is due at an instant, and what follows from it."""
    with clock.frozen(at):
        for _turn in range(3):
            ticks.tick(world.session)


def open_review(world: School, at: datetime = FIRST) -> RankReview:
    """Let September come; return the school's review."""
    tick(world, at)
    return review_of(world)


def review_of(world: School) -> RankReview:
    """Return the school's review as it stands now."""
    world.session.rollback()
    return world.session.scalars(select(RankReview)).one()


def values(review_id: int, **changes: Any) -> dict[str, Any]:
    """Return an application for the lowest rank, filled in."""
    return {
        "review": review_id,
        "rank": "junior_2",
        "homeroom_years": 3,
        "summary": SUMMARY,
        "agreed": True,
        **changes,
    }


def apply(world: School, name: str = "teacher", at: datetime = FIRST, **changes: Any) -> int:
    """Apply in the school's review; return the case."""
    review_id = review_of(world).id
    with clock.frozen(at):
        place = world.organizations["school"]
        return starts.start(world.session, world.actor(name), PROCESS, place, values(review_id, **changes)).instance


def act(world: School, case: int, name: str, verdict: str, at: datetime = FIRST, **changes: Any) -> None:
    """Do the one open task of a case at an instant."""
    with clock.frozen(at):
        world.act(case, name, verdict, **changes)


def verify(world: School, case: int, at: datetime = FIRST) -> None:
    """Let the office accept an application whose originals it saw."""
    act(world, case, "office", "accept", at, values={"seen_on": at.date().isoformat(), "is_original": True})


def vote(world: School, case: int, verdicts: Sequence[str] = ("agree",) * len(PANEL), at: datetime = FIRST) -> None:
    """Let the members of the panel vote one after the other."""
    with clock.frozen(at):
        for name, verdict in zip(PANEL, verdicts, strict=True):
            answer(world, place_of(world, case, name), name, verdict)
        ticks.catch_up(world.session)


def answer(world: School, place: WorkItem, name: str, verdict: str) -> None:
    """Let a member of the panel answer at a place."""
    completions.complete(
        world.session, world.actor(name), place.id, Completion(place.revision, verdict, comment=WHY.get(verdict))
    )


def place_of(world: School, case: int, name: str) -> WorkItem:
    """Return the open place of a member of the panel in the vote of a case."""
    world.session.rollback()
    found = WorkItem.instance_id == case, WorkItem.assignee_id == world.people[name], IS_OPEN
    return world.session.scalars(select(WorkItem).where(*found)).one()


def application_of(world: School, case: int) -> RankApplication:
    """Return the application of a case as it stands now."""
    world.session.rollback()
    return world.session.scalars(select(RankApplication).where(RankApplication.instance_id == case)).one()


def case_of(world: School, case: int) -> ProcessInstance:
    """Return a case as it stands now."""
    world.session.rollback()
    return world.session.get_one(ProcessInstance, case)


def leave(world: School, name: str, to: str | None, role: Role = Role.HOMEROOM_TEACHER) -> None:
    """Let somebody leave the school, for another one or for good."""
    with writing(world.session):
        held = Position.person_id == world.people[name], Position.organization_id == world.organizations["school"]
        for one in world.session.scalars(select(Position).where(*held)):
            one.until_on = FIRST.date() - timedelta(days=1)
        if to is not None:
            world.session.add(post(world, name, to, role))


def post_nothing(world: School) -> None:
    """Have the school post no list of names, from before its review on."""
    given: dict[str, Any] = {"from_on": SUMMER.date(), "reason": "本校不公示"}
    admin, place = world.actor("admin"), world.organizations["school"]
    with clock.frozen(SUMMER):
        rules.change_rule(world.session, admin, place, "rank", "rank.notice_working_days", 0, **given)


def with_list(world: School) -> School:
    """Bring a school's review to a list of one name that waits for the principal, posted nowhere."""
    add_ranks(world)
    post_nothing(world)
    open_review(world)
    judged(world)
    tick(world, CLOSED)
    return world


def judged(world: School, name: str = "teacher") -> int:
    """Let an application come to a rank from the school; return its case."""
    case = apply(world, name)
    verify(world, case)
    vote(world, case)
    act(world, case, "legal", "agree")
    return case


def told(world: School, name: str, words: str = "") -> list[str]:
    """Return what somebody was told that says some words, the first first."""
    world.session.rollback()
    found = Notification.person_id == world.people[name], Notification.text.contains(words, autoescape=True)
    return list(world.session.scalars(select(Notification.text).where(*found).order_by(Notification.id)))


def heard(world: School, name: str, words: str) -> int:
    """Return how often somebody was told something."""
    return len(told(world, name, words))


def settle_filing(world: School, batch: FilingBatch) -> None:
    """Let every rank of a batch take effect, as a bureau's answer does, and what follows from it happen."""
    with clock.frozen(FILED):
        with writing(world.session):
            for row in batch.rows:
                row.status = RowStatus.EFFECTIVE
                answers.settle_row(world.session, row)
            answers.conclude(world.session, [batch])
        ticks.catch_up(world.session)
