"""A panel in the demo's school: its group scores three colleagues and one of its own members."""

from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Person, Position
from app.db.work import WorkItem
from app.domain import clock
from app.domain.vocabulary import Role, WorkItemStatus
from app.engine.package import load_package
from app.services import completions
from app.services.accounts.actors import load_actor
from app.services.completions import Completion
from app.services.publishing import definitions
from app.services.reading.cases import task_view
from app.services.starting import starts
from app.services.transactions import writing
from tests.browser.server import ROOT
from tests.integration.score_world import selection

ASKER, MEMBER = "zhengyalan", "周敏老师"
OPINION = "家校沟通扎实，带教两位新班主任。"
CRITERIA = (("育人实绩", 30), ("班级管理", 30), ("带教能力", 20), ("组织和团队建设", 20))
HINTS = ("语文，班主任 11 年", "数学，班主任 9 年", "体育，班主任 7 年", "政教处主任，班主任 12 年")


def ask(session: Session) -> tuple[int, list[str]]:
    """Seat a group of two and let it score candidates, one of them a member; return the case and their names."""
    asker = load_actor(session, session.scalars(select(Person.id).where(Person.username == ASKER)).one())
    place = asker.holdings[0].organization_id
    leader, member, *others = people(session, place)
    with writing(session):
        called = load_package("panel_review", ROOT / "processes", ROOT / "forms")
        definitions.publish_built_in(session, selection(), {called.key: called})
        for role, one in ((Role.LEADERSHIP_GROUP_LEADER, leader), (Role.LEADERSHIP_GROUP_MEMBER, member)):
            if not load_actor(session, one.id).holds(role, place):
                at = {"person_id": one.id, "organization_id": place, "role": role}
                session.add(Position(**at, from_on=clock.today()))
    asked = [*others, member]
    rows = [{"id": one.id, "name": one.name, "hint": hint} for one, hint in zip(asked, HINTS, strict=True)]
    values = {"candidates": rows, "criteria": [{"name": name, "points": points} for name, points in CRITERIA]}
    return starts.start(session, asker, "picking", place, values).instance, [one.name for one in asked]


def people(session: Session, place: int) -> list[Person]:
    """Return the principal, the member of the tests, and three further homeroom teachers of the school."""
    held = select(Person).join(Position).where(Position.organization_id == place)
    principal = session.scalars(held.where(Position.role == Role.PRINCIPAL)).first()
    teachers = list(session.scalars(held.where(Position.role == Role.HOMEROOM_TEACHER).order_by(Person.id)))
    member = next(one for one in teachers if one.name == "周敏")
    assert principal is not None
    return [principal, member, *[one for one in teachers if one is not member][:3]]


def fill(page: Page, name: str, *points: str) -> None:
    for (criterion, most), text in zip(CRITERIA, points, strict=False):
        page.get_by_label(f"{name} {criterion}，满分 {most}").fill(text)


def hand_in_for_the_others(session: Session, instance: int) -> None:
    """Let every member who has not scored yet do so."""
    # What the browser did since is not in a transaction that began before.
    session.rollback()
    wanted = select(WorkItem).where(WorkItem.instance_id == instance, WorkItem.status == WorkItemStatus.OPEN)
    items = list(session.scalars(wanted.where(WorkItem.collective_id.is_not(None)).order_by(WorkItem.id)))
    for item_id, person_id, revision in [(one.id, one.assignee_id or 0, one.revision) for one in items]:
        actor = load_actor(session, person_id)
        asked = task_view(session, actor, item_id).scoring
        assert asked is not None
        rows = [{"candidate": one.id, "points": [25, 26, 15, 14.5], "opinion": OPINION} for one in asked.candidates]
        session.rollback()
        completions.complete(session, actor, item_id, Completion(revision, "submit", {"scores": rows}))
