"""A school's list of ranks on its way up: audited by two people, numbered, effective in the register."""

import pytest
from sqlalchemy import select

from app.db.filings import FilingRow
from app.db.messages import Message
from app.db.registers import DossierEntry
from app.domain.dossiers import EntryKind
from app.domain.errors import Conflict, Forbidden
from app.domain.filings import BatchStatus, FilingLevel, RowStatus, RowVerdict, Standing
from app.services.filings import effects, listing, runs, urging
from app.services.transactions import writing
from tests.integration.filing_world import Filing, filing
from tests.integration.prepared import database, postgresql_world, school, sqlite_world
from tests.integration.school import School

__all__ = ["database", "postgresql_world", "school", "sqlite_world"]  # fixtures


def sent(world: Filing, name: str) -> list[Message]:
    return list(world.school.session.scalars(select(Message).where(Message.name == name).order_by(Message.id)))


def ranks(world: Filing) -> list[DossierEntry]:
    is_rank = DossierEntry.kind == EntryKind.RANK
    return list(world.school.session.scalars(select(DossierEntry).where(is_rank).order_by(DossierEntry.id)))


@pytest.fixture
def direct(school: School) -> Filing:
    """Return a school that stands under the city."""
    return filing(school, is_direct=True)


def test_a_direct_school_files_with_the_city_and_its_ranks_are_effective(direct: Filing) -> None:
    batch = direct.file()
    city = direct.run("city")
    assert (batch.status, batch.city_run_id, batch.is_late) == (BatchStatus.SUBMITTED, city.id, False)
    assert direct.waiting(city.instance_id) == ["audit_rows"]
    direct.pass_all("city")
    rows = direct.rows()
    assert [(row.status, row.filing_number) for row in rows] == [
        (RowStatus.EFFECTIVE, f"YL-2026-{number:05d}") for number in (1, 2, 3)
    ]
    assert [(entry.category, entry.number, entry.issuer) for entry in ranks(direct)] == [
        (row.rank, row.filing_number, "云澜市教育局") for row in rows
    ]
    told = sent(direct, "rank_settled")
    assert [(one.key, one.payload["result"]) for one in told] == [
        (str(row.application_id), "effective") for row in rows
    ]
    assert [one.payload for one in sent(direct, "filing_settled")] == [{"effective": 3, "refused": 0}]
    assert direct.case(batch.instance_id).outcome == "filed"
    assert direct.waiting(city.instance_id) == []


def test_rows_return_to_the_school_alone_and_go_up_again(direct: Filing) -> None:
    batch = direct.file()
    back, refused, good = direct.rows()
    direct.audit("city", "city_clerk", RowVerdict.RETURN, back, reason="缺任职证明")
    direct.audit("city", "city_clerk", RowVerdict.REFUSE, refused, reason="不在班主任岗位")
    direct.audit("city", "city_clerk", RowVerdict.ACCEPT, good)
    direct.confirm("city")
    assert [row.status for row in direct.rows()] == [RowStatus.RETURNED, RowStatus.REFUSED, RowStatus.EFFECTIVE]
    instance = batch.instance_id or 0
    assert direct.waiting(instance) == ["correct_rows"]
    direct.do(instance, "correct_rows", "office", "submit", {"rows": [{"row": back.id, "note": "补上了证明"}]})
    direct.do(instance, "sign_rows", "legal", "sign")
    assert direct.rows()[0].status == RowStatus.PENDING
    direct.pass_all("city")
    assert [row.status for row in direct.rows()] == [RowStatus.EFFECTIVE, RowStatus.REFUSED, RowStatus.EFFECTIVE]
    assert direct.case(instance).outcome == "filed"
    assert [one.payload for one in sent(direct, "filing_settled")] == [{"effective": 2, "refused": 1}]


def test_the_operation_wants_two_people_whatever_the_diagram_did(direct: Filing) -> None:
    direct.file()
    run = direct.run("city")
    with writing(direct.school.session):
        for row in direct.school.session.scalars(select(FilingRow)):
            row.status, row.audited_by_id = RowStatus.PASSED, direct.people["city_clerk"]
            row.confirmed_by_id = direct.people["city_reviewer"]
    with pytest.raises(Forbidden), writing(direct.school.session):
        effects.make_effective(direct.school.session, runs.locked(direct.school.session, run.id))


