"""The invented city: whole, consistent, and mid-course whatever day it is."""

from collections import Counter
from datetime import UTC, datetime, time

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.ballots import Ballot
from app.db.base import Base
from app.db.collectives import CollectiveTask
from app.db.engine import connect
from app.db.journal import JournalEntry
from app.db.money import Asset, Budget, InvoiceUse, LedgerAllocation, LedgerEntry, Reservation, Studio
from app.db.people import Organization, Person, Position, SigningAuthorization
from app.db.processes import ProcessInstance
from app.db.queries import ballots
from app.db.rules import RulePackAdoption, RuleValue
from app.db.selections import AppointmentLetter
from app.db.work import Attachment, Draft, Notification, Signature, Submission, WorkItem
from app.domain import clock
from app.domain.vocabulary import (
    BUREAU_ROLES,
    SCHOOL_ROLES,
    STANDING_BODY_ROLES,
    STUDIO_ROLES,
    Affiliation,
    Category,
    FundingSource,
    InstanceStatus,
    LedgerKind,
    OrganizationKind,
    Programme,
    Role,
    Stage,
    StudioLevel,
)
from app.services import demo, doctor, journal
from app.services.accounts import sign_in
from app.services.accounts.actors import holds_today, load_actor
from app.services.accounts.personas import personas
from app.services.candidates import deputies_of
from app.services.demo import expenses
from app.services.files.attachments import path_of
from app.services.filling import opinion_templates
from app.services.reading import inbox
from app.services.timing import calendars
from tests.integration.demo.secrets import SECRET
from tests.integration.demo.todays import emptied, noon, open_items

FULL = ("松风路小学", "云澜市第三中学", "云澜市栖云学校")


def due(item: WorkItem) -> datetime:
    assert item.due_at is not None
    return item.due_at


def test_ten_districts_with_schools_of_every_affiliation_and_stage(session):
    organizations = list(session.scalars(select(Organization)))
    kinds = Counter(organization.kind for organization in organizations)
    assert kinds[OrganizationKind.CITY] == 1
    assert kinds[OrganizationKind.DISTRICT] == 10
    assert 60 <= kinds[OrganizationKind.SCHOOL] <= 80
    schools = [organization for organization in organizations if organization.kind == OrganizationKind.SCHOOL]
    assert {school.affiliation for school in schools} == set(Affiliation)
    assert {school.stage for school in schools} == set(Stage)
    assert len({organization.name for organization in organizations}) == len(organizations)
    by_id = {organization.id: organization for organization in organizations}
    for school in schools:
        under = OrganizationKind.DISTRICT if school.affiliation == Affiliation.DISTRICT else OrganizationKind.CITY
        assert by_id[school.parent_id].kind == under


def test_three_schools_are_peopled_in_full(session):
    for name in FULL:
        held = session.execute(
            select(Position.role, Position.person_id).join(Organization).where(Organization.name == name)
        ).all()
        assert (SCHOOL_ROLES | STANDING_BODY_ROLES | {Role.STUDIO_HOST, Role.STUDIO_MEMBER}) <= {
            row.role for row in held
        }
        assert 40 <= len({row.person_id for row in held if row.role == Role.TEACHER}) <= 120
        assert len(held) > len({row.person_id for row in held})
    for kind in (OrganizationKind.CITY, OrganizationKind.DISTRICT):
        for bureau in session.scalars(select(Organization).where(Organization.kind == kind)):
            held_roles = session.scalars(select(Position.role).where(Position.organization_id == bureau.id))
            assert set(held_roles) >= BUREAU_ROLES | STANDING_BODY_ROLES


def test_every_other_school_can_sign_pay_and_keep_its_rules(session):
    for school in session.scalars(select(Organization).where(Organization.kind == OrganizationKind.SCHOOL)):
        held = set(session.scalars(select(Position.role).where(Position.organization_id == school.id)))
        assert {Role.PRINCIPAL, Role.LEGAL_REPRESENTATIVE, Role.FINANCE_OFFICER, Role.PROCESS_ADMIN} <= held


