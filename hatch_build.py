"""The wheel's build hook: builds the front end first."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# app.config finds these inside the package when it is installed from a wheel, and at the root of a checkout.
DATA = ("processes", "forms", "migrations")


def _assets(root: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("assets", Path(root, "web", "assets.py"))
    if spec is None or spec.loader is None:
        message = "web/assets.py is missing"
        raise FileNotFoundError(message)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class AssetsHook(BuildHookInterface[Any]):
    """Builds the front end into a wheel, with a Node from PyPI where none is installed."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Name what the build needs beside hatchling."""
        assets = _assets(self.root)
        needs_node = self.target_name == "wheel" and not (
            assets.is_skipped() or assets.is_current() or assets.has_node()
        )
        return [assets.NODE_FROM_PYPI] if needs_node else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the front end and the files of the processes into a wheel; an editable install uses those of the checkout."""
        if self.target_name == "wheel" and version == "standard":
            _assets(self.root).build()
            build_data["force_include"].update({name: f"app/_data/{name}" for name in DATA})
