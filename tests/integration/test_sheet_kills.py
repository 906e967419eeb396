"""A process killed while it works on an import: nothing is half written, and the next one brings it to its end once."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.db.registers import DossierEntry
from app.db.sheet_imports import SheetImport
from app.domain import clock
from app.domain.sheet_imports import ImportStatus
from app.domain.sheets import SheetKind
from app.services import journal
from app.services.registers.sheets import imports, runs
from app.services.transactions import writing
from tests.integration.school import ROOT, School
from tests.integration.sheet_world import SERVICE, book, hand_in, with_office

ROWS = [SERVICE | {"班级": f"{number}班"} for number in range(6)]


def killed(world: School, database: Engine, where: str) -> None:
    world.session.rollback()
    address = database.url.render_as_string(hide_password=False)
    command = (sys.executable, "-m", "tests.integration.import_child", address, where)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def entries(world: School) -> int:
    world.session.rollback()
    return world.session.scalar(select(func.count()).select_from(DossierEntry)) or 0


def resumed(world: School) -> ImportStatus:
    """Let the next worker find the import, as soon as the dead one's hold is over."""
    assert runs.run_waiting(world.session) == 0
    with clock.frozen(clock.now() + 2 * runs.HOLD):
        runs.run_waiting(world.session)
    world.session.rollback()
    return ImportStatus(world.session.scalars(select(SheetImport.status)).one())


@pytest.mark.parametrize(("where", "after"), [("checking", 0), ("writing", 0), ("written", 6)])
def test_an_import_survives_a_kill(
    world: School, database: Engine, monkeypatch: pytest.MonkeyPatch, where: str, after: int
) -> None:
    office = with_office(world)
    monkeypatch.setattr(imports, "AT_ONCE_BYTES", 0)
    one = hand_in(world, SheetKind.SERVICE, book(SheetKind.SERVICE, ROWS)).id
    if where != "checking":
        runs.run_waiting(world.session)
        imports.confirm(world.session, office, one)
    killed(world, database, where)
    assert entries(world) == after
    if where == "checking":
        assert resumed(world) == ImportStatus.READY
        imports.confirm(world.session, office, one)
        runs.run_waiting(world.session)
    elif where == "writing":
        assert resumed(world) == ImportStatus.DONE
    assert entries(world) == 6
    assert runs.run_waiting(world.session) == 0
    assert list(journal.verify(world.session)) == []


def test_two_imports_of_the_same_at_once_write_it_once(world: School, database: Engine) -> None:
    with_office(world)
    ids = [hand_in(world, SheetKind.SERVICE, book(SheetKind.SERVICE, ROWS)).id for _ in range(2)]
    with writing(world.session) as session:
        for one in session.scalars(select(SheetImport)):
            one.status = ImportStatus.WRITING

    def work(import_id: int) -> bool:
        with Session(database) as session:
            return runs.run(session, import_id)

    with ThreadPoolExecutor() as pool:
        assert list(pool.map(work, [*ids, *ids])).count(True) == 2
    world.session.rollback()
    statuses = sorted(world.session.scalars(select(SheetImport.status)))
    assert (statuses, entries(world)) == ([ImportStatus.DONE, ImportStatus.READY], 6)
