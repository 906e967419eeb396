"""Gunicorn's settings: `gunicorn --config python:tasks.serving "tasks.web:application()"`."""

import os
import sys
from pathlib import Path
from typing import Any

from app import installation
from app.config import ConfigurationError, Settings

MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn keeps an unnamed file there


def _settings() -> Settings:
    try:
        return Settings.from_environment(os.environ)
    except ConfigurationError as error:
        sys.exit(str(error))


def on_starting(_server: Any) -> None:
    """End with a sentence, before any worker starts, where the database cannot be used."""
    try:
        installation.opened(_settings()).dispose()
    except ConfigurationError as error:
        sys.exit(str(error))


_found = _settings()
bind = f"{_found.host}:{_found.port}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 8
# For a worker that hangs as a whole; what a statement may take is limited where it runs.
timeout = 60
graceful_timeout = 30
keepalive = 5
# Now and then a fresh process: whatever leaks does not pile up.
max_requests = 5000
max_requests_jitter = 500
# A disk that is slow for a moment must not look like a worker that hangs.
worker_tmp_dir = str(MEMORY) if MEMORY.is_dir() else None
# Which proxies are believed is decided in one place, the application (SHENPI_TRUSTED_PROXIES).
forwarded_allow_ips = ""
control_socket_disable = True
loglevel = "warning"
