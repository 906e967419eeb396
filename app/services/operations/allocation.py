"""Sharing an amount over sources so that the parts add up to the fen."""

from collections.abc import Mapping

from app.domain.errors import Conflict
from app.domain.text import N_


def allocate(amount: int, left: Mapping[str, int]) -> dict[str, int]:
    """Share an amount in proportion to what each source has left, in fen.

    What rounding leaves over goes, fen by fen, to the sources in the order given. A source that pays
    nothing is left out. Raises Conflict when all sources together have less than the amount.
    """
    total = sum(left.values())
    if amount > total:
        raise Conflict(N_("经费来源剩下的钱不够记这一笔，请先核对年度预算。"))
    parts = {source: amount * rest // total if total else 0 for source, rest in left.items()}
    spare = amount - sum(parts.values())
    for source, rest in left.items():
        added = min(spare, 1, rest - parts[source])
        parts[source] += added
        spare -= added
    return {source: part for source, part in parts.items() if part}
