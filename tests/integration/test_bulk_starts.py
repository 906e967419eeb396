"""Cases that the platform starts by the thousand: each once, with its serial number, rules and history."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.db.processes import ProcessDefinition, ProcessInstance, ProcessVersion
from app.db.work import Submission, WorkItem
from app.domain.vocabulary import WorkItemStatus
from app.engine import run
from app.services import doctor, journal
from app.services.reading import cases, history
from app.services.starting import bulk_starts
from app.services.starting.bulk_starts import Wanted, start_many
from tests.integration.crowd import at_once, refusals
from tests.integration.prepared import database, operations, school
from tests.integration.school import School

__all__ = ["database", "operations", "school"]  # fixtures
pytestmark = pytest.mark.usefixtures("operations")


def version_of(session: Session, key: str = "watched") -> ProcessVersion:
    query = select(ProcessVersion).join(ProcessVersion.definition).where(ProcessDefinition.key == key)
    return session.scalars(query).one()


def wanted(school: School, number: int) -> list[Wanted]:
    places = ("school", "sibling")
    return [
        # A key of all that has a meaning in the arrays of PostgreSQL.
        Wanted(
            f'{{2026,"{one}\\"}}',
            school.organizations[places[one % 2]],
            {"topic": f"第{one}件"},
            school.people["teacher"],
        )
        for one in range(number)
    ]


def start(school: School, asked: Sequence[Wanted]) -> list[int]:
    return start_many(school.session, version_of(school.session), asked)


def count(school: School) -> int:
    school.session.rollback()
    query = select(func.count()).select_from(ProcessInstance)
    return school.session.scalar(query.where(ProcessInstance.process_key == "watched")) or 0


def is_whole(school: School) -> bool:
    school.session.rollback()
    return list(journal.verify(school.session)) == [] and doctor.examine(school.session) == []


def test_each_case_is_as_if_a_person_had_started_it(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_starts, "CHUNK", 4)
    started = start(school, wanted(school, 10))
    rows = school.session.scalars(select(ProcessInstance).where(ProcessInstance.id.in_(started))).all()
    numbers = sorted(row.serial.split("-", 1)[1][:4] + row.serial[-4:] for row in rows)
    assert numbers == sorted(f"{code}{number:04d}" for code in ("SF01", "YX01") for number in range(1, 6))
    assert {row.title for row in rows} == {f"第{number}件" for number in range(10)}
    items = school.session.scalars(select(WorkItem).where(WorkItem.instance_id.in_(started))).all()
    assert [(item.element, item.status) for item in items] == [("answer", WorkItemStatus.OPEN)] * 10
    assert is_whole(school)
    first = next(row.id for row in rows if row.organization_id == school.organizations["school"])
    view = cases.case_view(school.session, school.actor("teacher"), first)
    assert [one.kind for one in history.timeline(school.session, view)] == ["waiting", "submit"]
    school.act(first, "legal", "agree")
    assert is_whole(school)


def test_what_a_crash_left_out_is_started_by_the_same_call(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_starts, "CHUNK", 4)
    asked, real = wanted(school, 10), run.start
    calls = iter(range(100))

    def breaks_at_the_seventh(*given: object) -> object:
        if next(calls) == 6:
            raise OSError("断电")
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "start", breaks_at_the_seventh)
    with pytest.raises(OSError, match="断电"):
        start(school, asked)
    assert count(school) == 4
    monkeypatch.setattr(run, "start", real)
    assert len(start(school, asked)) == 6
    assert start(school, asked) == []
    assert count(school) == 10
    assert is_whole(school)


def test_two_at_once_start_each_case_once(school: School, database: Engine) -> None:
    asked = wanted(school, 12)
    school.session.rollback()

    def start_all(order: int) -> Callable[[Session], list[int]]:
        return lambda session: start_many(session, version_of(session), asked[::order])

    answers = at_once(database, start_all(1), start_all(-1))
    assert refusals(answers) == []
    assert sorted(map(len, answers)) in ([0, 12], [12, 0])
    assert count(school) == 12
    assert is_whole(school)


def test_values_and_submissions_are_kept(school: School) -> None:
    [instance] = start(school, wanted(school, 1))
    submission = school.session.scalars(select(Submission).where(Submission.instance_id == instance)).one()
    assert (submission.values, submission.person_id) == ({"topic": "第0件"}, school.people["teacher"])
    assert school.session.get_one(ProcessInstance, instance).values == {"ask": {"topic": "第0件"}}
