"""Bringing a database up: migrations, built-in processes, and the demo city where it is asked for."""

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.config import ConfigurationError, Settings
from app.db import migrate
from app.db.engine import connect
from app.services import definitions, settings


def prepared(configuration: Settings, *, with_demo: bool = False) -> Engine:
    """Create or migrate the database and publish the built-in processes; return the engine.

    Raises ConfigurationError where the database cannot be reached, and where the demo is asked for on one in real use.
    """
    configuration.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = _reached(configuration.database_url)
    migrate.upgrade(engine, configuration.migrations_dir)
    with Session(engine) as session:
        definitions.seed_built_in(session, configuration.processes_dir, configuration.forms_dir)
        if with_demo:
            _ensure_demo(session, configuration)
    return engine


def opened(configuration: Settings) -> Engine:
    """Open a database that is up to date. Raises ConfigurationError with the sentence that says what to do."""
    engine = _reached(configuration.database_url)
    if not migrate.is_current(engine, configuration.migrations_dir):
        message = "数据库的结构比程序旧，请先运行：shenpi upgrade"
        raise ConfigurationError(message)
    return engine


def _reached(url: str) -> Engine:
    """Connect once, so that a wrong address is told before anything is done."""
    try:
        engine = connect(url)
        engine.connect().close()
    except ModuleNotFoundError as error:
        message = "还没有装 PostgreSQL 的驱动，请先运行：pip install '.[postgres]'"
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

    build(session, configuration.attachments_dir)