def test_nobody_is_there_twice(session):
    people = list(session.scalars(select(Person)))
    assert len({person.name for person in people}) == len(people)
    assert len({person.username for person in people}) == len(people)
    posts = [(row.person_id, row.organization_id, row.role, row.studio_id) for row in session.scalars(select(Position))]
    assert len(posts) == len(set(posts))


def test_studios_keep_the_roster_rules(session):
    studios = list(session.scalars(select(Studio).where(Studio.until_on >= clock.today())))
    assert {studio.level for studio in studios} == set(StudioLevel)
    for studio in studios:
        posts = list(session.scalars(select(Position).where(Position.studio_id == studio.id)))
        roles = Counter(post.role for post in posts)
        assert roles[Role.STUDIO_HOST] == 1
        letters = session.scalars(select(AppointmentLetter).where(AppointmentLetter.studio_id == studio.id)).all()
        # A round appoints for the semester to come, which has no budget yet.
        assert studio.from_on < clock.today() <= studio.until_on or letters
        is_city = studio.level == StudioLevel.CITY
        assert roles[Role.STUDIO_MEMBER] in (range(6, 9) if is_city else range(3, 6))
        assert roles[Role.STUDIO_MENTOR] == int(is_city)
        members = [post.person_id for post in posts if post.role == Role.STUDIO_MEMBER]
        own = select(func.count()).where(
            Position.person_id.in_(members),
            Position.organization_id == studio.organization_id,
            Position.role == Role.HOMEROOM_TEACHER,
        )
        assert not is_city or (session.scalar(own) or 0) <= 2
        this_year = select(Budget.id).where(Budget.studio_id == studio.id, Budget.year == clock.today().year)
        assert letters or session.scalar(this_year)
    is_running = Position.until_on >= clock.today()
    # Whom a round appointed acts in the older post, as everywhere.
    is_founder = Position.studio_id.not_in(select(AppointmentLetter.studio_id))
    hosting = select(Position.person_id).where(Position.role == Role.STUDIO_HOST, is_running, is_founder)
    for host in session.scalars(hosting).all():
        first = select(Position.role).where(Position.person_id == host).order_by(Position.id).limit(1)
        assert session.scalar(first) == Role.STUDIO_HOST


def test_grants_follow_the_rules_and_lines_stay_within_them(session):
    for budget in session.scalars(select(Budget)):
        grants = {grant.source: grant.amount for grant in budget.grants}
        assert sum(line.amount for line in budget.lines) <= sum(grants.values())
        affiliation = budget.studio.organization.affiliation
        if budget.studio.programme == Programme.SCHOOL_STUDIO:
            heads = select(func.count()).where(
                Position.studio_id == budget.studio_id, Position.role.in_({Role.STUDIO_HOST, Role.STUDIO_MEMBER})
            )
            assert grants[FundingSource.SCHOOL_BASIC] == 300_000 * (session.scalar(heads) or 0)
        elif affiliation == Affiliation.DIRECT:
            assert grants == {FundingSource.CITY: 8_000_000}
        else:
            assert affiliation == Affiliation.DISTRICT
            assert grants[FundingSource.CITY] == 4_000_000 <= grants[FundingSource.DISTRICT_MATCH]


def test_money_adds_up(session):
    held: Counter[int] = Counter()
    for reservation in session.scalars(select(Reservation)):
        case = session.get_one(ProcessInstance, reservation.instance_id)
        assert (case.status, case.amount) == (InstanceStatus.RUNNING, reservation.amount)
        held[reservation.line_id] += reservation.amount
    booked: Counter[int] = Counter()
    for entry in session.scalars(select(LedgerEntry)):
        booked[entry.line_id] += entry.amount
        parts = select(func.sum(LedgerAllocation.amount)).where(LedgerAllocation.entry_id == entry.id)
        assert session.scalar(parts) == entry.amount
        if entry.kind == LedgerKind.BOOKING:
            used = select(func.sum(InvoiceUse.amount)).where(InvoiceUse.instance_id == entry.instance_id)
            assert session.scalar(used) == entry.amount
    for budget in session.scalars(select(Budget)):
        for line in budget.lines:
            assert (line.reserved, line.booked) == (held[line.id], booked[line.id])
    running = select(func.count()).where(
        ProcessInstance.process_key == "expense_approval", ProcessInstance.status == InstanceStatus.RUNNING
    )
    assert session.scalar(running) == session.scalar(select(func.count()).select_from(Reservation))
    numbers = session.scalars(select(InvoiceUse.number)).all()
    assert len(numbers) == len(set(numbers))
    assert {len(number) for number in numbers} == {20}


