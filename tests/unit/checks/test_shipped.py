"""Every process that comes with the platform may be published again as it is: local versions begin as copies."""

import re
from pathlib import Path

import pytest

from app.engine.checks import Registry, check_package, load_packages
from app.engine.package import package_from_files

ROOT = Path(__file__).parents[3]
PACKAGES = load_packages(ROOT / "processes", ROOT / "forms")


@pytest.mark.parametrize("key", sorted(PACKAGES))
def test_what_is_shipped_may_be_published(key: str) -> None:
    others = {name: one for name, one in PACKAGES.items() if name != key}
    assert [f"{one.element}：{one.text}" for one in check_package(PACKAGES[key], others, Registry())] == []


@pytest.mark.parametrize(
    ("key", "element"),
    [("rank_review", "list_names"), ("rank_filing", "begin_filing"), ("rank_judgement", "determine_rank")],
)
def test_what_an_operation_looks_up_keeps_its_number(key: str, element: str) -> None:
    package = PACKAGES[key]
    renamed = {name: re.sub(rf"\b{element}\b", "renamed", text) for name, text in package.files.items()}
    found = check_package(package_from_files(renamed), {}, Registry())
    assert [one.text for one in found if f"改回“{element}”" in one.text]
