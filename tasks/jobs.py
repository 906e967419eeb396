"""What the workers do: each job is one call of a service, and doing it twice does nothing more."""

import os
from functools import cache

from celery import shared_task
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import installation
from app.config import Settings
from app.db.sessions import KeepingSession
from app.services.files import attachment_files
from app.services.telling import sendings
from app.services.timing import ticks


@shared_task(name="tick")
def tick() -> None:
    """Do what time has made due, and send what leaves the platform."""
    settings = _settings()
    with KeepingSession(_engine()) as session:
        ticks.tick(session)
        attachment_files.sweep(session, settings.attachments_dir)
    # With connections just looked at: who waited for a mail server must not fail to note that it took the mail.
    with Session(_engine()) as session:
        # The last, and for seconds only: the next tick goes to another process while a mail server takes its time.
        sendings.send_due(session, installation.channels_of(settings))


@shared_task(name="dispatch")
def dispatch() -> None:
    """Hand out what was just put in the outbox."""
    with KeepingSession(_engine()) as session:
        ticks.catch_up(session)


@cache
def _settings() -> Settings:
    return Settings.from_environment(os.environ)


@cache
def _engine() -> Engine:
    """Return the process's connections; opened with the first job, so that no two processes share one."""
    return installation.opened(_settings())
