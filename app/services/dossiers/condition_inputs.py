"""What conditions compare with: rules and the row of the ladder, as names for tables and as words for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.dossiers import Level
from app.domain.facts import FACTS, ORDER, order_of
from app.domain.ladder import Rung
from app.domain.rule_texts import describe
from app.domain.rules import EffectiveRule
from app.domain.text import N_, sentence

LADDER, WORK = "rank.ladder", "rank.work"
# What tables call the rows of the rank that somebody aims at, and the parameter that each stands in.
ROWS: Mapping[str, str] = {"ladder": LADDER, "work": WORK}
# More than any number of years, and than the place of any title.
UNBOUNDED = 999
_LEVELS = {level.value: place for place, level in enumerate(Level, start=1)}
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
        within = self.names if group in ROWS else self.names["rules"]
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


def inputs_of_rank(rules: Rules, rung: Rung, *, is_direct: bool, is_first_placement: bool) -> Inputs:
    """Return the same with what the rank asks that somebody aims at, and the work of its tier."""
    inputs, tier = inputs_of(rules), rung.rank.partition("_")[0]
    work = _work(rules, tier, is_direct=is_direct)
    texts = {"ladder": _ladder_texts(rules, rung), "work": _texts(rules, WORK, work)}
    return Inputs(
        names={**inputs.names, "ladder": {**rung_names(rung), **_hours(rules, tier)}, "work": work},
        texts={**inputs.texts, **{f"{root}.{key}": text for root, of in texts.items() for key, text in of.items()}},
        target=_option(rules, "rank", rung.rank),
        is_first_placement=is_first_placement,
    )


def rung_names(rung: Rung) -> dict[str, Any]:
    """Return what a rank asks, as tables compare it: places in an order from 0, and limits that may be past all."""
    title, holds = _place("professional_title", rung.title), _place("rank", rung.holds)
    return {
        "years_from": rung.years_from,
        "years_to": rung.years_to,
        "title": rung.title,
        "holds": rung.holds,
        "honour": rung.honour,
        "standing": rung.standing,
        "order": _place("rank", rung.rank),
        "years_least": rung.years_least,
        "years_limit": UNBOUNDED if rung.years_to is None else rung.years_to,
        "title_from": title,
        "title_limit": UNBOUNDED if rung.is_title_floor else title,
        "holds_from": holds,
        "honour_from": _place("rank_honour_level", rung.honour),
    }


def _place(fact: str, value: str | None) -> int:
    return 0 if value is None else order_of(FACTS[fact], value)


def _hours(rules: Rules, tier: str) -> dict[str, Any]:
    """Return the hours of training that the tier asks, where they are a condition."""
    asks = rules["rank.training_hours_required"].value
    return {f"hours_{tier}": rules[f"rank.training_hours_{tier}"].value if asks else None}


def _work(rules: Rules, tier: str, *, is_direct: bool) -> dict[str, Any]:
    """Return the work of a tier; of direct and private schools what is asked of them."""
    row = next((dict(one) for one in rules[WORK].value if one["tier"] == tier), {})
    direct = row.pop("experience_direct", None)
    row["experience"] = direct if is_direct else row.get("experience")
    return {**row, **{f"{key}_from": _LEVELS.get(row.get(key, "")) for key in ("experience", "certificate")}}


def _ladder_texts(rules: Rules, rung: Rung) -> dict[str, str]:
    """Return what a rank asks, in words."""
    names = rung_names(rung)
    least = N_("满 %(years)s") if rung.includes_from else N_("超过 %(years)s")
    texts = _texts(rules, LADDER, names)
    title = N_("%(title)s以上") if rung.is_title_floor else "%(title)s"
    return {
        **texts,
        "years": sentence(least, years=texts["years_from"]).chinese(),
        "title": sentence(title, title=texts.get("title", "")).chinese(),
    }


def _texts(rules: Rules, parameter: str, row: Mapping[str, Any]) -> dict[str, str]:
    columns = rules[parameter].parameter.definition.columns
    return {one.key: describe(one, row[one.key]) for one in columns if row.get(one.key) is not None}


def _option(rules: Rules, column: str, value: str) -> str:
    found = next(one for one in rules[LADDER].parameter.definition.columns if one.key == column)
    return found.options.get(value, value)
