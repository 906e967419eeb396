"""Facts of a real file: read in two statements, and taken by the decision table of a case."""

from typing import Any

import pytest
from sqlalchemy import select

from app.db.processes import ProcessInstance
from app.domain import clock
from app.domain.errors import NotFound
from app.domain.fact_reading import FactRules
from app.domain.facts import FACTS, FactState, FactValue
from app.engine.package import ProcessPackage, package_from_files
from app.services.dossiers.facts import facts_of
from app.services.publishing import definitions
from app.services.starting import starts
from app.services.transactions import writing
from tests.integration.crowd import click
from tests.integration.decided_process import DIAGRAM, FORM
from tests.integration.file_world import HONOUR, SANCTION, SERVICE, keep
from tests.integration.prepared import database, school
from tests.integration.school import School
from tests.integration.test_statements import statements
from tests.unit.decisions.building import file_of, table

__all__ = ["database", "school"]  # fixtures

READING = """<bpmn:serviceTask id="read_facts" name="读取档案" shenpi:operation="read_facts">{params}</bpmn:serviceTask>
<bpmn:sequenceFlow id="r" sourceRef="read_facts" targetRef="decide_rank"/>"""
WITH_SANCTIONS = """<bpmn:extensionElements><shenpi:param name="person" value="apply.years"/>
<shenpi:param name="sanctions" value="true"/></bpmn:extensionElements>"""
RULES = [(["< 6"], ['"no"']), ([">= 6"], ['"yes"'])]


def read(world: School, name: str) -> dict[str, FactValue]:
    return facts_of(world.session, world.people[name], world.organizations["school"], clock.today(), FactRules())


def judging_process(params: str) -> ProcessPackage:
    """Return a process that reads a file and judges by it."""
    diagram = DIAGRAM.replace(
        'sourceRef="confirm" targetRef="decide_rank"', 'sourceRef="confirm" targetRef="read_facts"'
    )
    diagram = diagram.replace("apply.years", "read_facts.homeroom_years").replace(
        '<bpmn:endEvent id="ranked"', f'{READING.format(params=params)}<bpmn:endEvent id="ranked"'
    )
    manifest = 'key = "judged"\ntitle = "对应职级"\ncode = "ZJ"\ncategory = "其他"\nprogramme = "rank"\n'
    rules = 'rules = ["rank", "sanction", "tenure"]\n'
    judged = file_of(table([("years", "number")], [("rank", "string")], RULES, name="rank"))
    files = {"process.toml": manifest + rules, "judged.bpmn": diagram, "forms/ask.json": FORM, "rank.dmn": judged}
    return package_from_files(files)


def judged(world: School, params: str = "", number: int = 1) -> dict[str, Any]:
    """Return the values of a case that read a file."""
    with writing(world.session):
        definitions.publish_built_in(world.session, judging_process(params))
    place = world.organizations["school"]
    instance = starts.start(world.session, world.actor("teacher"), "judged", place, {"years": number}).instance
    click(world, instance, "teacher", "submit", {"years": number})(world.session)
    world.session.expire_all()
    return dict(world.session.scalars(select(ProcessInstance).where(ProcessInstance.id == instance)).one().values)


def test_facts_of_a_file_and_of_posts(school: School) -> None:
    service, honour = keep(school, "host", SERVICE, HONOUR)
    found = read(school, "host")
    assert found.keys() == FACTS.keys()
    assert found["homeroom_honour_level"] == FactValue("city", (honour,), FactState.PROVEN)
    assert found["current_class"].evidence == (service,)
    assert found["professional_title"] == FactValue()
    posts = ("person_name", "school_name", "is_homeroom_teacher", "is_studio_host")
    assert [found[name].value for name in posts] == ["周敏", "松风路小学", True, True]
    assert [read(school, "teacher")[name].value for name in posts] == ["何静", "松风路小学", False, False]


def test_two_statements_however_large_the_file(school: School) -> None:
    keep(school, "host", SERVICE, *[HONOUR] * 50)
    with statements(school.session) as seen:
        assert read(school, "host")["honour_count"].value == 50
    assert len(seen) == 2


def test_nobody_has_no_facts(school: School) -> None:
    with pytest.raises(NotFound):
        facts_of(school.session, 10**6, school.organizations["school"], clock.today(), FactRules())


def test_a_decision_table_judges_by_facts(school: School) -> None:
    (service, _sanction) = keep(school, "teacher", SERVICE, SANCTION)
    values = judged(school)
    assert values["decide_rank"] == {"rank": "yes"}
    facts = values["read_facts"]
    assert (facts["person"], facts["homeroom_years"]) == (school.people["teacher"], 8)
    assert facts["evidence"]["homeroom_years"] == [service]
    assert "is_barred" not in facts


def test_sanctions_and_other_people_only_where_the_diagram_asks(school: School) -> None:
    keep(school, "host", SERVICE, SANCTION)
    facts = judged(school, WITH_SANCTIONS, school.people["host"])["read_facts"]
    assert facts["person_name"] == "周敏"
    assert facts["is_barred"] is False


def test_nobody_else_s_file_is_read(school: School) -> None:
    keep(school, "other_host", SERVICE)
    with pytest.raises(Exception, match="只能读取本单位人员的档案"):
        judged(school, WITH_SANCTIONS, school.people["other_host"])
