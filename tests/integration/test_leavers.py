"""Who leaves a position loses its tasks at once, claims go back by themselves, and the rest is handed over."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from app.db.people import Position
from app.db.work import Notification, WorkItem, WorkItemExclusion
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.identity import Actor
from app.domain.vocabulary import Role
from app.services import doctor, journal
from app.services.accounts import positions
from app.services.accounts.terms import Term
from app.services.acts import claims, consultations, handovers, interventions, transfers
from app.services.acts.consultations import When
from app.services.acts.item_acts import Asked
from app.services.reading import inbox
from app.services.reading.inbox import Query
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.crowd import at_once, open_item, refusals
from tests.integration.plans import asked, staff_office, start_plan
from tests.integration.prepared import database, school
from tests.integration.school import PEOPLE, School

__all__ = ["database", "school"]  # fixtures


@pytest.fixture
def plan(school: School) -> int:
    """Return a plan that the office is asked to review."""
    staff_office(school)
    return start_plan(school)


def post(school: School, name: str, role: Role = Role.MORAL_EDUCATION_OFFICE) -> int:
    school.session.rollback()
    held = select(Position.id).where(Position.person_id == school.people[name], Position.role == role)
    return school.session.scalars(held).one()


def todo(school: School, name: str) -> list[int]:
    school.session.rollback()
    return [row.id for row in inbox.todo(school.session, school.actor(name), Query()).items]


def test_leavers_lose_a_positions_tasks_and_new_holders_see_them_at_once(school: School, plan: int) -> None:
    item = open_item(school, plan).id
    assert (todo(school, "teacher"), todo(school, "deputy")) == ([item], [])
    positions.end_position(school.session, school.actor("admin"), post(school, "teacher"))
    assert todo(school, "teacher") == []
    place, role = school.organizations["school"], Role.MORAL_EDUCATION_OFFICE
    person = school.people["finance"]
    positions.add_position(school.session, school.actor("admin"), person, place, role, Term(clock.today()))
    assert todo(school, "finance") == [item]


def test_a_claim_goes_back_when_the_position_ends(school: School, plan: int) -> None:
    item = open_item(school, plan).id
    claims.claim(school.session, asked(school, plan, "teacher"))
    positions.end_position(school.session, school.actor("admin"), post(school, "teacher"))
    assert (todo(school, "teacher"), todo(school, "member")) == ([], [item])
    last = journal.case_entries(school.session, plan)[-1]
    assert (last.action, last.actor_id, last.details["from"]) == ("release", None, school.people["teacher"])
    assert list(journal.verify(school.session)) == []


def test_a_claim_whose_position_ran_out_goes_back_with_the_tick(school: School, plan: int) -> None:
    claims.claim(school.session, asked(school, plan, "teacher"))
    transfers.transfer(school.session, asked(school, plan, "teacher"), school.people["member"], "请代办")
    claims.release(school.session, asked(school, plan, "member"))
    claims.claim(school.session, asked(school, plan, "member"))
    with writing(school.session):
        school.session.get_one(Position, post(school, "member")).until_on = clock.today() - timedelta(days=1)
    ticks.tick(school.session)
    assert (todo(school, "member"), todo(school, "teacher")) == ([], [open_item(school, plan).id])


def test_what_was_transferred_stays_until_its_person_leaves(school: School, plan: int) -> None:
    item = open_item(school, plan).id
    transfers.transfer(school.session, asked(school, plan, "teacher"), school.people["finance"], "请代办")
    ticks.tick(school.session)
    assert todo(school, "finance") == [item]
    positions.leave(school.session, school.actor("admin"), school.people["finance"], school.organizations["school"])
    assert (open_item(school, plan).assignee_id, todo(school, "member")) == (None, [item])


def test_a_claim_in_the_instant_in_which_the_position_ends(database: Engine, school: School, plan: int) -> None:
    item, actor, admin, held = open_item(school, plan).id, school.actor("teacher"), school.actor("admin"), None
    held = post(school, "teacher")
    school.session.rollback()
    answers = at_once(
        database,
        lambda session: claims.claim(session, Asked(actor, item)),
        lambda session: positions.end_position(session, admin, held),
    )
    assert set(refusals(answers)) <= {Forbidden, NotFound}
    assert open_item(school, plan).assignee_id is None
    assert todo(school, "member") == [item]


def _in_hand(school: School, plan: int) -> dict[str, int]:
    """Let the teacher have a claimed task, an opinion, and a task to revise; return each."""
    claims.claim(school.session, asked(school, plan, "teacher"))
    second, third = start_plan(school), start_plan(school)
    consultations.delegate(school.session, asked(school, second, "member"), school.people["teacher"])
    consultations.add_signers(school.session, asked(school, third, "member"), [school.people["teacher"]], When.BEFORE)
    mine = select(WorkItem).where(WorkItem.assignee_id == school.people["teacher"])
    return {item.kind: item.id for item in school.session.scalars(mine)}


def test_an_administrator_hands_over_all_that_a_leaver_has(school: School, plan: int) -> None:
    mine = _in_hand(school, plan)
    admin, leaver, to = school.actor("admin"), school.people["teacher"], school.people["legal"]
    assert {item.id for item in handovers.personal_tasks(school.session, admin, leaver)} == set(mine.values())
    with pytest.raises(Invalid) as refusal:
        handovers.hand_over(school.session, admin, leaver, to, " ")
    assert list(refusal.value.errors) == ["reason"]
    # Who asked cannot give the opinion.
    with pytest.raises(Invalid) as refusal:
        handovers.hand_over(school.session, admin, leaver, school.people["member"], "何静调离")
    assert "李若涵" in refusal.value.errors["to"][0].chinese()
    handed = handovers.hand_over(school.session, admin, leaver, to, "何静调离", [mine["task"]])
    assert (handed, len(todo(school, "legal"))) == ([mine["task"]], 1)
    assert len(handovers.hand_over(school.session, admin, leaver, to, "何静调离")) == 2
    assert set(todo(school, "legal")) == set(mine.values())
    rows = inbox.todo(school.session, school.actor("legal"), Query()).items
    assert {(row.handed_by_name, row.handed_reason) for row in rows} == {("韩雪", "何静调离")}
    with pytest.raises(Conflict):
        handovers.hand_over(school.session, admin, leaver, to, "何静调离")
    ticks.tick(school.session)
    told = select(Notification).where(Notification.person_id == to)
    assert sum("转给您办" in one.text for one in school.session.scalars(told)) == 3
    assert doctor.examine(school.session) == []
    assert list(journal.verify(school.session)) == []


def test_a_task_that_waits_for_opinions_is_handed_over_with_them(school: School, plan: int) -> None:
    consultations.delegate(school.session, asked(school, plan, "teacher"), school.people["legal"])
    handovers.hand_over(
        school.session, school.actor("admin"), school.people["teacher"], school.people["member"], "何静调离"
    )
    item = school.session.scalars(select(WorkItem).where(WorkItem.kind == "task", WorkItem.instance_id == plan)).one()
    consultations.recall(school.session, Asked(school.actor("member"), item.id))
    assert todo(school, "member") == [item.id]


def test_tasks_of_a_suspended_case_are_handed_over_too(school: School, plan: int) -> None:
    claims.claim(school.session, asked(school, plan, "teacher"))
    interventions.suspend(school.session, school.actor("admin"), plan, "核实")
    leaver, to = school.people["teacher"], school.people["member"]
    assert len(handovers.hand_over(school.session, school.actor("admin"), leaver, to, "何静调离")) == 1


def test_who_may_hand_over(school: School, plan: int) -> None:
    claims.claim(school.session, asked(school, plan, "teacher"))
    to, leaver, found = school.people["member"], school.people["teacher"], {}

    def attempt(actor: Actor) -> type | None:
        try:
            handovers.hand_over(school.session, actor, leaver, to, "调离")
        except (Conflict, Forbidden, NotFound) as refusal:
            return type(refusal)
        return None

    for name, *_rest in PEOPLE:
        found[name] = attempt(school.actor(name))
        if found[name] is None:
            transfers.transfer(school.session, asked(school, plan, "admin"), leaver, "还没走")
    # A bureau's administrator knows the people below, whose tasks their own administrator hands over.
    assert found == {
        name: None if name == "admin" else Conflict if name in {"district_admin", "city_admin"} else NotFound
        for name in found
    }


def test_nobody_excluded_receives(school: School, plan: int) -> None:
    """Four eyes hold for who receives, however the task comes to them."""
    claims.claim(school.session, asked(school, plan, "teacher"))
    barred, item = school.people["finance"], open_item(school, plan).id
    with writing(school.session):
        school.session.add(WorkItemExclusion(work_item_id=item, person_id=barred, reason="四眼"))
    for act in (
        lambda: transfers.transfer(school.session, asked(school, plan, "teacher"), barred, "请代办"),
        lambda: consultations.delegate(school.session, asked(school, plan, "teacher"), barred),
        lambda: consultations.add_signers(school.session, asked(school, plan, "teacher"), [barred], When.AFTER),
        lambda: handovers.hand_over(school.session, school.actor("admin"), school.people["teacher"], barred, "调离"),
    ):
        with pytest.raises(Invalid) as refusal:
            act()
        assert "另一个人" in next(iter(refusal.value.errors.values()))[0].chinese()
