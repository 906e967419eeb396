"""What a version of one's own may not take away from the process that it replaces."""

from pathlib import Path

from app.engine.handover.replacing import check_replacement
from app.engine.package import load_package, package_from_files

ROOT = Path(__file__).parents[3]
SANCTION = load_package("sanction_entry", ROOT / "processes", ROOT / "forms")


def test_what_is_confidential_stays_so():
    manifest = SANCTION.files["process.toml"].replace("confidential = true", "confidential = false")
    opened = package_from_files({**SANCTION.files, "process.toml": manifest})
    assert [problem.element for problem in check_replacement(opened, SANCTION)] == ["confidential"]
    assert list(check_replacement(SANCTION, opened)) == []
