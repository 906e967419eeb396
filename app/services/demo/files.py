"""The demo's data files."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"


@cache
def load(name: str) -> dict[str, Any]:
    """Return a data file of the demo."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
