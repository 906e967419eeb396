"""What `celery --app tasks.worker worker` and `… beat` load."""

import os
import sys
from typing import Any

from celery.signals import beat_init, celeryd_init, worker_process_init

from app import installation
from app.config import ConfigurationError, Settings
from tasks import jobs, pulse
from tasks.broker import celery_of

__all__ = ["app", "jobs", "pulse"]
NICENESS = 10


def _settings() -> Settings:
    """Return the settings; ends with a sentence where one is wrong or Redis is missing."""
    try:
        settings = Settings.from_environment(os.environ)
    except ConfigurationError as error:
        sys.exit(str(error))
    if not settings.redis_url:
        sys.exit("没有设 SHENPI_REDIS_URL：worker 和 beat 经 Redis 领活，请设成 redis://主机:6379/0 这样。")
    return settings


@celeryd_init.connect
@beat_init.connect
def refuse_unless_current(**_named: Any) -> None:
    """End with a sentence where the database is not there or not of this program's structure."""
    try:
        installation.opened(_settings()).dispose()
    except ConfigurationError as error:
        sys.exit(str(error))


@worker_process_init.connect
def give_way(**_named: Any) -> None:
    """Leave the processor to requests, where one machine does all: nobody waits for a worker as for a page."""
    os.nice(NICENESS)


app = celery_of(_settings())