def test_everything_happened_on_working_days_in_office_hours_and_in_order(session):
    instants = [
        row for column in (Submission.submitted_at, Signature.signed_at) for row in session.scalars(select(column))
    ]
    instants += session.scalars(select(ProcessInstance.started_at)).all()
    instants += session.scalars(select(Notification.created_at)).all()
    calendar = calendars.national()
    for instant in instants:
        there = clock.shanghai(instant)
        assert instant < clock.now()
        assert calendar.is_working_day(there.date()).is_working
        assert time(8) <= there.time() <= time(18)
        assert (there.month, there.day) != (1, 1)
    for case in session.scalars(select(ProcessInstance)):
        steps = session.scalars(
            select(Submission.submitted_at).where(Submission.instance_id == case.id).order_by(Submission.id)
        ).all()
        assert list(steps) == sorted(set(steps))
    by_school = select(ProcessInstance.organization_id, ProcessInstance.process_key, ProcessInstance.serial)
    rows = session.execute(by_school.order_by(ProcessInstance.started_at, ProcessInstance.id)).all()
    serials: dict[tuple[int, str], list[str]] = {}
    for row in rows:
        serials.setdefault((row.organization_id, row.process_key), []).append(row.serial)
    assert all(found == sorted(found) for found in serials.values())


def test_an_expense_waits_for_the_second_signature_after_a_voided_first_one(session):
    item = next(item for item in open_items(session, "松风路小学") if item.amount == 448_800)
    assert item.title == "跨校主题班会观摩活动报销 4,488.00 元"
    assert (item.element, item.role) == ("legal_sign", Role.LEGAL_REPRESENTATIVE)
    assert due(item) > clock.now()
    signatures = list(
        session.scalars(select(Signature).where(Signature.instance_id == item.instance_id).order_by(Signature.id))
    )
    assert [signature.voided_at is None for signature in signatures] == [False, True]
    verdicts = session.scalars(
        select(Submission.verdict).where(Submission.instance_id == item.instance_id).order_by(Submission.id)
    )
    assert list(verdicts) == ["submit", "sign", "return", "submit", "sign"]
    assert [flag["word"] for flag in item.instance.values["check_expense"]["flags"]] == ["工作餐"]


def test_cases_wait_at_every_place_the_guide_speaks_of(session):
    songfeng = Counter(item.element for item in open_items(session, "松风路小学"))
    entries = {"office_verify": 1, "revise_entry": 1, "hear_person": 1}
    assert songfeng == {"finance_book": 3, "legal_sign": 2, "revise_draft": 1, "office_review": 2, **entries}
    soon = next(item for item in open_items(session, "松风路小学") if item.element == "legal_sign")
    days = calendars.national().working_days_between(clock.today(), clock.shanghai(due(soon)).date())
    assert due(soon) > clock.now()
    assert days <= 1
    third = Counter(item.element for item in open_items(session, "云澜市第三中学"))
    expenses = {"host_sign": 1, "legal_sign": 2, "finance_book": 1, "finance_confirm": 1}
    others = {
        "office_review": 4,
        "deputy_approve": 1,
        "revise_plan": 1,
        "office_verify": 1,
        "hold_vote/vote": 42,
        "correct_rows": 1,
    }
    assert third == {**expenses, **others}
    late = [item for item in open_items(session, "云澜市第三中学") if due(item) < clock.now()]
    assert {item.element for item in late} == {"legal_sign", "office_review"}
    assert "revise_plan" in {item.element for item in open_items(session, "云澜市栖云学校")}
    refund = next(item for item in open_items(session, "云澜市第三中学") if item.process_key == "expense_reversal")
    assert refund.instance.values["propose_reversal"]["kind"] == LedgerKind.REFUND
    amendment = next(item for item in open_items(session, "云澜市第三中学") if item.process_key == "annual_budget")
    assert amendment.instance.values["submit_budget"]["year"] in {clock.today().year, clock.today().year - 1}


