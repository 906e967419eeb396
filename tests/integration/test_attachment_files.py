"""Files that nobody needs are swept away after a day, those that anybody may still need are not."""

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from app.db.work import Attachment, Draft
from app.domain import clock
from app.domain.errors import Invalid
from app.services import authorizations
from app.services.authorizations import AuthorizationDraft
from app.services.files import attachment_files
from app.services.files.attachments import path_of
from app.services.filling import submissions
from app.services.transactions import writing
from tests.integration.prepared import database, school
from tests.integration.school import PDF, School

__all__ = ["database", "school"]  # fixtures

LATER = timedelta(days=1, minutes=1)


def sweep(school: School, after: timedelta = LATER) -> int:
    with clock.frozen(clock.now() + after):
        return attachment_files.sweep(school.session, school.files)


def age(path: Path) -> None:
    """Make a file as old as one that the sweep may take."""
    past = (clock.now() - LATER).timestamp()
    os.utime(path, (past, past))


def is_kept(school: School, attachment: str) -> bool:
    school.session.rollback()
    return school.session.get(Attachment, attachment) is not None and path_of(school.files, attachment).exists()


def test_what_was_never_handed_in_goes_after_a_day(school: School) -> None:
    forgotten = school.upload("host")
    assert sweep(school, timedelta(hours=23)) == 0
    assert is_kept(school, forgotten)
    assert sweep(school, timedelta(days=2)) == 1
    assert not is_kept(school, forgotten)
    assert not path_of(school.files, forgotten).exists()


def test_what_a_case_a_draft_or_an_authorisation_names_stays(school: School) -> None:
    values = school.expense_values(number="7001")
    in_case = values["invoices"][0]["attachment"]
    school.start_expense(number="7002")
    in_draft = school.upload("host")
    with writing(school.session):
        draft = Draft(
            person_id=school.people["host"], subject="start/x/1", values={"invoices": [{"attachment": in_draft}]}
        )
        school.session.add(draft)
    scanned = authorized(school)
    assert sweep(school) == 1  # the one that was filled in and never handed in
    assert not is_kept(school, in_case)
    assert is_kept(school, in_draft)
    assert is_kept(school, scanned)
    assert attachment_files.missing(school.session, school.files) == []


def authorized(school: School) -> str:
    """Enter a signing authorisation and return its scan."""
    today = clock.today()
    draft = AuthorizationDraft(
        role="legal_representative",
        principal_id=school.people["legal"],
        deputy_id=school.people["deputy"],
        from_on=today,
        until_on=today + timedelta(days=30),
    )
    scan = ("委托书.pdf", BytesIO(PDF))
    organization, actor = school.organizations["school"], school.actor("admin")
    return authorizations.enter(
        school.session, actor, organization, draft, scan=scan, folder=school.files
    ).attachment_id


def test_files_without_a_row_go_after_a_day_and_young_ones_stay(school: School) -> None:
    old, young = (path_of(school.files, name * 32) for name in "ab")
    for path in (old, young):
        path.parent.mkdir(parents=True)
        path.write_bytes(PDF)
    age(old)
    assert attachment_files.sweep(school.session, school.files) == 1
    assert (old.exists(), young.exists()) == (False, True)


def test_what_a_kill_left_between_row_and_file_is_the_next_sweeps(school: School) -> None:
    left = school.upload("host")
    with writing(school.session):
        school.session.execute(delete(Attachment).where(Attachment.id == left))
    age(path_of(school.files, left))
    assert attachment_files.sweep(school.session, school.files) == 1
    assert not path_of(school.files, left).exists()


def test_once_a_day_is_enough(school: School) -> None:
    assert sweep(school) == 0
    school.upload("host")
    with writing(school.session):
        school.session.execute(update(Attachment).values(created_at=clock.now() - timedelta(days=9)))
    assert sweep(school) == 0
    assert sweep(school, LATER + timedelta(days=1)) == 1


def test_a_file_that_was_swept_meanwhile_is_asked_for_again(school: School) -> None:
    gone, instance = school.upload("host"), school.start_expense(number="7003")
    assert sweep(school) == 1
    with pytest.raises(Invalid, match="请重新上传"):
        submissions.tie_files(school.session, instance, school.organizations["school"], (gone,))


def test_a_lost_file_is_found(school: School) -> None:
    lost = school.upload("host")
    path_of(school.files, lost).unlink()
    found = attachment_files.missing(school.session, school.files)
    assert [str(one) for one in found] == [f"附件“发票.pdf”（{lost}）的文件不在，或者不完整。"]
