"""The pages of a task within a called process: asked, filled, signed, returned, and drawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.services.publishing import definitions
from app.services.transactions import writing
from tests.integration.called_process import outer, review, scoring
from tests.integration.money_world import World
from tests.integration.page_world import Site, served

PACKAGES = {"outer": outer(), "review": review(), "scoring": scoring()}


@pytest.fixture
def site(database: Engine, furnished_world: World, tmp_path: Path) -> Iterator[Site]:
    for site in served(database, furnished_world, tmp_path):
        with writing(site.session):
            for package in PACKAGES.values():
                definitions.publish_built_in(site.session, package, PACKAGES)
        yield site


def started(site: Site) -> str:
    host = site.of("周敏")
    place = site.world.organizations["松风路小学"]
    host.post(f"/start/outer?organization={place}", {"topic": "借用操场"})
    return f"/cases/{site.item('review/score/mark').instance_id}"


def test_a_task_within_is_worked_on_its_page(site):
    case = started(site)
    finance, legal = site.of("刘芸"), site.of("陈国栋")
    task = f"/tasks/{site.item('review/score/mark').id}"
    page = finance.get(task)
    assert "，填分数。" in page
    assert "下一步由别人办" in page
    assert 'name="points"' in page
    wrong = finance.post(task, {"verdict": "submit", "points": "多"})
    assert wrong.status_code == 422
    finance.post(task, {"verdict": "submit", "points": "90"})
    page = legal.get(f"/tasks/{site.item('review/score/countersign').id}/sign")
    assert "我已核对分数。" in page
    assert "第 1 版" in page
    legal.sign("review/score/countersign")
    page = legal.get(case)
    assert "填分数" in page
    assert "90" in page
    assert "财务 · 送审 · 打分" in page


def test_each_diagram_of_a_case_has_a_page(site):
    case = started(site)
    host = site.of("周敏")
    page = host.get(f"{case}/diagram")
    assert "要送审的事" in page
    assert '"now": ["review"]' in page
    assert f'href="{case}/diagram?call=review/score"' in page
    inner = host.get(f"{case}/diagram?call=review/score")
    assert "打分的办法" in inner
    assert '"now": ["mark"]' in inner
    assert host.client.get(f"{case}/diagram?call=nothing").status_code == 404
