"""Claiming from a position's queue, releasing, and transferring: who may, what others see, races."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.db.people import Person
from app.db.work import Notification
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, ShenpiError, Stale
from app.domain.vocabulary import Role
from app.services import doctor, journal
from app.services.acts import claims, transfers
from app.services.acts.item_acts import Asked
from app.services.reading import inbox
from app.services.reading.cases import case_view
from app.services.reading.history import timeline
from app.services.reading.inbox import Query
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.crowd import at_once, click, open_item, refusals
from tests.integration.prepared import database, grant, school
from tests.integration.school import PEOPLE, School

__all__ = ["database", "school"]  # fixtures
BOOKED = {
    "voucher_number": "记-0318",
    "payment_method": "transfer",
    "originals_checked": True,
}


@pytest.fixture
def queued(school: School) -> int:
    """Return a case whose last task waits for the school's two finance officers."""
    grant(school, "deputy", Role.FINANCE_OFFICER)
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    school.act(instance, "legal", "sign")
    return instance


def asked(school: School, instance: int, name: str, revision: int | None = None) -> Asked:
    return Asked(school.actor(name), open_item(school, instance).id, revision)


def todo(school: School, name: str) -> list[int]:
    school.session.rollback()
    return [row.id for row in inbox.todo(school.session, school.actor(name), Query()).items]


def outcome(act: Any) -> type | None:
    try:
        act()
    except ShenpiError as refusal:
        return type(refusal)
    return None


def test_a_claimed_task_leaves_the_lists_of_the_others_until_it_is_released(school: School, queued: int) -> None:
    item = open_item(school, queued).id
    assert (todo(school, "finance"), todo(school, "deputy")) == ([item], [item])
    claims.claim(school.session, asked(school, queued, "finance"))
    assert (todo(school, "finance"), todo(school, "deputy")) == ([item], [])
    with pytest.raises(Conflict, match="刘芸已经认领"):
        claims.claim(school.session, asked(school, queued, "deputy"))
    with pytest.raises(Conflict, match="刘芸已经认领"):
        click(school, queued, "deputy", "accept", {**BOOKED, "paid_on": clock.today().isoformat()})(school.session)
    with pytest.raises(Conflict, match="已经在您名下"):
        claims.claim(school.session, asked(school, queued, "finance"))
    claims.release(school.session, asked(school, queued, "finance"))
    assert (todo(school, "finance"), todo(school, "deputy")) == ([item], [item])
    with pytest.raises(Conflict, match="没有人认领"):
        claims.release(school.session, asked(school, queued, "finance"))
    school.book(queued)
    kinds = [one.kind for one in timeline(school.session, case_view(school.session, school.actor("host"), queued))]
    assert [kind for kind in kinds if kind in {"claim", "release"}] == ["release", "claim"]
    assert doctor.examine(school.session) == []
    assert list(journal.verify(school.session)) == []


def test_who_may_claim(school: School, queued: int) -> None:
    found = {}
    for name, *_rest in PEOPLE:
        found[name] = outcome(lambda name=name: claims.claim(school.session, asked(school, queued, name)))
        if found[name] is None:
            claims.release(school.session, asked(school, queued, name))
    sees = {"host", "legal", "admin", "district_finance", "district_admin", "city_auditor", "city_admin"}
    taken = {"finance": None, "deputy": None}
    assert found == {name: taken.get(name, Forbidden) if name in sees | set(taken) else NotFound for name in found}


def test_an_administrator_releases_anothers_claim_for_a_reason(school: School, queued: int) -> None:
    claims.claim(school.session, asked(school, queued, "finance"))
    with pytest.raises(Conflict, match="刘芸"):
        claims.release(school.session, asked(school, queued, "deputy"), "我来办")
    for name in ("legal", "host"):
        with pytest.raises(Forbidden):
            claims.release(school.session, asked(school, queued, name), "我来办")
    with pytest.raises(Invalid):
        claims.release(school.session, asked(school, queued, "admin"), " ")
    claims.release(school.session, asked(school, queued, "admin"), "刘芸外出培训")
    ticks.tick(school.session)
    told = school.session.scalars(
        select(Notification.text).where(Notification.person_id == school.people["finance"])
    ).all()
    assert any("放回" in text for text in told)
    assert todo(school, "deputy") == [open_item(school, queued).id]


