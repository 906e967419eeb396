"""What gunicorn loads: the web application, which hands its outbox to the workers."""

import os

from flask import Flask

from app.config import Settings
from app.factory import create_app
from tasks.broker import celery_of
from tasks.messenger import Messenger


def application() -> Flask:
    """Compose the application of one web process; called after the fork, so that its thread is its own."""
    settings = Settings.from_environment(os.environ)
    if not settings.redis_url:
        return create_app(settings)
    messenger = Messenger(celery_of(settings))
    messenger.start()
    return create_app(settings, messenger)
