"""What gunicorn serves for the HTTP workload: the platform over a given database, and a bare Flask route beside it."""

import os
from pathlib import Path

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from app.config import Settings
from app.factory import create_app

SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 - of an invented world


def platform() -> Flask:
    """Return the application over the database of the workload."""
    folder = Path(os.environ["BENCH_FOLDER"])
    return create_app(Settings(os.environ["BENCH_DATABASE"], SECRET, folder))


def bare() -> Flask:
    """Return an application with one route, which answers JSON with JSON."""
    made = Flask("bare")

    @made.post("/echo")
    def echo() -> ResponseReturnValue:
        return jsonify(request.get_json())

    return made
