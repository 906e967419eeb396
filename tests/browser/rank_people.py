"""A small school that holds a review of ranks, its district and the city, each person with a window of their own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from playwright.sync_api import Page
from sqlalchemy import insert, select

from app.db.filings import FilingRun
from app.db.people import Organization, Person, Position
from app.db.rank_reviews import RankApplication, RankReview
from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.domain.school_years import school_year_of
from app.domain.vocabulary import Affiliation, OrganizationKind, Role
from app.services import completions
from app.services.completions import Completion
from app.services.rank_reviews.entitlements import entitlement_of
from app.services.ranks.eligibility import eligibility_of
from app.services.starting import schedules
from app.services.transactions import writing
from tests.browser.players import PASSWORD, Players, press

PATIENCE = 8
BUREAU = ("district_clerk", "district_reviewer", "district_leader", "city_clerk", "city_reviewer")


@dataclass
class Walk(Players):
    """A review of ranks from the application to the certificate; people are named by what they do in it."""

    turns = 3
    at_a_desk = frozenset(BUREAU)

    def __post_init__(self) -> None:
        self.cast: dict[str, int] = {}

    def person(self, name: str) -> int:
        return self.cast[name]

    def begin(self) -> None:
        """Give parts to the people of a district school that has filed nothing, and let its review begin."""
        school, teacher = next(self._able())
        (above,) = self.all(select(Organization.parent_id).where(Organization.id == school))
        (city,) = self.all(select(Organization.parent_id).where(Organization.id == above))
        self.places = {"school": school, "district": above, "city": city}
        others = [one for one in self._holders(school, Role.HOMEROOM_TEACHER) if one != teacher]
        office, finance, principal = (
            self._holders(school, role)[0] for role in (Role.PROCESS_ADMIN, Role.FINANCE_OFFICER, Role.PRINCIPAL)
        )
        self.cast = {
            "teacher": teacher,
            "office": office,
            "principal": principal,
            "first": finance,
            "second": others[0],
        }
        for where in ("district", "city"):
            for post in ("clerk", "reviewer", "leader"):
                self.cast[f"{where}_{post}"] = self._holders(self.places[where], Role(f"bureau_{post}"))[0]
        posts = [(office, Role.MORAL_EDUCATION_OFFICE)]
        self._appoint(posts + [(one, Role.REVIEW_PANEL_MEMBER) for one in (office, finance, *others)])
        with clock.frozen(clock.at(date(school_year_of(clock.today()), 8, 28))):
            schedules.adopt(self.session, self.actor("office"), "rank_review", school)
        self.settle()

    def _able(self) -> Iterator[tuple[int, int]]:
        """Yield the district schools without a review, each with a homeroom teacher who may apply."""
        is_district = Organization.kind == OrganizationKind.SCHOOL, Organization.affiliation == Affiliation.DISTRICT
        is_new = Organization.id.not_in(select(RankReview.organization_id))
        for school in self.all(select(Organization.id).where(*is_district, is_new).order_by(Organization.code)):
            for teacher in self._holders(school, Role.HOMEROOM_TEACHER):
                if self._may_apply(teacher, school):
                    yield school, teacher

    def _appoint(self, posts: list[tuple[int, Role]]) -> None:
        place, since = self.places["school"], clock.today() - timedelta(days=30)
        rows = [{"person_id": one, "organization_id": place, "role": role, "from_on": since} for one, role in posts]
        self.session.rollback()
        with writing(self.session):
            self.session.execute(insert(Position), rows)

    @cached_property
    def name(self) -> str:
        """Return the name of the teacher who applies."""
        found = self.session.get_one(Person, self.cast["teacher"]).name
        self.session.rollback()
        return found

    @property
    def review(self) -> RankReview:
        self.session.rollback()
        return self.session.scalars(select(RankReview).where(RankReview.organization_id == self.places["school"])).one()

    @property
    def application(self) -> RankApplication:
        self.session.rollback()
        return self.session.scalars(select(RankApplication).where(RankApplication.review_id == self.review.id)).one()

    def run(self, where: str) -> int:
        """Return the year of a bureau."""
        place = FilingRun.organization_id == self.places[where]
        (found,) = self.all(select(FilingRun.id).where(place, FilingRun.school_year == self.review.school_year))
        return int(found)

    def answer(self, name: str, instance: int, verdict: str) -> None:
        """Let somebody do the one open task of a case without a window."""
        (item,) = self.all(select(WorkItem).where(WorkItem.instance_id == instance, IS_OPEN))
        revision, item_id = item.revision, item.id
        completions.complete(self.session, self.actor(name), item_id, Completion(revision, verdict))
        self.settle()

    def task(self, name: str, words: str) -> Page:
        """Open what waits for a person once it has come: the server's own worker may be at the message."""
        page = self.page(name)
        for _ in range(PATIENCE):
            page.goto(f"/?q={words}")
            if page.locator(f".sp-item a:has-text('{words}')").count():
                break
            self.settle()
        return super().task(name, words)

    def verdict(self, name: str, words: str, verdict: str) -> Page:
        """Open what waits for somebody and answer it."""
        page = self.task(name, words)
        with page.expect_navigation():
            page.click(f"[name=verdict][value={verdict}]")
        self.settle()
        return page

    def sign(self, name: str, words: str) -> Page:
        page = self.verdict(name, words, "sign")
        page.fill("[name=password]", PASSWORD)
        press(page, "确认签字")
        self.settle()
        return page

    def _holders(self, place: int, role: Role) -> list[int]:
        held = Position.organization_id == place, Position.role == role, Position.until_on.is_(None)
        return self.all(select(Position.person_id).where(*held).order_by(Position.id))

    def _may_apply(self, person: int, school: int) -> bool:
        found = eligibility_of(self.session, person, school, clock.today())
        rank = found.reach.counts if found and found.reach else None
        entitled = entitlement_of(self.session, person, school, rank) if rank else None
        return entitled is not None and entitled.is_next and not entitled.barring(is_exceptional=False)
