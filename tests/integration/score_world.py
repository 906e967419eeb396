"""A panel that scores in the small world: a case that calls it, a group with a leader, and their scores."""

import re
from typing import Any

from app.db.collectives import CollectiveTask
from app.domain.vocabulary import Role
from app.engine.package import ProcessPackage, load_package, package_from_files
from app.services import completions
from app.services.collective import collective_responses
from app.services.completions import Completion
from app.services.panels.scoring import Recusal
from app.services.publishing import definitions
from app.services.starting import starts
from app.services.transactions import writing
from tests.integration.called_process import call, flows, package, task
from tests.integration.crowd import Act
from tests.integration.panel_world import case_of, place_of, task_of
from tests.integration.prepared import grant
from tests.integration.school import ROOT, School

GROUP = {
    "legal": Role.LEADERSHIP_GROUP_LEADER,
    "deputy": Role.LEADERSHIP_GROUP_DEPUTY,
    "finance": Role.LEADERSHIP_GROUP_MEMBER,
}
CRITERIA = [{"name": "育人实绩", "points": 60}, {"name": "带教能力", "points": 40}]
ASK = """{"schemaVersion": 19, "type": "default", "id": "ask", "components": [
  {"id": "c", "type": "dynamiclist", "path": "candidates", "label": "候选人", "components": [
    {"id": "i", "type": "number", "key": "id", "label": "编号"},
    {"id": "n", "type": "textfield", "key": "name", "label": "姓名"},
    {"id": "h", "type": "textfield", "key": "hint", "label": "介绍"}]},
  {"id": "k", "type": "dynamiclist", "path": "criteria", "label": "项目", "components": [
    {"id": "m", "type": "textfield", "key": "name", "label": "项目名称"},
    {"id": "p", "type": "number", "key": "points", "label": "满分"}]}]}"""
IN = "".join(
    f'<shenpi:in name="{name}" value="{value}"/>'
    for name, value in {"candidates": "ask.candidates", "criteria": "ask.criteria", "working_days": "3"}.items()
)
OUT = "".join(
    f'<shenpi:out name="{name}" value="score_candidates.{value}"/>'
    for name, value in {"result": "verdict", "lines": "scores"}.items()
)


def selection() -> ProcessPackage:
    """Name candidates, have them scored, decide."""
    ask = '<bpmn:startEvent id="ask" name="提名" shenpi:form="ask" shenpi:roles="teacher"/>'
    decide = task("decide", "决定", "principal", verdicts="agree refuse")
    done = '<bpmn:endEvent id="done" name="已决定"/>'
    steps = flows("ask", "panel", "decide", "done")
    body = f"{ask}{call('panel', '评议', 'panel_review', IN + OUT)}{decide}{done}{steps}"
    return package("picking", "推荐", body, 'title_template = "推荐主持人"\n', forms__ask_json=ASK)


def group(school: School, **changes: str) -> None:
    """Publish the case and the panel, its task with attributes changed, and seat the group."""
    called = panel(**changes)
    with writing(school.session):
        definitions.publish_built_in(school.session, called)
        definitions.publish_built_in(school.session, selection(), {called.key: called})
    for name, role in GROUP.items():
        grant(school, name, role)


def panel(**changes: str) -> ProcessPackage:
    """Return the called process, with other attributes of its task."""
    files = dict(load_package("panel_review", ROOT / "processes", ROOT / "forms").files)
    for name, text in changes.items():
        drawn = files["panel_review.bpmn"]
        files["panel_review.bpmn"] = re.sub(rf'shenpi:{name}="[^"]*"', f'shenpi:{name}="{text}"', drawn)
    return package_from_files(files)


def candidates(school: School, *names: str) -> list[dict[str, Any]]:
    return [{"id": school.people[name], "name": f"{name}老师", "hint": "语文"} for name in names]


def opened(school: School, *names: str, **changes: str) -> int:
    """Have a group score people of the school; return the case."""
    group(school, **changes)
    values = {"candidates": candidates(school, *(names or ("host", "member"))), "criteria": CRITERIA}
    place = school.organizations["school"]
    return starts.start(school.session, school.actor("teacher"), "picking", place, values).instance


def scores(school: School, **points: list[float]) -> dict[str, Any]:
    """Return what a member hands in: points by the candidate's name in the world."""
    rows = [{"candidate": school.people[name], "points": given, "opinion": "好"} for name, given in points.items()]
    return {"scores": rows}


def handing_in(school: School, instance: int, name: str, **points: list[float]) -> Act:
    """Return the click of a member who sees the sheet now."""
    item = place_of(school.session, instance, school.people[name])
    asked = Completion(item.revision, "submit", scores(school, **points))
    item_id, actor = item.id, school.actor(name)
    school.session.rollback()
    return lambda session: completions.complete(session, actor, item_id, asked)


def hand_in(school: School, instance: int, name: str, **points: list[float]) -> Any:
    return handing_in(school, instance, name, **points)(school.session)


def step_aside(school: School, instance: int, name: str, candidate: str, kind: str = "relative", why: str = "") -> Any:
    item = place_of(school.session, instance, school.people[name])
    aside = Recusal(str(school.people[candidate]), kind)
    item_id, actor = item.id, school.actor(name)
    school.session.rollback()
    return collective_responses.recuse(school.session, actor, item_id, why, aside=aside)


def panel_of(school: School, instance: int) -> CollectiveTask:
    return task_of(school.session, instance)


def result(school: School, instance: int) -> dict[str, Any]:
    """Return what the case keeps of the panel, where it called it."""
    found: dict[str, Any] = case_of(school, instance).values["panel"]
    return found
