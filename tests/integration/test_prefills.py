"""A start form begins with what the own file proves, on the page and over the API, and says where it comes from."""

import json
from typing import Any

from sqlalchemy import select

from app.db.processes import ProcessInstance
from app.engine.package import ProcessPackage, package_from_files
from app.services.publishing import definitions
from app.services.transactions import writing
from tests.integration.api import Served
from tests.integration.conftest import Site
from tests.integration.decided_process import DIAGRAM
from tests.integration.file_world import HONOUR, SERVICE, keep
from tests.integration.school import School

FIELDS: list[dict[str, Any]] = [
    {"type": "textfield", "key": "applicant", "label": "申请人", "properties": {"prefill": "person_name"}},
    {"type": "number", "key": "years", "label": "任班主任年限", "properties": {"prefill": "homeroom_years"}},
    {"type": "textfield", "key": "title", "label": "职称", "properties": {"prefill": "professional_title"}},
    {"type": "textfield", "key": "honour", "label": "最高表彰", "properties": {"prefill": "homeroom_honour_level"}},
    {
        "type": "select",
        "key": "level",
        "label": "表彰级别",
        "values": [{"value": "city", "label": "市级"}, {"value": "nation", "label": "国家级"}],
        "properties": {"prefill": "homeroom_honour_level"},
    },
    {
        "type": "number",
        "key": "few",
        "label": "最多三年",
        "validate": {"max": 3},
        "properties": {"prefill": "homeroom_years"},
    },
]
FORM = json.dumps(
    {
        "schemaVersion": 19,
        "type": "default",
        "id": "f",
        "components": [{"id": f"f_{one['key']}", **one} for one in FIELDS],
    }
)


def applying(world: School) -> None:
    """Publish a process whose start form begins with facts, and fill the teacher's file."""
    manifest = 'key = "judged"\ntitle = "申报职级"\ncode = "ZJ"\ncategory = "其他"\n'
    diagram = DIAGRAM[: DIAGRAM.index("<bpmn:businessRuleTask")] + DIAGRAM[DIAGRAM.index("<bpmn:userTask") :]
    diagram = diagram.replace(
        'id="c" sourceRef="confirm" targetRef="decide_rank"', 'id="c" sourceRef="confirm" targetRef="ranked"'
    )
    diagram = diagram.replace('<bpmn:sequenceFlow id="b" sourceRef="decide_rank" targetRef="ranked"/>', "")
    package: ProcessPackage = package_from_files(
        {"process.toml": manifest, "judged.bpmn": diagram, "forms/ask.json": FORM}
    )
    with writing(world.session):
        definitions.publish_built_in(world.session, package)
    keep(world, "teacher", SERVICE, HONOUR)


def test_the_api_tells_what_a_form_begins_with(served: Served) -> None:
    applying(served.school)
    found = served.as_("teacher").get("/processes").get_json()["items"]
    begun = next(one["prefilled"] for one in found if one["key"] == "judged")
    assert {key: one["value"] for key, one in begun.items()} == {
        "applicant": "何静",
        "years": 8,
        "title": None,
        "honour": "市级",
        "level": "city",
        "few": None,
    }
    assert begun["years"]["source"] == "班主任任职"
    assert len(begun["years"]["evidence"]) == 1
    # Who has no file gets an empty form, and nothing is filled in behind a caller's back.
    other = next(one for one in served.as_("finance").get("/processes").get_json()["items"] if one["key"] == "judged")
    assert other["prefilled"]["years"]["value"] is None
    answer = served.as_("teacher").file(served.school, {"applicant": "何静"}, "judged")
    assert answer.get_json()["values"]["apply"] == {"applicant": "何静"}


def test_the_page_begins_with_the_file_and_says_so(site: Site) -> None:
    assert site.world is not None
    applying(site.world)
    browser = site.browser("teacher")
    page = browser.get("/start/judged").text
    assert 'name="years" value="8"' in page
    assert "档案里核实的是 8 年（班主任任职 1 条）。" in page
    assert "档案里没有核实过的“职称”，请自己填写。" in page
    assert "取自人员信息。" in page
    assert 'name="honour" value="市级"' in page


def test_what_was_typed_stays(site: Site) -> None:
    assert site.world is not None
    applying(site.world)
    browser = site.browser("teacher")
    browser.get("/start/judged")
    page = browser.post("/start/judged", {"years": "", "applicant": "何静老师", "few": "9"}).text
    assert 'name="years" value=""' in page
    assert 'name="applicant" value="何静老师"' in page
    assert "档案里核实的是 8 年" in page
    browser.post("/start/judged", {"years": "7", "applicant": "何静", "_save": "1"})
    page = browser.get("/start/judged").text
    assert 'name="years" value="7"' in page
    assert 'name="honour" value=""' in page
    assert site.session.scalars(select(ProcessInstance)).all() == []


def test_a_field_that_comes_into_sight_begins_with_the_file_too(site: Site) -> None:
    assert site.world is not None
    keep(site.world, "teacher", SERVICE)
    browser = site.browser("teacher")
    browser.get("/start/dossier_entry")
    chosen = {"kind": "class_honour", "_refresh": "1"}
    page = browser.post("/start/dossier_entry", chosen).text
    assert 'name="class_honour_class_name" value="五（2）班"' in page
    page = browser.post("/start/dossier_entry", {**chosen, "class_honour_class_name": ""}).text
    assert 'name="class_honour_class_name" value=""' in page
    page = browser.get("/start/dossier_entry?kind=service").text
    assert 'name="service_issuer" value="松风路小学"' in page
