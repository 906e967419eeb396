"""The summary of a process's cases: a few lines of label and value, written `工作室：{submit.studio}`."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_LINES, LONGEST_LABEL = 4, 8
COLON = "："


@dataclass(frozen=True)
class SummaryLine:
    """One line: its label, and the template of its value."""

    label: str
    template: str


def summary_of(lines: Sequence[str]) -> tuple[SummaryLine, ...]:
    """Return the lines of a manifest's summary."""
    parted = (line.partition(COLON) for line in lines)
    return tuple(SummaryLine(label.strip(), template.strip()) for label, _colon, template in parted)
