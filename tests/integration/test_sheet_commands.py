"""`shenpi import` and `shenpi template` for the registers: what is shown, written and refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from openpyxl import load_workbook
from sqlalchemy import select

from app.db import migrate
from app.db.engine import connect
from app.db.registers import DossierEntry
from app.domain.errors import Invalid
from app.domain.sheet_imports import ImportStatus
from app.domain.sheets import SheetKind
from app.services.registers.sheets.console import import_from_console
from tests.integration.conftest import Site
from tests.integration.school import ROOT, School
from tests.integration.sheet_world import SERVICE, book, with_office

SHENPI = (sys.executable, "-c", "from app.command import main; main()")
S = SheetKind.SERVICE


def written(world: School) -> int:
    return len(world.session.scalars(select(DossierEntry)).all())


def filed(folder: Path, changes: dict[str, str] | None = None) -> Path:
    file = folder / "service.xlsx"
    file.write_bytes(book(S, [SERVICE | (changes or {})]).getvalue())
    return file


def test_a_sheet_is_shown_or_written_in_the_name_of_the_office(world: School, tmp_path: Path) -> None:
    office, file = with_office(world), filed(tmp_path)
    shown = import_from_console(world.session, S, file, "sf01", None, is_written=False)
    assert (shown.added, shown.status, written(world)) == (1, ImportStatus.DROPPED, 0)
    done = import_from_console(world.session, S, file, None, "office", is_written=True)
    assert (done.added, done.status, done.created_by_id) == (1, ImportStatus.DONE, office.person_id)
    assert written(world) == 1
    with pytest.raises(Invalid) as refused:
        import_from_console(world.session, S, filed(tmp_path, {"身份": "园丁"}), "SF01", None, is_written=True)
    assert list(refused.value.errors) == ["E2"]


def test_it_acts_for_somebody_who_may(world: School, tmp_path: Path) -> None:
    for code, username, field in (
        ("SF01", None, "by"),
        ("SF01", "teacher", "by"),
        ("SF01", "nobody", "by"),
        ("XX", None, "organization"),
        (None, None, "organization"),
        (None, "nobody", "organization"),
    ):
        with pytest.raises(Invalid) as refused:
            import_from_console(world.session, S, filed(tmp_path), code, username, is_written=True)
        assert list(refused.value.errors) == [field]
    assert written(world) == 0


def test_the_commands_say_what_they_did(site: Site, tmp_path: Path) -> None:
    assert site.world is not None
    with_office(site.world)
    with connect(site.settings.database_url).begin() as connection:
        command.stamp(migrate._config(connection, ROOT / "migrations"), "head")

    def shenpi(*words: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"SHENPI_DATABASE_URL": site.settings.database_url, "SHENPI_DATA_DIR": str(tmp_path)}
        return subprocess.run([*SHENPI, *words], env=environment, capture_output=True, text=True, check=False)

    where = ("--organization", "SF01")
    shown = shenpi("import", "service", str(filed(tmp_path)), *where, "--preview")
    assert shown.stdout == "没有写入，会新增 1 条，更正 0 条，不变 0 条。\n", shown.stderr
    assert shenpi("import", "service", str(filed(tmp_path)), *where).stdout.startswith("已导入：新增 1 条")
    refused = shenpi("import", "service", str(filed(tmp_path, {"身份": "园丁"})), *where)
    assert refused.returncode == 1
    assert "E2：身份只能填：班主任、班主任助理；现在是“园丁”。" in refused.stderr
    assert shenpi("template", "studios", str(tmp_path / "studios.xlsx")).returncode == 0
    assert load_workbook(tmp_path / "studios.xlsx").worksheets[0]["A1"].value == "工作室"
