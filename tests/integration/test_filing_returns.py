"""Rows that come back: through every level and up again, on paper, several at once, and what people do at one moment."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from app.db.filings import FilingBatch, FilingRow
from app.db.rank_reviews import RankApplication, RankReview
from app.db.work import Notification
from app.domain.errors import Invalid
from app.domain.filings import BatchKind, BatchStatus, Difference, FilingLevel, RowStatus, RowVerdict
from app.services.filings import batches, bulk_audits, corrections, outcomes, row_lists, runs, settling
from app.services.filings.row_lists import Wanted
from app.services.operations import filings as operations
from app.services.transactions import writing
from tests.integration.correction_world import through_district
from tests.integration.crowd import at_once, click, refusals
from tests.integration.filing_world import filing, in_the_year, mended, told
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "in_the_year", "school"]  # fixtures
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ALL = Wanted()
WAIT_FOR_ME = text("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")


@on_sqlite
def test_rows_go_down_to_the_school_and_up_again_level_by_level(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of many rows that came back a form takes so many: here one.
    monkeypatch.setattr(operations, "MOST_ROWS", 1)
    world = filing(school)
    batch = world.file()
    district, case = world.run("district"), batch.instance_id or 0
    world.pass_all("district")
    world.do(district.instance_id, "aggregate", "district_clerk", "submit")
    world.do(district.instance_id, "sign_up", "district_leader", "return")
    assert {row.level for row in world.rows()} == {FilingLevel.DISTRICT}
    world.do(district.instance_id, "aggregate", "district_clerk", "submit")
    world.do(district.instance_id, "sign_up", "district_leader", "agree")
    first, second, good = world.rows()
    world.audit("city", "city_clerk", RowVerdict.RETURN, first, second, reason="缺荣誉证书")
    world.audit("city", "city_clerk", RowVerdict.ACCEPT, good)
    world.confirm("city")
    seen = row_lists.rows(school.session, world.run("district"), ALL).items
    assert [(one.row.id, one.differences) for one in seen] == [
        (row.id, frozenset({Difference.RETURNED})) for row in (first, second)
    ]
    # The second comes back too while the school is at the first: it goes up first, then the second is corrected.
    for row in (first, second):
        world.audit(
            "district", "district_clerk", RowVerdict.RETURN, world.school.session.merge(row), reason="按市局意见"
        )
        world.confirm("district")
    assert world.waiting(case) == ["correct_rows"]
    read = world.case(case).values["read_batch"]
    assert (read["rows"], "缺荣誉证书；按市局意见" in read["returned"]) == ([{"row": first.id}], True)
    with pytest.raises(Invalid) as higher:
        world.do(case, "correct_rows", "office", "submit", mended(first, rank="senior_1"))
    assert "不能高于学校认定的" in str(higher.value.errors["rows.0.rank"])
    world.do(case, "correct_rows", "office", "submit", mended(first))
    world.do(case, "sign_rows", "legal", "sign")
    assert (batch.status, world.waiting(case)) == (BatchStatus.CORRECTING, ["correct_rows"])
    world.do(case, "correct_rows", "office", "submit", mended(second, rank="withdrawn"))
    world.do(case, "sign_rows", "legal", "sign")
    assert (batch.status, world.waiting(case)) == (BatchStatus.SUBMITTED, [])
    through_district(world)
    assert world.rows()[0].particulars["returned"] == "缺荣誉证书；按市局意见"
    world.pass_all("city")
    assert [(row.status, row.filing_number) for row in world.rows()] == [
        (RowStatus.EFFECTIVE, "YL-2026-00002"),
        (RowStatus.REFUSED, None),
        (RowStatus.EFFECTIVE, "YL-2026-00001"),
    ]
    assert told(world, "rank_settled") == [
        (str(good.application_id), "effective"),
        (str(second.application_id), "refused"),
        (str(first.application_id), "effective"),
    ]
    assert told(world, "filing_settled") == [(str(world.review), {"effective": 2, "refused": 1})]
    assert world.case(case).outcome == "filed"
    notice = school.session.scalars(
        select(Notification).where(Notification.link == f"/filings/lists/{batch.id}")
    ).first()
    assert notice is not None
    assert "周敏（中级二档）已生效，备案号 YL-2026-00002；李若涵（中级二档）由学校撤下；" in notice.text
    assert [world.waiting(world.run(where).instance_id) for where in ("district", "city")] == [[], []]


@on_sqlite
def test_on_paper_what_came_back_is_sealed_again_unless_all_of_it_is_withdrawn(school: School) -> None:
    world = filing(school, filing__channel="paper")
    case = world.file().instance_id or 0
    first, second, _good = world.rows()

    def answered(number: str, *back: FilingRow) -> None:
        world.do(case, "attach_scan", "office", "submit", {"scan": world.upload("office")})
        exceptions = [{"row": row.id, "outcome": "return", "reason": "缺任职证明"} for row in back]
        reply = {"number": number, "replied_on": "2026-11-27", "exceptions": exceptions}
        world.do(case, "enter_reply", "office", "submit", {**reply, "reply": world.upload("office")})
        world.do(case, "confirm_reply", "legal", "accept")

    answered("云教备〔2026〕12 号", first, second)
    two = mended(first, rank="junior_1")["rows"] + mended(second, rank="withdrawn")["rows"]
    world.do(case, "correct_rows", "office", "submit", {"rows": two})
    world.do(case, "sign_rows", "legal", "sign")
    lowered = world.rows()[0]
    told_of_it = "职级由“中级二档”改为“初级一档”；补上了证书"
    assert (lowered.rank, lowered.particulars["corrected"]) == ("junior_1", told_of_it)
    answered("云教备〔2026〕15 号", first)
    world.do(case, "correct_rows", "office", "submit", mended(first, rank="withdrawn"))
    world.do(case, "sign_rows", "legal", "sign")
    assert world.case(case).outcome == "filed"
    assert [row.status for row in world.rows()] == [RowStatus.REFUSED, RowStatus.REFUSED, RowStatus.EFFECTIVE]
    assert told(world, "filing_settled") == [(str(world.review), {"effective": 1, "refused": 2})]


def test_whoever_settles_the_last_rows_at_one_moment_settles_the_list(school: School, database: Engine) -> None:
    world = filing(school)
    batch, city = world.file(), world.run("city").id
    clerk, reviewer = world.people["city_clerk"], world.people["city_reviewer"]
    with writing(school.session):
        back, refused, kept = world.rows()
        batch.city_run_id = city
        back.level, back.status, back.reason = FilingLevel.SCHOOL, RowStatus.RETURNED, "缺材料"
        for row in (refused, kept):
            row.level, row.audited_by_id = FilingLevel.CITY, clerk
        refused.verdict, refused.reason = RowVerdict.REFUSE, "年限不足"
        kept.status, kept.particulars = RowStatus.REFUSED, {}
    about, given = batch.id, mended(back, rank="withdrawn")["rows"]
    school.session.rollback()
    is_done, is_over = threading.Event(), threading.Event()

    def withdraw(session: Session) -> None:
        with writing(session):
            corrections.resubmit(session, about, given, reviewer)
            is_done.set()
            # The city is at it while this is not committed: here it waits, as every writer does on SQLite.
            is_postgresql = database.dialect.name == "postgresql"
            while is_postgresql and not is_over.wait(0.02) and not session.scalar(WAIT_FOR_ME):
                pass

    def refuse(session: Session) -> None:
        is_done.wait()
        with writing(session):
            settling.settle(session, runs.locked(session, city), reviewer)
        is_over.set()

    assert refusals(at_once(database, withdraw, refuse)) == []
    world.settle()
    assert {row.status for row in world.rows()} == {RowStatus.REFUSED}
    assert batch.status == BatchStatus.SETTLED
    assert told(world, "filing_settled") == [(str(world.review), {"effective": 0, "refused": 3})]


def test_what_came_back_is_not_accepted_with_all_others(school: School) -> None:
    world = filing(school, count=2)
    world.file()
    run, (back, other) = world.run("district"), world.rows()
    with writing(school.session):
        back.reason, back.particulars = "缺材料", {**back.particulars, "returned": "缺材料", "is_back": True}
    actor = world.actor("district_clerk")
    seen = [bulk_audits.found(school.session, run, Wanted(difference=one)).count for one in (None, Difference.RETURNED)]
    assert seen == [1, 0]
    kinds = {one.row.id: one.differences for one in row_lists.rows(school.session, run, ALL).items}
    assert kinds == {back.id: frozenset({Difference.RETURNED}), other.id: frozenset()}
    even = row_lists.rows(school.session, run, Wanted(difference=Difference.NONE)).items
    assert [one.row.id for one in even] == [other.id]
    mark = bulk_audits.found(school.session, run, ALL).mark
    assert bulk_audits.accept_found(school.session, actor, run.id, ALL, mark) == 1
    assert [(row.verdict, row.reason) for row in world.rows()] == [(None, "缺材料"), (RowVerdict.ACCEPT, None)]
    world.audit("district", "district_clerk", RowVerdict.ACCEPT, world.rows()[0])
    assert world.rows()[0].particulars["returned"] == "缺材料"


def test_one_letter_that_answers_two_lists_at_one_moment_numbers_on(school: School, database: Engine) -> None:
    world = filing(school, count=2, filing__channel="paper")
    with writing(school.session):
        review = school.session.get_one(RankReview, world.review)
        last = school.session.scalars(select(RankApplication).order_by(RankApplication.id.desc())).first()
        assert last is not None
        batches.add(school.session, review, BatchKind.SUPPLEMENT, [last])
    world.file()
    cases = [one.instance_id or 0 for one in school.session.scalars(select(FilingBatch))]
    for case in cases:
        world.do(case, "attach_scan", "office", "submit", {"scan": world.upload("office")})
        reply = {"number": "云教备〔2026〕12 号", "replied_on": "2026-11-27", "exceptions": []}
        world.do(case, "enter_reply", "office", "submit", {**reply, "reply": world.upload("office")})
    confirmed: list[Callable[[Session], Any]] = [click(school, case, "legal", "accept") for case in cases]
    assert refusals(at_once(database, *confirmed)) == []
    numbers = sorted(row.filing_number or "" for row in world.rows())
    assert numbers == ["云教备〔2026〕12 号-1", "云教备〔2026〕12 号-2"]


def test_of_many_rows_a_notice_says_how_many_came_to_what() -> None:
    ended = [(RowStatus.EFFECTIVE, 1)] * 4 + [(RowStatus.REFUSED, 1), (RowStatus.REFUSED, None)]
    rows = [
        FilingRow(name="周敏", rank="senior_1", is_void=False, status=status, confirmed_by_id=by, reason="缺" * 99)
        for status, by in ended
    ]
    assert outcomes.summed_up(rows) == "4 位已生效，1 位不予备案，1 位由学校撤下"
    assert outcomes.summed_up(rows[4:5]) == f"周敏（高级一档）不予备案：{'缺' * 60}…"
