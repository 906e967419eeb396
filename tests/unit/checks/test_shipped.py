"""Every process that comes with the platform may be published again as it is: local versions begin as copies."""

from pathlib import Path

import pytest

from app.engine.checks import Registry, check_package, load_packages

ROOT = Path(__file__).parents[3]
PACKAGES = load_packages(ROOT / "processes", ROOT / "forms")


@pytest.mark.parametrize("key", sorted(PACKAGES))
def test_what_is_shipped_may_be_published(key: str) -> None:
    others = {name: one for name, one in PACKAGES.items() if name != key}
    assert [f"{one.element}：{one.text}" for one in check_package(PACKAGES[key], others, Registry())] == []
