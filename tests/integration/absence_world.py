"""A process for tests of absences: two opinions by different people one after the other, and two side by side."""

from datetime import datetime, timedelta

from app.db.absences import Absence
from app.domain import clock
from app.domain.vocabulary import Role
from app.engine.package import ProcessPackage, package_from_files
from app.services.absence import absences
from app.services.absence.absences import AbsenceDraft
from app.services.publishing import definitions
from app.services.starting import starts
from app.services.transactions import writing
from tests.integration.prepared import grant
from tests.integration.school import School
from tests.integration.watched_process import FORM, HEAD

STEPS = ("ask", "first", "second", "split")


def _task(name: str, role: str, distinct: str = "") -> str:
    apart = f' shenpi:distinctFrom="{distinct}"' if distinct else ""
    return (
        f'<bpmn:userTask id="{name}" name="意见 {name}" shenpi:role="{role}" shenpi:verdicts="agree disagree"'
        f' shenpi:ask="请提出意见。"{apart}/>'
    )


def _flow(source: str, target: str) -> str:
    return f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"/>'


DIAGRAM = f"""{HEAD}<bpmn:process id="opinions" name="意见" isExecutable="true">
<bpmn:startEvent id="ask" name="提出" shenpi:form="ask" shenpi:roles="teacher"/>
{_task("first", "deputy_principal")}{_task("second", "moral_education_office", "first")}
<bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="meet"/>
{_task("left", "deputy_principal")}{_task("right", "moral_education_office", "left")}
<bpmn:endEvent id="done" name="已办"/>
{"".join(map(_flow, STEPS, STEPS[1:]))}
{_flow("split", "left")}{_flow("split", "right")}{_flow("left", "meet")}{_flow("right", "meet")}{_flow("meet", "done")}
</bpmn:process></bpmn:definitions>"""
MANIFEST = 'key = "opinions"\ntitle = "征求意见"\ncode = "YJ"\ncategory = "其他"\ntitle_template = "{ask.topic}"\n'


def opinions() -> ProcessPackage:
    return package_from_files(
        {
            "process.toml": MANIFEST,
            "opinions.bpmn": DIAGRAM,
            "forms/ask.json": FORM,
            "scenarios.yaml": "scenarios: []\n",
        }
    )


def publish(school: School) -> None:
    """Publish the process; the teacher and the member work in the moral education office."""
    with writing(school.session):
        definitions.publish_built_in(school.session, opinions())
    grant(school, "member", Role.MORAL_EDUCATION_OFFICE)
    grant(school, "finance", Role.MORAL_EDUCATION_OFFICE)


def ask(school: School, name: str = "teacher") -> int:
    place = school.organizations["school"]
    return starts.start(school.session, school.actor(name), "opinions", place, {"topic": "借用操场"}).instance


def away(
    school: School,
    principal: str,
    substitute: str,
    *processes: str,
    begin: datetime | None = None,
    days: int = 3,
    by: str | None = None,
    reason: str | None = None,
) -> Absence:
    """Let somebody stand in from now on, or from an instant, for some days."""
    start = begin or clock.now()
    draft = AbsenceDraft(
        principal_id=school.people[principal],
        substitute_id=school.people[substitute],
        from_at=start,
        until_at=start + timedelta(days=days),
        processes=processes or None,
        reason=reason,
    )
    place = school.organizations["school"]
    return absences.set_absence(school.session, school.actor(by or principal), place, draft)
