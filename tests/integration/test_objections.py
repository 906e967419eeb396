"""An objection from end to end: late, twice, to whom it goes, who concludes, and what it does to the notice."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, func, select

from app.db.objections import Objection
from app.db.people import Position
from app.db.processes import ProcessInstance
from app.db.work import Notification, WorkItem, WorkItemExclusion
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.objections import BUREAU_OFFICES, ObjectionStatus
from app.domain.vocabulary import Role
from app.services import completions
from app.services.absence import absences
from app.services.absence.absences import AbsenceDraft
from app.services.accounts.actors import load_actor
from app.services.acts import claims, consultations, handovers, interventions, receivers, transfers
from app.services.acts.item_acts import Asked
from app.services.completions import Completion
from app.services.journal import RequestKey
from app.services.objections import evidence, readings
from app.services.reading import inbox
from app.services.reading.inbox import Query
from app.services.transactions import writing
from tests.integration.objection_world import REASON, Inquiry
from tests.integration.prepared import database, school
from tests.integration.school import PDF, School

__all__ = ["database", "school"]  # fixtures


@pytest.fixture
def inquiry(database: Engine, school: School, tmp_path: Path) -> Inquiry:
    return Inquiry(school, tmp_path)


def open_elements(inquiry, objection):
    inquiry.session.rollback()
    found = WorkItem.instance_id == objection.instance_id, WorkItem.status == "open"
    return sorted(set(inquiry.session.scalars(select(WorkItem.element).where(*found))))


def test_one_that_is_upheld_takes_the_name_off_the_notice(inquiry):
    objection = inquiry.raise_it()
    assert open_elements(inquiry, objection) == ["receive_objection"]
    inquiry.investigate(objection)
    assert len(inquiry.seats(objection)) == 3
    inquiry.conclude(objection, "agree")
    inquiry.reply(objection)
    settled = inquiry.again(objection)
    assert (settled.status, settled.reply) == (ObjectionStatus.UPHELD, "经核查，结论如上，理由见核查。")
    assert inquiry.names_left() == {inquiry.school.people["host"]}


def test_one_that_is_dismissed_leaves_the_notice_as_it_is_and_lets_it_end(inquiry):
    objection = inquiry.raise_it()
    inquiry.office.tick("2026-11-27T09:00:00+08:00")
    assert inquiry.office.outcome(inquiry.notice) is None
    inquiry.investigate(objection)
    inquiry.conclude(objection, "disagree")
    inquiry.reply(objection)
    assert inquiry.again(objection).status == ObjectionStatus.DISMISSED
    assert inquiry.names_left() == set()
    inquiry.office.tick("2026-11-27T10:00:00+08:00")
    assert inquiry.office.outcome(inquiry.notice) == "shown"


def test_the_person_is_told_how_it_ended_and_that_is_all(inquiry):
    objection = inquiry.raise_it()
    inquiry.investigate(objection)
    inquiry.conclude(objection, "disagree")
    inquiry.reply(objection)
    told = select(Notification.text).where(Notification.person_id == inquiry.school.people["host"])
    assert any("不成立，公示照常进行" in text for text in inquiry.session.scalars(told))


def test_a_late_one_is_refused_with_the_day(inquiry):
    with pytest.raises(Conflict, match="2026年11月26日"):
        inquiry.raise_it(at=datetime.fromisoformat("2026-11-27T00:00:30+08:00"))
    inquiry.raise_it(at=datetime.fromisoformat("2026-11-26T23:59:00+08:00"))


def test_one_to_a_notice_that_was_taken_down_is_refused_with_that_reason(inquiry):
    admin = inquiry.school.actor("admin")
    interventions.cancel(inquiry.session, admin, inquiry.notice.instance_id, "重新评选")
    with pytest.raises(Conflict, match="已经撤下"):
        inquiry.raise_it(by=inquiry.office.writer)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"person_id": 999_999}, "person"),
        ({"reason": "  "}, "reason"),
        ({"reason": "长" * 3001}, "reason"),
        ({"is_anonymous": True}, "anonymous"),
        ({"attachments": ["f" * 32]}, "attachments"),
    ],
)
def test_what_is_no_objection_is_refused_by_field(inquiry, changes, field):
    with pytest.raises(Invalid) as refused:
        inquiry.raise_it(**changes)
    assert list(refused.value.errors) == [field]


def test_who_is_named_cannot_object_to_oneself_nor_strangers_at_all(inquiry):
    with pytest.raises(Invalid):
        inquiry.raise_it(by=inquiry.school.people["host"])
    with pytest.raises(NotFound):
        inquiry.raise_it(by=inquiry.school.people["other_host"])
    with pytest.raises(Forbidden):
        inquiry.raise_it(by=inquiry.reviewer)


def test_the_same_request_raises_one_and_another_is_told_that_there_is_one(inquiry):
    key = RequestKey("once", "a" * 64)
    first = inquiry.raise_it(key=key)
    assert inquiry.raise_it(key=key).id == first.id
    assert inquiry.raise_it().id == first.id
    with pytest.raises(Invalid):
        inquiry.raise_it(key=RequestKey("once", "b" * 64), person_id=inquiry.school.people["teacher"])
    with pytest.raises(Conflict, match="我提出的异议"):
        inquiry.raise_it(reason="还有别的事。")
    assert inquiry.session.scalar(select(func.count()).select_from(Objection)) == 1


def test_nobody_who_received_scored_is_named_or_objects_handles_it(inquiry):
    assert inquiry.raise_it().handler_id == inquiry.handler
    to_other = inquiry.raise_it(by=inquiry.handler)
    assert to_other.handler_id == inquiry.other_handler


def test_an_office_of_several_takes_it_and_who_takes_it_keeps_it(inquiry):
    second = inquiry.hire("督导二", Role.SUPERVISION_OFFICE)
    objection = inquiry.raise_it()
    item = inquiry.school.open_item(objection.instance_id)
    assert (objection.office, item.role, item.assignee_id) == ("supervision_office", "supervision_office", None)
    for person in (inquiry.handler, second):
        with pytest.raises(NotFound):
            readings.view(inquiry.session, inquiry.seal, load_actor(inquiry.session, person), objection.id)
    claims.claim(inquiry.session, Asked(load_actor(inquiry.session, second), item.id))
    view = readings.view(inquiry.session, inquiry.seal, load_actor(inquiry.session, second), objection.id)
    assert view.objector is not None
    inquiry.do(objection, second, {"gist": "获奖时间"})
    inquiry.do(objection, inquiry.school.people["host"], {"statement": "填错了。"})
    assert inquiry.school.open_item(objection.instance_id).assignee_id == second
    with pytest.raises(NotFound):
        readings.view(inquiry.session, inquiry.seal, load_actor(inquiry.session, inquiry.handler), objection.id)


def test_an_office_with_somebody_who_may_not_is_not_asked_as_one(inquiry):
    second = inquiry.hire("督导二", Role.SUPERVISION_OFFICE)
    objection = inquiry.raise_it(by=second)
    assert (objection.office, objection.handler_id) == (None, inquiry.handler)
    rows = select(WorkItemExclusion.person_id).join(WorkItem, WorkItem.id == WorkItemExclusion.work_item_id)
    assert list(inquiry.session.scalars(rows.where(WorkItem.instance_id == objection.instance_id))) == []


def test_who_objects_or_is_named_does_not_conclude(inquiry):
    inquiry.give(inquiry.school.people["host"], Role.LEADERSHIP_GROUP_MEMBER)
    inquiry.give(inquiry.objector, Role.LEADERSHIP_GROUP_MEMBER)
    objection = inquiry.raise_it()
    assert objection.deciders == sorted(inquiry.group)
    inquiry.investigate(objection)
    assert {one.assignee_id for one in inquiry.seats(objection)} == set(inquiry.group)


def test_too_few_deciders_leave_it_to_the_district(inquiry):
    objection = inquiry.raise_it(by=inquiry.group[1])
    inquiry.investigate(objection)
    assert open_elements(inquiry, objection) == ["conclude_above"]
    assert inquiry.school.open_item(objection.instance_id).assignee_id == inquiry.reviewer
    inquiry.do(objection, inquiry.reviewer, {}, "agree")
    inquiry.reply(objection)
    assert inquiry.again(objection).status == ObjectionStatus.UPHELD


@pytest.mark.parametrize("said_by", ["objector", "handler"])
def test_one_against_the_group_is_left_to_the_district(inquiry, said_by):
    objection = inquiry.raise_it(is_against_group=said_by == "objector")
    inquiry.investigate(objection, against_group=said_by == "handler")
    assert open_elements(inquiry, objection) == ["conclude_above"]


def test_a_decider_who_steps_aside_leaves_too_few(inquiry):
    objection = inquiry.raise_it()
    inquiry.investigate(objection)
    inquiry.recuse(objection, inquiry.group[1])
    inquiry.conclude(objection, "agree")
    assert open_elements(inquiry, objection) == ["conclude_above"]


def test_a_person_who_says_nothing_is_not_waited_for(inquiry):
    objection = inquiry.raise_it()
    inquiry.do(objection, inquiry.handler, {"gist": "获奖时间"})
    inquiry.office.tick("2026-11-25T17:31:00+08:00")
    assert open_elements(inquiry, objection) == ["investigate_objection"]


def test_evidence_is_read_by_handler_and_objector_and_is_nobodys_upload(inquiry):
    upload = inquiry.upload(inquiry.objector)
    objection = inquiry.raise_it(attachments=[upload])
    view = readings.view(inquiry.session, inquiry.seal, load_actor(inquiry.session, inquiry.handler), objection.id)
    assert view.contents
    assert view.objector
    assert (view.contents.reason, view.objector.id, view.is_own) == (REASON, inquiry.objector, False)
    file, content = evidence.opened(inquiry.session, inquiry.seal, inquiry.vault.folder, view.objection, 0)
    assert (file.name, content) == ("证书.pdf", PDF)
    assert not list(inquiry.vault.folder.rglob(upload))
    for path in inquiry.vault.folder.rglob("*"):
        assert not path.is_file() or b"%PDF" not in path.read_bytes()


def test_nobody_else_reads_it_whatever_the_office(inquiry):
    objection = inquiry.raise_it()
    inquiry.investigate(objection)
    readers = {*inquiry.group, inquiry.reviewer, inquiry.other_handler}
    readers |= {inquiry.school.people[name] for name in ("host", "legal", "deputy", "admin", "teacher")}
    for person in readers:
        with pytest.raises(NotFound):
            readings.view(inquiry.session, inquiry.seal, load_actor(inquiry.session, person), objection.id)
    own = load_actor(inquiry.session, inquiry.objector)
    assert readings.view(inquiry.session, inquiry.seal, own, objection.id).is_own
    assert [one.id for one in readings.own(inquiry.session, inquiry.seal, own)] == [objection.id]
    handler = load_actor(inquiry.session, inquiry.handler)
    assert [one.id for one in readings.handled(inquiry.session, handler)] == [objection.id]


def test_its_case_is_nobodys(inquiry):
    objection = inquiry.raise_it()
    case = inquiry.session.get_one(ProcessInstance, objection.instance_id)
    assert case.initiator_id is None
    assert "异议" in case.title


def test_a_stranger_who_is_hired_for_the_office_reads_nothing_of_what_is_handled(inquiry):
    objection = inquiry.raise_it()
    late = inquiry.hire("新来的", Role.SUPERVISION_OFFICE)
    with pytest.raises(NotFound):
        readings.view(inquiry.session, inquiry.seal, load_actor(inquiry.session, late), objection.id)


def test_a_file_that_is_not_there_is_not_found_however_large_its_number(inquiry):
    objection = inquiry.raise_it(attachments=[inquiry.upload(inquiry.objector)])
    for place in (-1, 1, 2**31, 2**70):
        with pytest.raises(NotFound):
            evidence.opened(inquiry.session, inquiry.seal, inquiry.vault.folder, objection, place)


def test_the_person_named_reads_nothing_even_where_the_handlers_task_is_passed_on(inquiry):
    objection = inquiry.raise_it()
    named = inquiry.school.people["host"]
    with writing(inquiry.session):
        inquiry.school.open_item(objection.instance_id).assignee_id = named
    actor = load_actor(inquiry.session, named)
    with pytest.raises(NotFound):
        readings.view(inquiry.session, inquiry.seal, actor, objection.id)
    assert readings.handled(inquiry.session, actor) == []
    assert readings.at_hand(inquiry.session, actor, objection.instance_id) is None


def test_the_handlers_task_is_given_only_to_who_may_handle_it(inquiry):
    objection = inquiry.raise_it()
    item = inquiry.school.open_item(objection.instance_id)
    named, admin = inquiry.school.people["host"], inquiry.school.actor("admin")
    handler = load_actor(inquiry.session, inquiry.handler)
    inquiry.give(named, Role.SUPERVISION_OFFICE)
    for to in (inquiry.colleague, named, inquiry.school.people["admin"]):
        with pytest.raises(Invalid) as refused:
            transfers.transfer(inquiry.session, Asked(handler, item.id), to, "出差")
        assert "没有收过、评过" in refused.value.errors["to"][0].chinese()
        with pytest.raises(Invalid):
            consultations.delegate(inquiry.session, Asked(handler, item.id), to)
        with pytest.raises(Invalid):
            handovers.hand_over(inquiry.session, admin, inquiry.handler, to, "离职")
    assert inquiry.other_handler in {one.id for one in receivers.listed(inquiry.session, item)}
    assert not {inquiry.colleague, named} & {one.id for one in receivers.listed(inquiry.session, item)}
    transfers.transfer(inquiry.session, Asked(handler, item.id), inquiry.other_handler, "出差")
    other = load_actor(inquiry.session, inquiry.other_handler)
    assert readings.view(inquiry.session, inquiry.seal, other, objection.id).contents


def test_nobody_stands_in_for_the_handler(inquiry):
    objection = inquiry.raise_it()
    start, place = clock.now(), inquiry.school.organizations["school"]
    draft = AbsenceDraft(inquiry.handler, inquiry.colleague, start, start + timedelta(days=3))
    absences.set_absence(inquiry.session, load_actor(inquiry.session, inquiry.handler), place, draft)
    stand_in = load_actor(inquiry.session, inquiry.colleague)
    assert stand_in.stand_ins
    assert inbox.todo(inquiry.session, stand_in, Query()).items == []
    item = inquiry.school.open_item(objection.instance_id)
    given = Completion(item.revision, "submit", {"gist": "获奖时间"})
    with pytest.raises((Forbidden, NotFound)):
        completions.complete(inquiry.session, stand_in, item.id, given)


def test_an_objection_without_a_handler_waits_for_one_to_be_named_and_opens_to_no_administrator(inquiry):
    admin = inquiry.school.actor("admin")
    with writing(inquiry.session):
        offices = (Role.SUPERVISION_OFFICE, Role.DISCIPLINE_COMMITTEE, *BUREAU_OFFICES)
        inquiry.session.execute(delete(Position).where(Position.role.in_(offices)))
    objection = inquiry.raise_it(is_against_group=True)
    item = inquiry.school.open_item(objection.instance_id)
    assert (objection.handler_id, objection.outsider_id, item.role) == (None, None, Role.PROCESS_ADMIN)
    _is_not_the_administrators(inquiry, objection, admin, item.id)
    inquiry.give(inquiry.other_handler, Role.DISCIPLINE_COMMITTEE)
    with pytest.raises(Invalid):
        transfers.transfer(inquiry.session, Asked(admin, item.id), admin.person_id, "没有人")
    transfers.transfer(inquiry.session, Asked(admin, item.id), inquiry.other_handler, "没有人")
    with pytest.raises(NotFound):
        readings.view(inquiry.session, inquiry.seal, admin, objection.id)
    inquiry.handler = inquiry.other_handler
    inquiry.investigate(objection)
    concluding = inquiry.school.open_item(objection.instance_id)
    assert (concluding.element, concluding.role) == ("conclude_above", Role.PROCESS_ADMIN)
    _is_not_the_administrators(inquiry, objection, admin, concluding.id)
    for of_group in inquiry.group:
        with pytest.raises(Invalid):
            transfers.transfer(inquiry.session, Asked(admin, concluding.id), of_group, "没有人")
    inquiry.give(inquiry.reviewer, Role.BUREAU_REVIEWER, "district")
    with pytest.raises(Invalid):
        transfers.transfer(inquiry.session, Asked(admin, concluding.id), inquiry.colleague, "没有人")
    transfers.transfer(inquiry.session, Asked(admin, concluding.id), inquiry.reviewer, "没有人")
    inquiry.do(objection, inquiry.reviewer, {}, "agree")
    inquiry.reply(objection)
    assert inquiry.again(objection).status == ObjectionStatus.UPHELD


def _is_not_the_administrators(inquiry, objection, admin, item_id):
    assert [one.id for one in inbox.todo(inquiry.session, admin, Query()).items] == [item_id]
    with pytest.raises(Forbidden):
        claims.claim(inquiry.session, Asked(admin, item_id))
    with pytest.raises(Forbidden):
        completions.complete(inquiry.session, admin, item_id, Completion(1, "submit", {"gist": "获奖时间"}))
    with pytest.raises(NotFound):
        readings.view(inquiry.session, inquiry.seal, admin, objection.id)
    assert readings.at_hand(inquiry.session, admin, objection.instance_id) is None