def test_one_task_is_escalated_some_are_reminded_of_and_one_is_held_by_nobody(session):
    late = next(item for item in open_items(session, "云澜市第三中学") if item.element == "office_review")
    assert late.escalated_to == Role.DEPUTY_PRINCIPAL
    unheld = [item for item in open_items(session, "映川区育新学校") if item.is_unheld]
    assert [item.element for item in unheld] == ["office_review"]
    assert session.scalar(select(func.count()).select_from(WorkItem).where(WorkItem.is_unheld)) == 1
    acts = Counter(session.scalars(select(JournalEntry.action)))
    assert acts["escalate"] == 1
    assert acts["unheld"] == 1
    assert acts["remind_late"] >= 1


def test_what_is_over_ended_in_every_way(session):
    statuses = Counter(session.scalars(select(ProcessInstance.status)))
    assert statuses[InstanceStatus.WITHDRAWN] == 1
    outcomes = Counter(session.scalars(select(ProcessInstance.outcome)))
    assert outcomes["refused"] == 3
    assert outcomes["recorded"] == 3
    assert outcomes["filed"] == 2
    assert outcomes["reversed"] == 1
    assert outcomes["booked"] >= 20
    booked = session.scalars(select(LedgerEntry.category).where(LedgerEntry.kind == LedgerKind.BOOKING))
    assert {Category.EQUIPMENT, Category.EXPERTS, Category.BOOKS, Category.TRAINING} <= set(booked)
    assert all(asset.place for asset in session.scalars(select(Asset)))
    assert session.scalar(select(func.count()).select_from(Asset)) == 3
    vouchers = session.scalars(select(LedgerEntry.voucher_number).order_by(LedgerEntry.id)).all()
    assert list(vouchers) == sorted(set(vouchers))


def test_a_deputy_may_sign_and_did(session):
    authorization = session.scalars(select(SigningAuthorization)).one()
    assert authorization.from_on <= clock.today() <= authorization.until_on
    people = {account["username"]: account for account in demo.accounts(session)}
    deputy = sign_in.sign_in(session, "xuwenbin", people["xuwenbin"]["password"], "127.0.0.1").actor
    assert deputies_of(session, deputy) == [authorization]
    signed = session.scalars(select(Signature).where(Signature.authorization_id == authorization.id)).one()
    assert signed.person_id == deputy.person_id


def test_rules_are_adopted_and_some_values_set_locally(session):
    packs = Counter(session.scalars(select(RulePackAdoption.pack)))
    assert packs == {"s1": 1, "s4": 1, "s0": 3}
    values = list(session.scalars(select(RuleValue)))
    assert len(values) >= 4
    assert all(value.reason for value in values)
    assert sum(value.from_on > clock.today() for value in values) == 1


def test_files_are_real_and_tied(session, city):
    attachments = list(session.scalars(select(Attachment)))
    assert {attachment.media_type for attachment in attachments} == {"application/pdf", "image/png"}
    for attachment in attachments:
        assert path_of(city[1], attachment.id).stat().st_size == attachment.size
        assert attachment.organization_id is not None


def test_the_journal_holds_and_the_doctor_finds_nothing(session):
    assert list(journal.verify(session)) == []
    assert doctor.examine(session) == []


def test_cards_say_what_waits(session):
    cards = {card.call: (card.waiting.chinese(), card.role, card.organization) for card in personas(session)}
    assert cards["周敏老师"] == ("1 件待修改", Role.STUDIO_HOST, "松风路小学")
    assert cards["陈校长"] == ("2 件待签", Role.LEGAL_REPRESENTATIVE, "松风路小学")
    assert cards["刘会计"] == ("3 件待入账", Role.FINANCE_OFFICER, "松风路小学")
    assert cards["许副校长"] == ("2 件待签", Role.DEPUTY_PRINCIPAL, "松风路小学")
    assert cards["方老师"] == ("查看经费台账", Role.BUREAU_AUDITOR, "云澜市教育局")
    assert cards["苏老师"][0] == "2 件待办"
    ranked = [(card.role, card.waiting.params.get("count", 0)) for card in personas(session) if card.group == "rank"]
    assert [role for role, _count in ranked] == [
        Role.REVIEW_PANEL_MEMBER,
        Role.MORAL_EDUCATION_OFFICE,
        Role.BUREAU_CLERK,
        Role.BUREAU_LEADER,
        Role.BUREAU_CLERK,
        Role.BUREAU_REVIEWER,
    ]
    assert all(count for _role, count in ranked[:3])


