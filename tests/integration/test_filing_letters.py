"""Letters of a district whose city is not on the platform: sent, printed again, withdrawn, replied to, given up."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.db.filings import FilingLetter, FilingRow, FilingRun
from app.db.work import Notification
from app.domain.errors import Invalid
from app.domain.filings import FilingLevel, RowStatus, RowVerdict, Standing
from app.domain.vocabulary import InstanceStatus
from app.services import steps
from app.services.documents import filing_letters, verifications
from app.services.documents.printing import Press
from app.services.filings import (
    aggregating,
    listing,
    papers,
    withdrawing,
)
from app.services.transactions import writing
from tests.integration.api import Caller
from tests.integration.conftest import Site
from tests.integration.correction_world import ranks, through_district
from tests.integration.filing_world import Filing, filing, in_the_year, mended, told
from tests.integration.letter_world import rooted_again, uprooted
from tests.integration.prepared import database, school
from tests.integration.school import School
from tests.printed import words_of

__all__ = ["database", "in_the_year", "school"]  # fixtures
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
FONTS = Path(__file__).parents[2] / "app/views/static/dist/fonts"


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
        reply = {"issuer": "云澜市教育局", "number": number, "replied_on": "2026-11-27", "exceptions": list(exceptions)}
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
@pytest.mark.parametrize("waits_at", ["attach_scan", "enter_reply", "confirm_reply"])
def test_a_letter_of_which_every_row_is_withdrawn_ends_wherever_it_waits(school: School, waits_at: str) -> None:
    world = filing(school, count=2)
    uprooted(world)
    world.file()
    through_district(world)
    letter = school.session.scalars(select(FilingLetter)).one()
    case = letter.instance_id or 0
    if waits_at != "attach_scan":
        world.do(case, "attach_scan", "district_clerk", "submit", {"scan": world.upload("district_clerk")})
    if waits_at == "confirm_reply":
        reply = {"issuer": "云澜市教育局", "number": "12 号", "replied_on": "2026-11-27", "exceptions": []}
        scan = world.upload("district_clerk")
        world.do(case, "enter_reply", "district_clerk", "submit", {**reply, "reply": scan})
    assert world.waiting(case) == [waits_at]
    with writing(school.session):
        withdrawing.withdraw_review(school.session, world.review)
    world.settle()
    assert (world.waiting(case), world.case(case).status) == ([], InstanceStatus.CANCELLED)
    for name in ("district_clerk", "district_reviewer", "district_leader"):
        heard = Notification.person_id == world.people[name], Notification.text.contains("不用再盖章报送")
        assert len(school.session.scalars(select(Notification).where(*heard)).all()) == 1, name
    assert {row.status for row in world.rows()} == {RowStatus.REFUSED}


@on_sqlite
def test_a_reply_is_of_no_day_before_the_letter_and_holds_for_whom_is_left(school: School) -> None:
    world = filing(school)
    uprooted(world)
    world.file()
    through_district(world)
    case = school.session.scalars(select(FilingLetter)).one().instance_id or 0
    first, *_others = world.rows()
    back = {"row": first.id, "outcome": "return", "reason": "缺荣誉证书"}
    reply = {"issuer": "云澜市教育局", "number": "12 号", "replied_on": "2026-11-26", "exceptions": [back]}
    world.do(case, "attach_scan", "district_clerk", "submit", {"scan": world.upload("district_clerk")})
    with pytest.raises(Invalid) as refusal:
        world.do(case, "enter_reply", "district_clerk", "submit", {**reply, "reply": world.upload("district_clerk")})
    assert refusal.value.errors.keys() == {"replied_on"}
    reply |= {"replied_on": "2026-11-27", "reply": world.upload("district_clerk")}
    world.do(case, "enter_reply", "district_clerk", "submit", reply)
    with writing(school.session):
        first.status = RowStatus.REFUSED
    world.do(case, "confirm_reply", "district_reviewer", "accept")
    assert [row.status for row in world.rows()] == [RowStatus.REFUSED, RowStatus.EFFECTIVE, RowStatus.EFFECTIVE]


@on_sqlite
def test_a_reply_may_be_entered_a_part_at_a_time(school: School) -> None:
    world = filing(school)
    uprooted(world)
    world.file()
    through_district(world)
    case = school.session.scalars(select(FilingLetter)).one().instance_id or 0
    first, second, third = world.rows()
    world.do(case, "attach_scan", "district_clerk", "submit", {"scan": world.upload("district_clerk")})

    def enter(others: str, *exceptions: FilingRow) -> None:
        named = [{"row": row.id, "outcome": "refuse", "reason": "年限不足"} for row in exceptions]
        reply = {"issuer": "云澜市教育局", "number": "12 号", "replied_on": "2026-11-27", "exceptions": named}
        scan = world.upload("district_clerk")
        world.do(case, "enter_reply", "district_clerk", "submit", {**reply, "others": others, "reply": scan})

    with pytest.raises(Invalid) as refusal:
        enter("wait")
    assert refusal.value.errors.keys() == {"others"}
    enter("wait", first)
    world.do(case, "confirm_reply", "district_reviewer", "accept")
    assert [row.status for row in world.rows()] == [RowStatus.REFUSED, RowStatus.PENDING, RowStatus.PENDING]
    enter("pass", second)
    world.do(case, "confirm_reply", "district_reviewer", "accept")
    assert [row.status for row in world.rows()] == [RowStatus.REFUSED, RowStatus.REFUSED, RowStatus.EFFECTIVE]
    assert (third.filing_number, world.case(case).outcome) == ("12 号-1", "replied")


@on_sqlite
def test_a_letter_that_is_withdrawn_before_its_case_has_begun_never_begins(school: School) -> None:
    world = filing(school, count=1)
    uprooted(world)
    world.file()
    case = world.run("district").instance_id
    world.pass_all("district")
    world.do(case, "aggregate", "district_clerk", "submit")
    with writing(school.session):
        aggregating.submit_up(school.session, world.run("district").id)
        withdrawing.withdraw_review(school.session, world.review)
    world.settle()
    assert school.session.scalars(select(FilingLetter)).one().instance_id is None


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
    assert printed in clerk.get(f"/tasks/{world.item(case)}").text
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


def standing_of(world: Filing) -> tuple[Standing, FilingLevel | None]:
    found = listing.schools_below(world.school.session, world.run("district"))[0]
    return found.standing, found.waits_with
