"""Notices and objections that several people move at the same moment: one wins, nothing is lost or done twice."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.db.journal import JournalEntry
from app.db.notices import NoticeProof
from app.db.objections import Objection
from app.domain import clock
from app.domain.errors import Conflict, Stale
from app.domain.notices import NoticeStatus
from app.domain.objections import ObjectionStatus
from app.domain.vocabulary import Role
from app.services import completions, doctor, journal
from app.services.accounts.actors import load_actor
from app.services.completions import Completion
from app.services.files import attachments
from app.services.notices import changes, drafts, proofs
from app.services.objections import raising, withdrawing
from app.services.objections.checking import Typed
from app.services.timing import ticks
from tests.integration.crowd import Act, at_once, refusals
from tests.integration.notice_world import POSTED_AT, TITLE
from tests.integration.objection_world import RAISED_AT, REASON, Inquiry
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
LAST_MOMENT = datetime.fromisoformat("2026-11-26T23:59:59+08:00")
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


@pytest.fixture
def inquiry(school: School) -> Inquiry:
    return Inquiry(school, school.files)


def click(inquiry: Inquiry, case: int, person: int, verdict: str, values: Any = None) -> Act:
    """See the open task of a case now, and return the click that completes it."""
    item, actor = inquiry.school.open_item(case), load_actor(inquiry.session, person)
    item_id, given = (
        item.id,
        Completion(item.revision, verdict, values or {}, "请核对" if verdict == "return" else None),
    )
    inquiry.session.rollback()
    return lambda session: completions.complete(session, actor, item_id, given)


def objecting(inquiry: Inquiry, by: int, at: datetime = RAISED_AT) -> Act:
    actor, notice_id = load_actor(inquiry.session, by), inquiry.notice.id
    typed = Typed(inquiry.school.people["host"], REASON)
    inquiry.session.rollback()

    def raise_it(session: Session) -> int:
        with clock.frozen(at):
            return raising.raise_objection(session, inquiry.vault, actor, notice_id, typed).id

    return raise_it


def ticking(at: datetime) -> Act:
    def tick(session: Session) -> None:
        with clock.frozen(at):
            ticks.tick(session)

    return tick


def tick(inquiry: Inquiry, at: datetime) -> None:
    inquiry.session.rollback()
    ticking(at)(inquiry.session)


def count(inquiry: Inquiry, table: Any, *conditions: Any) -> int:
    inquiry.session.rollback()
    return inquiry.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def holds_together(inquiry: Inquiry) -> bool:
    inquiry.session.rollback()
    return list(journal.verify(inquiry.session)) == [] and doctor.examine(inquiry.session) == []


def test_two_release_and_one_returns_at_once(inquiry: Inquiry, database: Engine) -> None:
    office = inquiry.office
    with clock.frozen(POSTED_AT):
        second = inquiry.hire("副组长", Role.LEADERSHIP_GROUP_LEADER)
        case = office.start()
        office.do(case, office.writer, "submit")
        clicks = [
            click(inquiry, case, person, verdict)
            for person, verdict in ((office.leader, "accept"), (second, "accept"), (second, "return"))
        ]
        answers = at_once(database, *clicks)
    assert len(refusals(answers)) == 2
    assert set(refusals(answers)) <= {Conflict, Stale}
    is_posted = office.notice_of(case).status == NoticeStatus.POSTED
    assert is_posted == (not isinstance(answers[0], Exception) or not isinstance(answers[1], Exception))
    assert holds_together(inquiry)


def test_what_is_handed_in_is_not_written_any_more(inquiry: Inquiry, database: Engine) -> None:
    office = inquiry.office
    with clock.frozen(POSTED_AT):
        case = office.start()
        notice = office.notice_of(case)
        notice_id, revision = notice.id, notice.revision
        writer = load_actor(inquiry.session, office.writer)
        typed = drafts.Typed(TITLE, "最后改的。", "领导小组", {})
        hand_in = click(inquiry, case, office.colleague, "submit")
        answers = at_once(
            database, hand_in, lambda session: drafts.rewrite(session, writer, notice_id, typed, revision).id
        )
        assert not isinstance(answers[0], Exception)
        assert inquiry.school.open_item(case).element.endswith("release_notice")
        is_written = office.notice_of(case).draft["intro"] == "最后改的。"
        assert is_written == (not isinstance(answers[1], Exception))
    assert holds_together(inquiry)


def test_an_objection_in_the_moment_in_which_the_period_ends(inquiry: Inquiry, database: Engine) -> None:
    answers = at_once(
        database,
        objecting(inquiry, inquiry.objector, LAST_MOMENT),
        ticking(LAST_MOMENT + timedelta(seconds=1)),
        ticking(LAST_MOMENT + timedelta(seconds=1)),
    )
    is_late = isinstance(answers[0], Conflict)
    notice = inquiry.office.again(inquiry.notice)
    assert notice.status == (NoticeStatus.ENDED if is_late else NoticeStatus.POSTED)
    assert count(inquiry, Objection) == (not is_late)
    assert holds_together(inquiry)


def test_two_object_to_one_person_and_each_twice(inquiry: Inquiry, database: Engine) -> None:
    first, second = objecting(inquiry, inquiry.objector), objecting(inquiry, inquiry.colleague)
    answers = at_once(database, first, second, first, second)
    assert refusals(answers) == []
    assert (answers[0], answers[1]) == (answers[2], answers[3])
    assert count(inquiry, Objection) == 2
    assert holds_together(inquiry)


def test_a_reply_given_twice_while_it_is_withdrawn(inquiry: Inquiry, database: Engine) -> None:
    objection = inquiry.raise_it()
    inquiry.investigate(objection)
    inquiry.conclude(objection, "agree")
    objection_id, case = objection.id, objection.instance_id
    owner = load_actor(inquiry.session, inquiry.objector)
    with clock.frozen(RAISED_AT):
        reply = click(inquiry, case, inquiry.handler, "submit", {"reply": "经核查，成立。"})
        answers = at_once(
            database,
            reply,
            reply,
            lambda session: withdrawing.withdraw(session, inquiry.seal, owner, objection_id).id,
        )
        ticks.tick(inquiry.session)
    is_withdrawn = not isinstance(answers[2], Exception)
    assert len(refusals(answers)) == 2
    found = inquiry.again(objection)
    assert found.status == (ObjectionStatus.WITHDRAWN if is_withdrawn else ObjectionStatus.UPHELD)
    assert inquiry.names_left() == (set() if is_withdrawn else {inquiry.school.people["host"]})
    assert holds_together(inquiry)


def test_a_change_is_asked_for_while_an_objection_is_raised_and_the_period_ends(
    inquiry: Inquiry, database: Engine
) -> None:
    writer = load_actor(inquiry.session, inquiry.office.writer)
    notice_id, revision, case = inquiry.notice.id, inquiry.notice.revision, inquiry.notice.instance_id

    def change(session: Session) -> int:
        with clock.frozen(LAST_MOMENT):
            return changes.ask_for_change(session, writer, notice_id, "班级写错了", revision).id

    over = LAST_MOMENT + timedelta(seconds=1)
    answers = at_once(database, change, change, objecting(inquiry, inquiry.objector, LAST_MOMENT), ticking(over))
    is_asked = any(not isinstance(one, Exception) for one in answers[:2])
    assert sum(isinstance(one, Exception) for one in answers[:2]) >= 1
    assert count(inquiry, JournalEntry, JournalEntry.action == "change_notice") == is_asked
    tick(inquiry, over)
    ended = inquiry.office.again(inquiry.notice).status == NoticeStatus.ENDED
    assert ended == (not is_asked and isinstance(answers[2], Conflict))
    if is_asked:
        assert inquiry.school.open_item(case).element.endswith("prepare_notice")
    assert holds_together(inquiry)


def test_one_photograph_proves_once(inquiry: Inquiry, database: Engine, tmp_path: Any) -> None:
    writer, notice_id = load_actor(inquiry.session, inquiry.office.writer), inquiry.notice.id
    other = inquiry.office.post().id
    path = tmp_path / "board.png"
    path.write_bytes(PICTURE)
    with path.open("rb") as stream:
        picture = attachments.store(inquiry.session, inquiry.school.files, writer, "公示栏.png", stream).id
    inquiry.session.rollback()

    def prove(notice: int) -> Act:
        return lambda session: proofs.add_proof(session, writer, notice, picture, "校门").id

    answers = at_once(database, prove(notice_id), prove(notice_id), prove(other), prove(other))
    assert len(refusals(answers)) == 2
    assert count(inquiry, NoticeProof) == 1
    assert holds_together(inquiry)
