"""What two people do to one list at the same moment, on two connections of PostgreSQL: one order of locks."""

import threading

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from app.db.filings import FilingLetter, FilingRow
from app.db.people import Organization
from app.domain.errors import Conflict
from app.domain.filings import FilingLevel, RowStatus, RowVerdict
from app.services.filings import aggregating, auditing, bulk_audits, corrections, locks, runs, settling, withdrawing
from app.services.filings.row_lists import Wanted
from app.services.transactions import writing
from tests.integration.correction_world import through_district
from tests.integration.crowd import at_once, click, refusals
from tests.integration.filing_world import filing, in_the_year
from tests.integration.letter_world import uprooted
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "in_the_year", "school"]  # fixtures
pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
WAIT_FOR_ME = text("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")


def linger(session: Session, is_over: threading.Event) -> None:
    """Leave a transaction open until somebody waits for it, or has got along without."""
    while not is_over.wait(0.02) and not session.scalar(WAIT_FOR_ME):
        pass


def test_what_is_withdrawn_while_it_is_handed_up_is_withdrawn_for_the_city_too(
    school: School, database: Engine
) -> None:
    world = filing(school)
    world.file()
    world.pass_all("district")
    district, city = world.run("district").id, world.run("city").id
    school.session.rollback()
    is_up, is_out, is_seen = threading.Event(), threading.Event(), threading.Event()

    def hand_up(session: Session) -> None:
        with writing(session):
            aggregating.submit_up(session, district)
            is_up.set()
            linger(session, is_out)

    def withdraw(session: Session) -> None:
        is_up.wait()
        with writing(session):
            withdrawing.withdraw_review(session, world.review)
            is_out.set()
            linger(session, is_seen)

    def look(session: Session) -> set[RowStatus]:
        is_out.wait()
        with writing(session):
            found = {row.status for row in session.scalars(auditing.rows_of(runs.locked(session, city)))}
            is_seen.set()
            return found

    assert at_once(database, hand_up, withdraw, look)[2] == {RowStatus.REFUSED}


def test_what_is_withdrawn_the_instant_before_is_not_accepted_with_all_others(school: School, database: Engine) -> None:
    world = filing(school, count=2)
    world.file()
    actor, run = world.actor("district_clerk"), world.run("district")
    mark, about = bulk_audits.found(school.session, run, Wanted()).mark, run.id
    school.session.rollback()
    is_out, is_over = threading.Event(), threading.Event()

    def withdraw(session: Session) -> None:
        with writing(session):
            locks.hold_batches(session, select(FilingRow))
            for row in session.scalars(select(FilingRow)):
                row.status = RowStatus.REFUSED
            session.flush()
            is_out.set()
            linger(session, is_over)

    def accept(session: Session) -> None:
        is_out.wait()
        try:
            bulk_audits.accept_found(session, actor, about, Wanted(), mark)
        finally:
            is_over.set()

    assert refusals(at_once(database, withdraw, accept)) == [Conflict]
    assert [(row.status, row.verdict) for row in world.rows()] == [(RowStatus.REFUSED, None)] * 2


def test_a_school_hands_in_again_while_its_city_returns_another_row_of_the_list(
    school: School, database: Engine
) -> None:
    world = filing(school, count=2)
    batch, city, district = world.file(), world.run("city").id, world.run("district").id
    with writing(school.session):
        back, other = world.rows()
        batch.city_run_id = city
        back.level, back.status, back.reason = FilingLevel.SCHOOL, RowStatus.RETURNED, "缺材料"
        other.level, other.verdict, other.reason = FilingLevel.CITY, RowVerdict.RETURN, "缺材料"
        other.audited_by_id = world.people["city_clerk"]
    about, given, reviewer = batch.id, [{"row": back.id, "note": "补上了"}], world.people["city_reviewer"]
    school.session.rollback()
    is_held, is_over = threading.Event(), threading.Event()

    def hand_in(session: Session) -> None:
        with writing(session):
            runs.locked(session, district)
            is_held.set()
            linger(session, is_over)
            corrections.resubmit(session, about, given, reviewer)

    def send_back(session: Session) -> None:
        is_held.wait()
        with writing(session):
            settling.settle(session, runs.locked(session, city), reviewer)
        is_over.set()

    assert refusals(at_once(database, hand_in, send_back)) == []
    assert [(row.status, row.level) for row in world.rows()] == [(RowStatus.PENDING, FilingLevel.DISTRICT)] * 2


def test_a_reply_is_confirmed_while_a_case_of_its_district_begins(school: School, database: Engine) -> None:
    world = filing(school, count=1)
    place = uprooted(world)
    world.file()
    through_district(world)
    case, year = school.session.scalars(select(FilingLetter)).one().instance_id or 0, world.run("district").id
    world.do(case, "attach_scan", "district_clerk", "submit", {"scan": world.upload("district_clerk")})
    reply = {"issuer": "云澜市教育局", "number": "12 号", "replied_on": "2026-11-27", "exceptions": []}
    world.do(case, "enter_reply", "district_clerk", "submit", {**reply, "reply": world.upload("district_clerk")})
    school.people["district_reviewer"] = world.people["district_reviewer"]
    confirm = click(school, case, "district_reviewer", "accept")
    is_held, is_over = threading.Event(), threading.Event()

    def begin(session: Session) -> None:
        with writing(session):
            session.execute(select(Organization.id).where(Organization.id == place).with_for_update())
            is_held.set()
            linger(session, is_over)
            runs.locked(session, year)

    def answer(session: Session) -> None:
        is_held.wait()
        confirm(session)
        is_over.set()

    assert refusals(at_once(database, begin, answer)) == []
    assert [row.filing_number for row in world.rows()] == ["12 号-1"]
