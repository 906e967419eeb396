"""A school's list of ranks on its way up: audited by two people, numbered, effective in the register."""

import pytest
from sqlalchemy import select

from app.db.filings import FilingRow
from app.db.messages import Message
from app.db.registers import DossierEntry
from app.domain.dossiers import EntryKind
from app.domain.errors import Conflict, Forbidden
from app.domain.filings import BatchStatus, RowStatus, RowVerdict
from app.services.filings import effects, runs
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
