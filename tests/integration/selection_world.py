"""A round that has been reviewed and voted on, in the small world, and the stages that follow, started by themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.processes import ProcessInstance
from app.db.rounds import Application, Round
from app.domain import clock
from app.domain.rounds import ApplicationKind, ApplicationResult, ApplicationStatus, RoundStage
from app.domain.vocabulary import Programme, Role
from app.engine.package import ProcessPackage, load_package
from app.services.publishing import definitions
from app.services.rounds import ending, stages
from app.services.rulebook import rules
from app.services.starting import starts
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.called_process import call, flows, package, task
from tests.integration.prepared import grant
from tests.integration.school import ROOT, School

TERM = (date(2027, 2, 1), date(2029, 1, 31))
RULES = {
    "selection.criteria": [{"name": "育人实绩", "points": 60}, {"name": "德育研究", "points": 40}],
    "selection.weights": [{"part": "review", "percent": 60}, {"part": "vote", "percent": 40}],
}
# How many ballot papers were counted.
ANSWERED = 40
STAGES = ("decision_stage", "appointment_stage")
FIRST_APPLICATION = 1000
GROUPS = ("selection", "vote", "ballot", "roster", "members", "tenure", "sanction", "notice")
NUMBERS = """{"schemaVersion": 19, "type": "default", "id": "begin", "components": [
  {"type": "number", "id": "r", "key": "about", "label": "批次"},
  {"type": "number", "id": "n", "key": "number", "label": "编号"}]}"""


@dataclass
class Selection:
    """A round by name of its people, with what tests do in it."""

    world: School
    round: Round
    people: Mapping[str, int]

    @property
    def session(self) -> Session:
        return self.world.session

    def begin(self, stage: str) -> int:
        """Start a stage of the round as a case of its own."""
        place = self.round.organization_id
        return starts.start(
            self.session, self.world.actor("teacher"), f"try_{stage}", place, {"about": self.round.id}
        ).instance

    def case(self, instance: int) -> ProcessInstance:
        self.session.rollback()
        self.session.expire_all()
        return self.session.get_one(ProcessInstance, instance)

    def application(self, name: str) -> Application:
        self.session.expire_all()
        wanted = select(Application).where(
            Application.round_id == self.round.id, Application.person_id == self.people[name]
        )
        return self.session.scalars(wanted).one()

    def results(self) -> dict[str, ApplicationResult | None]:
        return {name: self.application(name).result for name in self.people}

    def end(self) -> None:
        """End the round, as its own case does at last."""
        with writing(self.session):
            ending.end(self.session, stages.locked(self.session, self.round.id), RoundStage.ENDED)
        self.settle()

    def settle(self) -> None:
        """Let messages and times arrive."""
        for _ in range(4):
            ticks.tick(self.session)


def stage_alone(stage: str) -> ProcessPackage:
    """Draw a process that does nothing but call a stage with the round that its form names."""
    called = call("run", "办理这一步", stage, '<shenpi:in name="round" value="begin.about"/>')
    begin = '<bpmn:startEvent id="begin" name="开始" shenpi:form="begin" shenpi:roles="teacher"/>'
    body = f'{begin}{called}<bpmn:endEvent id="done" name="已办"/>{flows("begin", "run", "done")}'
    return package(
        f"try_{stage}",
        "试办一步",
        body,
        f'programme = "school_studio"\nrules = {list(GROUPS)!r}\ntitle_template = "试办"\n'.replace("'", '"'),
        forms__begin_json=NUMBERS,
    )


def publish(session: Session, *stages: str) -> None:
    """Publish the processes that start a stage by itself."""
    folders = ROOT / "processes", ROOT / "forms"
    known = {key: load_package(key, *folders) for key in definitions.package_keys(folders[0])}
    with writing(session):
        for stage in stages:
            definitions.publish_built_in(session, stage_alone(stage), known)


def selection(
    world: School,
    hosts: Mapping[str, tuple[float, int]],
    members: Mapping[str, str | None] | None = None,
    *,
    seats: int = 2,
    changed: Mapping[str, Any] | None = None,
    **settings: Any,
) -> Selection:
    """Make a round of the school whose candidates have a mean mark and votes; a member may wish for a host."""
    session, place = world.session, world.organizations["school"]
    admin = world.actor("admin")
    rules.adopt_pack(session, admin, place, Programme.SCHOOL_STUDIO, "s0", date(2019, 1, 1))
    for parameter, value in {**RULES, **(changed or {})}.items():
        rules.change_rule(
            session, admin, place, "school_studio", parameter, value, from_on=clock.today(), reason="本校规定"
        )
    for name, role in (("legal", Role.LEADERSHIP_GROUP_LEADER), ("deputy", Role.LEADERSHIP_GROUP_DEPUTY)):
        grant(world, name, role)
    for name in {"legal", "deputy", "finance", "admin"} & {*hosts, *(members or {})}:
        grant(world, name, Role.TEACHER)
    publish(session, *STAGES)
    people = {name: world.people[name] for name in (*hosts, *(members or {}))}
    with writing(session):
        definitions.publish_built_in(session, applying())
    # Whatever case the round has of its own.
    case = starts.start(session, world.actor("teacher"), "applying", place, {"number": 1, "about": 1}).instance
    with writing(session):
        made = _round(session, place, case, seats, settings)
        made.results = {
            "scores": [
                {"id": people[name], "mean": mean, "spread": 4, "scored": 3} for name, (mean, _v) in hosts.items()
            ],
            "tally": [{"id": str(people[name]), "votes": votes} for name, (_mean, votes) in hosts.items()],
            "answered": ANSWERED,
        }
    for name in hosts:
        _apply(world, made, name, ApplicationKind.HOST, None)
    for name, wished in (members or {}).items():
        _apply(world, made, name, ApplicationKind.MEMBER, people[wished] if wished else None)
    return Selection(world, made, people)


def _round(session: Session, place: int, case: int, seats: int, settings: dict[str, Any]) -> Round:
    made = Round(
        organization_id=place,
        instance_id=case,
        title="第二批名班主任工作室评选",
        programme=Programme.SCHOOL_STUDIO,
        seats=seats,
        term_from=TERM[0],
        term_until=TERM[1],
        stage=RoundStage.REVIEWING,
        dates={},
        settings={"selection.quorum": "1/2", **settings},
    )
    session.add(made)
    session.flush()
    return made


def _apply(world: School, made: Round, name: str, kind: ApplicationKind, wished: int | None) -> None:
    """Let somebody apply, and have the application accepted."""
    session, person, place = world.session, world.people[name], world.organizations["school"]
    number = FIRST_APPLICATION + person
    asked = {"number": number, "about": made.id}
    case = starts.start(session, world.actor(name), "applying", place, asked).instance
    with writing(session):
        session.add(
            Application(
                id=number,
                round_id=made.id,
                instance_id=case,
                organization_id=place,
                person_id=person,
                kind=kind,
                wished_host_id=wished,
                accepts_allocation=wished is None,
                status=ApplicationStatus.ACCEPTED,
            )
        )


def applying() -> ProcessPackage:
    """Draw what an application does once it is accepted: wait for the result, answer an offer, tell the round."""
    awaited = (
        '<bpmn:intermediateCatchEvent id="await_result" name="等结果" shenpi:message="round_result" '
        'shenpi:key="begin.number" shenpi:from="own" shenpi:fields="result"><bpmn:messageEventDefinition id="m"/>'
        "</bpmn:intermediateCatchEvent>"
    )
    told = (
        '<bpmn:serviceTask id="tell" name="答复" shenpi:operation="answer_appointment"><bpmn:extensionElements>'
        '<shenpi:param name="answer" value="accept_appointment.verdict"/></bpmn:extensionElements></bpmn:serviceTask>'
    )
    ways = (
        '<bpmn:exclusiveGateway id="is_chosen" name="入选？" default="is_chosen_other"/>'
        '<bpmn:sequenceFlow id="chosen" sourceRef="is_chosen" targetRef="accept_appointment">'
        '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">await_result.result == "chosen"'
        '</bpmn:conditionExpression></bpmn:sequenceFlow><bpmn:endEvent id="other" name="没有入选"/>'
        '<bpmn:endEvent id="done" name="已答复"/>'
    )
    answer = task("accept_appointment", "答复聘任", "initiator", verdicts="accept refuse")
    begin = '<bpmn:startEvent id="begin" name="申报" shenpi:form="begin" shenpi:roles="teacher"/>'
    body = (
        f"{begin}{awaited}{ways}{answer}{told}{flows('begin', 'await_result', 'is_chosen', 'other')}"
        f"{flows('accept_appointment', 'tell', 'done')}"
    )
    return package("applying", "申报", body, 'title_template = "申报"\n', forms__begin_json=NUMBERS)
