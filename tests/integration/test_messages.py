"""Messages between cases: correlated, scoped, delivered once to each, whoever comes first."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.db.journal import JournalEntry, OutboxMessage
from app.db.messages import Delivery, Message, Subscription
from app.db.processes import ProcessInstance
from app.db.work import WorkItem
from app.domain import clock
from app.engine.changes import Sent
from app.engine.due_values import Period
from app.services import doctor, journal
from app.services.acts import interventions
from app.services.messaging import deliveries, messages
from app.services.publishing import definitions
from app.services.starting import starts
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.called_process import ASK_FORM, DONE, flows, package
from tests.integration.crowd import at_once
from tests.integration.prepared import database, operations, school
from tests.integration.school import School
from tests.integration.talking_processes import ask, hears, listener, replier, requester

__all__ = ["database", "operations", "school"]  # fixtures
MONTH = Period(30 * 24 * 60)


@pytest.fixture(autouse=True)
def _published(school: School) -> None:
    with writing(school.session):
        for package in (requester(), replier(), listener()):
            definitions.publish_built_in(school.session, package)


def begin(school: School, key: str, name: str, place: str, topic: str = "买书") -> int:
    where = school.organizations[place]
    return starts.start(school.session, school.actor(name), key, where, {"topic": topic}).instance


def case_of(school: School, instance: int) -> ProcessInstance:
    school.session.rollback()
    return school.session.get_one(ProcessInstance, instance)


def post(
    school: School,
    place: str,
    name: str,
    *,
    key: str = "买书",
    to: str = "own",
    element: str = "",
    **payload: str | int,
) -> int:
    """Send a message: as an operation does, or as an element of a diagram."""
    with writing(school.session):
        sent = Sent(element, name, key, to, MONTH, payload)
        return messages.send(school.session, school.organizations[place], sent)


def actions(school: School, instance: int) -> list[str]:
    school.session.rollback()
    query = select(JournalEntry.action).where(JournalEntry.instance_id == instance).order_by(JournalEntry.sequence)
    return list(school.session.scalars(query))


def is_quiet(school: School) -> bool:
    """Tell whether nothing is left undone and nothing was changed by the way."""
    school.session.rollback()
    left = school.session.scalar(select(func.count(OutboxMessage.id)).where(OutboxMessage.done_at.is_(None)))
    return left == 0 and list(journal.verify(school.session)) == [] and doctor.examine(school.session) == []


def test_a_request_and_its_reply(school):
    asked = begin(school, "replier", "district_admin", "district")
    asking = begin(school, "requester", "teacher", "school")
    ticks.tick(school.session)
    assert case_of(school, asked).values["hear"]["topic"] == "买书"
    school.act(asked, "district_admin", "submit", {"words": "同意"})
    ticks.tick(school.session)
    case = case_of(school, asking)
    assert (case.outcome, case.values["reply"]) == ("done", {"words": "同意"})
    assert actions(school, asking) == ["start", "message"]
    assert actions(school, asked) == ["start", "message", "complete"]
    entry = school.session.scalars(select(JournalEntry).where(JournalEntry.instance_id == asking)).all()[0]
    assert entry.details["sent"] == [["request", "买书"]]
    assert is_quiet(school)


def test_a_message_waits_for_whoever_comes_later(school):
    asking = begin(school, "requester", "teacher", "school")
    ticks.tick(school.session)
    asked = begin(school, "replier", "district_admin", "district")
    ticks.tick(school.session)
    assert school.open_item(asked).element == "answer"
    assert case_of(school, asked).values["hear"]["reply_to"] == case_of(school, asking).serial


def test_it_waits_no_longer_than_its_life(school):
    begin(school, "requester", "teacher", "school")
    with clock.frozen(clock.now() + timedelta(days=31)):
        ticks.tick(school.session)
        asked = begin(school, "replier", "district_admin", "district")
        ticks.tick(school.session)
        assert case_of(school, asked).values.get("hear") is None
        assert any("没有办件收" in one.chinese() for one in doctor.examine(school.session))


@pytest.mark.parametrize(
    ("key", "name", "place", "topic"),
    [
        ("replier", "district_admin", "district", "买笔"),
        ("replier", "city_admin", "city", "买书"),
    ],
)
def test_it_reaches_no_other_key_and_no_other_level(school, key, name, place, topic):
    other = begin(school, key, name, place, topic)
    begin(school, "requester", "teacher", "school")
    ticks.tick(school.session)
    assert case_of(school, other).values.get("hear") is None


def test_a_neighbour_is_never_woken(school):
    own = begin(school, "listener", "teacher", "school")
    neighbours = begin(school, "listener", "other_host", "sibling")
    for to in ("own", "parent", "children"):
        post(school, "school", "call_off", to=to)
    post(school, "district", "call_off", to="own")
    post(school, "district", "call_off", to="children")
    ticks.tick(school.session)
    # It says `from="own"`: what comes from above is not for it either.
    assert case_of(school, own).outcome == "stopped"
    assert case_of(school, neighbours).status == "running"


def test_each_receives_a_message_for_those_below_once(school):
    first = begin(school, "requester", "teacher", "school")
    second = begin(school, "requester", "other_host", "sibling")
    for instance in (first, second):
        post(school, "district", "reply", key=case_of(school, instance).serial, to="children", words="好")
    ticks.tick(school.session)
    assert {case_of(school, one).outcome for one in (first, second)} == {"done"}


def test_the_same_message_twice_is_one(school):
    instance = begin(school, "listener", "teacher", "school")
    message = post(school, "school", "note", words="一")
    ticks.tick(school.session)
    with writing(school.session):
        wait = school.session.scalars(select(Subscription).where(Subscription.closed_at.is_(None))).all()
        note = next(one for one in wait if one.message == "note")
        for _ in range(2):
            deliveries.deliver(school.session, {"message": message, "subscription": note.id})
            deliveries.hand_out(school.session, {"message": message})
    ticks.tick(school.session)
    reading = select(func.count(WorkItem.id)).where(WorkItem.instance_id == instance, WorkItem.element == "read")
    assert school.session.scalar(reading) == 1
    assert school.session.scalar(select(func.count()).select_from(Delivery)) == 1


def test_what_interrupts_nothing_hears_every_message(school):
    instance = begin(school, "listener", "teacher", "school")
    for words in ("一", "二", "三"):
        post(school, "school", "note", words=words)
    ticks.tick(school.session)
    reading = select(func.count(WorkItem.id)).where(WorkItem.instance_id == instance, WorkItem.element == "read")
    assert school.session.scalar(reading) == 3
    assert case_of(school, instance).status == "running"


def test_a_case_that_ended_hears_nothing_and_the_message_is_told(school):
    instance = begin(school, "listener", "teacher", "school")
    interventions.withdraw(school.session, school.actor("teacher"), instance, "")
    for element in ("", "tell"):
        post(school, "school", "call_off", element=element)
    ticks.tick(school.session)
    assert case_of(school, instance).status == "withdrawn"
    assert school.session.scalars(select(Subscription.closed_at)).all().count(None) == 0
    with clock.frozen(clock.now() + timedelta(days=2)):
        # Only the diagram's: an operation tells of a table, which whoever waits later reads.
        assert [one.chinese() for one in doctor.examine(school.session)] == [
            "松风路小学发出的消息“call_off”（买书）一直没有办件收。"
        ]


def test_a_case_that_stands_still_hears_it_when_it_goes_on(school):
    instance = begin(school, "listener", "teacher", "school")
    interventions.suspend(school.session, school.actor("admin"), instance, "核对")
    post(school, "school", "call_off")
    ticks.tick(school.session)
    assert case_of(school, instance).status == "suspended"
    interventions.resume(school.session, school.actor("admin"), instance)
    ticks.tick(school.session)
    assert case_of(school, instance).outcome == "stopped"


def test_all_who_waited_hear_it_however_late(school):
    first, second = (begin(school, "listener", "teacher", "school") for _ in range(2))
    interventions.suspend(school.session, school.actor("admin"), second, "核对")
    post(school, "school", "call_off")
    ticks.tick(school.session)
    assert case_of(school, first).outcome == "stopped"
    later = begin(school, "listener", "teacher", "school")
    interventions.resume(school.session, school.actor("admin"), second)
    ticks.tick(school.session)
    assert (case_of(school, second).outcome, case_of(school, later).outcome) == ("stopped", None)


def test_a_deadline_that_is_over_comes_before_a_late_message(school):
    instance = begin(school, "listener", "teacher", "school")
    with clock.frozen(clock.now() + timedelta(days=10)):
        post(school, "school", "call_off")
        ticks.dispatch(school.session)
        ticks.dispatch(school.session)
        assert case_of(school, instance).outcome == "late"
        assert actions(school, instance)[-1] == "timer"


def test_a_case_that_breaks_on_a_message_is_stopped_and_gets_it_again(school, operations):
    body = (
        ask("teacher")
        + hears("hear", "收到", 'shenpi:message="go" shenpi:key="ask.topic"')
        + '<bpmn:serviceTask id="check" name="核对" shenpi:operation="check_expense"/>'
        + DONE
        + flows("ask", "hear", "check", "done")
    )
    with writing(school.session):
        definitions.publish_built_in(school.session, package("watched", "看着的流程", body, forms__ask_json=ASK_FORM))

    def break_down(_call: object) -> None:
        raise ZeroDivisionError

    operations["check_expense"] = break_down
    instance = begin(school, "watched", "teacher", "school")
    post(school, "school", "go")
    ticks.tick(school.session)
    case = case_of(school, instance)
    assert (case.status, case.values.get("hear")) == ("failed", None)
    assert school.session.scalars(select(Message.received_at)).all() == [None]
    operations["check_expense"] = lambda _call: None
    interventions.retry(school.session, school.actor("admin"), instance)
    ticks.tick(school.session)
    assert case_of(school, instance).outcome == "done"


def test_sending_and_waiting_at_the_same_moment_lose_nothing(database: Engine, school: School):
    """Ten cases begin to wait while ten messages are sent to them, by threads, with two dispatchers beside."""
    topics = [f"事{number}" for number in range(10)]

    def seen_by(session: Session) -> School:
        return replace(school, session=session)

    def wait(session: Session) -> None:
        for topic in topics:
            begin(seen_by(session), "listener", "teacher", "school", topic)

    def send(session: Session) -> None:
        for topic in topics:
            post(seen_by(session), "school", "call_off", key=topic)

    def hand_out(session: Session) -> None:
        for _ in range(40):
            ticks.dispatch(session)

    at_once(database, wait, send, hand_out, hand_out)
    ticks.tick(school.session)
    ticks.tick(school.session)
    school.session.rollback()
    ended = school.session.scalars(select(ProcessInstance.outcome).where(ProcessInstance.process_key == "listener"))
    assert list(ended) == ["stopped"] * len(topics)
    assert school.session.scalar(select(func.count()).select_from(Delivery)) == len(topics)
    assert list(journal.verify(school.session)) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_believes_a_case_that_speaks_for_the_platform(school):
    heard = hears("hear", "等结果", 'shenpi:message="rank_settled" shenpi:key="ask.topic"')
    body = ask("teacher") + heard + DONE + flows("ask", "hear", "done")
    with writing(school.session):
        definitions.publish_built_in(school.session, package("waiting", "等", body, forms__ask_json=ASK_FORM))
    post(school, "school", "rank_settled", element="say")
    waiting = begin(school, "waiting", "teacher", "school")
    post(school, "school", "rank_settled", element="say")
    ticks.catch_up(school.session)
    assert case_of(school, waiting).outcome is None
    post(school, "school", "rank_settled")
    ticks.catch_up(school.session)
    assert case_of(school, waiting).outcome == "done"
