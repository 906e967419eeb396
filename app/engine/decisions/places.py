"""Where in a decision something happens, so that errors can say so to people and machines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from app.domain.text import N_
from app.engine.decisions.errors import DecisionError, Fault, ValueRefused
from app.engine.decisions.evaluation import Names, holds
from app.engine.decisions.model import Decision, ValueType
from app.engine.decisions.values import shown, to_json, typed

Computed = TypeVar("Computed")


@dataclass(frozen=True)
class Place:
    """A decision, or a part of it."""

    text: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def part(self, text: str, **details: Any) -> "Place":
        """Return a place within this one."""
        return Place(self.text + text, {**self.details, **details})

    def guard(self, fault: Fault, compute: Callable[[], Computed], **details: Any) -> Computed:
        """Return what is computed. Raises DecisionError when that is refused."""
        try:
            return compute()
        except ValueRefused as refusal:
            raise self.error(fault, str(refusal), **details) from None

    def checked(self, value: Any, type_: ValueType, names: Names) -> Any:
        """Return a value of the declared kind and among the allowed ones. Raises DecisionError."""
        found = self.guard(Fault.TYPE, lambda: typed(value, type_.kind), value=to_json(value))
        tests = type_.allowed
        # Null says that nothing is known; whether that is enough is for the rules to say.
        if tests is None or found is None or self.guard(Fault.EXPRESSION, lambda: holds(tests, found, names)):
            return found
        reason = N_("%(value)s 不在允许的值 %(allowed)s 里。") % {"value": shown(found), "allowed": tests.text}
        raise self.error(Fault.NOT_ALLOWED, reason, value=to_json(found), allowed=tests.text)

    def error(self, fault: Fault, reason: str, **details: Any) -> DecisionError:
        """Return an error here."""
        return DecisionError(
            fault, N_("%(place)s：%(reason)s"), {**self.details, **details}, place=self.text, reason=reason
        )


def place_of(decision: Decision) -> Place:
    """Return the place that a decision is."""
    return Place(N_("决策“%s”") % decision.name, {"decision": decision.id})