def test_two_people_claim_at_once_and_one_has_it(database: Engine, school: School, queued: int) -> None:
    wanted = [asked(school, queued, name) for name in ("finance", "deputy")]
    school.session.rollback()
    answers = at_once(database, *(lambda session, one=one: claims.claim(session, one) for one in wanted))
    assert refusals(answers) == [Conflict]
    assert open_item(school, queued).assignee_id in {school.people["finance"], school.people["deputy"]}


def test_claiming_while_a_colleague_completes_changes_nothing_twice(
    database: Engine, school: School, queued: int
) -> None:
    wanted = asked(school, queued, "deputy")
    complete = click(school, queued, "finance", "accept", {**BOOKED, "paid_on": clock.today().isoformat()})
    answers = at_once(database, complete, lambda session: claims.claim(session, wanted))
    assert len(refusals(answers)) == 1
    assert doctor.examine(school.session) == []


def test_a_transferred_task_tells_who_gave_it_and_why(school: School, queued: int) -> None:
    transfers.transfer(school.session, asked(school, queued, "finance"), school.people["teacher"], "原件在何静处")
    assert (todo(school, "finance"), todo(school, "deputy")) == ([], [])
    school.session.rollback()
    row = inbox.todo(school.session, school.actor("teacher"), Query()).items[0]
    assert (row.handed_by_name, row.handed_reason) == ("刘芸", "原件在何静处")
    # Who passed it on may still follow it, and so may the office.
    assert case_view(school.session, school.actor("finance"), queued).case.id == queued
    transfers.transfer(school.session, asked(school, queued, "teacher"), school.people["member"], "请李若涵核对")
    assert case_view(school.session, school.actor("teacher"), queued).case.id == queued
    school.act(queued, "member", "accept", {**BOOKED, "paid_on": clock.today().isoformat()})
    assert doctor.examine(school.session) == []


def test_who_may_transfer_to_whom(school: School, queued: int) -> None:
    to = school.people["teacher"]
    found = {
        name: outcome(lambda name=name: transfers.transfer(school.session, asked(school, queued, name), to, ""))
        for name, *_rest in PEOPLE
    }
    may, sees = {"finance", "deputy", "admin"}, {"host", "legal"}
    sees |= {"district_finance", "district_admin", "city_auditor", "city_admin"}
    # A reason is missing where it was allowed at all.
    assert found == {name: Invalid if name in may else Forbidden if name in sees else NotFound for name in found}
    with writing(school.session):
        school.session.get_one(Person, school.people["member"]).is_active = False
    # The last may do the task without being given it.
    for person in ("other_finance", "member", "finance"):
        with pytest.raises(Invalid) as refusal:
            transfers.transfer(school.session, asked(school, queued, "finance"), school.people[person], "请代办")
        assert list(refusal.value.errors) == ["to"]
    with pytest.raises(Stale):
        transfers.transfer(school.session, asked(school, queued, "finance", 99), to, "请代办")


def test_four_eyes_hold_for_who_receives(school: School) -> None:
    """The two signatures exclude each other; a task that must be done by another than its neighbour does too."""
    instance = school.start_expense()
    with pytest.raises(Forbidden, match="签字"):
        transfers.transfer(school.session, asked(school, instance, "host"), school.people["member"], "请代签")
    with pytest.raises(Forbidden, match="签字"):
        claims.claim(school.session, asked(school, instance, "host"))


def test_a_transfer_and_a_completion_at_once_leave_one_of_them(database: Engine, school: School, queued: int) -> None:
    item = open_item(school, queued)
    give = Asked(school.actor("admin"), item.id, item.revision)
    complete = click(school, queued, "finance", "accept", {**BOOKED, "paid_on": clock.today().isoformat()})
    to = school.people["teacher"]
    answers = at_once(database, complete, lambda session: transfers.transfer(session, give, to, "请代办"))
    assert len(refusals(answers)) == 1
    assert doctor.examine(school.session) == []
