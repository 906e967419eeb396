"""What can go wrong with a decision, each with a Chinese sentence and where it happened."""

from enum import StrEnum
from typing import Any

from app.domain.errors import ShenpiError
from app.domain.text import N_


class CellError(ShenpiError):
    """A cell or a literal expression is not of the permitted kind; `position` counts its signs from 1."""

    message = N_("“%(text)s”第 %(position)d 个字写得不对：%(reason)s")

    def __init__(self, text: str, position: int, reason: str) -> None:
        shown = text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"
        super().__init__(text=shown, position=position, reason=reason)
        self.position = position
        self.reason = reason


class ValueRefused(Exception):
    """Say in Chinese why a value is of the wrong kind or an expression has none."""


class Fault(StrEnum):
    """The ways in which a decision cannot be made."""

    NO_MATCH = "no_match"
    VIOLATION = "violation"
    TYPE = "type"
    NOT_ALLOWED = "not_allowed"
    EXPRESSION = "expression"
    UNKNOWN = "unknown_decision"


class DecisionError(ShenpiError):
    """A decision cannot be made with these values.

    `details` says where: the decision, the rules, the input or output, the value and the allowed ones.
    """

    def __init__(self, fault: Fault, message: str, details: dict[str, Any], **params: object) -> None:
        super().__init__(message, **params)
        self.fault = fault
        self.details = details
        # What was found out about every rule before it failed, once the table has been looked at.
        self.explanation: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the error for machines: its kind, its sentence and where it happened."""
        return {"kind": self.fault.value, "text": str(self), **self.details}


MAX_SHOWN = 60
