"""What an automatic check finds: what holds, what does not, and the clause behind it."""

from collections.abc import Mapping
from typing import Any

from app.domain.errors import Refused
from app.domain.rules import Clause
from app.domain.text import Sentence, sentence


class Findings:
    """Collect the findings of one check; faults refuse the submission, all of them at once."""

    def __init__(self, rules: Mapping[str, Mapping[str, Any]]) -> None:
        self.rules = rules
        self.checks: list[dict[str, Any]] = []
        self._errors: dict[str, list[Sentence]] = {}
        self._parameter: str | None = None

    def rule(self, parameter: str, default: Any = None) -> Any:
        """Return the pinned value of a rule, or the default where no pack sets it."""
        pinned = self.rules.get(parameter)
        return default if pinned is None or pinned.get("value") is None else pinned["value"]

    def fault(self, path: str, message: str, parameter: str | None = None, **params: object) -> None:
        """Note that a field breaks a check."""
        self._errors.setdefault(path, []).append(sentence(message, **params))
        self._parameter = self._parameter or parameter

    def passed(self, message: str, parameter: str | None = None, **params: object) -> None:
        """Note that a check holds, in a sentence for the signers."""
        text = sentence(message, **params).chinese()
        self.checks.append({"text": text, "is_ok": True, "parameter": parameter})

    def doubt(self, message: str, parameter: str | None = None, **params: object) -> None:
        """Note what the signers should look at; it blocks nothing."""
        text = sentence(message, **params).chinese()
        self.checks.append({"text": text, "is_ok": False, "parameter": parameter})

    def has_fault(self, *paths: str) -> bool:
        """Tell whether one of the fields has a fault already."""
        return any(path in self._errors for path in paths)

    def conclude(self) -> None:
        """Raise Refused with every fault and the first clause, if there is a fault."""
        if self._errors:
            raise Refused(self._errors, parameter=self._parameter, clause=clause_of(self.rules, self._parameter))


def refuse(
    rules: Mapping[str, Mapping[str, Any]], path: str, message: str, parameter: str | None, **params: object
) -> Refused:
    """Build the refusal of a single field with its clause."""
    found = {path: [sentence(message, **params)]}
    return Refused(found, parameter=parameter, clause=clause_of(rules, parameter))


def clause_of(rules: Mapping[str, Mapping[str, Any]], parameter: str | None) -> Clause | None:
    """Return the clause that a pinned rule comes from, if it has one."""
    pinned = rules.get(parameter) if parameter else None
    clause = pinned.get("clause") if pinned else None
    return Clause(**clause) if isinstance(clause, Mapping) else clause
