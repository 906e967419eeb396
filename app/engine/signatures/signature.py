"""What an operation is called, what it takes and what it gives; with the types that several share."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.engine.types import BOOLEAN, TEXT, Type, list_of, row_of

CHECKS = list_of(row_of({"text": TEXT, "is_ok": BOOLEAN, "parameter": TEXT}))

ROSTER = ("roster",)

OF_RANK = ("rank",)


@dataclass(frozen=True)
class Signature:
    """What an operation is called, which parameters it takes and which fields its result has, each with its type.

    `optional` are the parameters that may be left out. `rules` are the groups of rules by which it judges: a case
    that runs it must be pinned to them. `reads` are the elements of the diagram whose answers it looks up itself.
    """

    name: str
    title: str
    params: Mapping[str, Type] = field(default_factory=dict)
    results: Mapping[str, Type] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    reads: tuple[str, ...] = ()
