"""A back-up while the platform runs: the database as it stood at one instant, then the files, then the key."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from app.config import KEPT_KEY, ConfigurationError, Settings

ATTACHMENTS = "attachments"
SQLITE, POSTGRESQL = "shenpi.sqlite3", "shenpi.dump"


def back_up(settings: Settings, folder: Path) -> None:
    """Write a back-up into a folder that does not exist yet; an interrupted one leaves `<folder>.part` alone.

    Files are only added while the platform runs, so those of the copied rows are there when the files are copied.
    Raises ConfigurationError with the sentence that says what to do.
    """
    part = folder.with_name(folder.name + ".part")
    _refuse_unless_free(folder)
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(mode=0o700, parents=True)
        _copy_database(settings, part)
        if settings.attachments_dir.exists():
            shutil.copytree(settings.attachments_dir, part / ATTACHMENTS)
        key = settings.data_dir / KEPT_KEY
        if key.exists():
            shutil.copy2(key, part)
        part.rename(folder)
    except OSError as error:
        message = (
            f"备份没有写成：{error.strerror}（{error.filename or folder}）。请看磁盘是否还有地方、文件夹能不能写。"
        )
        raise ConfigurationError(message) from error


def _refuse_unless_free(folder: Path) -> None:
    if folder.exists():
        message = f"{folder} 已经有了，备份不覆盖旧的。请换一个名字，例如带上日期。"
        raise ConfigurationError(message)


def _copy_database(settings: Settings, folder: Path) -> None:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        _copy_sqlite(Path(url.database or ""), folder / SQLITE)
    else:
        _dump_postgresql(url.set(drivername="postgresql").render_as_string(hide_password=False), folder / POSTGRESQL)


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy in one read transaction: writers go on, and what they commit meanwhile is not in the copy."""
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)


def _dump_postgresql(address: str, target: Path) -> None:
    """Let pg_dump write what stood at one instant. Raises ConfigurationError where it is missing or fails."""
    tool = shutil.which("pg_dump")
    if tool is None:
        message = (
            "没有找到 pg_dump。请装上 PostgreSQL 的客户端工具；用 docker compose 的，看 docs/operate.md 里的备份。"
        )
        raise ConfigurationError(message)
    command = [tool, "--format=custom", "--no-owner", f"--file={target}", f"--dbname={address}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - a tool of the system
    if done.returncode != 0:
        message = f"pg_dump 没有办成：{done.stderr.strip()}"
        raise ConfigurationError(message)
