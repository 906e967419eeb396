"""The closed registry of operations that a service task may name: their signatures, not their deeds."""

from collections.abc import Mapping
from types import MappingProxyType

from app.engine.signatures import dossiers, money, notices, ranks, selections
from app.engine.signatures.signature import Signature

_GROUPS = (money, dossiers, selections, notices, ranks)
OPERATIONS: Mapping[str, Signature] = MappingProxyType({one.name: one for group in _GROUPS for one in group.SIGNATURES})
