"""An install without extras has all that `shenpi run` needs: nothing of the server's, the tests' or the developers'."""

import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[3]
# Imports every module with what is not of the base forbidden, then founds a database and answers a request.
CHILD = """
import importlib, pkgutil, sys

class Forbidden:
    names = set(sys.argv[1].split(","))
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"not in the base install: {name}", name=name)

sys.meta_path.insert(0, Forbidden())
import app
for found in pkgutil.walk_packages(app.__path__, "app."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
from app import installation
from app.config import Settings
from app.factory import create_app
settings = Settings.from_environment({"SHENPI_DATA_DIR": sys.argv[2]})
installation.prepared(settings).dispose()
print(create_app(settings).test_client().get("/sign-in", follow_redirects=True).status_code)
"""


def base() -> set[str]:
    """Return the distributions that come with the base install, by walking what each of them needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    waiting = [Requirement(text) for text in project["dependencies"]]
    found: set[str] = set()
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name in found:
            continue
        found.add(name)
        for text in metadata.requires(name) or ():
            needed = Requirement(text)
            if any(needed.marker is None or needed.marker.evaluate({"extra": extra}) for extra in ("", *wanted.extras)):
                waiting.append(needed)
    return found


def test_the_base_install_imports_and_serves(tmp_path: Path) -> None:
    kept = base()
    forbidden = [
        name
        for name, makers in metadata.packages_distributions().items()
        if not {canonicalize_name(maker) for maker in makers} & kept
        and name.isidentifier()
        and name not in {"app", "tasks", "tests", "setuptools", "pkg_resources"}
        and not name.startswith("_")
    ]
    assert {"celery", "gunicorn", "pytest", "redis"} <= set(forbidden)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, ",".join(forbidden), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()[-3:]) == (0, "200"), done.stderr[-2000:]
