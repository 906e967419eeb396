"""A small city for the tests of money: two schools, a studio with a budget, and cases made by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.db.money import Budget, BudgetLine, Grant, Studio
from app.db.people import Organization, Person, Position, SigningAuthorization
from app.db.processes import ProcessDefinition, ProcessInstance, ProcessVersion
from app.db.work import Attachment, Signature, Submission
from app.domain import clock
from app.domain.identity import Actor
from app.domain.serial import verification_code
from app.domain.vocabulary import (
    Affiliation,
    Category,
    FundingSource,
    OrganizationKind,
    Programme,
    Role,
    StudioLevel,
)
from app.engine.operations import OPERATIONS
from app.services import signatures
from app.services.accounts.actors import load_actor
from app.services.operations.call import Call
from app.services.operations.registry import IMPLEMENTATIONS

NOW = clock.at(date(2026, 11, 23), 9, 15)
YEAR = 2026
CLAUSE = {"document": "经费管理办法", "article": "第三条", "phrase": "不得用于“三公”经费支出", "is_quote": True}
RULES: dict[str, dict[str, Any]] = {
    "expense.ceilings": {"value": {"books": 500000, "training": None}, "clause": CLAUSE},
    "expense.lecture_ceiling": {"value": 200000, "clause": None},
    "expense.suspicious_words": {"value": ["餐费", "工作餐", "餐"], "clause": CLAUSE},
    "expense.suspicious_payees": {"value": ["酒店"], "clause": CLAUSE},
    "expense.school_utilities_words": {"value": ["水电"], "clause": CLAUSE},
    "funding.city_district": {"value": 4000000, "clause": {**CLAUSE, "article": "第二条"}},
    "funding.match_min": {"value": "1/1", "clause": None},
    "funding.basic_per_head": {"value": 300000, "clause": None},
}
LINES = {Category.TRAINING: 3000000, Category.BOOKS: 1000000, Category.EQUIPMENT: 2000000, Category.EXPERTS: 1000000}


@dataclass
class World:
    """The ids of what stands in the test database."""

    session: Session
    organizations: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    studios: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    cases: int = 0

    def on(self, session: Session) -> "World":
        """Return the same world over a copy of its database; what a test adds to it is the test's own."""
        organizations, people, studios, lines, versions = (
            dict(ids) for ids in (self.organizations, self.people, self.studios, self.lines, self.versions)
        )
        return World(session, organizations, people, studios, lines, versions, self.cases)

    def organization(self, name: str, kind: OrganizationKind, parent: str | None = None) -> int:
        above = self.session.get_one(Organization, self.organizations[parent]) if parent else None
        made = Organization(
            code=f"O{len(self.organizations)}", name=name, kind=kind, parent_id=above.id if above else None, path=name
        )
        if kind == OrganizationKind.SCHOOL:
            made.affiliation = Affiliation.DISTRICT
        self.session.add(made)
        self.session.flush()
        made.path = f"{above.path if above else '/'}{made.id}/"
        self.organizations[name] = made.id
        return made.id

    def person(self, name: str, organization: str, *roles: Role, studio: str | None = None) -> int:
        if name not in self.people:
            made = Person(username=f"u{len(self.people)}", name=name, password_hash="-")
            self.session.add(made)
            self.session.flush()
            self.people[name] = made.id
        for role in roles:
            in_studio = self.studios[studio] if studio and role.startswith("studio_") else None
            self.session.add(
                Position(
                    person_id=self.people[name],
                    organization_id=self.organizations[organization],
                    role=role,
                    studio_id=in_studio,
                    from_on=date(2020, 1, 1),
                )
            )
        self.session.flush()
        return self.people[name]

    def studio(self, name: str, organization: str) -> int:
        made = Studio(
            organization_id=self.organizations[organization],
            name=name,
            level=StudioLevel.CITY,
            programme=Programme.CITY_STUDIO,
            from_on=date(2025, 9, 1),
            until_on=date(2028, 8, 31),
        )
        self.session.add(made)
        self.session.flush()
        self.studios[name] = made.id
        return made.id

    def budget(self, studio: str, lines: Mapping[Category, int]) -> None:
        case = self.case("annual_budget", studio, {}, self.people["周敏"])
        made = Budget(studio_id=self.studios[studio], year=YEAR, instance_id=case)
        made.grants = [
            Grant(source=FundingSource.CITY, amount=sum(lines.values()) // 2),
            Grant(source=FundingSource.DISTRICT_MATCH, amount=sum(lines.values()) - sum(lines.values()) // 2),
        ]
        made.lines = [BudgetLine(category=category, amount=amount) for category, amount in lines.items()]
        self.session.add(made)
        self.session.flush()
        self.lines.update({f"{studio}/{line.category}": line.id for line in made.lines})

    def case(self, process: str, studio: str, values: dict[str, Any], initiator: int) -> int:
        self.cases += 1
        organization = self.session.get_one(Studio, self.studios[studio]).organization_id
        made = ProcessInstance(
            serial=f"BX-O2-{YEAR}-{self.cases:04}",
            verification_code=verification_code(),
            version_id=self._version(process),
            process_key=process,
            organization_id=organization,
            studio_id=self.studios[studio],
            initiator_id=initiator,
            title="跨校主题班会观摩活动报销 4,488.00 元",
            state=b"",
            values=values,
            rules=RULES,
        )
        self.session.add(made)
        self.session.flush()
        return made.id

    def _version(self, process: str) -> int:
        if process not in self.versions:
            definition = ProcessDefinition(key=process)
            self.session.add(definition)
            self.session.flush()
            version = ProcessVersion(
                definition_id=definition.id,
                number=1,
                title=process,
                code="BX",
                category="经费",
                content_hash="0" * 64,
                files={},
                published_at=NOW,
            )
            self.session.add(version)
            self.session.flush()
            self.versions[process] = version.id
        return self.versions[process]

    def file(self, id_: str) -> str:
        if self.session.get(Attachment, id_) is None:
            self.session.add(
                Attachment(
                    id=id_,
                    uploaded_by_id=self.people["周敏"],
                    name="发票.pdf",
                    media_type="application/pdf",
                    size=1,
                    sha256="0" * 64,
                )
            )
            self.session.flush()
        return id_

    def actor(self, name: str) -> Actor:
        return load_actor(self.session, self.people[name])

    def run(self, operation: str, instance_id: int, values: dict[str, Any] | None = None, by: str = "周敏") -> Any:
        """Run an operation of a case as the step would, and keep the values."""
        case = self.session.get_one(ProcessInstance, instance_id, populate_existing=True)
        if values is not None:
            case.values = {**case.values, **values}
        return call(self.session, case, operation, self.actor(by))

    def sign(self, instance_id: int, element: str, by: str, **changes: Any) -> Signature:
        case = self.session.get_one(ProcessInstance, instance_id)
        signs = ("propose_reversal",) if "propose_reversal" in case.values else ("submit_draft",)
        common = {"instance_id": instance_id, "element": element, "person_id": self.people[by]}
        submission = Submission(
            **common,
            element_name=element,
            position_title="",
            organization_name="",
            verdict=changes.pop("verdict", "sign"),
            values={},
        )
        self.session.add(submission)
        self.session.flush()
        made = Signature(
            **common,
            submission_id=submission.id,
            organization_name="云澜市临溪区松风路小学",
            position_title="工作室主持人" if element == "host_sign" else "法定代表人",
            statement="同意报销。",
            content_hash=signatures.content_hash(case.values, signs),
            signed_at=clock.now(),
        )
        for name, value in changes.items():
            setattr(made, name, value)
        self.session.add(made)
        self.session.flush()
        return made

    def authorize(self, principal: str, deputy: str, role: Role, **changes: Any) -> int:
        made = SigningAuthorization(
            organization_id=self.organizations["松风路小学"],
            role=role,
            principal_id=self.people[principal],
            deputy_id=self.people[deputy],
            from_on=date(2026, 1, 1),
            until_on=date(2026, 12, 31),
            attachment_id=self.file("authorization"),
            entered_by_id=self.people["刘芸"],
            confirmed_by_id=self.people[principal],
            confirmed_at=clock.at(date(2026, 1, 2)),
        )
        for name, value in changes.items():
            setattr(made, name, value)
        self.session.add(made)
        self.session.flush()
        return made.id

    def draft(self, **changes: Any) -> dict[str, Any]:
        """Return a right expense of 4,488.00 yuan."""
        number = changes.pop("number", f"2644082600010384{self.cases:04}")
        items = [
            {"name": "研修资料印制", "quantity": 40, "amount": 312000},
            {"name": "班会研究书籍", "quantity": 36, "amount": 136800},
        ]
        return {
            "studio": self.studios["周敏工作室"],
            "budget_line": self.lines["周敏工作室/training"],
            "category": "training",
            "purpose": "跨校主题班会观摩活动：12月5日与育新学校开展。",
            "payee": "周敏",
            "items": items,
            "invoices": [{"number": number, "amount": 448800, "attachment": self.file("invoice")}],
            "fixed_assets": False,
            "declared": True,
            **changes,
        }

    def expense(self, studio: str = "周敏工作室", **changes: Any) -> int:
        """Start an expense: checked and reserved."""
        values = {"submit_draft": self.draft(**changes)}
        instance_id = self.case("expense_approval", studio, values, self.people["周敏"])
        self.run("check_expense", instance_id)
        self.run("reserve_funds", instance_id)
        return instance_id

    def booked(self, **changes: Any) -> tuple[int, int]:
        """Return a case that was signed twice and booked, and its ledger entry."""
        instance_id = self.expense(**changes)
        self.sign(instance_id, "host_sign", "周敏")
        self.sign(instance_id, "legal_sign", "陈国栋")
        return instance_id, self.run("book_expense", instance_id, BOOKING, by="刘芸")["entry"]


BOOKING = {
    "finance_book": {
        "voucher_number": "记-0318",
        "paid_on": "2026-11-20",
        "payment_method": "transfer",
        "originals_checked": True,
    }
}


def call(session: Session, case: ProcessInstance, operation: str, actor: Actor | None) -> Any:
    """Run an operation for a case."""
    asked = Call(
        session=session,
        instance_id=case.id,
        serial=case.serial,
        process_key=case.process_key,
        organization_id=case.organization_id,
        studio_id=case.studio_id,
        initiator_id=case.initiator_id,
        actor=actor,
        operation=operation,
        element=operation,
        params={},
        values=case.values,
        rules=RULES,
    )
    result = IMPLEMENTATIONS[operation](asked)
    assert set(result or ()) == set(OPERATIONS[operation].results)
    return result


def build(session: Session) -> World:
    """Build a city with two districts' schools, a studio with its budget, and everybody's positions."""
    world = World(session)
    world.organization("云澜市教育局", OrganizationKind.CITY)
    world.organization("临溪区教育局", OrganizationKind.DISTRICT, "云澜市教育局")
    world.organization("映川区教育局", OrganizationKind.DISTRICT, "云澜市教育局")
    world.organization("松风路小学", OrganizationKind.SCHOOL, "临溪区教育局")
    world.organization("育新学校", OrganizationKind.SCHOOL, "映川区教育局")
    for school, studio in (("松风路小学", "周敏工作室"), ("松风路小学", "何静工作室"), ("育新学校", "育新工作室")):
        world.studio(studio, school)
    world.person("周敏", "松风路小学", Role.STUDIO_HOST, studio="周敏工作室")
    world.person("苏晴", "松风路小学", Role.STUDIO_MEMBER, studio="周敏工作室")
    world.person("何静", "松风路小学", Role.STUDIO_HOST, studio="何静工作室")
    world.person("陈国栋", "松风路小学", Role.PRINCIPAL, Role.LEGAL_REPRESENTATIVE)
    world.person("许文彬", "松风路小学", Role.DEPUTY_PRINCIPAL)
    world.person("刘芸", "松风路小学", Role.FINANCE_OFFICER)
    world.person("高原", "松风路小学", Role.TEACHER)
    world.person("罗岚", "育新学校", Role.FINANCE_OFFICER)
    world.person("方圆", "临溪区教育局", Role.BUREAU_FINANCE)
    world.person("丁立", "映川区教育局", Role.BUREAU_AUDITOR)
    world.person("温和", "云澜市教育局", Role.BUREAU_AUDITOR)
    world.budget("周敏工作室", LINES)
    return world
