"""Imports under way: left to the dispatcher, taken up after a kill, tried again, dropped, and how far they are."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.registers import DossierEntry
from app.db.sheet_imports import SheetImport
from app.db.work import Notification
from app.domain import clock
from app.domain.sheet_imports import ImportStatus
from app.domain.sheets import SheetKind
from app.services.registers.sheets import imports, runs
from app.services.registers.sheets.lines import Noted
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.school import School
from tests.integration.sheet_world import (
    SERVICE,
    book,
    hand_in,
    with_office,
)

S, H, R, T = SheetKind.SERVICE, SheetKind.HONOURS, SheetKind.RANKS, SheetKind.STUDIOS


def entries(world: School) -> list[DossierEntry]:
    world.session.expire_all()
    return list(world.session.scalars(select(DossierEntry).order_by(DossierEntry.id)))


def test_a_large_sheet_is_left_to_the_dispatcher_which_tells_its_owner(
    world: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = with_office(world)
    monkeypatch.setattr(imports, "AT_ONCE_BYTES", 0)
    one = hand_in(world, S, book(S, [SERVICE]))
    stages = [one.status]
    ticks.catch_up(world.session)
    stages += [one.status, imports.confirm(world.session, office, one.id).status]
    assert ticks.tick(world.session)["imports"] == 1
    assert [*stages, one.status] == ["checking", "ready", "writing", "done"]
    told = world.session.scalars(select(Notification.text).order_by(Notification.id)).all()
    assert told == [
        "“service.xlsx”核对好了，请到“导入”里看会改什么，再确认。",
        "“service.xlsx”已导入，新增和更正了 1 条。",
    ]


def test_an_import_whose_worker_was_killed_is_taken_up_by_the_next(world: School) -> None:
    with_office(world)
    one = hand_in(world, S, book(S, [SERVICE]))
    with writing(world.session):
        one.status, one.held_until = ImportStatus.WRITING, clock.now() + runs.HOLD
    assert runs.run_waiting(world.session) == 0
    with clock.frozen(clock.now() + 2 * runs.HOLD):
        assert runs.run_waiting(world.session) == 1
        assert runs.run_waiting(world.session) == 0
    assert len(entries(world)) == 1


def test_what_breaks_is_tried_again_and_then_given_up(world: School, monkeypatch: pytest.MonkeyPatch) -> None:
    with_office(world)
    one = hand_in(world, S, book(S, [SERVICE]))
    with writing(world.session):
        one.status, one.attempts = ImportStatus.WRITING, 0
    monkeypatch.setattr(runs, "plan_entries", None)
    for attempt in range(1, runs.MOST_ATTEMPTS):
        with clock.frozen(clock.now() + attempt * 2 * runs.HOLD):
            runs.run_waiting(world.session)
        world.session.expire_all()
        assert one.status == ImportStatus.WRITING
    with clock.frozen(clock.now() + 10 * runs.HOLD):
        runs.run_waiting(world.session)
    world.session.expire_all()
    assert one.status == ImportStatus.FAILED
    assert entries(world) == []


def test_a_preview_that_nobody_confirms_is_dropped(world: School) -> None:
    office = with_office(world)
    dropped, old = hand_in(world, S, book(S, [SERVICE])), hand_in(world, S, book(S, [SERVICE]))
    imports.drop(world.session, office, dropped.id)
    with clock.frozen(clock.now() + runs.KEPT + timedelta(minutes=1)):
        assert runs.run_waiting(world.session) == 1
    world.session.expire_all()
    assert [(one.status, one.content, one.changes) for one in (dropped, old)] == [(ImportStatus.DROPPED, None, [])] * 2
    assert [one.id for one in imports.imports_of(world.session, office, dropped.organization)] == [old.id, dropped.id]


def test_how_far_the_work_is_stands_beside_how_much_there_is(world: School, monkeypatch: pytest.MonkeyPatch) -> None:
    office = with_office(world)
    monkeypatch.setattr(runs, "STEP", 2)
    monkeypatch.setattr(imports, "AT_ONCE_BYTES", 0)
    seen: list[tuple[int, int]] = []
    noting = runs._noting

    def watched(*told: Any) -> Noted:
        noted = noting(*told)

        def look(count: int) -> None:
            noted(count)
            with Session(world.session.get_bind()) as other:
                row = other.execute(select(SheetImport.handled, SheetImport.total)).one()
                seen.append((row.handled, row.total))

        return look

    monkeypatch.setattr(runs, "_noting", watched)
    one = hand_in(world, S, book(S, [SERVICE | {"班级": f"{number}班"} for number in range(4)]))
    runs.run_waiting(world.session)
    assert seen == [(0, 0), (2, 0), (2, 0), (4, 0), (4, 0), (2, 4), (2, 4), (4, 4)]
    seen.clear()
    imports.confirm(world.session, office, one.id)
    runs.run_waiting(world.session)
    assert {total for _handled, total in seen} == {4}
    assert (one.status, one.handled, one.total) == (ImportStatus.DONE, 4, 4)
