"""Audit the dependencies for known faults, where the registry at hand gives advisories; `make check` runs it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

LONGEST_S = 120


def main() -> int:
    """Print what is known of each dependency; return 1 where one has a fault that a newer version mends."""
    return max(_python(), _browser())


def _python() -> int:
    program = Path(sys.executable).with_name("pip-audit")
    options = ["--local", "--skip-editable", "--format", "json", "--progress-spinner", "off"]
    answer = _answer([str(program), *options])
    packages = answer.get("dependencies", [])
    known = [one for one in packages if "skip_reason" not in one]
    if not known:
        print("Python: this registry gives no advisories; nothing was audited.")
        return 0
    faulty = [(one["name"], fault) for one in known for fault in one["vulns"]]
    for name, fault in faulty:
        print(f"{name}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no version yet'}")
    print(f"Python: {len(known)} of {len(packages)} packages audited, {len(faulty)} faults.")
    return int(any(fault["fix_versions"] for _name, fault in faulty))


def _browser() -> int:
    program = shutil.which("npm")
    answer = _answer([program, "audit", "--json", "--omit=dev"]) if program else {}
    found = answer.get("metadata", {}).get("vulnerabilities")
    if found is None:
        print("npm: this registry gives no advisories; nothing was audited.")
        return 0
    print(f"npm: {found['total']} faults, {found['high'] + found['critical']} of them grave.")
    return int(found["high"] + found["critical"] > 0)


def _answer(command: list[str]) -> dict[str, Any]:
    """Return what an auditor prints as JSON, nothing where it reached nobody."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
        found = json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, json.JSONDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


if __name__ == "__main__":
    sys.exit(main())
