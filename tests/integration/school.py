"""A small real world for tests: a city, a district, two schools, their people, a studio with a budget."""

from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.money import Budget, Studio
from app.db.people import Organization, Person, Position
from app.db.work import WorkItem
from app.domain import clock
from app.domain.identity import Actor
from app.domain.vocabulary import (
    Affiliation,
    OrganizationKind,
    Programme,
    Role,
    Stage,
    StudioLevel,
    WorkItemStatus,
)
from app.services import completions
from app.services.accounts import passwords
from app.services.accounts.actors import load_actor
from app.services.completions import Completion
from app.services.files import attachments
from app.services.publishing import definitions
from app.services.reading.cases import task_view
from app.services.rulebook import rules
from app.services.starting import starts
from app.services.transactions import writing

ROOT = Path(__file__).parents[2]
PASSWORD = "风清月朗2026"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# Tests let the clock stand on days of 2026, in whatever year they run.
LATEST_START = date(2024, 9, 18)

# username, name, organisation, roles
PEOPLE = (
    ("host", "周敏", "school", (Role.TEACHER, Role.HOMEROOM_TEACHER, Role.STUDIO_HOST)),
    ("member", "李若涵", "school", (Role.TEACHER, Role.STUDIO_MEMBER)),
    ("legal", "陈国栋", "school", (Role.PRINCIPAL, Role.LEGAL_REPRESENTATIVE)),
    ("deputy", "许文彬", "school", (Role.DEPUTY_PRINCIPAL,)),
    ("finance", "刘芸", "school", (Role.FINANCE_OFFICER,)),
    ("admin", "韩雪", "school", (Role.PROCESS_ADMIN,)),
    ("teacher", "何静", "school", (Role.TEACHER,)),
    ("other_host", "罗佳", "sibling", (Role.TEACHER, Role.STUDIO_HOST)),
    ("other_legal", "丁一鸣", "sibling", (Role.PRINCIPAL, Role.LEGAL_REPRESENTATIVE)),
    ("other_finance", "江帆", "sibling", (Role.FINANCE_OFFICER,)),
    ("other_admin", "孟凡", "sibling", (Role.PROCESS_ADMIN,)),
    ("district_finance", "苏眉", "district", (Role.BUREAU_FINANCE,)),
    ("district_admin", "林晓", "district", (Role.BUREAU_ADMIN,)),
    ("city_auditor", "方远", "city", (Role.BUREAU_AUDITOR,)),
    ("city_admin", "罗平", "city", (Role.BUREAU_ADMIN,)),
)


@dataclass
class School:
    """The world by name, with what tests do in it again and again."""

    session: Session
    files: Path
    organizations: dict[str, int]
    people: dict[str, int]
    studio: int
    other_studio: int

    def actor(self, name: str) -> Actor:
        return load_actor(self.session, self.people[name])

    def upload(self, name: str) -> str:
        return attachments.store(self.session, self.files, self.actor(name), "发票.pdf", BytesIO(PDF)).id

    def confirm_budget(self, lines: dict[str, int] | None = None) -> int:
        wanted = lines or {"training": 3_000_000, "experts": 2_000_000, "equipment": 1_000_000}
        values = {
            "studio": self.studio,
            "year": clock.today().year,
            "grants": [{"source": "city", "amount": 4_000_000}, {"source": "district_match", "amount": 4_000_000}],
            "lines": [{"category": category, "amount": amount} for category, amount in wanted.items()],
        }
        started = starts.start(self.session, self.actor("host"), "annual_budget", self.organizations["school"], values)
        self.act(started.instance, "finance", "accept")
        return started.instance

    def expense_values(self, **changes: Any) -> dict[str, Any]:
        amount = changes.pop("amount", 448_800)
        number = changes.pop("number", "26440826000103847562")
        values = {
            "studio": self.studio,
            "budget_line": self.line("training"),
            "category": "training",
            "purpose": "跨校主题班会观摩活动：研修资料印制",
            "items": [{"name": "研修资料印制", "quantity": 40, "amount": amount}],
            "payee": "云澜市青禾图文印务",
            "invoices": [{"number": number, "amount": amount, "attachment": self.upload("host")}],
            "fixed_assets": False,
            "declared": True,
        }
        return {**values, **changes}

    def start_expense(self, **changes: Any) -> int:
        values = self.expense_values(**changes)
        school = self.organizations["school"]
        return starts.start(self.session, self.actor("host"), "expense_approval", school, values).instance

    def line(self, category: str) -> int:
        budget = self.session.scalars(select(Budget).where(Budget.studio_id == self.studio)).one()
        return next(line.id for line in budget.lines if line.category == category)

    def open_item(self, instance: int) -> WorkItem:
        self.session.expire_all()
        found = WorkItem.instance_id == instance, WorkItem.status == WorkItemStatus.OPEN
        return self.session.scalars(select(WorkItem).where(*found)).one()

    def act(self, instance: int, name: str, verdict: str, values: Any = None, **changes: Any) -> None:
        item = self.open_item(instance)
        actor = self.actor(name)
        seen = task_view(self.session, actor, item.id)
        asked = {
            "revision": item.revision,
            "verdict": verdict,
            "values": values or {},
            "comment": "请核对" if verdict in {"return", "refuse"} else None,
            "password": PASSWORD if verdict == "sign" else None,
            "content_hash": seen.signature.content_hash if seen.signature else None,
        }
        completions.complete(self.session, actor, item.id, Completion(**{**asked, **changes}))

    def book(self, instance: int) -> None:
        self.act(
            instance,
            "finance",
            "accept",
            {
                "voucher_number": "记-0318",
                "paid_on": clock.today().isoformat(),
                "payment_method": "transfer",
                "originals_checked": True,
            },
        )


