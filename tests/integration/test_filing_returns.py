"""Rows that come back: through every level and up again, on paper, several at once, and what people do at one moment."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from app.db.filings import FilingBatch, FilingLetter, FilingRow, FilingRun
from app.db.messages import Message
from app.db.people import Organization
from app.db.rank_reviews import RankApplication, RankReview
from app.db.rules import RulePackAdoption
from app.domain.filings import BatchKind, BatchStatus, Difference, FilingLevel, RowStatus, RowVerdict, Standing
from app.domain.vocabulary import InstanceStatus
from app.services import steps
from app.services.documents import filing_letters, verifications
from app.services.documents.printing import Press
from app.services.filings import (
    aggregating,
    batches,
    bulk_audits,
    corrections,
    listing,
    papers,
    row_lists,
    runs,
    settling,
    withdrawing,
)
from app.services.filings.row_lists import Wanted
from app.services.operations import filings as operations
from app.services.transactions import writing
from tests.integration.api import Caller
from tests.integration.conftest import Site
from tests.integration.correction_world import ranks, through_district
from tests.integration.crowd import at_once, click, refusals
from tests.integration.filing_world import Filing, filing, in_the_year
from tests.integration.prepared import database, school
from tests.integration.school import School
from tests.printed import words_of

__all__ = ["database", "in_the_year", "school"]  # fixtures
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ALL = Wanted()
FONTS = Path(__file__).parents[2] / "app/views/static/dist/fonts"
WAIT_FOR_ME = text("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")


def told(world: Filing, name: str) -> list[tuple[str, Any]]:
    """Return what was sent of a name: about what, and what became of it."""
    found = world.school.session.scalars(select(Message).where(Message.name == name).order_by(Message.id))
    return [(one.key, one.payload.get("result", one.payload)) for one in found]


def mended(*rows: FilingRow, **changed: str) -> dict[str, Any]:
    return {"rows": [{"row": row.id, "note": "补上了证书"} | changed for row in rows]}


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
    assert [world.waiting(world.run(where).instance_id) for where in ("district", "city")] == [[], []]


@on_sqlite
def test_on_paper_what_came_back_is_sealed_again_unless_all_of_it_is_withdrawn(school: School) -> None:
    world = filing(school, filing__channel="paper")
    case = world.file().instance_id or 0
    first, second, _good = world.rows()

    def answered(number: str, *back: FilingRow) -> None:
        world.do(case, "attach_scan", "office", "submit", {"scan": world.upload("office")})
        exceptions = [{"row": row.id, "outcome": "return", "reason": "缺任职证明"} for row in back]
        reply = {"number": number, "replied_on": "2026-10-12", "exceptions": exceptions}
        world.do(case, "enter_reply", "office", "submit", {**reply, "reply": world.upload("office")})
        world.do(case, "confirm_reply", "legal", "accept")

    answered("云教备〔2026〕12 号", first, second)
    two = mended(first)["rows"] + mended(second, rank="withdrawn")["rows"]
    world.do(case, "correct_rows", "office", "submit", {"rows": two})
    world.do(case, "sign_rows", "legal", "sign")
    answered("云教备〔2026〕15 号", first)
    world.do(case, "correct_rows", "office", "submit", mended(first, rank="withdrawn"))
    world.do(case, "sign_rows", "legal", "sign")
    assert world.case(case).outcome == "filed"
    assert [row.status for row in world.rows()] == [RowStatus.REFUSED, RowStatus.REFUSED, RowStatus.EFFECTIVE]
    assert told(world, "filing_settled") == [(str(world.review), {"effective": 1, "refused": 2})]


@on_sqlite
def test_a_district_whose_city_is_not_on_the_platform_hands_up_on_paper(school: School, tmp_path: Path) -> None:
    world = filing(school)
    district = uprooted(world)
    batch = world.file()
    assert [one.organization_id for one in school.session.scalars(select(FilingRun))] == [district]
    through_district(world)
    assert standing_of(world) == (Standing.REPORTED, FilingLevel.CITY)
    first, second, good = world.rows()
    letter = school.session.scalars(select(FilingLetter)).one()
    press = Press(FONTS, tmp_path / "documents", "https://shenpi.example.cn")
    paper = words_of(filing_letters.list_of(school.session, world.actor("district_clerk"), letter.id, press))
    assert all(row.name in paper for row in (first, second, good))
    assert verifications.verification(school.session, letter.code)["words"] == papers.VALID

    def answered(number: str, *exceptions: dict[str, Any]) -> FilingLetter:
        """Seal the latest letter, and have its reply entered and confirmed."""
        latest = school.session.scalars(select(FilingLetter).order_by(FilingLetter.id.desc())).first()
        assert latest is not None
        case = latest.instance_id or 0
        world.do(case, "attach_scan", "district_clerk", "submit", {"scan": world.upload("district_clerk")})
        reply = {"issuer": "云澜市教育局", "number": number, "replied_on": "2026-10-20", "exceptions": list(exceptions)}
        scan = world.upload("district_clerk")
        world.do(case, "enter_reply", "district_clerk", "submit", {**reply, "reply": scan})
        world.do(case, "confirm_reply", "district_reviewer", "accept")
        assert world.case(case).outcome == "replied"
        return latest

    back = {"row": first.id, "outcome": "return", "reason": "缺荣誉证书"}
    answered("云教备〔2026〕12 号", back, {"row": second.id, "outcome": "refuse", "reason": "年限不足"})
    assert [(row.status, row.level) for row in world.rows()] == [
        (RowStatus.PENDING, FilingLevel.DISTRICT),
        (RowStatus.REFUSED, FilingLevel.CITY),
        (RowStatus.EFFECTIVE, FilingLevel.CITY),
    ]
    assert [(one.number, one.issuer) for one in ranks(world)] == [("云教备〔2026〕12 号-1", "云澜市教育局")]
    world.audit("district", "district_clerk", RowVerdict.RETURN, world.rows()[0], reason="请补")
    world.confirm("district")
    case = batch.instance_id or 0
    world.do(case, "correct_rows", "office", "submit", mended(first))
    world.do(case, "sign_rows", "legal", "sign")
    through_district(world)
    assert answered("云教备〔2026〕15 号").id != letter.id
    printed = words_of(filing_letters.list_of(school.session, world.actor("district_clerk"), letter.id, press))
    assert all(row.name in printed for row in (first, second, good))
    assert "已退回" in printed
    assert "没有通过或者撤下" in printed
    assert verifications.verification(school.session, letter.code)["words"] == papers.DROPPED
    assert world.rows()[0].filing_number == "云教备〔2026〕15 号-1"
    assert told(world, "filing_settled") == [(str(world.review), {"effective": 2, "refused": 1})]
    assert world.case(case).outcome == "filed"


def test_a_district_whose_rows_are_all_withdrawn_meanwhile_writes_no_letter(school: School) -> None:
    world = filing(school)
    uprooted(world)
    world.file()
    case = world.run("district").instance_id
    world.pass_all("district")
    world.do(case, "aggregate", "district_clerk", "submit")
    with writing(school.session):
        withdrawing.withdraw_review(school.session, world.review)
    world.do(case, "sign_up", "district_leader", "agree")
    world.settle()
    assert school.session.scalars(select(FilingLetter)).all() == []


@on_sqlite
def test_a_city_that_comes_above_a_district_in_mid_year_opens_its_year_for_what_is_handed_up(school: School) -> None:
    world = filing(school)
    district = uprooted(world)
    world.file()
    back, *_good = world.rows()
    rooted_again(world, district)
    through_district(world)
    assert [(row.status, row.level) for row in world.rows()] == [(RowStatus.PENDING, FilingLevel.CITY)] * 3
    assert world.waiting(world.run("city").instance_id) == ["audit_rows"]
    world.pass_all("city")
    assert {row.status for row in world.rows()} == {RowStatus.EFFECTIVE}
    with writing(school.session):
        aggregating.hand_up(school.session, world.run("district").id, world.run("city").organization_id, [back.id])
    assert {row.status for row in world.rows()} == {RowStatus.EFFECTIVE}


def test_a_letter_is_printed_from_its_year_and_given_up_leaves_its_rows_with_the_district(site: Site) -> None:
    assert site.world is not None
    world = filing(site.world, count=1)
    session = world.school.session
    uprooted(world)
    world.file()
    through_district(world)
    letter = session.scalars(select(FilingLetter)).one()
    case, address = letter.instance_id or 0, f"/filings/{letter.run_id}"
    session.rollback()
    clerk = site.browser("district_clerk")
    printed = f"/filings/letters/{letter.id}/list.pdf"
    assert all(link in clerk.get(address).text for link in (printed, f"/cases/{case}"))
    assert clerk.get(printed).mimetype == "application/pdf"
    assert address in clerk.get(f"/cases/{case}").text
    assert site.browser("office").get(printed).status_code == 404
    caller = Caller(site.app, "district_clerk")
    (sent,) = caller.get("/filings").get_json()["runs"][0]["letters"]
    assert caller.get(f"/filing-letters/{sent['id']}/list.pdf").data == clerk.get(printed).data
    assert Caller(site.app, "office").get(f"/filing-letters/{sent['id']}/list.pdf").status_code == 404
    with writing(session):
        step = steps.locked(session, case, None)
        steps.abandon(step, InstanceStatus.CANCELLED)
        steps.conclude(step, "cancel", {})
    world.settle()
    assert [(row.status, row.level) for row in world.rows()] == [(RowStatus.PENDING, FilingLevel.DISTRICT)]
    assert world.waiting(world.run("district").instance_id) == ["audit_rows"]


def uprooted(world: Filing) -> int:
    """Take the city from above the district, with its rules; return the district."""
    session, places = world.school.session, world.school.organizations
    city, district = places["city"], places["district"]
    with writing(session):
        for one in session.scalars(select(Organization)):
            one.path = one.path.removeprefix(f"/{city}") if one.id != city else one.path
        session.get_one(Organization, district).parent_id = None
        _give_rules(session, city, district)
    return district


def rooted_again(world: Filing, district: int) -> None:
    """Put the city back above the district, with its rules."""
    session, city = world.school.session, world.school.organizations["city"]
    with writing(session):
        for one in session.scalars(select(Organization).where(Organization.path.startswith(f"/{district}/"))):
            one.path = f"/{city}{one.path}"
        session.get_one(Organization, district).parent_id = city
        _give_rules(session, district, city)


def _give_rules(session: Session, giver: int, taker: int) -> None:
    for adopted in session.scalars(select(RulePackAdoption).where(RulePackAdoption.organization_id == giver)):
        adopted.organization_id = taker


def standing_of(world: Filing) -> tuple[Standing, FilingLevel | None]:
    found = listing.schools_below(world.school.session, world.run("district"))[0]
    return found.standing, found.waits_with


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
        reply = {"number": "云教备〔2026〕12 号", "replied_on": "2026-10-12", "exceptions": []}
        world.do(case, "enter_reply", "office", "submit", {**reply, "reply": world.upload("office")})
    confirmed: list[Callable[[Session], Any]] = [click(school, case, "legal", "accept") for case in cases]
    assert refusals(at_once(database, *confirmed)) == []
    numbers = sorted(row.filing_number or "" for row in world.rows())
    assert numbers == ["云教备〔2026〕12 号-1", "云教备〔2026〕12 号-2"]
