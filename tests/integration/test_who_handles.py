"""Who does a task when nobody holds its position, when it is the initiator's own, when one person comes twice."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.people import Position
from app.db.work import Submission, WorkItem, WorkItemExclusion
from app.domain import clock
from app.domain.errors import Forbidden
from app.domain.handling import MOST_SKIPS
from app.domain.vocabulary import Role
from app.services import completions, journal
from app.services.accounts import positions
from app.services.accounts.terms import Term
from app.services.acts import transfers
from app.services.acts.item_acts import Asked
from app.services.attention import unheld_checks
from app.services.completions import Completion
from app.services.publishing import definitions
from app.services.transactions import writing
from tests.integration.called_process import ASK, ASK_FORM, DONE, flows, package, task
from tests.integration.crowd import open_item
from tests.integration.late_process import actions, begin, items, publish, tick, todo, told
from tests.integration.prepared import database, grant, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
OFFICE = "moral_education_office"


def soon() -> object:
    return clock.now() + timedelta(minutes=1)


def submissions(school: School, instance: int) -> list[tuple[Any, ...]]:
    school.session.rollback()
    columns = (Submission.element, Submission.person_id, Submission.verdict, Submission.comment)
    rows = school.session.execute(select(*columns).where(Submission.instance_id == instance).order_by(Submission.id))
    return [tuple(row) for row in rows]


def answer(school: School, instance: int, name: str, verdict: str = "agree") -> None:
    item = open_item(school, instance)
    completions.complete(school.session, school.actor(name), item.id, Completion(item.revision, verdict, comment="好"))


def test_by_default_the_administrators_get_it_to_assign(school: School) -> None:
    publish(school, "", role=OFFICE)
    instance = begin(school)
    item = items(school, instance)[0]
    assert item.is_unheld
    tick(school, soon())
    assert told(school, "admin")[-1] == "“借用操场”的“核对”没有人能办，请指定一位同事，或者给政教处任命人员。"
    assert actions(school, instance) == ["start", "unheld"]
    tick(school, soon())
    assert actions(school, instance) == ["start", "unheld"]
    admin = Asked(school.actor("admin"), item.id)
    transfers.transfer(school.session, admin, school.people["deputy"], "政教处还没有人，请您代办")
    assert not items(school, instance)[0].is_unheld
    answer(school, instance, "deputy")
    assert open_item(school, instance).element == "decide"


def test_what_is_held_is_not_marked(school: School) -> None:
    publish(school, "")
    assert not items(school, begin(school))[0].is_unheld


def test_who_is_kept_from_another_task_holds_this_one_all_the_same(school: School) -> None:
    """Four eyes on one task say nothing of the other tasks, neither daily nor when positions change."""
    publish(school, "", role=Role.FINANCE_OFFICER)
    held, other = (items(school, begin(school))[0] for _ in range(2))
    with writing(school.session):
        school.session.add(WorkItemExclusion(work_item_id=other.id, person_id=school.people["finance"], reason="四眼"))
        school.session.flush()
        unheld_checks.recheck(school.session, held.organization_id)
    found = select(WorkItem.id).where(WorkItem.is_unheld)
    assert list(school.session.scalars(found)) == [other.id]


def test_a_new_holder_sees_the_open_tasks_at_once_and_a_leaver_does_not(school: School) -> None:
    publish(school, "", role=OFFICE)
    instance = begin(school)
    item, school_id, admin = items(school, instance)[0].id, school.organizations["school"], school.actor("admin")
    person = school.people["member"]
    assert item not in todo(school, "member")
    positions.add_position(school.session, admin, person, school_id, Role.MORAL_EDUCATION_OFFICE, Term(clock.today()))
    assert item in todo(school, "member")
    assert not items(school, instance)[0].is_unheld
    held = school.session.scalars(
        select(Position).where(Position.person_id == person, Position.role == Role.MORAL_EDUCATION_OFFICE)
    ).one()
    positions.end_position(school.session, admin, held.id)
    assert item not in todo(school, "member")
    assert items(school, instance)[0].is_unheld


def test_positions_that_end_by_their_date_are_found_once_a_day(school: School) -> None:
    publish(school, "")
    instance = begin(school)
    tick(school, soon())
    with writing(school.session):
        held = select(Position).where(Position.role == Role.FINANCE_OFFICER)
        for position in school.session.scalars(held):
            position.until_on = clock.today() + timedelta(days=1)
    tick(school, clock.now() + timedelta(days=1))
    assert not items(school, instance)[0].is_unheld
    tick(school, clock.now() + timedelta(days=2))
    assert items(school, instance)[0].is_unheld
    assert "没有人能办" in told(school, "admin")[-1]


def test_the_superior_does_it_and_above_the_principal_the_bureau(school: School) -> None:
    publish(school, 'shenpi:unheld="superior"', role=OFFICE)
    instance = begin(school)
    item = items(school, instance)[0]
    assert (item.role, item.is_unheld) == (Role.DEPUTY_PRINCIPAL, False)
    answer(school, instance, "deputy")
    with writing(school.session):
        gone = (Role.DEPUTY_PRINCIPAL, Role.PRINCIPAL)
        place = school.organizations["school"]
        for position in school.session.scalars(
            select(Position).where(Position.role.in_(gone), Position.organization_id == place)
        ):
            school.session.delete(position)
        clerk = Position(
            person_id=school.people["district_finance"],
            organization_id=school.organizations["district"],
            role=Role.BUREAU_CLERK,
            from_on=clock.today(),
        )
        school.session.add(clerk)
    above = items(school, begin(school))[0]
    assert (above.role, above.organization_id) == (Role.BUREAU_CLERK, school.organizations["district"])
    assert above.id in todo(school, "district_finance")


def test_a_position_that_is_left_while_its_task_waits_is_moved_up(school: School) -> None:
    grant(school, "member", Role.MORAL_EDUCATION_OFFICE)
    publish(school, 'shenpi:unheld="superior"', role=OFFICE)
    instance = begin(school)
    assert items(school, instance)[0].role == Role.MORAL_EDUCATION_OFFICE
    held = select(Position).where(Position.role == Role.MORAL_EDUCATION_OFFICE)
    positions.end_position(school.session, school.actor("admin"), school.session.scalars(held).one().id)
    tick(school, soon())
    item = items(school, instance)[0]
    assert (item.role, item.is_unheld) == (Role.DEPUTY_PRINCIPAL, False)
    assert actions(school, instance)[-1] == "move_up"
    assert item.id in todo(school, "deputy")


def test_a_step_that_may_passes_with_a_record(school: School) -> None:
    publish(school, 'shenpi:unheld="skip"', role=OFFICE)
    instance = begin(school)
    assert open_item(school, instance).element == "decide"
    assert submissions(school, instance)[-1] == ("check", None, "agree", "政教处现在没有人，按流程图自动通过。")
    entry = journal.case_entries(school.session, instance)[-1]
    assert entry.details["skipped"] == [["check", "政教处现在没有人，按流程图自动通过。"]]
    assert list(journal.verify(school.session)) == []


def test_the_initiator_names_a_colleague(school: School) -> None:
    publish(school, 'shenpi:unheld="ask"', role=OFFICE)
    instance = begin(school)
    item = items(school, instance)[0].id
    tick(school, soon())
    assert told(school, "teacher")[-1] == "“借用操场”的“核对”没有人能办，请您指定一位同事。"
    mine = Asked(school.actor("teacher"), item)
    transfers.transfer(school.session, mine, school.people["member"], "请您看一下")
    assert item in todo(school, "member")
    # Once somebody has it, it is no longer the initiator's to give.
    with pytest.raises(Forbidden):
        transfers.transfer(school.session, mine, school.people["deputy"], "换一位")


def test_the_initiator_may_not_name_anybody_where_the_diagram_does_not_ask(school: School) -> None:
    publish(school, "", role=OFFICE)
    item = items(school, begin(school))[0].id
    with pytest.raises(Forbidden):
        transfers.transfer(school.session, Asked(school.actor("teacher"), item), school.people["member"], "请您看一下")


@pytest.mark.parametrize(("setting", "can"), [("self", True), ("administrators", False)])
def test_an_own_case_is_left_to_the_others_of_the_position(school: School, setting: str, *, can: bool) -> None:
    grant(school, "teacher", Role.FINANCE_OFFICER)
    publish(school, f'shenpi:initiator="{setting}"')
    item = items(school, begin(school))[0]
    assert (item.id in todo(school, "teacher")) is can
    assert item.id in todo(school, "finance")
    assert not item.is_unheld


@pytest.mark.parametrize(
    ("setting", "role", "unheld", "element"),
    [
        ("administrators", Role.FINANCE_OFFICER, True, "check"),
        ("ask", Role.FINANCE_OFFICER, True, "check"),
        ("superior", Role.PRINCIPAL, False, "check"),
        ("skip", Role.DEPUTY_PRINCIPAL, False, "decide"),
    ],
)
def test_where_the_initiator_alone_holds_it(
    school: School, setting: str, role: Role, *, unheld: bool, element: str
) -> None:
    with writing(school.session):
        for position in school.session.scalars(select(Position).where(Position.role == Role.FINANCE_OFFICER)):
            school.session.delete(position)
    grant(school, "teacher", Role.FINANCE_OFFICER)
    publish(school, f'shenpi:initiator="{setting}"')
    instance = begin(school)
    item = open_item(school, instance)
    assert (item.role, item.is_unheld, item.element) == (role, unheld, element)
    assert item.id not in todo(school, "teacher")
    if setting == "administrators":
        tick(school, soon())
        assert "没有人能办" in told(school, "admin")[-1]


@pytest.mark.parametrize(("setting", "element"), [("self", "decide"), ("skip", None), ("administrators", "decide")])
def test_the_same_person_again(school: School, setting: str, element: str | None) -> None:
    publish(school, "", f'shenpi:repeated="{setting}"', role="deputy_principal")
    instance = begin(school)
    answer(school, instance, "deputy")
    found = [item for item in items(school, instance) if item.status == "open"]
    assert [item.element for item in found] == ([element] if element else [])
    if setting == "administrators":
        assert found[0].is_unheld
        assert found[0].id not in todo(school, "deputy")
    if setting == "skip":
        assert submissions(school, instance)[-1][1:] == (
            None,
            "agree",
            "办理人在前面的环节已经同意，按流程图自动通过。",
        )


def test_steps_do_not_pass_by_themselves_for_ever(school: School) -> None:
    names = [f"step_{number}" for number in range(MOST_SKIPS + 2)]
    drawn = "".join(task(name, "核对", OFFICE, 'shenpi:unheld="skip"') for name in names)
    made = package("late", "一串", f"{ASK}{drawn}{DONE}{flows('ask', *names, 'done')}", forms__ask_json=ASK_FORM)
    with writing(school.session):
        definitions.publish_built_in(school.session, made)
    instance = begin(school)
    item = open_item(school, instance)
    assert (item.element, item.is_unheld) == (names[MOST_SKIPS], True)
    assert len(submissions(school, instance)) == 1 + MOST_SKIPS


def test_an_ordinary_step_asks_nobody_for_holders(school: School) -> None:
    publish(school, "")
    begin(school)
    assert school.session.scalar(select(WorkItem.is_unheld).limit(1)) is False
