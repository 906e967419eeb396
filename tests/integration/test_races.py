"""People who act on the same thing at the same moment: one wins, the others are told, nothing is done twice."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.db.journal import JournalEntry
from app.db.money import BudgetLine, LedgerEntry
from app.db.people import Position
from app.db.processes import ProcessInstance
from app.db.work import Signature, Submission
from app.domain import clock
from app.domain.errors import Conflict, Invalid, Stale
from app.domain.vocabulary import Role
from app.services import doctor, journal
from app.services.acts import interventions
from app.services.journal import RequestKey
from app.services.reading import comments
from app.services.starting import starts
from app.services.transactions import writing
from tests.integration.crowd import at_once, click, refusals
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
BOOKING = {
    "voucher_number": "记-0318",
    "paid_on": clock.today().isoformat(),
    "payment_method": "transfer",
    "originals_checked": True,
}


def status_of(school: School, instance: int) -> str:
    school.session.expire_all()
    return school.session.get_one(ProcessInstance, instance).status


def count(school: School, table: Any, *conditions: Any) -> int:
    school.session.rollback()
    return school.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def reserved(school: School) -> int:
    school.session.rollback()
    return school.session.get_one(BudgetLine, school.line("training")).reserved


def start_of(school: School, number: str, key: RequestKey | None = None, **changes: Any) -> Callable[[Session], Any]:
    values = school.expense_values(number=number, **changes)
    actor, place = school.actor("host"), school.organizations["school"]
    school.session.rollback()
    return lambda session: starts.start(session, actor, "expense_approval", place, values, key)


def holds_together(school: School) -> bool:
    school.session.rollback()
    return list(journal.verify(school.session)) == [] and doctor.examine(school.session) == []


def test_two_clicks_on_each_task_of_an_expense_count_once(school: School, database: Engine) -> None:
    instance = school.start_expense()
    for name, verdict, values in (("host", "sign", None), ("legal", "sign", None), ("finance", "accept", BOOKING)):
        twice = click(school, instance, name, verdict, values)
        assert refusals(at_once(database, twice, twice)) == [Stale]
    assert status_of(school, instance) == "completed"
    assert count(school, Submission, Submission.instance_id == instance) == 4
    assert count(school, Signature) == 2
    assert count(school, LedgerEntry) == 1
    assert holds_together(school)


def test_of_two_legal_representatives_one_signs_or_returns(school: School, database: Engine) -> None:
    with writing(school.session):
        person, place = school.people["deputy"], school.organizations["school"]
        role = Role.LEGAL_REPRESENTATIVE
        school.session.add(Position(person_id=person, organization_id=place, role=role, from_on=clock.today()))
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    both = at_once(database, click(school, instance, "legal", "sign"), click(school, instance, "deputy", "return"))
    assert refusals(both) == [Stale]
    assert count(school, Submission, Submission.element == "legal_sign") == 1
    assert count(school, Signature, Signature.element == "legal_sign") == (school.open_item(instance).role is not None)
    assert holds_together(school)


def test_a_signature_over_content_that_was_changed_meanwhile_is_refused(school: School, database: Engine) -> None:
    instance = school.start_expense(amount=488_800)
    late = click(school, instance, "host", "sign")
    school.act(instance, "host", "return")
    school.act(instance, "host", "submit", school.expense_values(amount=448_800))
    revised = click(school, instance, "host", "sign")
    assert refusals(at_once(database, late, revised)) == [Stale]
    live = school.session.scalars(select(Signature).where(Signature.voided_at.is_(None))).one()
    assert live.element == "host_sign"


def test_either_the_withdrawal_or_the_signature_wins(school: School, database: Engine) -> None:
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    host = school.actor("host")
    answers = at_once(
        database,
        click(school, instance, "legal", "sign"),
        lambda session: interventions.withdraw(session, host, instance, "重复了"),
    )
    assert len(refusals(answers)) == 1
    assert refusals(answers)[0] in {Stale, Conflict}
    is_withdrawn = status_of(school, instance) == "withdrawn"
    assert isinstance(answers[0], Stale) == is_withdrawn
    assert reserved(school) == (0 if is_withdrawn else 448_800)
    assert holds_together(school)


def test_a_repeated_start_is_one_case(school: School, database: Engine) -> None:
    key = RequestKey("start-1", "a" * 64)
    before = count(school, ProcessInstance)
    answers = at_once(database, *[start_of(school, "1001", key)] * 3)
    assert refusals(answers) == []
    assert len({answer.instance for answer in answers}) == 1
    assert count(school, ProcessInstance) == before + 1
    other = start_of(school, "1002", RequestKey("start-1", "b" * 64))
    assert refusals(at_once(database, other)) == [Invalid]


def test_a_repeated_completion_is_one_submission(school: School, database: Engine) -> None:
    instance = school.start_expense()
    twice = click(school, instance, "host", "sign", key=RequestKey("sign-1", "a" * 64))
    answers = at_once(database, twice, twice)
    assert answers[0] == answers[1]
    assert count(school, Submission, Submission.element == "host_sign") == 1
    # One key for two cases at the same moment: one of them is another request.
    other, key = school.start_expense(number="1003"), RequestKey("sign-2", "b" * 64)
    third = school.start_expense(number="1004")
    pair = at_once(
        database,
        click(school, other, "host", "sign", key=key),
        click(school, third, "host", "sign", key=RequestKey("sign-2", "c" * 64)),
    )
    assert refusals(pair) == [Invalid]
    assert count(school, JournalEntry, JournalEntry.idempotency_key == "sign-2") == 1
    assert holds_together(school)


def test_the_first_cases_of_a_year_get_numbers_of_their_own(school: School, database: Engine) -> None:
    answers = at_once(database, *(start_of(school, str(2000 + number)) for number in range(4)))
    assert refusals(answers) == []
    serials = school.session.scalars(
        select(ProcessInstance.serial).where(ProcessInstance.process_key == "expense_approval")
    )
    assert sorted(serial.rsplit("-", 1)[1] for serial in serials) == ["0001", "0002", "0003", "0004"]


def test_changes_and_starts_on_one_budget_line_do_not_lock_each_other_out(school: School, database: Engine) -> None:
    cases = [school.start_expense(number=str(3000 + number), amount=10_000) for number in range(4)]
    acts = []
    for number, instance in enumerate(cases):
        school.act(instance, "host", "return")
        changed = school.expense_values(number=str(3000 + number), amount=20_000)
        acts += [click(school, instance, "host", "submit", changed), start_of(school, str(4000 + number), amount=5_000)]
    assert refusals(at_once(database, *acts)) == []
    assert reserved(school) == 4 * 20_000 + 4 * 5_000
    assert holds_together(school)


def test_the_journal_counts_on_under_a_crowd(school: School, database: Engine) -> None:
    instance = school.start_expense()
    people = [school.actor(name) for name in ("host", "legal", "finance", "admin")] * 2
    school.session.rollback()
    acts = [
        lambda session, who=who, text=f"第{number}条": comments.comment(session, who, instance, text)
        for number, who in enumerate(people)
    ]
    assert refusals(at_once(database, *acts)) == []
    entries = journal.case_entries(school.session, instance)
    assert [entry.sequence for entry in entries] == list(range(1, 10))
    assert holds_together(school)
