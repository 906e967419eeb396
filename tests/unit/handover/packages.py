"""A built-in package that tests hand over, whole or changed."""

from pathlib import Path

from app.engine.package import load_package

ROOT = Path(__file__).parents[3]
KEY = "annual_budget"
BUILT_IN = load_package(KEY, ROOT / "processes", ROOT / "forms")
