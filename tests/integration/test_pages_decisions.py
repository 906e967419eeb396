"""The page of a case explains its decisions to whoever administers it, and to nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.services.publishing import definitions
from app.services.transactions import writing
from tests.integration.decided_process import decided_process
from tests.integration.money_world import World
from tests.integration.page_world import ADMINISTRATOR, Site, served


@pytest.fixture
def site(database: Engine, furnished_world: World, tmp_path: Path) -> Iterator[Site]:
    yield from served(database, furnished_world, tmp_path)


def test_a_decision_is_explained_rule_by_rule(site: Site) -> None:
    with writing(site.session):
        definitions.publish_built_in(site.session, decided_process())
    clerk = site.of("刘芸")
    answer = clerk.post(f"/start/judged?organization={site.world.organizations['松风路小学']}", {"years": "1"})
    case = answer.headers["Location"].rsplit("/", 1)[1]
    clerk.post(f"/tasks/{site.item('confirm').id}", {"years": "2", "verdict": "submit"})
    page = site.of(ADMINISTRATOR).get(f"/cases/{case}")
    for words in (
        "自动判断：对应职级",
        "rank · 唯一命中",
        "years = 2",
        "✓ [1..3]",
        "rank = junior_2",
        "✗ [3..6]",
        "对不上",
    ):
        assert words in page
    assert "自动判断" not in clerk.get(f"/cases/{case}")
