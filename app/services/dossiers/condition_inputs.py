"""What conditions compare with: rules and the row of the ladder, as names for tables and as words for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.dossiers import Level
from app.domain.facts import FACTS, ORDER, Value, order_of
from app.domain.ladder import Step, next_step
from app.domain.rule_texts import describe
from app.domain.rules import EffectiveRule
from app.domain.text import N_, sentence

LADDER = "rank.ladder"
# The row that somebody aims at is called so in tables; the clause behind it is the ladder's.
ROW = "ladder"
_LEVELS = {level.value: place for place, level in enumerate(Level, start=1)}
# The columns of the ladder that have an order, each by the fact that is compared with it.
_ORDERED = {"title": "professional_title", "holds": "rank", "honour": "rank_honour_level"}
_HIGHEST_TITLE = "rank.initial_title"
Rules = Mapping[str, EffectiveRule]


@dataclass(frozen=True)
class Inputs:
    """Names that tables may use beside facts, and how each parameter reads."""

    names: Mapping[str, Any]
    texts: Mapping[str, str]
    # The rank that the conditions lead to, where they are those of a rank.
    target: str = ""
    is_first_placement: bool = False

    def is_set(self, parameter: str) -> bool:
        """Tell whether a parameter asks for anything."""
        group, _dot, name = parameter.partition(".")
        within = self.names if group == ROW else self.names["rules"]
        return within.get(group, {}).get(name) not in {None, False, "none"}


def inputs_of(rules: Rules) -> Inputs:
    """Return the rules of a programme as tables see them: `rules.selection.host_years`, levels with their order."""
    nested: dict[str, dict[str, Any]] = {}
    for key, rule in rules.items():
        group, _dot, name = key.partition(".")
        value = rule.value
        if not isinstance(value, list | dict):
            nested.setdefault(group, {})[name] = value
        if isinstance(value, str) and value in _LEVELS:
            nested[group][f"{name}{ORDER}"] = _LEVELS[value]
    return Inputs({"rules": nested}, {key: rule.text for key, rule in rules.items()})


def inputs_of_next_rank(rules: Rules, facts: Mapping[str, Value], *, is_direct: bool) -> Inputs | None:
    """Return the same with the row of the next rank; None where the highest is held, or there is no ladder."""
    ladder = rules.get(LADDER)
    if ladder is None:
        return None
    held, years = facts["rank"], facts["homeroom_years"]
    step = next_step(
        ladder.value,
        held if isinstance(held, str) else None,
        years if isinstance(years, int | float) else None,
        is_direct=is_direct,
        places_first=rules["rank.first_placement"].value,
    )
    return None if step is None else _with_row(inputs_of(rules), rules, step)


def _with_row(inputs: Inputs, rules: Rules, step: Step) -> Inputs:
    row = _demands(rules, step)
    orders = {f"{key}{ORDER}": order_of(FACTS[fact], row[key]) for key, fact in _ORDERED.items() if row[key]}
    texts = {f"{ROW}.{key}": text for key, text in _texts(rules, row, step).items()}
    return Inputs(
        names={**inputs.names, ROW: {**row, **orders, "includes_from": step.includes_from}},
        texts={**inputs.texts, **texts},
        target=_option(rules, "rank", step.rank),
        is_first_placement=step.is_first_placement,
    )


def _demands(rules: Rules, step: Step) -> dict[str, Any]:
    """Return the row with what other rules add to it, or take from it; an hours' column for its own tier only."""
    tier = step.rank.partition("_")[0]
    row = {key: step.row.get(key) for key in ("years_from", "years_to", "title", "holds", "honour", "standing")}
    if step.is_first_placement:
        row |= {"holds": None, "title": row["title"] or rules[_HIGHEST_TITLE].value}
    if rules["rank.upper_bound"].value != "binding":
        row["years_to"] = None
    asks_hours = rules["rank.training_hours_required"].value
    return {**row, f"hours_{tier}": rules[f"rank.training_hours_{tier}"].value if asks_hours else None}


def _texts(rules: Rules, row: Mapping[str, Any], step: Step) -> dict[str, str]:
    columns = {column.key: column for column in rules[LADDER].parameter.definition.columns}
    texts = {key: describe(columns[key], value) for key, value in row.items() if key in columns and value is not None}
    least = N_("满 %(years)s") if step.includes_from else N_("超过 %(years)s")
    return {**texts, "years": sentence(least, years=texts["years_from"]).chinese()}


def _option(rules: Rules, column: str, value: str) -> str:
    found = next(one for one in rules[LADDER].parameter.definition.columns if one.key == column)
    return found.options.get(value, value)