def test_a_row_that_changed_is_not_audited_unseen(direct: Filing) -> None:
    direct.file()
    row = direct.rows()[0]
    seen = {row.id: row.revision}
    assert direct.audit("city", "city_clerk", RowVerdict.ACCEPT, row) == 1
    direct.school.session.expire_all()
    row.revision = seen[row.id]
    with pytest.raises(Conflict):
        direct.audit("city", "city_clerk", RowVerdict.REFUSE, row, reason="重复")
    with pytest.raises(Forbidden):
        direct.audit("city", "city_reviewer", RowVerdict.ACCEPT, direct.rows()[1])


def test_a_district_school_passes_through_its_district_also_on_the_way_back(school: School) -> None:
    world = filing(school)
    batch = world.file()
    district, city = world.run("district"), world.run("city")
    assert {row.level for row in world.rows()} == {FilingLevel.DISTRICT}
    assert world.waiting(city.instance_id) == []
    world.pass_all("district")
    assert world.waiting(district.instance_id) == ["aggregate"]
    world.do(district.instance_id, "aggregate", "district_clerk", "submit")
    world.do(district.instance_id, "sign_up", "district_leader", "agree")
    assert {row.level for row in world.rows()} == {FilingLevel.CITY}
    back, *good = world.rows()
    world.audit("city", "city_clerk", RowVerdict.RETURN, back, reason="缺荣誉证书")
    world.audit("city", "city_clerk", RowVerdict.ACCEPT, *good)
    world.confirm("city")
    assert [(row.level, row.status) for row in world.rows()[:2]] == [
        (FilingLevel.DISTRICT, RowStatus.PENDING),
        (FilingLevel.CITY, RowStatus.EFFECTIVE),
    ]
    assert world.waiting(district.instance_id) == ["audit_rows"]
    world.audit("district", "district_clerk", RowVerdict.RETURN, world.rows()[0], reason="市局：缺荣誉证书")
    world.confirm("district")
    instance = batch.instance_id or 0
    world.do(
        instance, "correct_rows", "office", "submit", {"rows": [{"row": back.id, "rank": "withdrawn", "note": "撤下"}]}
    )
    world.do(instance, "sign_rows", "legal", "sign")
    assert world.case(instance).outcome == "filed"
    assert [one.payload for one in sent(world, "filing_settled")] == [{"effective": 2, "refused": 1}]
    assert (world.waiting(district.instance_id), world.waiting(city.instance_id)) == ([], [])


def test_on_paper_one_enters_the_reply_and_another_confirms_it(school: School) -> None:
    world = filing(school, filing__channel="paper")
    instance = world.file().instance_id or 0
    refused = world.rows()[0]
    world.do(instance, "attach_scan", "office", "submit", {"scan": world.upload("office")})
    told = [{"row": refused.id, "outcome": "refuse", "reason": "年限不足"}]
    reply = {"number": "云教备〔2026〕12 号", "replied_on": "2026-10-12", "exceptions": told}
    world.do(instance, "enter_reply", "office", "submit", {**reply, "reply": world.upload("office")})
    world.do(instance, "confirm_reply", "legal", "accept")
    rows = world.rows()
    assert [row.status for row in rows] == [RowStatus.REFUSED, RowStatus.EFFECTIVE, RowStatus.EFFECTIVE]
    assert [row.filing_number for row in rows] == [None, "云教备〔2026〕12 号-1", "云教备〔2026〕12 号-2"]
    assert [entry.issuer for entry in ranks(world)] == ["临溪区教育局"] * 2
    assert world.case(instance).outcome == "filed"


def test_the_bureau_sees_who_has_not_filed(school: School) -> None:
    world = filing(school)
    world.file()
    found = listing.schools_below(school.session, world.run("city"))
    assert [(one.name, one.standing) for one in found] == [
        ("松风路小学", Standing.SUBMITTED),
        ("育新学校", Standing.NOT_BEGUN),
    ]
    told = urging.urge(school.session, world.actor("city_clerk"), world.run("city").id)
    assert told == 1
    with pytest.raises(Conflict):
        urging.urge(school.session, world.actor("city_clerk"), world.run("city").id)
