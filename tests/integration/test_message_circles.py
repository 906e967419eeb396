"""Messages that would wedge the platform or a case: answers without end, floods, contents that do not fit."""

from sqlalchemy import func, select

from app.db.base import Base
from app.db.journal import JournalEntry, OutboxMessage
from app.db.messages import Delivery, Message
from app.db.processes import Incident
from app.engine.package import ProcessPackage
from app.services import outbox
from app.services.acts import interventions
from app.services.messaging import messages
from app.services.publishing import definitions
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.called_process import ASK_FORM, DONE, flows, package
from tests.integration.prepared import database, operations, school
from tests.integration.school import School
from tests.integration.talking_processes import ask, hears, listener, sends
from tests.integration.test_messages import begin, case_of, post

__all__ = ["database", "operations", "school"]  # fixtures


def flow(name: str, source: str, target: str, condition: str = "") -> str:
    inner = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    return f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'


def answering(key: str, says: str, hears_of: str) -> ProcessPackage:
    """Return a process that answers each message with one of its own until it is told to stop."""
    body = (
        ask("teacher")
        + '<bpmn:exclusiveGateway id="again"/>'
        + sends("say", "说", f'shenpi:message="{says}" shenpi:key="ask.topic"')
        + hears("hear", "听", f'shenpi:message="{hears_of}" shenpi:key="ask.topic" shenpi:fields="stop"')
        + '<bpmn:exclusiveGateway id="more" name="停吗？" default="on"/>'
        + DONE
        + flows("ask", "again", "say", "hear", "more")
        + flow("on", "more", "again")
        + flow("off", "more", "done", 'hear.stop == "yes"')
    )
    return package(key, key, body, forms__ask_json=ASK_FORM)


def collecting() -> ProcessPackage:
    """Return a process that compares a number which another organisation sends."""
    heard = 'shenpi:message="figures" shenpi:key="ask.topic" shenpi:from="children" shenpi:fields="amount"'
    body = (
        ask("bureau_admin")
        + hears("hear", "听", heard)
        + '<bpmn:exclusiveGateway id="big" name="多吗？" default="no"/>'
        + DONE
        + '<bpmn:endEvent id="small" name="少"/>'
        + flows("ask", "hear", "big")
        + flow("yes", "big", "done", "hear.amount &gt; 5")
        + flow("no", "big", "small")
    )
    return package("collecting", "汇总", body, forms__ask_json=ASK_FORM)


def publish(school: School, *packages: ProcessPackage) -> None:
    with writing(school.session):
        for one in packages:
            definitions.publish_built_in(school.session, one)


def count(school: School, table: type[Base]) -> int:
    school.session.rollback()
    return school.session.scalar(select(func.count()).select_from(table)) or 0


def test_cases_that_answer_each_other_end_by_themselves(school, monkeypatch):
    monkeypatch.setattr(messages, "MOST_HOPS", 10)
    publish(school, answering("first", "ping", "pong"), answering("second", "pong", "ping"))
    instances = [begin(school, key, "teacher", "school") for key in ("first", "second")]
    ticks.tick(school.session)
    assert school.session.scalar(select(func.max(Message.hops))) == 10
    assert {case_of(school, one).status for one in instances} <= {"failed", "running"}
    summaries = school.session.scalars(select(Incident.summary)).all()
    assert summaries
    assert all("一来一回" in one for one in summaries)
    assert count(school, JournalEntry) < 40


def test_a_tick_hands_out_no_more_than_its_share(school, monkeypatch):
    monkeypatch.setattr(ticks, "MOST_IN_A_ROW", 5)
    monkeypatch.setattr(outbox, "BATCH", 2)
    publish(school, answering("first", "ping", "pong"), answering("second", "pong", "ping"))
    for key in ("first", "second"):
        begin(school, key, "teacher", "school")
    assert ticks.tick(school.session)["outbox"] <= 6
    assert ticks.tick(school.session)["outbox"] <= 6


def test_a_flood_costs_what_its_messages_cost(school):
    publish(school, listener())
    instance = begin(school, "listener", "teacher", "school")
    ticks.tick(school.session)
    before = count(school, OutboxMessage)
    for _ in range(30):
        post(school, "school", "note", words="一")
    ticks.tick(school.session)
    assert count(school, Delivery) == 30
    assert count(school, OutboxMessage) - before == 2 * 30
    assert case_of(school, instance).status == "running"


def test_a_message_that_does_not_fit_is_refused_and_the_case_waits_on(school):
    publish(school, collecting())
    instance = begin(school, "collecting", "district_admin", "district", "2026")
    bad = post(school, "school", "figures", key="2026", to="parent", amount="abc")
    ticks.tick(school.session)
    assert case_of(school, instance).status == "running"
    (incident,) = school.session.scalars(select(Incident)).all()
    assert (incident.element, incident.request["message"]) == ("hear", bad)
    assert "figures" in incident.summary
    assert "再发一次" in incident.summary
    assert school.session.get_one(Message, bad).received_at is None
    interventions.suspend(school.session, school.actor("district_admin"), instance, "核对")
    interventions.resume(school.session, school.actor("district_admin"), instance)
    ticks.tick(school.session)
    assert len(school.session.scalars(select(Incident)).all()) == 1
    post(school, "school", "figures", key="2026", to="parent", amount=7)
    ticks.tick(school.session)
    assert case_of(school, instance).outcome == "done"


def test_a_message_that_breaks_a_case_twice_is_left_aside(school, operations):
    body = (
        ask("teacher")
        + hears("hear", "收到", 'shenpi:message="go" shenpi:key="ask.topic"')
        + '<bpmn:serviceTask id="check" name="核对" shenpi:operation="check_expense"/>'
        + DONE
        + flows("ask", "hear", "check", "done")
    )
    publish(school, package("watched", "看着的流程", body, forms__ask_json=ASK_FORM))

    def break_down(_call: object) -> None:
        raise ZeroDivisionError

    operations["check_expense"] = break_down
    instance = begin(school, "watched", "teacher", "school")
    post(school, "school", "go")
    ticks.tick(school.session)
    for after in ("failed", "running"):
        assert case_of(school, instance).status == "failed"
        interventions.retry(school.session, school.actor("admin"), instance)
        ticks.tick(school.session)
        assert case_of(school, instance).status == after
