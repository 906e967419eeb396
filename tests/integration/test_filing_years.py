"""A bureau's year of filings ends, and what comes afterwards finds somebody all the same: nothing hangs, nothing twice."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from app.db.messages import Message
from app.db.people import Person
from app.db.processes import ProcessInstance
from app.domain import clock
from app.domain.errors import Conflict
from app.domain.filings import RowStatus, RowVerdict
from app.domain.vocabulary import InstanceStatus
from app.services import doctor
from app.services.acts import interventions
from app.services.filings import arrivals, lateness, openings, runs
from app.services.timing import calendars
from app.services.transactions import writing
from tests.integration.crowd import at_once, refusals
from tests.integration.filing_world import YEAR, Filing, after_the_year, filing, in_the_year
from tests.integration.prepared import database, school
from tests.integration.school import School
from tests.integration.test_filing_scale import row_of
from tests.integration.test_filings import sum_up

__all__ = ["database", "in_the_year", "school"]  # fixtures
SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def next_morning() -> datetime:
    on = calendars.national().add_working_days(clock.today(), 1).on
    return datetime.combine(on, time(9, 1), clock.SHANGHAI)


def has_ended(world: Filing, where: str) -> bool:
    run = world.run(where)
    assert (run.ended_at is None) == (world.case(run.instance_id).ended_at is None)
    return run.ended_at is not None


def cases_of(world: Filing, where: str) -> int:
    place = world.school.organizations[where]
    key = f"{runs.OPEN}/{place}/{YEAR}"
    query = select(ProcessInstance.id).where(ProcessInstance.start_key.startswith(key))
    return len(world.school.session.scalars(query).all())


def lying(world: Filing) -> tuple[int, int]:
    """Return how many rows lie with the district as the city sees it, and how many working days they are late."""
    (district,) = lateness.districts_below(world.school.session, world.run("city"))
    return district.rows, district.days_late


def coming(world: Filing, name: str) -> Callable[[Session], None]:
    """Return the arrival of one more row of a batch with the city."""
    batch, city = world.rows()[0].batch_id, world.run("city").id

    def come(session: Session) -> None:
        with writing(session), arrivals.arriving(session, city):
            person = Person(username=name, name="韩梅", password_hash="")
            session.add(person)
            session.flush()
            session.add(row_of(batch, person.id))

    return come


def test_lists_that_come_after_the_year_have_it_opened_again_once(school: School, database: Engine) -> None:
    world = filing(school, is_direct=True, count=1)
    with writing(school.session):
        runs.expect(school.session, world.place, YEAR)
    world.settle()
    with clock.frozen(after_the_year()):
        world.settle()
        assert has_ended(world, "city")
        world.file()
        assert (cases_of(world, "city"), has_ended(world, "city")) == (2, False)
        world.pass_all("city")
    with clock.frozen(after_the_year() + timedelta(days=60)):
        world.settle()
        assert has_ended(world, "city")
        both = coming(world, "more1"), coming(world, "more2")
        city = school.organizations["city"]
        school.session.rollback()
        assert refusals(at_once(database, *both)) == []
        again = {"organization": city, "school_year": YEAR}

        def reopen(session: Session) -> None:
            with writing(session):
                openings.open_run(session, again)

        assert refusals(at_once(database, reopen, reopen)) == []
        world.settle()
        assert (cases_of(world, "city"), has_ended(world, "city")) == (3, False)
        assert world.waiting(world.run("city").instance_id) == ["audit_rows"]
        world.pass_all("city")
    numbers = sorted(row.filing_number or "" for row in world.rows())
    assert numbers == [f"YL-2026-0000{number}" for number in (1, 2, 3)]


@SQLITE
def test_a_city_stays_open_for_a_row_that_is_back_with_its_school_and_its_district_has_its_days_for_it(
    school: School,
) -> None:
    world = filing(school, count=2)
    instance = world.file().instance_id or 0
    back, good = world.rows()
    world.audit("district", "district_clerk", RowVerdict.RETURN, back, reason="缺任职证明")
    world.audit("district", "district_clerk", RowVerdict.ACCEPT, good)
    world.confirm("district")
    sum_up(world)
    world.pass_all("city")
    with clock.frozen(after_the_year()):
        world.settle()
        assert (has_ended(world, "district"), has_ended(world, "city")) == (True, False)
        world.do(instance, "correct_rows", "office", "submit", {"rows": [{"row": back.id, "note": "补上了证明"}]})
        world.do(instance, "sign_rows", "legal", "sign")
        assert (cases_of(world, "district"), lying(world)) == (2, (1, 0))
    with clock.frozen(after_the_year() + timedelta(days=60)):
        assert lying(world) > (1, 1)
        world.pass_all("district")
        sum_up(world)
        assert (has_ended(world, "district"), lying(world)) == (True, (0, 0))
        world.pass_all("city")
        assert [row.status for row in world.rows()] == [RowStatus.EFFECTIVE] * 2
        assert cases_of(world, "city") == 1
    with clock.frozen(after_the_year() + timedelta(days=120)):
        world.settle()
        assert has_ended(world, "city")


@SQLITE
def test_a_year_with_rows_is_not_cancelled_and_one_that_was_goes_on_in_the_morning(school: School) -> None:
    world = filing(school, is_direct=True, count=1)
    world.file()
    run, admin = world.run("city"), world.school.actor("city_admin")
    with pytest.raises(Conflict, match="还有 1 位老师"):
        interventions.cancel(school.session, admin, run.instance_id, "开错了")
    before = run.instance_id
    with writing(school.session):
        ended = {"status": InstanceStatus.CANCELLED, "ended_at": clock.now()}
        school.session.execute(update(ProcessInstance).where(ProcessInstance.id == before).values(**ended))
    assert [one.chinese() for one in doctor.examine(school.session) if "没有人办；" in one.chinese()] != []
    with clock.frozen(next_morning()):
        world.settle()
        assert world.waiting(world.run("city").instance_id) == ["audit_rows"]
        assert not any("没有人办；" in one.chinese() for one in doctor.examine(school.session))
        world.pass_all("city")
        assert world.rows()[0].status == RowStatus.EFFECTIVE
        after = world.run("city").instance_id
        interventions.cancel(school.session, world.school.actor("city_admin"), after, "开错了")
        assert (after != before, has_ended(world, "city")) == (True, True)
        later = next_morning()
    with clock.frozen(later):
        coming(world, "more1")(school.session)
        world.settle()
        assert world.waiting(world.run("city").instance_id) == ["audit_rows"]
        world.pass_all("city")
        assert world.waiting(world.run("city").instance_id) == []
        coming(world, "more2")(school.session)
        with writing(school.session):
            school.session.execute(update(Message).where(Message.name == "rows_arrived").values(expires_at=clock.now()))
        last = next_morning()
    with clock.frozen(last):
        world.settle()
        assert world.waiting(world.run("city").instance_id) == ["audit_rows"]
