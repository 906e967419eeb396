"""The story of this school year's reviews of ranks, from the schools up to the city, as far as today has come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, select

from app.db.people import Position
from app.db.rank_reviews import RankReview
from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.domain.vocabulary import Role, Verdict
from app.services import completions
from app.services.accounts.actors import load_actor
from app.services.completions import Completion
from app.services.demo import bureaus, city, desk
from app.services.demo.files import load
from app.services.demo.playing import Story
from app.services.demo.world import World
from app.services.rank_reviews.entitlements import entitlement_of
from app.services.ranks.eligibility import eligibility_of
from app.services.starting import schedules
from app.services.timing import ticks, wakes

Told = Mapping[str, Any]
MORNING, AFTERNOON = (9, 20), (15, 30)
# What an application takes from the file, by the fact that proves it.
FILLED = {
    "homeroom_years": "homeroom_years",
    "professional_title": "professional_title",
    "honour": "rank_honour_level",
}
# Where days fall together, the next step follows the one before after a while.
WHILE = timedelta(minutes=10)
# Who verifies and votes in a small school, beside its homeroom teacher who does not apply.
SMALL_PANEL = (
    ("admin", Role.MORAL_EDUCATION_OFFICE),
    ("admin", Role.REVIEW_PANEL_MEMBER),
    ("finance", Role.REVIEW_PANEL_MEMBER),
)


@dataclass
class Review:
    """A school's review while it is played: its case, and the applications' by who made them."""

    world: World
    school: str
    number: int
    case: int = 0
    applications: dict[str, int] = field(default_factory=dict)

    @property
    def place(self) -> int:
        """Return the id of the school."""
        return self.world.organizations[self.school]

    @property
    def office(self) -> str:
        """Return who runs the review; in a small school its administrator."""
        offices = self.world.posts[self.school, "office"] or self.world.posts[self.school, "admin"]
        return offices[0]

    @property
    def leader(self) -> str:
        """Return who determines ranks and signs the list."""
        return self.world.holder(self.school, "principal")

    def do(self, case: int, username: str, verdict: str, values: Told | None = None, comment: str = "") -> None:
        """Complete the one open task of a case as a person, and what follows from it."""
        desk.answer(self.world, case, username, verdict, values, comment or None)
        ticks.empty_outbox(self.world.session)

    def wake(self) -> None:
        """Do what is due in the review."""
        wakes.wake(self.world.session, self.case)
        ticks.empty_outbox(self.world.session)


def stories(world: World) -> list[Story]:
    """Return the one story of the reviews, up to today."""
    told = load("reviews")
    return [_until_today(world, _story(world, told))] if _day(world, told, "adopted") < world.days.today else []


def _until_today(world: World, story: Story) -> Story:
    """Break a story off where it comes to today; no step comes before the one that it follows."""
    last = clock.at(world.school_year)
    for instant in story:
        last = max(last + WHILE, instant)
        if clock.shanghai(last).date() >= world.days.today:
            return
        yield last


def _story(world: World, told: Told) -> Story:
    schools = told["schools"]
    yield clock.at(_day(world, told, "adopted"), *AFTERNOON)
    names = ("finished", "returned", "late")
    finished, returned, late = (Review(world, schools[name], schools[f"{name}_number"]) for name in names)
    waiting = _waiting(world, told)
    reviews = [finished, returned, late, waiting]
    for one in reviews:
        schedules.adopt(world.session, world.actor(world.holder(one.school, "admin")), "rank_review", one.place)
    yield clock.at(_day(world, told, "opened"), *MORNING)
    _open(reviews)
    yield clock.at(_day(world, told, "applied"), *AFTERNOON)
    for one in reviews:
        _apply(one, told["texts"]["summaries"])
    in_time = [finished, returned, waiting]
    yield from _judge(world, told, in_time)
    yield clock.at(_day(world, told, "closed"), *MORNING)
    for one in reviews:
        one.wake()
    yield from _list(world, told, in_time)
    yield from bureaus.file(world, told, {"finished": finished.school, "waiting": waiting.school})
    yield from _hurry(late, told)


def _judge(world: World, told: Told, reviews: list[Review]) -> Story:
    """Let the schools verify, vote and determine."""
    yield clock.at(_day(world, told, "verified"), *MORNING)
    for one in reviews:
        _verify(one)
    yield clock.at(_day(world, told, "voted"), *AFTERNOON)
    for one in reviews:
        for case in one.applications.values():
            _vote(one, case, Verdict.AGREE, told["texts"]["agrees"])
    yield clock.at(_day(world, told, "determined"), *MORNING)
    for one in reviews:
        for case in one.applications.values():
            one.do(case, one.leader, Verdict.AGREE)


def _list(world: World, told: Told, reviews: list[Review]) -> Story:
    """Let the schools post their lists and sign them."""
    yield clock.at(_day(world, told, "closed"), *AFTERNOON)
    for one in reviews:
        one.do(one.case, one.office, Verdict.SUBMIT)
    yield clock.at(_day(world, told, "released"), *MORNING)
    for one in reviews:
        one.do(one.case, one.leader, Verdict.ACCEPT)
    yield clock.at(_day(world, told, "signed"), *MORNING)
    for one in reviews:
        one.wake()
        one.do(one.case, one.leader, Verdict.SIGN)


def _hurry(late: Review, told: Told) -> Story:
    """Let the late school begin at last: one application is refused, the panel is at the others."""
    days, recently, texts = late.world.days, told["recently"], told["texts"]
    yield clock.at(days.back(recently["verified"]), 10, 40)
    _verify(late)
    refused, *others = late.applications.values()
    yield clock.at(days.back(recently["voted"]), 16, 20)
    _vote(late, refused, Verdict.DISAGREE, texts["disagrees"])
    for case in others:
        _vote(late, case, Verdict.AGREE, texts["agrees"], most=2)
    yield clock.at(days.back(recently["refused"]), 10, 10)
    late.do(refused, late.leader, Verdict.REFUSE, comment=texts["refusal"])


def _waiting(world: World, told: Told) -> Review:
    """Return the first school of another district with enough people who may apply; give it an office and a panel."""
    schools = told["schools"]
    for code in city.small_district_codes(schools["finished"]):
        found = Review(world, code, schools["waiting_number"])
        with clock.frozen(clock.at(_day(world, told, "opened"), *MORNING)):
            entitled = [username for username, _rank, _filled in islice(_entitled(found), found.number)]
        if len(entitled) == found.number:
            _appoint(found, [one for one in world.posts[code, "homeroom"] if one not in entitled])
            return found
    raise LookupError(schools["waiting_number"])


def _appoint(review: Review, others: list[str]) -> None:
    posts = [(review.world.holder(review.school, post), role) for post, role in SMALL_PANEL]
    posts += [(one, Role.REVIEW_PANEL_MEMBER) for one in others]
    rows = [
        {
            "person_id": review.world.people[username],
            "organization_id": review.place,
            "role": role,
            "from_on": clock.today(),
        }
        for username, role in posts
    ]
    review.world.session.execute(insert(Position), rows)


def _open(reviews: list[Review]) -> None:
    session = reviews[0].world.session
    schedules.start_due(session)
    ticks.empty_outbox(session)
    for one in reviews:
        query = select(RankReview.instance_id).where(RankReview.organization_id == one.place)
        one.case = session.scalars(query).one()


def _entitled(review: Review) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield who may apply today, for which rank, and what their files fill in."""
    session, people = review.world.session, review.world.people
    for username in review.world.posts[review.school, "homeroom"]:
        found = eligibility_of(session, people[username], review.place, clock.today())
        rank = found.reach.counts if found and found.reach else None
        entitled = entitlement_of(session, people[username], review.place, rank) if rank else None
        if found and rank and entitled and entitled.is_next and not entitled.barring(is_exceptional=False):
            known = {one.fact.name: one.value.value for one in found.reach.columns} if found.reach else {}
            yield username, rank, {key: known[fact] for key, fact in FILLED.items() if known.get(fact) is not None}


