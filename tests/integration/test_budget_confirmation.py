from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.money import Budget, Studio
from app.db.processes import ProcessInstance
from app.domain import clock
from app.domain.errors import Refused
from app.domain.vocabulary import InstanceStatus, Programme
from tests.integration.money_world import NOW, RULES, World, build


@pytest.fixture
def world(session: Session) -> Iterator[World]:
    with clock.frozen(NOW):
        yield build(session)


def plan(world: World, studio: str = "何静工作室", **changes: Any) -> int:
    values = {
        "studio": world.studios[studio],
        "year": 2026,
        "grants": [{"source": "city", "amount": 4000000}, {"source": "district_match", "amount": 4000000}],
        "lines": [{"category": "books", "amount": 3000000}, {"category": "training", "amount": 5000000}],
        **changes,
    }
    return world.case("annual_budget", studio, {"submit_budget": values}, world.people["何静"])


def close(world: World, case: int) -> None:
    world.session.get_one(ProcessInstance, case).status = InstanceStatus.COMPLETED


def errors(world: World, case: int) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        world.run("check_budget", case)
    close(world, case)
    return {path: found[0].chinese() for path, found in refused.value.errors.items()}


def test_a_confirmed_budget_has_its_grants_and_lines(world):
    case = plan(world)
    checked = world.run("check_budget", case)
    assert checked["amount"] == 8000000
    assert [check["text"] for check in checked["checks"]][1:] == [
        "区级配套 40,000.00 元，不少于 40,000.00 元",
        "各类别合计 80,000.00 元，没有超过经费来源合计 80,000.00 元",
    ]
    budget = world.session.get_one(Budget, world.run("confirm_budget", case)["budget"])
    assert {grant.source: grant.amount for grant in budget.grants} == {"city": 4000000, "district_match": 4000000}
    assert {line.category: line.amount for line in budget.lines} == {"books": 3000000, "training": 5000000}


def test_what_a_budget_may_not_say(world):
    close(world, 1)
    grants = [
        {"source": "city", "amount": 4000001},
        {"source": "school_basic", "amount": 1},
        {"source": "district_match", "amount": 1},
        {"source": "district_match", "amount": 1},
    ]
    lines = [{"category": "books", "amount": 1}, {"category": "books", "amount": 9000000}]
    found = errors(world, plan(world, grants=grants, lines=lines, year=2031))
    assert found["grants.0.amount"] == "“市级资助”每年最多 40,000.00 元，您填了 40,000.01 元。"
    assert found["grants.1.source"] == "这个工作室没有“校级基本经费”这个来源。"
    assert found["grants.3.source"] == found["grants.2.source"] == "“区级配套”填了不止一行，请合并成一行。"
    assert found["lines.1.category"] == "“图书资料”填了不止一行，请合并成一行。"
    assert found["lines"] == "各类别合计 90,000.01 元，比经费来源合计 40,000.04 元多 49,999.97 元。"
    assert "2025 年至 2028 年" in found["year"]


def test_a_low_match_is_a_doubt_and_no_refusal(world):
    grants = [{"source": "city", "amount": 4000000}]
    checked = world.run("check_budget", plan(world, grants=grants, lines=[{"category": "books", "amount": 1}]))
    doubts = [check["text"] for check in checked["checks"] if not check["is_ok"]]
    assert doubts == ["区级配套 0.00 元，少于应配的 40,000.00 元，请向区里核实"]


def test_one_budget_of_a_studio_and_year_at_a_time(world):
    first = plan(world)
    assert "已有一份预算在办" in errors(world, plan(world))["year"]
    assert world.run("check_budget", plan(world, year=2027))["amount"] == 8000000
    close(world, first)
    assert world.run("check_budget", plan(world))["amount"] == 8000000


def test_an_amendment_keeps_what_is_spent(world):
    world.booked()
    world.expense()
    close(world, 1)
    grants = [{"source": "city", "amount": 4000000}]
    lines = [{"category": "books", "amount": 3000000}]
    found = errors(world, plan(world, "周敏工作室", grants=grants, lines=lines))
    assert found == {
        "grants": "“区级配套”已经支出 2,244.00 元，不能改到 0.00 元。",
        "lines": "“课程资源与培训”已入账 4,488.00 元、在办占用 4,488.00 元，不能改到 0.00 元。",
    }
    lines = [{"category": "training", "amount": 897600}]
    both = [*grants, {"source": "district_match", "amount": 224400}]
    world.run("confirm_budget", plan(world, "周敏工作室", grants=both, lines=lines))
    world.session.expire_all()
    found_budgets = world.session.scalars(select(Budget).where(Budget.studio_id == world.studios["周敏工作室"])).all()
    assert len(found_budgets) == 1
    amounts = {line.category: line.amount for line in found_budgets[0].lines}
    assert amounts == {"training": 897600, "books": 0, "equipment": 0, "experts": 0}
    assert [grant.amount for grant in found_budgets[0].grants] == [4000000, 224400]


def test_the_schools_money_goes_by_heads(world, monkeypatch):
    studio = world.session.get_one(Studio, world.studios["周敏工作室"])
    studio.programme = Programme.SCHOOL_STUDIO
    close(world, 1)
    lines = [{"category": "training", "amount": 1}]
    grants = [{"source": "school_basic", "amount": 600001}, {"source": "school_floating", "amount": 999999}]
    assert errors(world, plan(world, "周敏工作室", grants=grants, lines=lines)) == {
        "grants.0.amount": "“校级基本经费”每年最多 6,000.00 元，您填了 6,000.01 元。"
    }
    monkeypatch.setitem(RULES, "funding.includes_host", {"value": False})
    grants = [{"source": "school_basic", "amount": 300001}, {"source": "city", "amount": 1}]
    found = errors(world, plan(world, "周敏工作室", grants=grants, lines=lines))
    assert found["grants.0.amount"] == "“校级基本经费”每年最多 3,000.00 元，您填了 3,000.01 元。"
    assert found["grants.1.source"] == "这个工作室没有“市级资助”这个来源。"
