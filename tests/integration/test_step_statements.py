"""What a step sends: at most seven statements and one commit, whatever the case looks like (docs/adr/0010)."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bench.databases import Database
from bench.diagrams import chain, ten_elements
from bench.measuring import counted
from bench.offices import AGAIN, THREE_STEPS, Offices

MOST = 7


@pytest.fixture
def made(database: Engine, tmp_path: Path) -> Iterator[Database]:
    address = database.url.render_as_string(hide_password=False)
    with ExitStack() as held:
        yield Database(database.dialect.name, address, database, tmp_path, held)


def test_each_of_three_steps_sends_seven_statements_at_most_and_commits_once(made: Database) -> None:
    drawing = ten_elements()
    assert drawing.size == 10
    offices = Offices(made, drawing)
    item = offices.start(drawing)
    for answer in THREE_STEPS:
        with counted(made.engine) as sent:
            item = offices.step(item, answer)
        assert 0 < sent.statements <= MOST, answer
        assert sent.commits == 1, answer


@pytest.mark.parametrize("ahead", [True, False])
def test_a_long_process_sends_no_more(made: Database, ahead: bool) -> None:  # noqa: FBT001 - a parameter of the test
    drawing = chain("long", 56, ahead=ahead)
    assert drawing.size == 60
    offices = Offices(made, drawing)
    item = offices.start(drawing)
    with counted(made.engine) as sent:
        offices.step(item, AGAIN)
    assert (0 < sent.statements <= MOST, sent.commits) == (True, 1)
