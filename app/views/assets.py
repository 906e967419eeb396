"""Built files by their stable names: `asset("app.css")` in templates."""

import json
from functools import cache
from pathlib import Path

from flask import Flask, url_for

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
    """Make `asset` known to the templates."""
    app.jinja_env.globals["asset"] = asset