def build(session: Session, files: Path) -> School:
    """Make the world in an empty database."""
    with writing(session):
        organizations = _organizations(session)
        people = _people(session, organizations)
        studio = _studio(session, organizations["school"], people, "周敏名班主任工作室", ("host", "member"))
        other = _studio(session, organizations["sibling"], people, "罗佳名班主任工作室", ("other_host",))
    definitions.seed_built_in(session, ROOT / "processes", ROOT / "forms")
    rules.adopt_pack(
        session,
        load_actor(session, people["city_admin"]),
        organizations["city"],
        Programme.CITY_STUDIO,
        "s1",
        date(2019, 1, 1),
    )
    return School(session, files, organizations, people, studio, other)


def make_guest(world: School, name: str) -> None:
    """Make somebody of another school a member of the studio."""
    with writing(world.session):
        world.session.add(
            Position(
                person_id=world.people[name],
                organization_id=world.organizations["school"],
                role=Role.STUDIO_MEMBER,
                studio_id=world.studio,
                from_on=clock.today(),
            )
        )


def _organizations(session: Session) -> dict[str, int]:
    made: dict[str, Organization] = {}
    for key, code, name, kind, above in (
        ("city", "YL", "云澜市教育局", OrganizationKind.CITY, None),
        ("district", "LX", "临溪区教育局", OrganizationKind.DISTRICT, "city"),
        ("school", "SF01", "松风路小学", OrganizationKind.SCHOOL, "district"),
        ("sibling", "YX01", "育新学校", OrganizationKind.SCHOOL, "district"),
    ):
        parent = made[above] if above else None
        made[key] = _organization(session, code, name, kind, parent)
    return {key: organization.id for key, organization in made.items()}


def _organization(
    session: Session, code: str, name: str, kind: OrganizationKind, parent: Organization | None
) -> Organization:
    is_school = kind == OrganizationKind.SCHOOL
    organization = Organization(
        code=code,
        name=name,
        kind=kind,
        affiliation=Affiliation.DISTRICT if is_school else None,
        stage=Stage.PRIMARY if is_school else None,
        parent_id=parent.id if parent else None,
        path=f"?{code}",
    )
    session.add(organization)
    session.flush()
    organization.path = f"{parent.path if parent else '/'}{organization.id}/"
    session.flush()
    return organization


def _people(session: Session, organizations: dict[str, int]) -> dict[str, int]:
    hashed = passwords.hash_one_time(PASSWORD)
    since = min(clock.today() - timedelta(days=800), LATEST_START)
    made = {}
    for username, name, where, roles in PEOPLE:
        person = Person(username=username, name=name, password_hash=hashed)
        session.add(person)
        session.flush()
        made[username] = person.id
        for role in roles:
            if not role.startswith("studio"):
                session.add(
                    Position(person_id=person.id, organization_id=organizations[where], role=role, from_on=since)
                )
    session.flush()
    return made


def _studio(session: Session, school: int, people: dict[str, int], name: str, posts: tuple[str, ...]) -> int:
    today = clock.today()
    studio = Studio(
        organization_id=school,
        name=name,
        level=StudioLevel.CITY,
        programme=Programme.CITY_STUDIO,
        from_on=date(min(today.year - 1, LATEST_START.year + 1), 1, 1),
        until_on=date(today.year + 1, 12, 31),
    )
    session.add(studio)
    session.flush()
    for post, role in zip(posts, (Role.STUDIO_HOST, Role.STUDIO_MEMBER), strict=False):
        position = Position(
            person_id=people[post], organization_id=school, role=role, studio_id=studio.id, from_on=studio.from_on
        )
        session.add(position)
    session.flush()
    return studio.id
