"""A public notice from draft to end: two people, working days, names that leave, changes, on both databases."""

from datetime import date, datetime, timedelta

import pytest

from app.db.notices import Notice
from app.db.objections import Objection
from app.db.people import Position
from app.domain import clock
from app.domain.calendar import Calendar
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.domain.notices import NoticeStatus
from app.domain.objections import ObjectionStatus
from app.domain.vocabulary import Role
from app.services import candidates
from app.services.absence import absences
from app.services.absence.absences import AbsenceDraft
from app.services.accounts.actors import load_actor
from app.services.acts import claims, consultations, interventions, transfers
from app.services.acts.consultations import When
from app.services.acts.item_acts import Asked
from app.services.notices import changes, drafts, endings, names, postings
from app.services.notices.drafts import Typed
from app.services.timing import reckonings, ticks
from app.services.transactions import writing
from tests.integration.notice_world import POSTED_AT, TITLE, Office
from tests.integration.school import School

LATER = datetime.fromisoformat("2026-11-30T09:59:00+08:00")


@pytest.fixture
def office(world: School) -> Office:
    return Office(world)


def typed(office: Office, **what: object) -> Typed:
    return Typed(**{"title": TITLE, "intro": "现予公示。", "signed_by": "领导小组", "lines": {}, **what})  # type: ignore[arg-type]


def test_a_notice_stands_for_its_working_days_and_ends_at_midnight(office: Office) -> None:
    notice = office.post()
    assert (notice.status, notice.title) == (NoticeStatus.POSTED, TITLE)
    assert [(name.name, name.from_on, name.until_on) for name in notice.names] == [
        ("周敏", date(2026, 11, 19), date(2026, 11, 26)),
        ("何静", date(2026, 11, 19), date(2026, 11, 26)),
    ]
    office.tick("2026-11-26T23:59:00+08:00")
    assert office.again(notice).status == NoticeStatus.POSTED
    office.tick("2026-11-27T00:00:00+08:00")
    ended = office.again(notice)
    assert (ended.status, office.outcome(notice)) == (NoticeStatus.ENDED, "shown")
    assert ended.code


def test_who_prepared_it_may_not_release_it(office: Office) -> None:
    school = office.school
    with clock.frozen(POSTED_AT):
        office.leader = office.writer
        leader = load_actor(school.session, office.writer)
        case = office.start()
        office.do(case, office.writer, "submit")
        with pytest.raises((Forbidden, NotFound)):
            office.do(case, leader.person_id, "accept")
    assert office.notice_of(case).status == NoticeStatus.DRAFTED


def test_who_wrote_some_of_it_may_not_release_what_a_colleague_handed_in(office: Office) -> None:
    school = office.school
    place = school.organizations["school"]
    with clock.frozen(POSTED_AT):
        with writing(school.session):
            since, role = POSTED_AT.date(), Role.LEADERSHIP_GROUP_LEADER
            school.session.add(Position(person_id=office.writer, organization_id=place, role=role, from_on=since))
        case = office.start()
        notice = office.notice_of(case)
        writer = load_actor(school.session, office.writer)
        drafts.rewrite(school.session, writer, notice.id, typed(office), notice.revision)
        office.do(case, office.colleague, "submit")
        with pytest.raises(Forbidden):
            office.do(case, office.writer, "accept")
        _hand_it_to_the_writer_in_every_way(office, case)
        office.do(case, office.leader, "accept")
    assert office.notice_of(case).status == NoticeStatus.POSTED


