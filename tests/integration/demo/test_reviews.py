"""The invented city's reviews of ranks: one in effect, one with rows to correct, one to sum up, one late."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db.filings import FilingRow
from app.db.people import Organization, Person, Position
from app.db.rank_reviews import RankApplication, RankReview
from app.db.registers import DossierEntry
from app.domain import clock
from app.domain.dossiers import EntryKind
from app.domain.filings import RowStatus
from app.domain.vocabulary import Role
from app.services.demo.accounts import accounts
from tests.integration.demo.test_city import FULL
from tests.integration.demo.todays import open_items


def test_ranks_are_filed_sent_back_waiting_and_late(session):
    rows = {
        (row.batch.organization.name, row.status)
        for row in session.scalars(select(FilingRow).options(joinedload(FilingRow.batch)))
    }
    assert ("松风路小学", RowStatus.EFFECTIVE) in rows
    back = open_items(session, "云澜市第三中学")
    assert sum(item.element == "correct_rows" for item in back) == 1
    returned = session.scalars(select(FilingRow).where(FilingRow.status == RowStatus.RETURNED)).all()
    assert [row.batch.organization.name for row in returned] == ["云澜市第三中学"] * 3
    assert [item.element for item in open_items(session, "映川区教育局")] == ["aggregate"]
    late = session.scalars(select(RankReview).join(RankReview.organization).where(Organization.name == FULL[2])).one()
    assert late.filed_at is None
    assert date.fromisoformat(late.dates["file_by"]) < clock.today()
    assert "judge_application/ask_second_look" in {item.element for item in open_items(session, FULL[2])}
    told = {account["person"] for account in accounts(session)}
    asked = [*back, *open_items(session, "映川区教育局"), *open_items(session, FULL[2])]
    people = {item.assignee.name for item in asked if item.process_key == "rank_application" and item.assignee}
    clerks = select(Person.name).join(Position).join(Organization)
    assert (
        people
        | set(session.scalars(clerks.where(Position.role == Role.BUREAU_CLERK, Organization.name == "映川区教育局")))
        <= told
    )


def test_applications_say_what_the_files_prove(session):
    for one in session.scalars(select(RankApplication).options(joinedload(RankApplication.instance))):
        (years,) = (
            column["value"] for column in one.explanation["reach"]["columns"] if column["fact"] == "homeroom_years"
        )
        assert one.instance.values["apply"]["homeroom_years"] == years


def test_ranks_that_were_filed_stand_in_the_register_as_the_next_after_the_older_ones(session):
    filed = session.scalars(select(FilingRow).where(FilingRow.status == RowStatus.EFFECTIVE)).all()
    for row in filed:
        entries = session.scalars(
            select(DossierEntry)
            .where(DossierEntry.person_id == row.person_id, DossierEntry.kind == EntryKind.RANK)
            .order_by(DossierEntry.from_on)
        ).all()
        assert [entry.category for entry in entries[-2:]] == [rank for rank in (row.held, row.rank) if rank]
        assert (entries[-1].number, entries[-1].from_on) == (row.filing_number, row.effective_on)
