"""Built files by their stable names: `asset("app.css")` in templates."""

import json
import mimetypes
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, url_for
from werkzeug.security import safe_join

DIST = Path(__file__).parent / "static" / "dist"


@cache
def read_manifest(dist: Path = DIST) -> dict[str, str]:
    """Read which hashed file each stable name stands for.

    Raises FileNotFoundError when the front end was never built (`make assets`).
    """
    manifest: dict[str, str] = json.loads((dist / "manifest.json").read_text("utf-8"))
    return manifest


def asset(name: str) -> str:
    """Give the address of a built file; it changes with the content and may be cached for ever."""
    return url_for("static", filename=f"dist/{read_manifest()[name]}")


def font_folder() -> Path:
    """Give the folder of the fonts that documents are set in."""
    return DIST / "fonts"


def init_assets(app: Flask) -> None:
    """Make `asset` known to the templates, and serve what the build packed as it is to those who can unpack it."""
    app.jinja_env.globals["asset"] = asset
    app.view_functions["static"] = lambda filename: _static(app, filename)


def _static(app: Flask, filename: str) -> Response:
    packed = safe_join(str(app.static_folder), f"{filename}.gz")
    if packed is None or not Path(packed).is_file():
        return app.send_static_file(filename)
    is_packed = bool(request.accept_encodings["gzip"])
    answer = app.send_static_file(f"{filename}.gz" if is_packed else filename)
    answer.headers["Vary"] = "Accept-Encoding"
    if is_packed:
        answer.headers["Content-Encoding"] = "gzip"
        answer.mimetype = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return answer
