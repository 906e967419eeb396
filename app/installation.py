"""Bringing a database up: migrations, built-in processes, and the demo city where it is asked for."""

from pathlib import Path

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.config import ConfigurationError, Settings
from app.db import migrate
from app.db.engine import connect
from app.db.migrate import Standing
from app.services import settings
from app.services.publishing import definitions
from app.services.telling.channels import MAIL, Channels
from app.services.telling.channels.mail import Mail
from app.services.transactions import writing

REFUSALS = {
    Standing.BEHIND: "数据库的结构比程序旧，请先运行：shenpi upgrade",
    Standing.AHEAD: "数据库的结构比程序新，多半是装了旧版本的程序。请换成新版本的程序，或者恢复升级前的备份。",
}


def prepared(configuration: Settings, *, with_demo: bool = False) -> Engine:
    """Create or migrate the database and publish the built-in processes; return the engine.

    Raises ConfigurationError where the database cannot be reached, and where the demo is asked for on one in real use.
    """
    configuration.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = _reached(configuration.database_url)
    if migrate.standing(engine, configuration.migrations_dir) == Standing.AHEAD:
        raise ConfigurationError(REFUSALS[Standing.AHEAD])
    migrate.upgrade(engine, configuration.migrations_dir)
    with Session(engine) as session:
        with writing(session):
            migrate.take_turn(session.connection())
            definitions.seed_built_in(session, configuration.processes_dir, configuration.forms_dir)
        if with_demo:
            with writing(session):
                migrate.take_turn(session.connection())
                _ensure_demo(session, configuration)
    return engine


def opened(configuration: Settings) -> Engine:
    """Open a database that is up to date. Raises ConfigurationError with the sentence that says what to do."""
    _refuse_if_missing(configuration)
    engine = _reached(configuration.database_url)
    standing = migrate.standing(engine, configuration.migrations_dir)
    if standing != Standing.CURRENT:
        engine.dispose()
        raise ConfigurationError(REFUSALS[standing])
    return engine


def channels_of(configuration: Settings) -> Channels:
    """Return the ways to reach people outside the platform that the settings name; a new one is added here."""
    server = configuration.mail_server
    return {MAIL: Mail(server, configuration.public_url)} if server is not None else {}


def _refuse_if_missing(configuration: Settings) -> None:
    """Refuse to look into a file that is not there: SQLite would make an empty one."""
    url = make_url(configuration.database_url)
    if url.get_backend_name() != "sqlite" or not url.database or Path(url.database).exists():
        return
    is_in_data_dir = Path(url.database).parent == configuration.data_dir
    name = "SHENPI_DATA_DIR" if is_in_data_dir else "SHENPI_DATABASE_URL"
    message = f"{url.database} 没有数据库。请核对 {name}；新装的请先运行：shenpi run 或者 shenpi upgrade"
    raise ConfigurationError(message)


def _reached(url: str) -> Engine:
    """Connect once, so that a wrong address is told before anything is done."""
    try:
        engine = connect(url)
        engine.connect().close()
    except ModuleNotFoundError as error:
        message = "这个数据库的驱动没有装好，请重新安装 shenpi"
        raise ConfigurationError(message) from error
    except OperationalError as error:
        message = f"连不上数据库，请核对 SHENPI_DATABASE_URL 和数据库是否开着：{error.orig}"
        raise ConfigurationError(message) from error
    return engine


def _ensure_demo(session: Session, configuration: Settings) -> None:
    if settings.is_demo(session):
        return
    if settings.is_installed(session):
        message = "这个数据库已经在正式使用，不能放演示数据。请换一个 SHENPI_DATA_DIR。"
        raise ConfigurationError(message)
    # The demo's cast is only needed here, once in a database's life.
    from app.services.demo import build  # noqa: PLC0415

    build(session, configuration.attachments_dir, configuration.secret_key)
