"""W3: a countersign of 50 to 5,000 people: what one response costs, beside a plain commit and stock multi-instance."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Engine, Integer, MetaData, Table, Text, insert, select
from sqlalchemy.orm import Session

from app.db.people import Organization, Person, Position
from app.db.work import WorkItem
from app.domain import clock
from app.domain.identity import Actor
from app.domain.vocabulary import OrganizationKind, Role
from app.engine.package import ProcessPackage, package_from_files
from app.services import completions
from app.services.accounts.actors import load_actor
from app.services.completions import Completion
from app.services.publishing import definitions
from app.services.starting import starts
from app.services.transactions import writing
from bench.databases import Database
from bench.figures import Figure, Limit
from bench.measuring import Cost, counted, side_by_side
from bench.stock_multi_instance import open_stock

WORKLOAD = "W3"
SIZES, STOCK_SIZES = (50, 200, 400, 5000), (50, 200, 400)
SHORT_SIZES, SHORT_STOCK_SIZES = (50, 400), (50,)
# Fewer than the smallest roll, so that none of them closes while it is measured.
ROUNDS, SHORT_ROUNDS = 44, 6
SPARE = 4
MOST_TIMES_PLAIN = {"SQLite": 3.0, "PostgreSQL": 5.0}
MOST_GROWTH = 1.3
DIAGRAM = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:shenpi="urn:shenpi:bpmn:1" id="d" targetNamespace="x">
<bpmn:process id="countersign" name="会签" isExecutable="true">
<bpmn:startEvent id="ask" name="提出" shenpi:form="ask" shenpi:roles="teacher"/>
<bpmn:userTask id="judge" name="会签" shenpi:role="homeroom_teacher" shenpi:closing="all"
 shenpi:verdicts="agree disagree" shenpi:due="P30D" shenpi:ask="请会签。"><bpmn:multiInstanceLoopCharacteristics/></bpmn:userTask>
<bpmn:endEvent id="done" name="已会签"/>
<bpmn:sequenceFlow id="a" sourceRef="ask" targetRef="judge"/>
<bpmn:sequenceFlow id="b" sourceRef="judge" targetRef="done"/></bpmn:process></bpmn:definitions>"""
FORM = """{"schemaVersion": 19, "type": "default", "id": "ask", "components": [
  {"id": "t", "type": "textfield", "key": "topic", "label": "事由"}]}"""
MANIFEST = 'key = "countersign"\ntitle = "会签"\ncode = "HQ"\ncategory = "其他"\n'

_metadata = MetaData()
_plain = Table("plain", _metadata, Column("id", Integer, primary_key=True), Column("body", Text, nullable=False))
_ADD_PLAIN = insert(_plain)


def run(database: Database, *, short: bool) -> list[Figure]:
    """Measure responses at each size in turn, each beside the same plain commit."""
    sizes, stock_sizes = (SHORT_SIZES, SHORT_STOCK_SIZES) if short else (SIZES, STOCK_SIZES)
    _metadata.create_all(database.engine)
    with Session(database.engine) as session:
        _publish(session)
        rolls = {size: _Roll(session, size) for size in sizes}
        with counted(database.engine) as sent:
            rolls[sizes[0]].respond()
        works: dict[str, Callable[[], object]] = {str(size): roll.respond for size, roll in rolls.items()}
        works["plain"] = lambda: _commit_a_row(database.engine)
        works |= {f"stock {size}": open_stock(database.engine, size).answer for size in stock_sizes}
        costs = side_by_side(works, rounds=SHORT_ROUNDS if short else ROUNDS)
    notes = {"语句": str(sent.statements), "提交": str(sent.commits)}
    return list(_figures(database.name, costs, sizes, stock_sizes, notes))


def _figures(
    database: str, costs: dict[str, Cost], sizes: tuple[int, ...], stock_sizes: tuple[int, ...], notes: dict[str, str]
) -> Iterator[Figure]:
    plain, least = costs["plain"].wall, costs[str(sizes[0])].wall
    for size in sizes:
        cost = costs[str(size)]
        told = {**notes, "处理器": f"{cost.cpu:.2f} ms"}
        bound = MOST_TIMES_PLAIN[database]
        name = f"{size} 人会签，一次办理"
        yield Figure(WORKLOAD, name, database, cost.wall, plain, "只写一行的提交", Limit.AT_MOST, bound, notes=told)
        if size != sizes[0]:
            beside = f"{sizes[0]} 人时"
            yield Figure(WORKLOAD, name, database, cost.wall, least, beside, Limit.AT_MOST, MOST_GROWTH)
    for size in stock_sizes:
        stock, cost = costs[f"stock {size}"], costs[str(size)]
        beside = "SpiffWorkflow 自带的多实例"
        yield Figure(WORKLOAD, f"{size} 人会签，一次办理", database, cost.wall, stock.wall, beside)


@dataclass
class _Member:
    actor: Actor
    item_id: int


class _Roll:
    """A countersign that a number of people are asked; each response is that of the next member."""

    def __init__(self, session: Session, size: int) -> None:
        self._session = session
        school, asker = school_of(session, size)
        instance = starts.start(session, asker, "countersign", school, {"topic": "会签"}).instance
        self._members = _members(session, instance)

    def respond(self) -> None:
        """Let the next member agree."""
        member = next(self._members)
        completions.complete(self._session, member.actor, member.item_id, Completion(1, "agree"))


def _members(session: Session, instance: int) -> Iterator[_Member]:
    rows: Any = session.execute(
        select(WorkItem.id, WorkItem.assignee_id).where(WorkItem.instance_id == instance).limit(ROUNDS + SPARE)
    ).all()
    found = [_Member(load_actor(session, person_id), item_id) for item_id, person_id in rows]
    session.rollback()
    return iter(found)


def _commit_a_row(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(_ADD_PLAIN, {"body": "x" * 100})


def _publish(session: Session) -> None:
    with writing(session):
        definitions.publish_built_in(session, _package())


def _package() -> ProcessPackage:
    files = {"process.toml": MANIFEST, "countersign.bpmn": DIAGRAM, "forms/ask.json": FORM}
    return package_from_files({**files, "scenarios.yaml": "scenarios: []\n"})


def school_of(session: Session, size: int) -> tuple[int, Actor]:
    """Make a school with a number of homeroom teachers, and one teacher who asks them."""
    since = clock.today() - timedelta(days=30)
    with writing(session):
        school = Organization(code=f"S{size}", name=f"{size} 人学校", kind=OrganizationKind.SCHOOL, path=f"/{size}/")
        session.add(school)
        session.flush()
        school.path = f"/{school.id}/"
        people = [{"username": f"p{size}-{one}", "name": f"老师{one}", "password_hash": "-"} for one in range(size + 1)]
        found = list(session.scalars(insert(Person).returning(Person.id), people))
        roles = [Role.TEACHER, *[Role.HOMEROOM_TEACHER] * size]
        place = {"organization_id": school.id, "from_on": since}
        session.execute(
            insert(Position),
            [{"person_id": one, "role": role, **place} for one, role in zip(found, roles, strict=True)],
        )
        school_id = school.id
    return school_id, load_actor(session, found[0])
