"""A single file of a package, checked on its own."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.engine.decisions.checks import check_decision_text
from app.engine.forms import FormError, parse_form
from app.engine.package import read_manifest
from app.engine.problems import PackageError, Problem
from app.engine.scenarios.reading import read_scenarios

DECISIONS = ".dmn"


def check_part(file: str, suffix: str, text: str) -> list[Problem]:
    """Return what is wrong with a form, a manifest, scenarios or decisions, as far as it shows without the rest."""
    if suffix == DECISIONS:
        return check_decision_text(file, text)
    try:
        _READERS[suffix](text)
    except PackageError as error:
        return list(error.problems)
    except FormError as error:
        return [Problem(file, found.component, found.rule, found.sentence) for found in error.problems]
    return []


_READERS: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {".json": parse_form, ".toml": read_manifest, ".yaml": read_scenarios, ".yml": read_scenarios}
)
PARTS = frozenset({*_READERS, DECISIONS})