def _hand_it_to_the_writer_in_every_way(office: Office, case: int) -> None:
    """Try to give the release to who wrote: as a stand-in, by handing it on, by asking for it, by asking beside it."""
    school, item = office.school, office.school.open_item(case)
    leader, start = load_actor(school.session, office.leader), clock.now()
    place = school.organizations["school"]
    away = AbsenceDraft(office.leader, office.writer, start, start + timedelta(days=3))
    absences.set_absence(school.session, leader, place, away)
    stand_in = load_actor(school.session, office.writer)
    assert stand_in.stand_ins
    assert candidates.capacity(school.session, stand_in, item) is None
    with pytest.raises(Forbidden):
        office.do(case, office.writer, "accept")
    with pytest.raises(Forbidden):
        claims.claim(school.session, Asked(stand_in, item.id))
    for give in (
        lambda asked: transfers.transfer(school.session, asked, office.writer, "出差"),
        lambda asked: consultations.delegate(school.session, asked, office.writer),
        lambda asked: consultations.add_signers(school.session, asked, [office.writer], When.AFTER),
    ):
        with pytest.raises(Invalid):
            give(Asked(leader, item.id))


def test_the_draft_is_written_by_who_prepares_it_and_by_nobody_else(office: Office) -> None:
    school = office.school
    with clock.frozen(POSTED_AT):
        case = office.start()
        notice = office.notice_of(case)
        writer, leader = (load_actor(school.session, one) for one in (office.colleague, office.leader))
        lines = {school.people["host"]: "优秀班主任，七年级3班"}
        written = drafts.rewrite(school.session, writer, notice.id, typed(office, lines=lines), notice.revision)
        assert [one["line"] for one in written.draft["names"]] == ["优秀班主任，七年级3班", "优秀班主任"]
        with pytest.raises(Stale):
            drafts.rewrite(school.session, writer, notice.id, typed(office), 1)
        with pytest.raises(NotFound):
            drafts.rewrite(school.session, leader, notice.id, typed(office), written.revision)
        with pytest.raises(Invalid) as refused:
            drafts.rewrite(
                school.session,
                writer,
                notice.id,
                typed(office, title=" ", lines={school.people["deputy"]: ""}),
                written.revision,
            )
        assert set(refused.value.errors) == {"title", "names"}
        office.do(case, office.colleague, "submit")
        with pytest.raises(Conflict):
            drafts.rewrite(school.session, writer, notice.id, typed(office), written.revision)


def test_a_returned_draft_keeps_what_was_written(office: Office) -> None:
    school = office.school
    with clock.frozen(POSTED_AT):
        case = office.start()
        notice = office.notice_of(case)
        writer = load_actor(school.session, office.writer)
        drafts.rewrite(school.session, writer, notice.id, typed(office), notice.revision)
        office.do(case, office.writer, "submit")
        office.do(case, office.leader, "return", "请把说明写完整。")
        assert drafts.drafted(office.notice_of(case)).intro == "现予公示。"
        office.do(case, office.writer, "submit")
        office.do(case, office.leader, "accept")
    assert office.notice_of(case).intro == "现予公示。"


def test_a_name_that_leaves_is_gone_and_an_empty_notice_ends_at_once(office: Office) -> None:
    notice, school = office.post(), office.school
    before = notice.content_hash
    with writing(school.session):
        assert names.leave(school.session, notice.id, [school.people["host"]]) == [school.people["host"]]
        assert names.leave(school.session, notice.id, [school.people["host"]]) == []
    office.tick("2026-11-20T09:00:00+08:00")
    left = office.again(notice)
    assert [name.name for name in names.standing(left)] == ["何静"]
    assert left.content_hash != before
    with writing(school.session):
        names.leave(school.session, notice.id, [school.people["teacher"]])
    office.tick("2026-11-23T09:00:00+08:00")
    assert (office.again(notice).status, office.outcome(notice)) == (NoticeStatus.EMPTIED, "emptied")


