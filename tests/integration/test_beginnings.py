"""Cases that begin alike are written at once: row by row as those that take their first step by themselves."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from app.db.base import table_of
from app.db.journal import JournalEntry, OutboxMessage
from app.db.people import Organization
from app.db.processes import ProcessInstance, ProcessVersion, Timer
from app.db.work import Submission, WorkItem
from app.domain import clock
from app.services import doctor, journal
from app.services.publishing import definitions, versions
from app.services.starting import beginnings, bulk_starts, starts
from app.services.starting.bulk_starts import Wanted
from app.services.transactions import writing
from tests.integration.called_process import FORM, flows, package, task
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
TABLES = (ProcessInstance, Submission, WorkItem, Timer, JournalEntry, OutboxMessage)
# What is each case's own.
OWN = ("id", "serial", "verification_code", "start_key", "instance_id", "chain", "answer", "journal_hash", "entry_hash")
FORM_OF_START = FORM.format(type="textfield", key="topic", label="内容")
NOTICE = '[[notices]]\nat = "audit"\ntext = "audit"\nto = ["principal"]\n'
TEXT = "{last.person}：{ask.topic}，{case.title}，等您审核。"
SIDES = ("fill_in", "audit", "oversee")


def diagram(condition: str) -> str:
    """Draw a start with three tasks side by side, one of them with a reminder; a condition leads to an end at once."""
    reminder = '<bpmn:timerEventDefinition id="t"/>'
    work = (
        task("fill_in", "填写", "initiator", 'shenpi:due="P3D"', "submit"),
        task("audit", "审核", "principal", 'shenpi:due="working_days(2)"'),
        task("oversee", "备案", "bureau_admin", 'shenpi:of="parent"'),
    )
    sides = "".join(flows("split", side, "meet") for side in SIDES)
    return (
        '<bpmn:startEvent id="ask" name="提出" shenpi:form="ask" shenpi:roles="teacher"/>'
        '<bpmn:exclusiveGateway id="which" default="which_split"/><bpmn:parallelGateway id="split"/>'
        f'{"".join(work)}<bpmn:boundaryEvent id="remind" attachedToRef="audit" cancelActivity="false" shenpi:due="P1D">'
        f'{reminder}</bpmn:boundaryEvent><bpmn:endEvent id="told" name="已催"/><bpmn:parallelGateway id="meet"/>'
        f'<bpmn:endEvent id="done" name="已办"/><bpmn:endEvent id="void" name="不用办"/>'
        f"{flows('ask', 'which', 'split')}{sides}{flows('meet', 'done')}{flows('remind', 'told')}"
        '<bpmn:sequenceFlow id="which_void" sourceRef="which" targetRef="void"><bpmn:conditionExpression '
        f'xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression></bpmn:sequenceFlow>'
    )


def publish(school: School, condition: str = 'ask.topic == "不办"') -> None:
    manifest = 'title_template = "{ask.topic}"\nsummary = ["内容：{ask.topic}"]\n' + NOTICE
    drawn = package(
        "alike", "一样的事", diagram(condition), manifest, forms__ask_json=FORM_OF_START, notices__audit_txt=TEXT
    )
    with writing(school.session):
        definitions.publish_built_in(school.session, drawn)


def version(school: School) -> ProcessVersion:
    place = school.session.get_one(Organization, school.organizations["school"])
    return versions.effective_version(school.session, "alike", place)


def begin(school: School, topics: Sequence[str], run: str, place: str = "school") -> list[int]:
    at, person = school.organizations[place], school.people["teacher"]
    wanted = [Wanted(f"{run}/{place}/{number}", at, {"topic": topic}, person) for number, topic in enumerate(topics)]
    return bulk_starts.start_many(school.session, version(school), wanted)


def rows_of(school: School, cases: Sequence[int], *more: str) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of some cases by table, without what is each case's own."""
    school.session.rollback()
    return {
        model.__tablename__: [
            {name: value for name, value in row.items() if name not in {*OWN, *more}}
            for row in _rows(school, table_of(model), cases)
        ]
        for model in TABLES
    }


def _rows(school: School, table: Any, cases: Sequence[int]) -> list[dict[str, Any]]:
    rows = [dict(row) for row in school.session.execute(select(table).order_by(table.c.id)).mappings()]
    if table.name == "outbox_message":
        told = [row for row in rows if row["payload"].get("instance") in cases]
        told.sort(key=lambda row: cases.index(row["payload"]["instance"]))
        return [{**row, "payload": {**row["payload"], "instance": None}} for row in told]
    owner = "id" if table.name == "process_instance" else "instance_id"
    return sorted((row for row in rows if row[owner] in cases), key=lambda row: cases.index(row[owner]))


def is_whole(school: School) -> bool:
    school.session.rollback()
    return list(journal.verify(school.session)) == [] and doctor.examine(school.session) == []


def test_cases_written_at_once_are_those_that_step_by_themselves(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(school)
    # One ends at once: it and those after it step by themselves.
    topics = ["操场", "操场", '礼堂，"东"楼\\\\{a,b}', "操场", "不办", "操场"]
    with clock.frozen(clock.now()):
        together = begin(school, topics, "together") + begin(school, topics, "together", "sibling")
        monkeypatch.setattr(beginnings, "_is_plain", lambda *_: False)
        apart = begin(school, topics, "apart") + begin(school, topics, "apart", "sibling")
    rows = rows_of(school, together)
    assert rows == rows_of(school, apart)
    assert {table: len(found) for table, found in rows.items()} == {
        "process_instance": 12, "submission": 12, "work_item": 30, "timer": 10, "journal_entry": 12, "outbox_message": 10,
    }  # fmt: skip
    assert rows["outbox_message"][2]["payload"]["text"] == f"何静：{topics[2]}，{topics[2]}，等您审核。"
    assert is_whole(school)


def test_they_are_what_a_person_would_have_started(school: School) -> None:
    publish(school)
    with clock.frozen(clock.now()):
        [together] = begin(school, ["操场"], "together")
        place = school.organizations["school"]
        alone = starts.start(school.session, school.actor("teacher"), "alike", place, {"topic": "操场"}).instance
    # Who did it, and in which position, is not the same: the platform did.
    names = ("actor_id", "actor_title", "position_title")
    assert rows_of(school, [together], *names) == rows_of(school, [alone], *names)


def test_a_case_whose_number_is_asked_for_goes_its_own_way(school: School) -> None:
    publish(school, 'case.serial == "AL-SF01-2026-0002"')
    with clock.frozen(clock.now().replace(year=2026)):
        begun = begin(school, ["操场"] * 3, "numbered")
    school.session.rollback()
    cases = [school.session.get_one(ProcessInstance, one) for one in begun]
    assert [(case.serial[-4:], case.outcome) for case in cases] == [("0001", None), ("0002", "void"), ("0003", None)]
    assert is_whole(school)
