"""Make a decision: its requirements first, then itself, with an explanation of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.text import N_
from app.engine.decisions.errors import DecisionError, Fault
from app.engine.decisions.evaluation import evaluate
from app.engine.decisions.explanations import explain_literal
from app.engine.decisions.model import Decision, DecisionFile, DecisionTable, root_of
from app.engine.decisions.places import Place, place_of
from app.engine.decisions.tables import evaluate_table
from app.engine.decisions.values import from_json, to_json


@dataclass(frozen=True)
class Outcome:
    """What was decided, and why, as values that JSON can hold."""

    decision: Decision
    result: Any
    explanation: Mapping[str, Any]
    # Values that no part of the decision looks at.
    ignored: tuple[str, ...] = ()

    @property
    def outputs(self) -> dict[str, Any]:
        """Return the results by output; of several rows, each output's values as a list."""
        names = self.decision.outputs
        if len(names) == 1:
            return {names[0]: self.result}
        if isinstance(self.result, list):
            return {name: [row[name] for row in self.result] for name in names}
        return dict(self.result)

    def as_json(self) -> dict[str, Any]:
        """Return result and explanation for machines."""
        return {**self.explanation, "result": self.result, "ignored": list(self.ignored)}


def find_decision(file: DecisionFile, wanted: str | None) -> Decision:
    """Return the decision of this id or name, or the only one that no other requires. Raises DecisionError."""
    found = [item for item in file.decisions.values() if wanted in {item.id, item.name}] if wanted else file.tops
    if len(found) != 1:
        known = "、".join(file.decisions)
        message = N_("文件里没有恰好一个决策“%(name)s”，请写明是哪一个：%(known)s。")
        raise DecisionError(Fault.UNKNOWN, message, {"decision": wanted}, name=wanted or "", known=known)
    return found[0]


def decide(file: DecisionFile, decision: str, values: Mapping[str, Any]) -> Outcome:
    """Make a decision of this id with values by name; what is missing is null. Raises DecisionError and KeyError."""
    chain = file.chain(decision)
    roots = {root_of(name) for name in file.needs(decision)}
    names: dict[str, Any] = {name: _given(file, name, values.get(name)) for name in roots}
    explanations: list[dict[str, Any]] = []
    for item in chain:
        result, explanation = _decided(item, names, explanations)
        names = {**names, item.variable: result}
        explanations.append({**explanation, "result": to_json(result)})
    ignored = tuple(sorted(values.keys() - roots - file.variables.keys()))
    explanation = {**explanations[-1], "required": explanations[:-1]}
    return Outcome(chain[-1], explanation.pop("result"), explanation, ignored)


def _given(file: DecisionFile, name: str, value: Any) -> Any:
    """Return a value as the kind that its input data declares."""
    variable = file.variables.get(name)
    place = Place(N_("输入“%s”") % name, {"input": name})
    found = place.guard(Fault.TYPE, lambda: from_json(value))
    return found if variable is None else place.checked(found, variable.type, {})


def _decided(decision: Decision, names: Mapping[str, Any], earlier: list[dict[str, Any]]) -> tuple[Any, dict[str, Any]]:
    """Return the result of one decision and its explanation; an error takes along how far it came."""
    if isinstance(decision.logic, DecisionTable):
        try:
            result, trace = evaluate_table(decision, decision.logic, names)
        except DecisionError as error:
            error.explanation = {**(error.explanation or {}), "required": earlier}
            raise
        place = place_of(decision)
        if not decision.is_list and len(decision.logic.outputs) == 1:
            result = place.checked(result, decision.type, names)
        return result, trace.as_json()
    place, logic = place_of(decision), decision.logic
    value = place.guard(Fault.EXPRESSION, lambda: evaluate(logic.tree, names))
    return place.checked(value, decision.type, names), explain_literal(decision, logic.text)
