"""What gunicorn loads: the web application, and who hands its outbox out."""

import os

from flask import Flask

from app.config import Settings
from app.db.engine import connect
from app.embedded import Ticker
from app.factory import create_app
from app.installation import channels_of
from tasks.broker import celery_of
from tasks.messenger import Messenger


def application() -> Flask:
    """Compose the application of one web process; called after the fork, so that its thread is its own."""
    settings = Settings.from_environment(os.environ)
    dispatcher = _dispatcher(settings)
    dispatcher.start()
    return create_app(settings, dispatcher)


def _dispatcher(settings: Settings) -> Messenger | Ticker:
    """Return who hands the outbox out: the workers, or where there is no Redis a thread of this process."""
    if settings.redis_url:
        return Messenger(celery_of(settings))
    return Ticker(connect(settings.database_url), settings.attachments_dir, channels_of(settings))
