"""Gunicorn's settings: `gunicorn --config python:tasks.serving "tasks.web:application()"`."""

import os
import sys
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app import installation
from app.config import ConfigurationError, Settings
from app.services.accounts.setup import setup_code
from app.services.settings import is_installed

MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn keeps an unnamed file there


def _settings() -> Settings:
    try:
        return Settings.from_environment(os.environ)
    except ConfigurationError as error:
        sys.exit(str(error))


def on_starting(_server: Any) -> None:
    """Before any worker starts: end with a sentence where the database cannot be used, or tell the set-up code."""
    try:
        engine = installation.opened(_found)
    except ConfigurationError as error:
        sys.exit(str(error))
    with Session(engine) as session:
        if not is_installed(session):
            print(f"第一次使用：在网页上设置单位，设置码：{setup_code(_found.secret_key)}", flush=True)  # noqa: T201 - the console is where it is looked for
    engine.dispose()


_found = _settings()
bind = f"{_found.host}:{_found.port}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
# Eight for requests, and eight that open streams may hold (views/streams.py).
threads = 16
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
