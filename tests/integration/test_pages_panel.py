"""What the page of a task of many people asks, and how its case is said to have ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from app.db.work import WorkItem
from app.domain.vocabulary import Role
from app.services.accounts.actors import load_actor
from app.services.publishing import definitions
from app.services.starting import starts
from app.services.transactions import writing
from tests.integration.money_world import World
from tests.integration.page_world import Site, served
from tests.panel_process import panel_package

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PLACE = "松风路小学"
ASKED = "王两职"


@pytest.fixture
def site(database: Engine, furnished_world: World, tmp_path: Path) -> Iterator[Site]:
    for site in served(database, furnished_world, tmp_path):
        with writing(site.session):
            definitions.publish_built_in(site.session, panel_package(role="homeroom_teacher"))
            site.world.person(ASKED, PLACE, Role.TEACHER, Role.HOMEROOM_TEACHER)
        yield site


def opened(site: Site) -> int:
    actor = load_actor(site.session, site.world.people[ASKED])
    place = site.world.organizations[PLACE]
    instance = starts.start(site.session, actor, "panel", place, {"topic": "推荐名班主任"}).instance
    item = site.session.scalars(select(WorkItem.id).where(WorkItem.instance_id == instance)).one()
    site.session.rollback()
    return item


def test_a_vote_is_asked_in_one_position_and_needs_no_reason(site: Site) -> None:
    task, member = f"/tasks/{opened(site)}", site.of(ASKED)
    page = member.get(task)
    assert "请您作为<strong>班主任</strong>，对申请发表意见。" in page
    assert "必填" not in page
    assert "（可以不写）" in page
    assert member.post(task, {"verdict": "disagree", "comment": ""}).status_code == 302
    assert "sp-state--late" in member.get(task)


def test_the_comment_names_the_verdicts_that_need_it(site: Site) -> None:
    site.of("周敏").start()
    site.of("周敏").sign("host_sign")
    page = site.of("陈国栋").get(f"/tasks/{site.item('legal_sign').id}")
    assert "（退回或不同意时必填）" in page