def test_somebody_is_away_and_somebody_stands_in(session):
    people = {card.call: card.person_id for card in personas(session)}
    principal = load_actor(session, people["潘校长"])
    assert [one.name for one in principal.stand_ins] == ["唐书华"]
    rows = inbox.todo(session, principal, inbox.Query()).items
    assert [(row.element, row.away.name) for row in rows if row.away] == [("deputy_approve", "唐书华")]
    assert [one.name for one in load_actor(session, people["陆老师"]).stand_ins] == ["邱牧"]


def test_drafts_and_opinions_wait_for_their_people(session):
    people = {card.call: card.person_id for card in personas(session)}
    office = load_actor(session, people["陆老师"])
    assert opinion_templates.own(session, office)[0].text == "和学校德育工作安排一致，同意。"
    kept = session.scalars(select(Draft).order_by(Draft.id)).all()
    assert [(one.person_id, bool(one.values), bool(one.comment)) for one in kept] == [
        (people["苏老师"], True, False),
        (people["陆老师"], False, True),
    ]


def test_accounts_sign_in(session):
    accounts = demo.accounts(session)
    assert len(accounts) >= 11
    roles = {held["role"] for account in accounts for held in account["positions"]}
    assert roles >= BUREAU_ROLES | STUDIO_ROLES | {Role.DISCIPLINE_COMMITTEE}
    for account in accounts[:3]:
        actor = sign_in.sign_in(session, account["username"], account["password"], "127.0.0.1").actor
        assert (actor.name, len(actor.holdings)) == (account["person"], len(account["positions"]))


def test_accounts_suffice_for_a_whole_round_of_the_first_school(session):
    accounts = demo.accounts(session)
    assert len({account["username"] for account in accounts}) == len(accounts)
    school = accounts[0]["positions"][0]["organization"]["id"]
    for role in (Role.HOMEROOM_TEACHER, Role.LEADERSHIP_GROUP_MEMBER):
        held = (Position.role == role, Position.organization_id == school, holds_today())
        holders = session.scalars(select(Person.username).join(Position).where(*held))
        assert set(holders) <= {account["username"] for account in accounts}


def test_building_twice_changes_nothing(session, city):
    before = session.scalar(select(func.count()).select_from(Person))
    demo.build(session, city[1], SECRET)
    assert session.scalar(select(func.count()).select_from(Person)) == before


def test_an_interrupted_build_leaves_nothing(tmp_path, monkeypatch):
    engine = connect(f"sqlite:///{tmp_path / 'demo.sqlite3'}")
    Base.metadata.create_all(engine)
    with clock.frozen(datetime(2026, 11, 21, 4, tzinfo=UTC)), Session(engine) as empty:
        emptied(empty)
        told = expenses.stories
        monkeypatch.setattr(expenses, "stories", lambda world: [*told(world), _break(world)])
        with pytest.raises(KeyboardInterrupt):
            demo.build(empty, tmp_path / "files", SECRET)
        assert empty.scalar(select(func.count()).select_from(Person)) == 0
        assert demo.accounts(empty) == []
        assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    engine.dispose()


def _break(world):
    yield noon("2026-06-03")
    assert any(path_of(world.folder, file).exists() for file in world.files)
    raise KeyboardInterrupt


def test_a_ballot_is_in_mid_course(session):
    ballot = session.scalars(select(Ballot).join(CollectiveTask).where(CollectiveTask.status == "open")).one()
    task = ballot.task
    assert task.due_at > clock.now()
    cast = ballots.count_cast(session.connection(), ballot.id)
    assert task.roll / 2 < cast < task.roll
    waiting = load_actor(session, session.scalars(select(Person.id).where(Person.username == "sumei")).one())
    rows = inbox.todo(session, waiting, inbox.Query()).items
    assert session.scalars(select(ProcessInstance.title).where(ProcessInstance.id == task.instance_id)).one() in {
        row.title for row in rows
    }
