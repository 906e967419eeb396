"""A panel scores on one sheet, on a phone as on a desk: totals, drafts that save themselves, conflicts, the score sheet."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.engine import connect
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
from tests.browser.looking import faults
from tests.browser.server import ROOT, Server, running
from tests.browser.windows import DESK, PHONE, enter, resize, window
from tests.integration.score_world import selection

pytestmark = pytest.mark.browser
ASKER, MEMBER = "zhengyalan", "周敏老师"
OPINION = "家校沟通扎实，带教两位新班主任。"
CRITERIA = (("育人实绩", 30), ("班级管理", 30), ("带教能力", 20), ("组织和团队建设", 20))
HINTS = ("语文，班主任 11 年", "数学，班主任 9 年", "体育，班主任 7 年", "政教处主任，班主任 12 年")


@pytest.fixture(scope="module", name="demo")
def own_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a demo for this module alone: its group would stand in others' lists."""
    with running(tmp_path_factory.mktemp("scoring"), "--demo") as server:
        yield server


@pytest.fixture
def session(demo: Server) -> Iterator[Session]:
    """Return a session on the database of the running demo."""
    engine = connect(f"sqlite:///{demo.output.parent / 'data' / 'shenpi.sqlite3'}")
    with Session(engine) as opened:
        yield opened
    engine.dispose()


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


def hand_in_for_the_leader(session: Session, instance: int) -> None:
    wanted = select(WorkItem).where(WorkItem.instance_id == instance, WorkItem.status == WorkItemStatus.OPEN)
    item = session.scalars(wanted.where(WorkItem.collective_id.is_not(None))).one()
    actor = load_actor(session, item.assignee_id or 0)
    asked = task_view(session, actor, item.id).scoring
    assert asked is not None
    rows = [{"candidate": one.id, "points": [25, 26, 15, 14.5], "opinion": OPINION} for one in asked.candidates]
    completion = Completion(item.revision, "submit", {"scores": rows})
    item_id = item.id
    session.rollback()
    completions.complete(session, actor, item_id, completion)


def look(page: Page, width: int) -> None:
    """Look at the open page once for all widths."""
    if width == DESK:
        assert faults(page, set()) == []
        resize(page, width)


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
def test_a_panel_scores_on_one_sheet(chromium: Browser, demo: Server, session: Session, width: int) -> None:
    instance, names = ask(session)
    main = "main"
    with window(chromium, demo.address, width) as page:
        enter(page, MEMBER)
        page.goto("/")
        page.click(".sp-item a:has-text('推荐主持人')")
        expect(page.locator(main)).to_contain_text("您评 3 人（回避 1 人）")
        expect(page.locator(main)).to_contain_text("您本人是候选人，不看也不评。")
        fill(page, names[0], "27", "26", "17", "15.5")
        expect(page.locator("output").first).to_have_text("85.5")
        expect(page.locator("[data-draft-said]")).to_contain_text("已自动保存")
        fill(page, names[1], "31", "22", "16", "14")
        expect(page.locator("output").nth(1)).to_have_text("—")
        page.click("button:has-text('提交评议')")
        expect(page.locator(".sp-err").first).to_contain_text("育人实绩最高 30 分，您填了 31。")
        look(page, width)
        page.click("a:has-text('申报回避')")
        page.get_by_label(names[2]).check()
        page.get_by_label("亲属").check()
        look(page, width)
        page.click("button:has-text('申报回避')")
        expect(page.locator(main)).to_contain_text("您已申报回避（亲属），不评这一位。")
        fill(page, names[0], "27", "26", "17", "15.5")
        fill(page, names[1], "30", "22", "16", "14")
        page.click("button:has-text('提交评议')")
        expect(page.locator(main)).to_contain_text("已评议打分")
        hand_in_for_the_leader(session, instance)
        page.goto(f"/cases/{instance}")
        page.click("a:has-text('看评分表')")
        expect(page.locator(main)).to_contain_text(OPINION)
        expect(page.locator(main)).not_to_contain_text(f"对{names[3]}的意见")
        look(page, width)
