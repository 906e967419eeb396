"""Names as expressions write them, `element.field`, and what they stand for."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from app.engine.types import ANY, TEXT, Type

PARAMS = "params"
RULES = "rules"
CASE = "case"
VERDICT = "verdict"
Offers = Mapping[str, Type]
# What an expression may ask of the case itself.
OF_CASE: Offers = {"serial": TEXT}
# None: the element's form cannot be read, which is a problem of its own; it may offer anything.
Scope = Mapping[str, Offers | None]


def type_of(name: str, scope: Scope) -> Type | None:
    """Return the type of a dotted name, None where it refers to nothing."""
    element, *fields = name.split(".")
    if not fields:
        return None
    if element == PARAMS:
        # What a caller hands in is the caller's affair.
        return ANY
    offered = scope.get(element, {})
    return ANY if offered is None else offered.get(fields[0])


def is_known(name: str, scope: Scope) -> bool:
    """Tell whether a dotted name refers to something."""
    return type_of(name, scope) is not None


def nearest(name: str, scope: Scope) -> str:
    """Return the known name most like an unknown one, or nothing."""
    element = name.partition(".")[0]
    own = scope.get(element) or {}
    everything = (f"{one}.{field}" for one, offered in scope.items() for field in offered or ())
    return _closest(name, [f"{element}.{field}" for field in own]) or _closest(name, everything)


def _closest(name: str, known: Iterable[str]) -> str:
    return next(iter(get_close_matches(name, list(known), n=1, cutoff=0.6)), "")
