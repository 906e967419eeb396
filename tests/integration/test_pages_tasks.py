from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.domain import clock
from tests.integration.money_world import NOW
from tests.integration.page_world import Site


@pytest.fixture
def site(database: Engine, session: Session, tmp_path: Path) -> Iterator[Site]:
    with clock.frozen(NOW):
        yield Site(database.url.render_as_string(hide_password=False), tmp_path, session)


def test_an_expense_from_draft_to_ledger(site):
    case = site.of("周敏").start()
    page = site.of("周敏").get(f"/cases/{case}")
    assert "主持人签字" in page
    assert "4,488.00" in page
