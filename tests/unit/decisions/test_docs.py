"""The page on decisions names everything that a file may say and that the command answers."""

import json
from pathlib import Path

import pytest

from app.engine.decisions import Fault
from app.engine.decisions.model import Aggregation, HitPolicy
from app.engine.decisions.reports import answer
from app.engine.decisions.values import Kind
from tests.unit.decisions.test_examples import HERE

PAGE = (Path(__file__).parents[3] / "docs" / "decisions.md").read_text("utf-8")
BODY = answer(HERE / "rank.dmn", "rank_by_years", json.dumps({"years": 5, "title": "junior"})).body
RULE = BODY["rules"][0]
KEYS = {*BODY, *RULE, *RULE["inputs"][0]}


@pytest.mark.parametrize("name", sorted({*Fault, *HitPolicy, *Aggregation, *Kind, *KEYS}))
def test_the_page_names(name):
    assert name in PAGE
