"""What a workload reports: a cost, the yardstick's, their ratio, and the limit that was promised."""

from dataclasses import dataclass, field
from enum import StrEnum


class Limit(StrEnum):
    """How a ratio is held against its limit."""

    AT_LEAST = "≥"
    AT_MOST = "≤"


@dataclass(frozen=True)
class Figure:
    """One measured cost beside its yardstick; costs in milliseconds unless `unit` says otherwise.

    `ratio` is written as its promise is: how many times as fast (`AT_LEAST`), or how many times the cost (`AT_MOST`).
    """

    workload: str
    name: str
    database: str
    cost: float
    yardstick: float | None = None
    yardstick_name: str = ""
    limit: Limit | None = None
    bound: float | None = None
    unit: str = "ms"
    # Statements, commits, CPU, fsync: whatever explains the cost.
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """Return the ratio in the direction of the promise."""
        if not self.yardstick or not self.cost:
            return None
        return self.yardstick / self.cost if self.limit is Limit.AT_LEAST else self.cost / self.yardstick

    @property
    def is_kept(self) -> bool:
        """Tell whether the promise is kept; a figure without one keeps it."""
        if self.bound is None or self.ratio is None:
            return True
        return self.ratio >= self.bound if self.limit is Limit.AT_LEAST else self.ratio <= self.bound
