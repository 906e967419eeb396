"""What operations answer in a scenario."""

from collections.abc import Mapping
from typing import Any

from app.domain.errors import Refused
from app.domain.text import N_, sentence


class Answers:
    """Answer operations from the scenario's table, by the path of the service task."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._table = table
        self._calls: dict[str, int] = {}

    def __call__(
        self, operation: str, element: str, params: dict[str, Any], values: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return the answer to this call; a list holds one for each call, its last repeats. Raises Refused."""
        del operation, params, values
        answer = self._table.get(element, {})
        if isinstance(answer, list):
            turn = min(self._calls.get(element, 0), len(answer) - 1)
            answer = answer[turn] if answer else {}
        self._calls[element] = self._calls.get(element, 0) + 1
        if not isinstance(answer, dict):
            return {}
        if "refuse" in answer:
            raise Refused({"": [sentence(N_("%(reason)s"), reason=str(answer["refuse"]))]})
        return answer
