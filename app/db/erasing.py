"""Let what was deleted be gone from the files of the database, too."""

import logging
from typing import Any

from sqlalchemy import Engine

logger = logging.getLogger(__name__)
# Past SQLAlchemy, which would begin a transaction: neither statement runs inside one.
CLEANING = {
    "sqlite": "PRAGMA wal_checkpoint(TRUNCATE)",
    "postgresql": "VACUUM (FULL) ballot_seat, ballot_key, ballot_scrutineer",
}


def erase_ballots(engine: Engine) -> None:
    """Rewrite the tables of ballots without their dead rows, or empty SQLite's log into the file.

    What a busy database prevents is left to its own cleaning.
    """
    broken: Any = engine.dialect.loaded_dbapi.Error
    pooled = engine.raw_connection()
    try:
        driver: Any = pooled.driver_connection
        driver.execute(CLEANING[engine.dialect.name])
    except broken:
        logger.warning("the traces of a ballot are left to the database's own cleaning", exc_info=True)
    finally:
        pooled.close()