def test_a_change_restarts_the_period_of_whom_it_concerns(office: Office) -> None:
    notice, school = office.post(), office.school
    writer = load_actor(school.session, office.writer)
    host, teacher = school.people["host"], school.people["teacher"]
    with clock.frozen(datetime.fromisoformat("2026-11-23T10:00:00+08:00")):
        with pytest.raises(Invalid):
            changes.ask_for_change(school.session, writer, notice.id, " ", notice.revision)
        with pytest.raises(Forbidden):
            changes.ask_for_change(school.session, school.actor("teacher"), notice.id, "错字", notice.revision)
        changes.ask_for_change(school.session, writer, notice.id, "班级写错了", notice.revision)
        with pytest.raises(Conflict):
            changes.ask_for_change(school.session, writer, notice.id, "班级写错了", notice.revision + 1)
    office.tick("2026-11-23T10:01:00+08:00")
    with clock.frozen(datetime.fromisoformat("2026-11-23T15:00:00+08:00")):
        case, changing = notice.instance_id, office.again(notice)
        assert changing.status == NoticeStatus.POSTED
        same = Typed(changing.title, changing.intro, changing.signed_by, {teacher: "优秀班主任，八年级1班"})
        drafts.rewrite(school.session, writer, notice.id, same, changing.revision)
        assert [one.line for one in office.again(notice).names] == ["优秀班主任", "优秀班主任"]
        office.do(case, office.writer, "submit")
        office.do(case, office.leader, "accept")
    found = {name.person_id: name for name in office.again(notice).names}
    assert (found[host].until_on, found[teacher].until_on) == (date(2026, 11, 26), date(2026, 11, 30))
    assert found[teacher].line == "优秀班主任，八年级1班"
    office.tick("2026-11-27T00:00:00+08:00")
    assert office.again(notice).status == NoticeStatus.POSTED
    office.tick("2026-12-01T00:00:00+08:00")
    assert office.again(notice).status == NoticeStatus.ENDED


def test_a_notice_stays_up_while_an_objection_to_it_is_open(office: Office) -> None:
    notice, school = office.post(), office.school
    with writing(school.session):
        objection = Objection(
            notice_id=notice.id,
            person_id=school.people["host"],
            instance_id=notice.instance_id,
            sealed=b"",
            mark="mark",
            deciders=[],
        )
        school.session.add(objection)
    office.tick("2026-11-27T00:00:00+08:00")
    assert (office.again(notice).status, office.outcome(notice)) == (NoticeStatus.POSTED, None)
    with pytest.raises(Conflict), writing(school.session), clock.frozen(LATER):
        endings.end(school.session, names.of_instance(school.session, notice.instance_id)[0])
    with writing(school.session), clock.frozen(LATER):
        school.session.get_one(Objection, objection.id).status = ObjectionStatus.DISMISSED
        names.look_again(school.session, office.school.session.get_one(Notice, notice.id))
    office.tick("2026-11-30T10:00:00+08:00")
    assert (office.again(notice).status, office.outcome(notice)) == (NoticeStatus.ENDED, "shown")


def test_one_person_cannot_post_what_the_same_person_prepared_whatever_the_diagram(office: Office) -> None:
    school = office.school
    with clock.frozen(POSTED_AT), writing(school.session):
        drafted = names.of_instance(school.session, office.start())[0]
        with pytest.raises(Forbidden):
            postings.post(school.session, drafted, office.writer, office.writer)


def test_a_withdrawn_case_takes_its_notice_down(office: Office) -> None:
    notice, school = office.post(), office.school
    interventions.cancel(school.session, school.actor("admin"), notice.instance_id, "重新评选")
    assert office.again(notice).status == NoticeStatus.TAKEN_DOWN


def test_provisional_days_are_reckoned_again_once_the_holidays_are_announced(office: Office) -> None:
    school, at = office.school, datetime.fromisoformat("2026-12-28T16:20:00+08:00")
    with clock.frozen(at):
        case = office.start()
        office.do(case, office.writer, "submit")
        office.do(case, office.leader, "accept")
        ticks.tick(school.session)
        found = office.notice_of(case).names[0]
        assert (found.until_on, found.is_provisional) == (date(2027, 1, 4), True)
        announced = Calendar({date(2027, 1, 1): False}, frozenset({2025, 2026, 2027}))
        assert reckonings.catch_up(school.session, announced) >= 2
    found = office.notice_of(case).names[0]
    assert (found.until_on, found.is_provisional) == (date(2027, 1, 5), False)