def _apply(review: Review, summaries: list[str]) -> None:
    world = review.world
    review_id = world.session.scalars(select(RankReview.id).where(RankReview.instance_id == review.case)).one()
    for place, (username, rank, filled) in enumerate(islice(_entitled(review), review.number)):
        told = {"rank": rank, "work": ["handbook", "cases"], "summary": summaries[place], "agreed": True}
        values = {"review": review_id, **filled, **told}
        review.applications[username] = desk.start(world, username, "rank_application", review.school, values)
        ticks.empty_outbox(world.session)


def _verify(review: Review) -> None:
    seen = {"seen_on": clock.today().isoformat(), "is_original": True}
    for case in review.applications.values():
        review.do(case, review.office, Verdict.ACCEPT, seen)


def _vote(review: Review, case: int, verdict: Verdict, comment: str, most: int | None = None) -> None:
    """Let members of the panel answer, all of them or the first ones."""
    session = review.world.session
    query = select(WorkItem).where(WorkItem.instance_id == case, IS_OPEN).order_by(WorkItem.id).limit(most)
    for item in session.scalars(query).all():
        asked = Completion(revision=item.revision, verdict=verdict, comment=comment)
        completions.complete(session, load_actor(session, item.assignee_id or 0), item.id, asked)
    ticks.empty_outbox(session)


def _day(world: World, told: Told, name: str) -> date:
    """Return the first working day from a day of the school year's autumn on."""
    return world.days.on_or_after(date(world.this_year, *told["days"][name]))
